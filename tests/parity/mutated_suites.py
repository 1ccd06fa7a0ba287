"""A project's suite with asserts turned round, run by pytest 9.2.0 and by fastest: the same words about each failure?

    python tests/parity/mutated_suites.py [--count 20] [--seeds 1 2] [--show 20] REFERENCE CANDIDATE FOLDER [ARGUMENTS ...]

REFERENCE and CANDIDATE are commands (`'.venv/bin/python -m pytest'`, `.venv/bin/fastest`), FOLDER holds the project, ARGUMENTS are
the suite's own (`tests`). COUNT asserts (also unittest's `self.assert...`) of its test files are drawn by each seed and turned round in a copy. Both
run in it, at the same path, at three verbosities and styles of tracebacks; the whole screen, stderr, the JUnit file and the exit
code are compared. The only accidents taken out are times, addresses and the like (harness.py), and frames of the runner itself.

Where the two differ, the reference runs again: lines in which it does not agree with itself (a hypothesis example, say) are counted
as unsteady. Exit status 1 when anything else differs. A tool, not a part of CI: the suites are not in this repository.
"""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import RULES, clean
from turned_asserts import edits_of

STYLES = ([], ["-vv", "--tb=short", "-rA"], ["-q", "-l", "--tb=long", "-o", "junit_logging=all"])
JUNIT_ACCIDENTS = re.compile(r'(\btime|timestamp|hostname|"hypothesis-statistics-[^"]*" value)="[^"]*"')
ACCIDENTS = (  # those of single suites, and where the runner's own source is named
    (re.compile(r"\bmemory:[0-9a-f]{8,}"), "memory:ADDRESS"),
    (re.compile(r"\btmp[a-z0-9_]{8}\b"), "tmpNAME"),
    (re.compile(r"\bduration=\d+\.\d+s"), "duration=TIME"),
    (re.compile(r"\S*/(_pytest/\w+\.py):\d+"), r"\1:LINE"),
)


def mutate(folder: Path, count: int, seed: int) -> int:
    """Turns asserts of the folder's test files round. How many: nested ones among those drawn are left."""
    paths = [p for p in sorted(folder.rglob("*.py")) if re.fullmatch(r"test_.*|.*_test|tests", p.stem)]
    found = [edit for path in paths for edit in edits_of(path)]
    drawn = random.Random(seed).sample(found, min(count, len(found)))
    done = 0
    for path in {edit.path for edit in drawn}:
        data, before = path.read_bytes(), sys.maxsize
        for edit in sorted((e for e in drawn if e.path == path), key=lambda e: e.start, reverse=True):
            if edit.end <= before:
                data, before = edit.applied(data), edit.start
                done += 1
        path.write_bytes(data)
    return done


@dataclasses.dataclass(frozen=True)
class Run:
    """What a run showed, without accidents."""

    code: int
    screen: list[str]
    junit: list[str]


def run(command: str, project: Path, arguments: list[str], work: Path) -> Run:
    """Runs the command in a fresh copy of the project, which stands at the same path each time."""
    copy, scratch, junit = work / "suite", work / "tmp", work / "junit.xml"
    for folder in (copy, scratch):
        shutil.rmtree(folder, ignore_errors=True)
    junit.unlink(missing_ok=True)
    shutil.copytree(project, copy, symlinks=True)
    scratch.mkdir()
    env = {"PATH": os.environ["PATH"], "HOME": str(scratch), "TMPDIR": str(scratch), "LANG": "C.UTF-8", "TZ": "UTC", "COLUMNS": "100", "PYTHONHASHSEED": "0"}
    words = [*shlex.split(command), f"--junitxml={junit}", *arguments]
    done = subprocess.run(words, cwd=copy, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=1800, check=False)
    report = JUNIT_ACCIDENTS.sub(r'\1=""', junit.read_text(encoding="utf-8")) if junit.exists() else ""
    return Run(done.returncode, lines(done.stdout + "\n[stderr]\n" + done.stderr, work), lines(report.replace("><", ">\n<"), work))


def lines(text: str, work: Path) -> list[str]:
    text = clean(text, work)
    for accident, name in ACCIDENTS:
        text = accident.sub(name, text)
    return [RULES.sub(lambda rule: rule[0][:3], line).rstrip() for line in text.split("\n")]


def differing(old: list[str], new: list[str]) -> list[tuple[range, list[str]]]:
    """Which lines of the old text gave way to which new ones."""
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(range(i, j), new[k:m]) for tag, i, j, k, m in codes if tag != "equal"]


def steady(differences: list[tuple[range, list[str]]], unsteady: list[tuple[range, list[str]]]) -> list[tuple[range, list[str]]]:
    """The differences that lie where the reference agrees with itself."""
    moving = [range(r.start, max(r.stop, r.start + 1)) for r, _ in unsteady]
    return [(r, text) for r, text in differences if not any(m.start <= r.start and r.stop <= m.stop for m in moving)]


def compare(commands: tuple[str, str], project: Path, arguments: list[str], work: Path, show: int) -> tuple[list[object], bool]:
    """A row of the table, and whether all is the same."""
    old, new = (run(command, project, arguments, work) for command in commands)
    pairs = [(old.screen, new.screen), (old.junit, new.junit)]
    found = [differing(*pair) for pair in pairs]
    every = [len(f) for f in found]
    if any(found):
        again = run(commands[0], project, arguments, work)
        found = [steady(f, differing(text, other)) for f, text, other in zip(found, (old.screen, old.junit), (again.screen, again.junit))]
    for (text, _), differences in zip(pairs, found):
        shown = [f"    {place.start:5} {line}" for place, new_lines in differences for line in [*("- " + text[i] for i in place), *("+ " + n for n in new_lines)]]
        print(*shown[:show], sep="\n" if shown else "", end="\n" if shown else "")
    counts = [len(f) for f in found]
    summary = next((line for line in reversed(old.screen) if line.endswith((" TIME", " TIME ==="))), "").strip("= ")
    row = [f"{old.code}/{new.code}", len(old.screen), *counts, sum(every) - sum(counts), summary]
    return row, old.code == new.code and not any(counts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20, help="how many asserts are turned round")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--show", type=int, default=20, help="how many lines of each text's differences are shown")
    parser.add_argument("--name", help="the suite's, in the table; the folder's if not given")
    parser.add_argument("reference")
    parser.add_argument("candidate")
    parser.add_argument("folder", type=Path)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    name = given.name or given.folder.resolve().name
    form = "{:16}{:>5}{:>8}  {:34}{:>7}{:>7}{:>7}{:>7}{:>9}  {}"
    print(form.format("suite", "seed", "turned", "style", "exits", "lines", "screen", "junit", "unsteady", "summary"), flush=True)
    good = True
    for seed in given.seeds:
        with tempfile.TemporaryDirectory(prefix="mutated-") as folder:
            work = Path(folder)
            project = Path(shutil.copytree(given.folder, work / "project", symlinks=True, ignore=shutil.ignore_patterns("__pycache__")))
            turned = mutate(project, given.count, seed)
            for style in STYLES:
                row, same = compare((given.reference, given.candidate), project, [*given.arguments, *style], work, given.show)
                good &= same
                print(form.format(name, seed, turned, " ".join(style), *row), flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
