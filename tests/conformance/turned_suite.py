"""A test suite with one assert turned round per file, run by the reference and by fastest: do the same tests fail?

    python tests/conformance/turned_suite.py [--each 1 | --together] [--seed 1] REFERENCE CANDIDATE FOLDER [FILE ...]

REFERENCE and CANDIDATE are commands (`'.venv/bin/python -m pytest'`), FOLDER holds the suite, FILEs are its test files or folders (default:
`testing`). In each file asserts of test functions are drawn until the reference fails with one of them turned round; the test that holds it
runs by both. With `--together` one assert of each file stays turned round, and the files run by both, all in one process: each file must fail,
by the same tests. Exit status 1 when a test fails by one of the two only, or a file with such an assert passes. A tool, not a part of CI: the
suite is not in this repository.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import itertools
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "parity"))

from turned_asserts import Edit, edits_of

FAILED = re.compile(r"^(?:FAILED|ERROR|SUBFAILED\S*) (\S+(?: (?!- ).*?)?)(?: - .*)?$", re.MULTILINE)
NOT_TESTS = {"example_scripts", "plugins_integration", "freeze"}
TRIES = 12


def test_files(folder: Path, wanted: list[str]) -> list[Path]:
    found = {path for name in wanted for path in ([folder / name] if name.endswith(".py") else (folder / name).rglob("*.py"))}
    is_test = re.compile(r"test_.*|.*_test")
    return sorted(p for p in found if (is_test.fullmatch(p.stem) or p.parent.name == "python" and p.stem != "conftest") and not NOT_TESTS & set(p.parts))


def tests_of(tree: ast.Module) -> Iterator[tuple[str, range]]:
    """The ids of test functions behind the file's, and their lines."""
    for node in tree.body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        for function in inner:
            if isinstance(function, ast.FunctionDef) and function.name.startswith("test"):
                name = f"{node.name}::{function.name}" if function is not node else function.name
                yield name, range(function.lineno, function.end_lineno + 1)


def line_of(path: Path, edit: Edit) -> int:
    return path.read_bytes().count(b"\n", 0, edit.start) + 1


def placed(path: Path, chance: random.Random) -> list[tuple[Edit, str]]:
    """The file's asserts in test functions, in a random order, with the tests."""
    tests = list(tests_of(ast.parse(path.read_bytes())))
    found = [(edit, test) for edit in edits_of(path) for test, lines in tests if line_of(path, edit) in lines]
    chance.shuffle(found)
    return found


def failing(command: str, folder: Path, tests: list[str], scratch: Path) -> tuple[int, set[str]]:
    """The exit code, and the tests that failed."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST_", "CI", "BUILD_NUMBER", "COV_"))}
    words = [*shlex.split(command), *tests, "-q", "--tb=no", "-rfE", "-o", f"cache_dir={scratch / 'cache'}"]
    done = subprocess.run(words, cwd=folder, env=env | {"COLUMNS": "1000"}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=3600, check=False)
    return done.returncode, set(FAILED.findall(done.stdout))


@dataclasses.dataclass
class Turned:
    """An assert that makes the reference fail when it is turned round."""

    path: Path
    edit: Edit
    test: str
    expected: tuple[int, set[str]]

    def apply(self) -> None:
        self.path.write_bytes(self.edit.applied(self.path.read_bytes()))


def noticed(path: Path, given: argparse.Namespace, scratch: Path) -> Iterator[Turned]:
    """Those asserts of a file that are reached. The file is as it was whenever one is given."""
    data = path.read_bytes()
    for edit, test in placed(path, random.Random(f"{given.seed} {path.name}"))[: TRIES + given.each]:
        turned = Turned(path, edit, f"{path.relative_to(given.folder)}::{test}", (0, set()))
        try:
            turned.apply()
            turned.expected = failing(given.reference, given.folder, [turned.test], scratch)
        finally:
            path.write_bytes(data)
        if turned.expected[0] == 1:
            yield turned


def one_by_one(paths: list[Path], given: argparse.Namespace, scratch: Path) -> Counter[str]:
    counts: Counter[str] = Counter(same=0, differ=0)
    for path in paths:
        tried = 0
        for turned in itertools.islice(noticed(path, given, scratch), given.each):
            tried += 1
            data = path.read_bytes()
            try:
                turned.apply()
                found = failing(given.candidate, given.folder, [turned.test], scratch)
            finally:
                path.write_bytes(data)
            counts["same" if found == turned.expected else "differ"] += 1
            if found != turned.expected:
                line = line_of(path, turned.edit)
                print(f"DIFFERS line {line} of {turned.test}: reference {turned.expected}, fastest {found}", flush=True)
        if not tried:
            counts["nothing fails"] += 1
            print(f"no assert of {path.relative_to(given.folder)} makes the reference fail", flush=True)
    return counts


def together(paths: list[Path], given: argparse.Namespace, scratch: Path) -> Counter[str]:
    """Runs a copy of the folder in which each file has one assert turned round."""
    chosen = [turned for path in paths for turned in itertools.islice(noticed(path, given, scratch), 1)]
    names = {str(turned.path.relative_to(given.folder)) for turned in chosen}
    for path in paths:
        if (name := str(path.relative_to(given.folder))) not in names:
            print(f"no assert of {name} makes the reference fail", flush=True)
    copy = scratch / "copy"
    shutil.copytree(given.folder, copy, symlinks=True)
    for turned in chosen:
        Turned(copy / turned.path.relative_to(given.folder), turned.edit, turned.test, turned.expected).apply()
    expected, found = (failing(command, copy, given.files, scratch) for command in (given.reference, given.candidate))
    for test in sorted(expected[1] ^ found[1]):
        print(f"DIFFERS {test}: fails by {'the reference' if test in expected[1] else 'fastest'} only", flush=True)
    passing = names - {test.partition("::")[0] for test in found[1]}
    for name in sorted(passing):
        print(f"PASSES {name}", flush=True)
    print(f"exit codes {expected[0]} and {found[0]}, {len(expected[1])} and {len(found[1])} tests fail")
    return Counter({"turned": len(chosen), "differ": len(expected[1] ^ found[1]), "files that pass": len(passing)})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=1, help="how many asserts of each file are turned round, one at a time")
    parser.add_argument("--together", action="store_true", help="one assert of each file at once, in one process")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("reference")
    parser.add_argument("candidate")
    parser.add_argument("folder", type=Path)
    parser.add_argument("files", nargs="*", default=["testing"])
    given = parser.parse_args()
    given.folder = given.folder.resolve()
    paths = test_files(given.folder, given.files)
    with tempfile.TemporaryDirectory(prefix="turned-") as scratch:
        counts = (together if given.together else one_by_one)(paths, given, Path(scratch))
    print(f"files: {len(paths)}, " + ", ".join(f"{name}: {count}" for name, count in counts.items()))
    return 1 if counts["differ"] or counts["files that pass"] else 0


if __name__ == "__main__":
    sys.exit(main())
