"""debugpy, as an IDE uses it: breakpoints bind and hit in every kind of file, and the stack shows the user's frames."""

from __future__ import annotations

import sys

import pytest
from conversation import runner
from dap import Debuggee

FILES = {
    "helper.py": "def grow(value):\n    grown = value + 1\n    return grown\n",
    "conftest.py": """\
import pytest


@pytest.fixture
def number():
    made = 41
    yield made
    gone = made
    del gone


def pytest_runtest_setup(item):
    name = item.name
    assert name
""",
    "test_shop.py": """\
import unittest

import pytest
from helper import grow


def test_plain():
    first = 1
    second = grow(first)
    assert second == 2


def test_number(number):
    answer = grow(number)
    assert answer == 42


@pytest.mark.parametrize("given", [1, 2, 3])
def test_parameters(given):
    doubled = given * 2
    assert grow(doubled) == doubled + 1


class TestMethods:
    def test_method(self):
        self.seen = grow(1)
        assert self.seen == 2


class Case(unittest.TestCase):
    def setUp(self):
        self.value = 5

    def test_case(self):
        self.assertEqual(grow(self.value), 6)


def test_raises():
    with pytest.raises(ValueError):
        raise ValueError("expected")


def test_fails():
    left = grow(1)
    assert left == 3
""",
}


@pytest.fixture
def suite(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def line(name: str, text: str) -> int:
    return FILES[name].splitlines().index(text) + 1


def session(suite, *args):
    return Debuggee(suite, ["-m", runner(), "-p", "no:cacheprovider", "-q", *args])


@pytest.mark.parametrize("just_my_code", [True, False])
def test_breakpoints_everywhere(suite, just_my_code):
    in_test = [line("test_shop.py", text) for text in ("    second = grow(first)", "        self.seen = grow(1)", "        self.value = 5")]
    in_fixture = [line("conftest.py", "    made = 41"), line("conftest.py", "    gone = made")]
    places = {suite / "test_shop.py": [1, *in_test], suite / "conftest.py": in_fixture, suite / "helper.py": [3]}
    with session(suite, "-k", "not raises and not fails and not parameters") as debuggee:
        said = debuggee.start(places, just_my_code=just_my_code)
        assert [place["verified"] for places in said.values() for place in places] == [True] * 7
        seen = []
        reason, thread = debuggee.stop()
        while reason == "breakpoint":
            seen.append(debuggee.stack(thread)[0])
            reason, thread = debuggee.go(thread)
        assert (reason, debuggee.end()) == ("ended", 0), debuggee.shown()
        assert seen == [
            ("test_shop.py", 1, "<module>"),
            ("test_shop.py", in_test[0], "test_plain"),
            ("helper.py", 3, "grow"),
            ("conftest.py", in_fixture[0], "number"),
            ("helper.py", 3, "grow"),
            ("conftest.py", in_fixture[1], "number"),
            ("test_shop.py", in_test[1], "test_method"),
            ("helper.py", 3, "grow"),
            ("test_shop.py", in_test[2], "setUp"),
            ("helper.py", 3, "grow"),
        ]


@pytest.mark.parametrize("just_my_code", [True, False])
def test_stack_and_variables(suite, just_my_code):
    with session(suite, "-k", "number") as debuggee:
        debuggee.start({suite / "helper.py": [2]}, just_my_code=just_my_code)
        _, thread = debuggee.stop()
        frames = [frame for frame in debuggee.stack(thread) if frame[0] in FILES]
        assert frames == [("helper.py", 2, "grow"), ("test_shop.py", line("test_shop.py", "    answer = grow(number)"), "test_number")]
        assert debuggee.variables()["value"] == "41"
        assert debuggee.go(thread)[0] == "ended"
        assert debuggee.end() == 0


def test_conditions(suite):
    at = line("test_shop.py", "    doubled = given * 2")
    with session(suite, "-k", "parameters") as debuggee:
        debuggee.start({suite / "test_shop.py": [{"line": at, "condition": "given == 2"}, {"line": at + 1, "hitCondition": "3"}]})
        _, thread = debuggee.stop()
        assert debuggee.stack(thread)[0] == ("test_shop.py", at, "test_parameters")
        assert debuggee.variables()["given"] == "2"
        _, thread = debuggee.go(thread)
        assert debuggee.stack(thread)[0] == ("test_shop.py", at + 1, "test_parameters")
        assert debuggee.variables()["given"] == "3"
        assert debuggee.go(thread)[0] == "ended"


def test_steps(suite):
    at = line("test_shop.py", "    first = 1")
    with session(suite, "-k", "plain or number") as debuggee:
        debuggee.start({suite / "test_shop.py": [at]})
        _, thread = debuggee.stop()
        places = []
        for how in ("next", "stepIn", "next", "stepOut", "next", "next", "next"):
            reason, thread = debuggee.go(thread, how)
            if reason == "ended":
                break
            assert reason == "step"
            places.append(debuggee.stack(thread)[0])
        assert places[:4] == [
            ("test_shop.py", at + 1, "test_plain"),
            ("helper.py", 2, "grow"),
            ("helper.py", 3, "grow"),
            ("test_shop.py", at + 1, "test_plain"),
        ]
        assert places[4] == ("test_shop.py", at + 2, "test_plain")
        assert {name for name, _, _ in places[5:]} <= set(FILES), places
        debuggee.ask("setBreakpoints", source={"path": str(suite / "test_shop.py")}, breakpoints=[])
        if reason != "ended":
            assert debuggee.go(thread)[0] == "ended"
        assert debuggee.end() == 0


RAISED = ("test_shop.py", '        raise ValueError("expected")')
FAILED = ("test_shop.py", "    assert left == 3")
# Where Python has sys.monitoring, debugpy knows that `pytest.raises` handles what is raised inside.
UNHANDLED = [FAILED] if sys.version_info >= (3, 12) else [RAISED, FAILED]


@pytest.mark.parametrize("kind, stops", [("raised", [RAISED, FAILED]), ("userUnhandled", UNHANDLED), ("uncaught", [])])
def test_exceptions(suite, kind, stops):
    with session(suite, "-k", "raises or fails") as debuggee:
        debuggee.start({}, (kind,))
        seen = []
        reason, thread = debuggee.stop()
        while reason == "exception":
            name, number, _ = debuggee.stack(thread)[0]
            seen.append((name, FILES[name].splitlines()[number - 1]) if name in FILES else (name, number))
            reason, thread = debuggee.go(thread)
        assert reason == "ended"
        assert debuggee.end() == 1
        assert seen == stops
