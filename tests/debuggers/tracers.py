"""What tracers, profilers and coverage are told of a suite, under pytest 9.2.0 and under fastest: python tracers.py REFERENCE_PYTHON FASTEST

The tools are Python's own (`traced/tool.py`) and coverage where it is installed in both, with each of its cores.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = ["settrace", "setprofile", "threads", "profiled_threads"]
NEWER_TOOLS = ["all_threads", "monitoring-line", "monitoring-once", "monitoring-call", "monitoring-raise"]
KEPT = ("executed_lines", "missing_lines", "executed_branches", "missing_branches")


def run(folder: Path, words: list[str], **env: str) -> None:
    """Runs this in a fresh copy of the suite."""
    shutil.copytree(HERE / "traced", folder, dirs_exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COVERAGE"))}
    env = {**kept, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **env}
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True)
    totals = re.sub(r" in [\d.]+s.*", "", (done.stdout.splitlines() or [done.stderr])[-1])
    if done.returncode != 1 or not totals.startswith("1 failed"):
        raise SystemExit(f"{' '.join(words)}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")


def traced(folder: Path, python: str, runner: str, tool: str) -> list[str]:
    run(
        folder, [python, "-m", runner, "-q", "-p", "no:cacheprovider", "-p", "tool", "cases.py"], TRACED_BY=tool, TRACED_INTO=str(folder / "events")
    )
    return json.loads((folder / "events").read_text())


def covered(folder: Path, python: str, runner: str, tool: str) -> list[str]:
    _, core, *branch = tool.split()
    run(
        folder,
        [python, "-m", "coverage", "run", *branch, "--source=.", "-m", runner, "-q", "-p", "no:cacheprovider", "cases.py"],
        COVERAGE_CORE=core,
    )
    subprocess.run([python, "-m", "coverage", "json", "-q"], cwd=folder, check=True)
    files = json.loads((folder / "coverage.json").read_text())["files"]
    return [f"{name} {kind} {files[name].get(kind)}" for name in sorted(files) for kind in KEPT]


def main() -> int:
    reference, candidate = sys.argv[1:3]
    about = "import importlib.util as u, json, sys; print(json.dumps([sys.version_info[:2], bool(u.find_spec('coverage'))]))"
    asked = [json.loads(subprocess.check_output([python, "-c", about])) for python in (reference, candidate)]
    newer = asked[0][0] >= [3, 12]
    tools = TOOLS + (NEWER_TOOLS if newer else [])
    if all(has_coverage for _, has_coverage in asked):
        tools += ["coverage ctrace", "coverage ctrace --branch", *(["coverage sysmon"] if newer else [])]
    scratch = Path(tempfile.mkdtemp(prefix="traced-"))

    def both(tool: str) -> tuple[str, list[str], list[str]]:
        ask = covered if tool.startswith("coverage") else traced
        sides = (("a", reference, "pytest"), ("b", candidate, "fastest"))
        return tool, *(ask(scratch / tool.replace(" ", "") / side, python, runner, tool) for side, python, runner in sides)

    different = 0
    with ThreadPoolExecutor(2) as pool:
        for tool, expected, got in pool.map(both, tools):
            same = expected == got and bool(expected)
            different += not same
            print(f"{'same      ' if same else 'DIFFERENT '} {tool}: {len(expected)}")
            if not same:
                print("\n".join(f"    {line}" for line in difflib.unified_diff(expected, got, "pytest", "fastest", lineterm="", n=1)))
    shutil.rmtree(scratch, ignore_errors=True)
    print(f"{len(tools)} tools, {different} different")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
