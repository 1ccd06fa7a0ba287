"""Random projects of tests: files in blocks, and command lines to run them with.

Everything is drawn from one `random.Random`, so that a seed names a project. A file is a list of blocks (an import, a fixture, a test, a hook), each of which
can be left out without breaking the syntax of the others: a difference is made small by leaving out blocks.
"""

from __future__ import annotations

import dataclasses
import random

from bodies import Names, class_block, fixture_block, module_setup_block, test_block, unittest_block
from hooks import hook_block
from settings import command_line, ini_file

FOLDERS = ("", "unit", "unit/deep", "pkg", "pkg/inner", "odd-name", "a/b/c")
MODULES = ("test_one.py", "test_two.py", "test_three.py", "four_test.py", "check_five.py", "test_six.py")


@dataclasses.dataclass
class Project:
    files: dict[str, list[str]]
    runs: list[list[str]]

    def texts(self) -> dict[str, str]:
        return {name: "\n".join(blocks) for name, blocks in self.files.items()}


def project(seed: str) -> Project:
    draw = random.Random(seed)
    names = Names(draw)
    files: dict[str, list[str]] = {}
    folders = sorted({"", *draw.sample(FOLDERS[1:], draw.randrange(0, 4))})
    for folder in folders:
        prefix = folder + "/" if folder else ""
        if folder and draw.random() < 0.4:
            files[prefix + "__init__.py"] = draw.choice(([], [], ["from . import missing_module"]) if draw.random() < 0.05 else ([],))
        if draw.random() < 0.6:
            files[prefix + "conftest.py"] = conftest(draw, names)
        for module in draw.sample(MODULES, draw.randrange(0 if folder else 1, 4)):
            files[prefix + module] = test_module(draw, names)
    if draw.random() < 0.15:
        files["notes.txt"] = ["Some words.", ">>> 1 + 1", draw.choice(("2", "3")), ""]
    if draw.random() < 0.8:
        name, blocks = ini_file(draw)
        files[name] = blocks
    paths = [name for name in files if name.endswith(".py")]
    return Project(files, [command_line(draw, paths, names) for _ in range(draw.choice((1, 2, 2, 3)))])


HEAD = "import pytest"


def conftest(draw: random.Random, names: Names) -> list[str]:
    blocks = [HEAD]
    blocks += [fixture_block(draw, names, "") for _ in range(draw.randrange(0, 5))]
    blocks += [hook_block(draw) for _ in range(draw.choice((0, 0, 1, 1, 2, 3)))]
    return blocks


def test_module(draw: random.Random, names: Names) -> list[str]:
    blocks = [HEAD]
    if draw.random() < 0.1:
        blocks.append(draw.choice(MODULE_BEGINNINGS))
    blocks += [fixture_block(draw, names, "") for _ in range(draw.choice((0, 0, 1, 2, 3)))]
    if draw.random() < 0.15:
        blocks.append(module_setup_block(draw))
    for _ in range(draw.randrange(1, 7)):
        kind = draw.random()
        if kind < 0.68:
            blocks.append(test_block(draw, names, "", in_class=False))
        elif kind < 0.9:
            blocks.append(class_block(draw, names, ""))
        else:
            blocks.append(unittest_block(draw, names))
    return blocks


MODULE_BEGINNINGS = (
    '"""Doc.\n\n>>> 1 + 1\n2\n>>> 1 / 0\n"""',
    "pytestmark = pytest.mark.slow",
    'pytestmark = [pytest.mark.slow, pytest.mark.skipif("1 == 1", reason="never")]',
    'pytestmark = pytest.mark.usefixtures("f1")',
    'pytestmark = pytest.mark.parametrize("module_value", [1, 2])',
    'pytest.skip("not here", allow_module_level=True)',
    'pytest.skip("not allowed")',
    'pytest.importorskip("no_such_module_at_all")',
    "import no_such_module_at_all",
    "raise RuntimeError('at import')",
    "def broken(:\n    pass",
    "import warnings\n\nwarnings.warn('at import', UserWarning)",
    "__test__ = False",
    "assert 1 == 2, 'at import'",
    "collect_ignore = ['test_two.py']",
    "print('imported')",
    "import sys\n\nsys.stderr.write('imported\\n')",
)
