"""The suites of pytest, pluggy and iniconfig themselves, by fastest and by the real ones: the same outcomes, but for known.txt?

    python tests/conformance/conform.py [--work FOLDER] [--whole] WHEEL [SUITE ...]

Runs ../shared/conformance/conformance.py, which makes the environments, with each test file in a process of its own (--whole: one
process a suite). Files in which tests differ run once more: what differs twice counts. Exit status 1 when a test differs that is not in
known.txt, when one in there does not differ any more, or when it has no reason.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
JUDGE = HERE.parents[2] / "shared" / "conformance"
KNOWN = HERE / "known.txt"
UNSTEADY = JUDGE / "known-unsteady.txt"
SUITES = ("pytest", "pluggy", "iniconfig")


def entries(path: Path) -> dict[str, str]:
    """Node ids and reasons."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {name.strip(): reason.strip() for name, _, reason in (line.partition(" ## ") for line in lines)}


def judge(given: argparse.Namespace, suite: str, files: list[str]) -> tuple[set[str], int]:
    """Runs a suite, or some files of it; which tests differ, and how many there are."""
    command = [sys.executable, str(JUDGE / "conformance.py"), "--install", str(given.wheel), "--work", str(given.work), "--suite", suite]
    command += ["--allow", str(KNOWN), *(["--whole"] if given.whole else []), *files]
    subprocess.run(command, check=False)
    recordings = importlib.import_module("compare")
    key = "whole" if given.whole else "files"
    base = recordings.load(given.work / f"{suite}-{key}{'-part' if files else ''}.jsonl")
    other = recordings.load(given.work / f"{suite}-{key}-candidate.jsonl")
    differences = recordings.compare(base, other, recordings.AllowList([]))
    return {difference.nodeid for difference in differences}, len(base)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=HERE.parents[1] / "build" / "conformance")
    parser.add_argument("--whole", action="store_true", help="one process a suite")
    parser.add_argument("wheel", type=Path)
    parser.add_argument("suites", nargs="*", default=SUITES)
    given = parser.parse_args()
    sys.path.insert(0, str(JUDGE))
    known, steady, total = entries(KNOWN), set(), 0
    for suite in given.suites:
        differing, count = judge(given, suite, [])
        total += count
        unknown = differing - known.keys() - entries(UNSTEADY).keys()
        if unknown:
            print("once more:", *sorted(unknown), sep="\n    ", flush=True)
            again, _ = judge(given, suite, sorted({name.partition("::")[0] for name in unknown}))
            unknown &= again
        steady |= unknown | (differing & known.keys())
    wrong = [f"differs: {name}" for name in sorted(steady - known.keys())]
    if set(given.suites) == set(SUITES):
        wrong += [f"no longer differs, take it out of {KNOWN.name}: {name}" for name in known.keys() - steady]
    wrong += [f"has no reason: {name}" for name, reason in known.items() if not reason]
    print(*wrong, sep="\n")
    print(f"{total - len(steady)} passed as by the real ones, {len(steady & known.keys())} known to differ, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
