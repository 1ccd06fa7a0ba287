"""A test suite with one assert turned round per file, run by the reference and by fastest: do the same tests fail?

    python tests/conformance/turned_suite.py [--each 1] [--seed 1] REFERENCE CANDIDATE FOLDER [FILE ...]

REFERENCE and CANDIDATE are commands (`'.venv/bin/python -m pytest'`), FOLDER holds the suite, FILEs are its test files or folders (default:
`testing`). In each file asserts of test functions are drawn until the reference fails with one of them turned round; the test that holds it
runs by both. Exit status 1 when a test fails by one of the two only, or passes by both in a file without another choice. A tool, not a
part of CI: the suite is not in this repository.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
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


def failing(command: str, folder: Path, test: str, scratch: Path) -> tuple[int, set[str]]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST_", "CI", "BUILD_NUMBER", "COV_"))}
    words = [*shlex.split(command), test, "-q", "--tb=no", "-rfE", "-o", f"cache_dir={scratch / 'cache'}"]
    done = subprocess.run(words, cwd=folder, env=env | {"COLUMNS": "1000"}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, set(FAILED.findall(done.stdout))


def judge(path: Path, edit: Edit, test: str, given: argparse.Namespace, scratch: Path) -> str:
    """`same`, `passes` when the assert was not reached, or the difference."""
    data = path.read_bytes()
    path.write_bytes(edit.applied(data))
    try:
        node = f"{path.relative_to(given.folder)}::{test}"
        expected = failing(given.reference, given.folder, node, scratch)
        if expected[0] != 1:
            return "passes"
        found = failing(given.candidate, given.folder, node, scratch)
    finally:
        path.write_bytes(data)
    return "same" if found == expected else f"reference {expected}, fastest {found}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=1, help="how many asserts of each file are turned round, one at a time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("reference")
    parser.add_argument("candidate")
    parser.add_argument("folder", type=Path)
    parser.add_argument("files", nargs="*", default=["testing"])
    given = parser.parse_args()
    given.folder = given.folder.resolve()
    counts = {"files": 0, "same": 0, "differ": 0, "nothing fails": 0}
    with tempfile.TemporaryDirectory(prefix="turned-") as scratch:
        for path in test_files(given.folder, given.files):
            counts["files"] += 1
            results = []
            for edit, test in placed(path, random.Random(f"{given.seed} {path.name}"))[: TRIES + given.each]:
                result = judge(path, edit, test, given, Path(scratch))
                if result == "passes":
                    continue
                results.append(result)
                counts["same" if result == "same" else "differ"] += 1
                if result != "same":
                    print(f"DIFFERS {path.relative_to(given.folder)}:{line_of(path, edit)} {test}: {result}", flush=True)
                if len(results) == given.each:
                    break
            if not results:
                counts["nothing fails"] += 1
                print(f"no assert of {path.relative_to(given.folder)} makes the reference fail", flush=True)
    print(", ".join(f"{name}: {count}" for name, count in counts.items()))
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
