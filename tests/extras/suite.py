"""A suite in which everything happens that reports have to tell."""

FILES = {
    "test_all.py": '''
import sys
import unittest
import warnings

import pytest


@pytest.fixture
def broken():
    raise RuntimeError("no set-up")


@pytest.fixture
def leaking():
    yield
    raise ValueError("no teardown")


def test_passes():
    pass


def test_speaks():
    print("to stdout")
    print("to stderr", file=sys.stderr)


def test_fails():
    print("before")
    assert [1, 2] == [1, 3]


def test_setup(broken):
    pass


def test_teardown(leaking):
    pass


@pytest.mark.skip(reason="not now")
def test_skipped():
    pass


@pytest.mark.xfail(reason="a bug")
def test_xfailed():
    assert 0


@pytest.mark.xfail
def test_xpassed():
    pass


@pytest.mark.parametrize("value", ["a::b[", "\\ud800"])
def test_parameters(value):
    warnings.warn("careful")


class TestClass:
    def test_method(self):
        pass


class TestCase(unittest.TestCase):
    def test_unit(self):
        for i in range(2):
            with self.subTest(i=i):
                self.assertNotEqual(i, 1)


def test_subtests(subtests):
    with subtests.test("first"):
        pass
    with subtests.test("second", n=2):
        assert 0, "in a part"
''',
    "test_broken.py": "import not_there\n",
    "test_left_out.py": "import pytest\npytest.skip('a module', allow_module_level=True)\n",
    "test_text.txt": ">>> 1 + 1\n2\n",
}

STATUSES = {
    "test_all.py::test_passes": "passed",
    "test_all.py::test_speaks": "passed",
    "test_all.py::test_fails": "failed",
    "test_all.py::test_setup": "error",
    "test_all.py::test_teardown": "error",
    "test_all.py::test_skipped": "skipped",
    "test_all.py::test_xfailed": "xfailed",
    "test_all.py::test_xpassed": "xpassed",
    "test_all.py::test_parameters[a::b[]": "passed",
    "test_all.py::test_parameters[\\ud800]": "passed",
    "test_all.py::TestClass::test_method": "passed",
    "test_all.py::TestCase::test_unit": "failed",
    "test_all.py::test_subtests": "failed",
    "test_text.txt::test_text.txt": "passed",
}


def write(path):
    for name, text in FILES.items():
        (path / name).write_text(text, encoding="utf-8")
