"""Runs random projects by pytest and by fastest, and compares all that can be seen.

    python tests/random/compare.py [--seeds 0:40] [--ways bare,recorded] [--shrink] REFERENCE_PYTHON CANDIDATE_PYTHON

A project (see project.py) is run as its seed says, in one folder one run after the other: the screen, the exit codes, the files left behind, and with the way
`recorded` each event that the recorder of tests/parity sees. `--shrink` leaves out files, blocks and options as long as the difference stays, and prints what
is left. FASTEST_PACKAGE names a source tree's `python` folder, for runs without an installation. Exit status 1 when a project differs.
"""

from __future__ import annotations

import argparse
import copy
import itertools
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "parity"))

from project import Project, project  # noqa: E402

from harness import Case, Runner, differences, run  # noqa: E402

OWN_PLACE = re.compile(r"\S*/((?:_pytest|pluggy)/[\w/]+\.py):\d+")


def settled(value: object) -> object:
    """The same without lines of the runner's own source."""
    if isinstance(value, dict):
        return {key: settled(part) for key, part in value.items()}
    if not isinstance(value, list):
        return OWN_PLACE.sub(r"\1:LINE", value) if isinstance(value, str) else value
    lines: list[object] = []
    margin: str | None = None  # before the source of a warning from a line of the runner's own
    for line in map(settled, value):
        if isinstance(line, str):
            begins = re.match(r"( *)(?:_pytest|pluggy)/\S*:LINE: \w+Warning", line)
            margin = begins[1] + "  " if begins else margin if line else None
            if margin and not begins and line.startswith(margin):
                continue
        lines.append(line)
    return lines


HEADLINE = re.compile(r"(?:_{3,}|={3,}) .* (?:_{3,}|={3,})$")
OWN_FRAME = re.compile(r"(?:_pytest|pluggy)/\S+:LINE: ")


def sections(lines: list[str]) -> list[list[str]]:
    """The parts of a screen, each with its headline."""
    found: list[list[str]] = [[]]
    for line in lines:
        if HEADLINE.match(line):
            found.append([])
        found[-1].append(line)
    return found


def without_own_frames(old: list[object], new: list[object]) -> tuple[list[object], list[object]]:
    """The same without failures in which pytest shows its own source: those of fastest have fewer frames."""
    drops = any("files" in seen and OWN_FRAME.search(str(seen["files"])) for seen in old if isinstance(seen, dict))

    def kept(seen: object, other: object) -> object:
        nonlocal drops
        if not (isinstance(seen, dict) and isinstance(other, dict) and "screen" in seen and "screen" in other):
            return seen
        shown = {part[0] for screen in (seen, other) for part in sections(screen["screen"]) if part and any(map(OWN_FRAME.match, part))}
        drops = drops or bool(shown)
        return {**seen, "screen": [line for part in sections(seen["screen"]) if not part or part[0] not in shown for line in part]}

    left = [kept(*pair) for pair in itertools.zip_longest(old, new)]
    right = [kept(*pair) for pair in itertools.zip_longest(new, old)]
    if drops:
        for seen in (*left, *right):
            if isinstance(seen, dict) and "files" in seen:
                seen["files"] = {name: text for name, text in seen["files"].items() if not name.endswith(".xml")}
    return left, right


class Judge:
    def __init__(self, reference: str, candidate: str) -> None:
        package = os.environ.get("FASTEST_PACKAGE")
        self.reference = Runner((reference, "-m", "pytest"))
        environment = [("PYTHONPATH", package)] if package else []
        self.candidate = Runner((candidate, "-m", "fastest"), tuple(environment))

    def differs(self, made: Project, way: str) -> list[str]:
        case = Case(Path("random"), runs=made.runs, screen=True, recorder=way == "recorded", files=made.texts())
        with tempfile.TemporaryDirectory(prefix="random-") as work:
            old = self.seen(case, self.reference, Path(work, "run"))
            return differences(*without_own_frames(old, self.seen(case, self.candidate, Path(work, "run"))))

    @staticmethod
    def seen(case: Case, runner: Runner, folder: Path) -> list[object]:
        try:
            return [settled(seen) for seen in run(case, runner, folder)]
        except ValueError as error:  # the recorder was never loaded
            return [{"error": str(error).partition(":")[0]}]
        except subprocess.TimeoutExpired:
            return [{"error": "timeout"}]


def smaller(made: Project) -> Iterator[Project]:
    """Projects with one thing left out."""
    for at in range(len(made.runs)):
        if len(made.runs) > 1:
            yield Project(made.files, made.runs[:at] + made.runs[at + 1 :])
    for name in made.files if len(made.files) > 1 else ():
        yield Project({other: blocks for other, blocks in made.files.items() if other != name}, made.runs)
    for at, words in enumerate(made.runs):
        for word in range(len(words)):
            for count in (2, 1):
                yield Project(made.files, [*made.runs[:at], words[:word] + words[word + count :], *made.runs[at + 1 :]])
    for name, blocks in made.files.items():
        for block in range(len(blocks)):
            yield Project({**made.files, name: blocks[:block] + blocks[block + 1 :]}, made.runs)
        for block, text in enumerate(blocks):
            lines = text.split("\n")
            for line in range(len(lines)):
                cut = "\n".join(lines[:line] + lines[line + 1 :])
                if len(lines) > 1 and compiles(cut):
                    yield Project({**made.files, name: [*blocks[:block], cut, *blocks[block + 1 :]]}, made.runs)


def compiles(text: str) -> bool:
    try:
        compile(text, "block", "exec")
    except SyntaxError:
        return False
    return True


def shrunk(made: Project, differs: Callable[[Project], list[str]]) -> Project:
    made = copy.deepcopy(made)
    progress = True
    while progress:
        progress = False
        for candidate in smaller(made):
            if differs(candidate):
                made, progress = candidate, True
                break
    return made


def show(made: Project) -> str:
    files = "".join(f"--- {name}\n{text}\n" for name, text in made.texts().items())
    return "".join(f"args: {' '.join(map(repr, words))}\n" for words in made.runs) + files


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="0:40", help="FIRST:END, or one seed")
    parser.add_argument("--ways", default="bare,recorded")
    parser.add_argument("--shrink", action="store_true")
    parser.add_argument("reference")
    parser.add_argument("candidate")
    given = parser.parse_args()
    first, _, end = given.seeds.partition(":")
    seeds = range(int(first), int(end) if end else int(first) + 1)
    judge = Judge(given.reference, given.candidate)
    jobs = [(seed, way) for seed in seeds for way in given.ways.split(",")]
    differing = 0
    with ThreadPoolExecutor(2) as pool:
        for (seed, way), lines in zip(jobs, pool.map(lambda job: judge.differs(project(str(job[0])), job[1]), jobs)):
            if not lines:
                continue
            differing += 1
            print(f"seed {seed} ({way}) differs:", *lines[:25], sep="\n    ", flush=True)
            if given.shrink:
                least = shrunk(project(str(seed)), lambda made, way=way: judge.differs(made, way))
                print(show(least), *judge.differs(least, way), sep="\n    ", flush=True)
    print(f"{len(jobs) - differing} passed, {differing} failed")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
