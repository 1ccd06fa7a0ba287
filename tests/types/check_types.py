"""Type checkers say the same about code with the real pytest and with fastest.

    check_types.py REFERENCE FASTEST [--tool mypy|pyright]

REFERENCE and FASTEST are interpreters of environments; the first has pytest 9.2.0, pluggy 1.7.0, mypy and pyright, the
second fastest. Every file of `accepted/` and `rejected/` is checked by mypy (default and strict) and pyright (basic and
strict) once for each; the diagnostics, among them the texts of `reveal_type`, are compared line by line. Every line of
`rejected/` that ends with "# ERROR" has a diagnostic of mypy, and no file has an error elsewhere. What may differ stands
in `differences.txt`: a regular expression a line.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDERS = ("accepted", "rejected")
RUNS = [("mypy", "default"), ("mypy", "strict"), ("pyright", "basic"), ("pyright", "strict")]
LIBRARY = re.compile(r"\S*/site-packages/(_?pytest|pluggy|py)(?:-stubs)?/(\S*?)\.pyi?:\d+(?::\d+)?")


def without_places(text: str) -> str:
    """Where a library's definition stands is not compared."""
    return LIBRARY.sub(r"<\1/\2>", text)


def mypy(checkers: Path, interpreter: Path, mode: str, work: Path) -> list[str]:
    (work / "mypy.ini").write_text("[mypy]\n")
    command = [checkers / "mypy", "--python-executable", interpreter, "--config-file", work / "mypy.ini", "--cache-dir", work / "cache"]
    command += ["--no-error-summary", "--hide-error-context", "--explicit-package-bases", *(["--strict"] if mode == "strict" else []), *FOLDERS]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True)
    if done.stderr:
        raise SystemExit(f"mypy: {done.stderr}")
    return [without_places(line) for line in done.stdout.splitlines()]


def pyright(checkers: Path, interpreter: Path, mode: str, work: Path) -> list[str]:
    for folder in FOLDERS:  # it checks what lies below its settings
        shutil.copytree(HERE / folder, work / folder)
    settings = work / "pyrightconfig.json"
    settings.write_text(json.dumps({"include": FOLDERS, "typeCheckingMode": mode, "reportMissingModuleSource": "none"}))
    command = [checkers / "pyright", "--project", settings, "--pythonpath", interpreter, "--outputjson"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True)
    try:
        found = json.loads(done.stdout)["generalDiagnostics"]
    except ValueError:
        raise SystemExit(f"pyright: {done.stdout}{done.stderr}") from None
    lines = []
    for one in found:
        place = f"{Path(one['file']).relative_to(work)}:{one['range']['start']['line'] + 1}"
        lines.append(without_places(f"{place}: {one['severity']}: {one['message']}  [{one.get('rule', '')}]").replace("\n", " "))
    return sorted(lines)


def places_of_errors(lines: list[str]) -> set[str]:
    return {":".join(line.split(":", 2)[:2]) for line in lines if ": error: " in line}


def marked_places() -> set[str]:
    places = set()
    for path in sorted((HERE / "rejected").glob("*.py")):
        numbered = enumerate(path.read_text().splitlines(), 1)
        places |= {f"rejected/{path.name}:{number}" for number, line in numbered if line.endswith("# ERROR")}
    return places


def main() -> int:
    reference, ours = (Path(os.path.abspath(argument)) for argument in sys.argv[1:3])
    wanted = sys.argv[sys.argv.index("--tool") + 1] if "--tool" in sys.argv else None
    known = [re.compile(line) for line in (HERE / "differences.txt").read_text().splitlines() if line and not line.startswith("#")]
    runs = [(tool, mode) for tool, mode in RUNS if wanted in (None, tool)]
    bad = compared = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:

        def check(tool: str, mode: str, interpreter: Path, name: str) -> list[str]:
            work = Path(folder, f"{tool}-{mode}-{name}")
            work.mkdir()
            return {"mypy": mypy, "pyright": pyright}[tool](reference.parent, interpreter, mode, work)

        started = [[pool.submit(check, *run, reference, "reference"), pool.submit(check, *run, ours, "fastest")] for run in runs]
        for (tool, mode), futures in zip(runs, started):
            expected, got = (future.result() for future in futures)
            compared += len(expected)
            there, here = Counter(expected), Counter(got)
            differences = [f"- {line}" for line in (there - here).elements()] + [f"+ {line}" for line in (here - there).elements()]
            differences = [line for line in differences if not any(pattern.search(line) for pattern in known)]
            if tool == "mypy":
                differences += [f"! {tool} accepts {place}" for place in sorted(marked_places() - places_of_errors(got))]
                differences += [f"! {tool} refuses {place}" for place in sorted(places_of_errors(got) - marked_places()) if mode == "default"]
            print(f"{tool} {mode}: {len(expected)} diagnostics, {len(differences)} differ", *sorted(differences, key=lambda line: line[2:]), sep="\n")
            bad += len(differences)
    print(f"{compared} diagnostics compared, {bad} differ")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
