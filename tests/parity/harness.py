"""Parity cases: small suites run by pytest 9.2.0 and by fastest in the same run and compared.

A case is a text file under cases/:

    # what it shows
    args: -v -k one              (optional; more than one `args:` line: several runs after each other, in the same folder)
    env: NAME=value              (optional, repeated)
    covers: fixture:request      (names of pytest's surface that it exercises, see names.py)
    compare: screen              (optional: the terminal text too)
    compare: screen alone        (optional: the terminal text, and no recorder that would be a plugin that looks)
    --- conftest.py
    ...
    --- test_a.py
    ...

Compared are: every event that the recorder saw (ids, order, outcomes, messages, sections, properties, warnings), the exit code,
what was printed on a usage error, and every file that the run left in its folder (caches aside). Each case runs three times:
with pytest, with fastest, and with fastest believing that somebody looks at everything.

Both of fastest's runs count how often each short cut was taken and left. After a run of all cases the sums are shown, and a short
cut that was never taken or never left is an error: a case is missing.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tools"))
import short_cuts  # noqa: E402

TIMES = re.compile(r"\bin \d+\.\d+s( \(\d+:\d\d:\d\d\))?|\d+\.\d+s (call|setup|teardown)")
ACCIDENTS = (  # what differs from run to run, and its name
    (re.compile(r"\b0x[0-9a-f]{6,}\b"), "0xADDRESS"),
    (re.compile(r"\.\.\.[0-9a-f]{1,14}(?=>|&gt;)|\b0x[0-9a-f]{0,11}\.\.\."), "...ADDRESS..."),  # cut at its begin or end
    (re.compile(r"(?<!\d)(?:[89]|1[0-4])\d{13}(?!\d)"), "ID"),
    (re.compile(r"\bpytest-\d+/"), "pytest-N/"),
    (re.compile(r"\bpytest-cache-files-\w+"), "pytest-cache-files-X"),
    (re.compile(r"\b0:00:\d\d ago"), "0:00:00 ago"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?"), "DATE"),
)
# Frames of the runner itself: fastest's are native and leave none. `ast.py` is where pytest's rewriting meets a syntax error.
OWN_FILE = r"[^\s\"]*/(?:_pytest|pluggy|fastest)/[^\s\"]*\.py|[^\s\"]*/(?:pytest/__main__|ast|runpy)\.py"
SHORT_FRAME = re.compile(r"^\S.*:\d+: in \S+$")
OWN_SHORT_FRAME = re.compile(rf"^(?:{OWN_FILE}):\d+: in \S+$")
FRAME = re.compile(r'^(?P<margin>(?:\S*|[\s|]+)\s*)File "[^"]*", line \d+, in \S+$')
OWN_FRAME = re.compile(rf'^(?P<margin>(?:\S*|[\s|]+)\s*)File "(?:{OWN_FILE})", line \d+, in \S+$')
COLOURS = re.compile(r"\x1b\[[\d;]*m")
OWN_HELP = re.compile(r"^Beyond pytest:\n(?:  .*\n)+\n", re.MULTILINE)  # options that pytest does not have (tests/extras)
RULES = re.compile(r"={3,}|-{3,}|_{3,}")


@dataclasses.dataclass
class Case:
    path: Path
    about: str = ""
    runs: list[list[str]] = dataclasses.field(default_factory=list)
    env: dict[str, str] = dataclasses.field(default_factory=dict)
    covers: list[str] = dataclasses.field(default_factory=list)
    screen: bool = False
    recorder: bool = True
    files: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.path.relative_to(HERE / "cases").with_suffix(""))

    @classmethod
    def load(cls, path: Path) -> Case:
        case = cls(path)
        name = None
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
            if line.startswith("--- "):
                name = line[4:].strip()
                case.files[name] = ""
            elif name is not None:
                case.files[name] += line
            else:
                case._header(line.strip())
        case.runs = case.runs or [[]]
        return case

    def _header(self, line: str) -> None:
        key, _, value = line.partition(":")
        if line.startswith("#"):
            self.about += line[1:].strip() + " "
        elif key == "args":
            self.runs.append(shlex.split(value))
        elif key == "env":
            name, _, text = value.strip().partition("=")
            self.env[name] = text
        elif key == "covers":
            self.covers += value.split()
        elif key == "compare":
            self.screen = value.strip() in ("screen", "screen alone")
            self.recorder = value.strip() != "screen alone"
        elif line:
            raise ValueError(f"{self.path}: unknown line {line!r}")


@dataclasses.dataclass(frozen=True)
class Runner:
    """A command that takes pytest's arguments, and its extra environment."""

    command: tuple[str, ...]
    env: tuple[tuple[str, str], ...] = ()


def cases() -> list[Case]:
    return [Case.load(path) for path in sorted((HERE / "cases").rglob("*.case"))]


def known() -> dict[str, str]:
    """Cases that are known to differ, each with its reason: `name ## reason` a line. The list only shrinks."""
    lines = (HERE / "known.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.partition(" ## ")[::2] for line in lines if line and not line.startswith("#")]
    if unreasoned := [name for name, reason in pairs if not reason.strip()]:
        raise ValueError(f"known.txt: no reason for {unreasoned}")
    return dict(pairs)


def run(case: Case, runner: Runner, folder: Path) -> list[object]:
    """What the case's runs did, in a form that can be compared."""
    shutil.rmtree(folder, ignore_errors=True)
    suite, scratch = folder / "suite", folder / "tmp"
    scratch.mkdir(parents=True)
    for name, text in case.files.items():
        path = suite / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{suite}", str(suite)), encoding="utf-8")
    record = folder / "record.jsonl"
    kept = ("PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_PRELOAD", "PYTHONMALLOC")
    env = {k: v for k, v in os.environ.items() if k in kept}
    env |= {"HOME": str(scratch), "TMPDIR": str(scratch), "LANG": "C.UTF-8", "COLUMNS": "100", "PYTHONHASHSEED": "0"}
    env |= {"PYTHONPATH": str(HERE / "plugin"), "PARITY_RECORD": str(record), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    for key, value in runner.env:
        env[key] = os.pathsep.join([env[key], value]) if key == "PYTHONPATH" else value
    env |= {k: os.pathsep.join([env[k], v]) if k == "PYTHONPATH" else v for k, v in case.env.items()}
    seen: list[object] = []
    for args in case.runs:
        record.write_text("")
        command = [*runner.command, *(["-p", "parity_recorder"] if case.recorder else []), *args]
        done = subprocess.run(
            command, check=False, cwd=suite, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=120
        )
        if "parity_recorder" in done.stderr:
            raise ValueError(f"{case.name}: nothing was recorded: {done.stderr}")
        seen.append({"exit": done.returncode})
        events = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
        seen += clean(events, folder)
        if case.screen or done.returncode in (3, 4):
            seen.append({"screen": clean(screen(done.stdout), folder).split("\n"), "stderr": clean(screen(done.stderr), folder).split("\n")})
    seen.append({"files": clean(effects(suite, case), folder)})
    return without_interpreter(seen, runner.command[0])


def screen(text: str) -> str:
    lines = OWN_HELP.sub("", text).splitlines()
    lines = [RULES.sub(lambda rule: rule[0][:3], line).rstrip() if TIMES.search(line) else line for line in lines]
    ours = ("platform ", "cachedir: ", "plugins: ")
    return "\n".join(line for line in lines if not line.startswith(ours))


def without_own_frames(text: str) -> str:
    """A traceback, or a text with some in it, less the frames that the runner put there."""
    kept, dropping = [], None
    for line in text.split("\n"):
        plain = COLOURS.sub("", line)
        if OWN_SHORT_FRAME.match(plain):
            dropping = "    "
        elif own := OWN_FRAME.match(plain):
            dropping = own["margin"] + "  "
        elif dropping is None or not plain.startswith(dropping) or SHORT_FRAME.match(plain) or FRAME.match(plain):
            dropping = None
            kept.append(line)
    return "\n".join(kept)


def effects(suite: Path, case: Case) -> dict[str, str]:
    found = {}
    for path in sorted(suite.rglob("*")):
        name = str(path.relative_to(suite))
        if path.is_file() and name not in case.files and "__pycache__" not in name and path.name != "README.md":
            found[name] = re.sub(r'(time|timestamp|hostname|duration)="[^"]*"', r'\1=""', path.read_text(errors="replace"))
    return found


def without_interpreter(value: object, python: str) -> object:
    """The same with one name for the environment that the runner's interpreter is in."""
    prefix = str(Path(python).parent.parent)
    if isinstance(value, str):
        return value.replace(prefix, "ENVIRONMENT")
    if isinstance(value, list):
        return [without_interpreter(v, python) for v in value]
    if isinstance(value, dict):
        return {without_interpreter(k, python): without_interpreter(v, python) for k, v in value.items()}
    return value


def clean(value: object, folder: Path) -> object:
    """The same without the folder's own path and whatever else no two runs have in common."""
    if isinstance(value, str):
        value = without_own_frames(TIMES.sub("TIME", value.replace(str(folder), "FOLDER")))
        for accident, name in ACCIDENTS:
            value = accident.sub(name, value)
        return value
    if isinstance(value, list):
        return [clean(v, folder) for v in value]
    if isinstance(value, dict):
        return {clean(k, folder): clean(v, folder) for k, v in value.items()}
    return value


def differences(old: list[object], new: list[object]) -> list[str]:
    """Readable lines, none when both are the same."""
    import difflib

    left, right = ([json.dumps(e, indent=1, sort_keys=True) for e in events] for events in (old, new))
    lines = "\n".join(left).splitlines(), "\n".join(right).splitlines()
    return [line for line in difflib.unified_diff(*lines, "pytest", "fastest", lineterm="", n=2)][:60]


def report_short_cuts(sums: dict[str, tuple[int, int]], *, complete: bool) -> int:
    """Prints how often each short cut was taken and left. How many were not seen both ways, when all cases ran."""
    print(f"{'short cut':32}{'taken':>12}{'left':>12}")
    for name, (taken, left) in sorted(sums.items()):
        print(f"{name:32}{taken:12}{left:12}")
    if not complete:
        return 0
    missing = [f"{name}: never {way}" for name, both in sorted(sums.items()) for way, count in zip(("taken", "left"), both) if not count]
    absent = os.environ.get("FASTEST_ABSENT_SHORT_CUTS", "").split()  # of builds that leave some out
    missing += [f"{name}: not counted" for name in short_cuts.declared() if name not in sums and name not in absent]
    for line in missing:
        print(line)
    return len(missing)


def main() -> int:
    """`harness.py REFERENCE_PYTHON CANDIDATE_PYTHON [PATTERN ...]`: run cases, print differences, exit 1 on any."""
    import tempfile
    from concurrent.futures import ThreadPoolExecutor
    from fnmatch import fnmatch

    reference_python, candidate_python, *patterns = sys.argv[1:]
    reference = Runner((reference_python, "-m", "pytest"))
    package = os.environ.get("FASTEST_PACKAGE")  # a source tree's python/ folder, for runs without an installation
    counts = tempfile.NamedTemporaryFile(prefix="parity-short-cuts-")
    extra = (("FASTEST_SHORT_CUTS", counts.name), *([("PYTHONPATH", package)] if package else []))
    fast = Runner((candidate_python, "-m", "fastest"), extra)
    looked_at = Runner(fast.command, (*extra, ("FASTEST_LOOKERS", "all")))
    chosen = [c for c in cases() if not patterns or any(fnmatch(c.name, p) for p in patterns)]

    def judge(case: Case) -> tuple[Case, dict[str, list[str]]]:
        with tempfile.TemporaryDirectory(prefix="parity-") as work:
            try:
                old = run(case, reference, Path(work, "run"))
                result = {}
                for title, runner in (("fastest", fast), ("fastest, looked at", looked_at)):
                    found = differences(old, run(case, runner, Path(work, "run")))
                    if found:
                        result[title] = found
                return case, result
            except (subprocess.TimeoutExpired, ValueError) as error:
                return case, {"harness": [str(error)]}

    expected = known()
    failed = 0
    with ThreadPoolExecutor(2) as pool:
        for case, result in pool.map(judge, chosen):
            if case.name in expected:
                if result:
                    continue
                result = {"known.txt": ["no longer differs: take it off the list"]}
            failed += bool(result)
            for title, lines in result.items():
                print(f"{case.name} ({title}) differs:", *lines, sep="\n    ", flush=True)
    listed = sum(case.name in expected for case in chosen)
    failed += report_short_cuts(short_cuts.sums(counts.name), complete=not patterns)
    print(f"{len(chosen) - failed - listed} passed, {failed} failed, {listed} known to differ")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
