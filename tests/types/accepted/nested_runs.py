"""pytester: plugins' own suites."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]


def test_nested(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    reveal_type(pytester.path)
    reveal_type(pytester.makepyfile("def test_a(): pass", test_b="text"))
    reveal_type(pytester.makeconftest("text"))
    reveal_type(pytester.makeini("[pytest]"))
    reveal_type(pytester.makefile(".txt", "a", "b", name="text"))
    reveal_type(pytester.mkdir("name"))
    result = pytester.runpytest("-x", "-q", plugins=[])
    reveal_type(result)
    reveal_type(result.parseoutcomes())
    reveal_type(result.outlines)
    reveal_type(result.duration)
    result.assert_outcomes(passed=1, failed=0, errors=0, skipped=0, xfailed=0, xpassed=0, warnings=0, deselected=0)
    result.stdout.fnmatch_lines(["*1 passed*"])
    result.stderr.no_fnmatch_line("*error*")
    reveal_type(result.stdout.str())
    reveal_type(result.stdout.lines)
    reveal_type(pytester.runpytest_subprocess(timeout=3.0))
    reveal_type(pytester.run("ls", timeout=1, stdin=b""))
    record = pytester.inline_run("-x")
    reveal_type(record)
    reveal_type(record.listoutcomes())
    reveal_type(record.getcalls("pytest_runtest_setup"))
    reveal_type(record.getreports("pytest_runtest_logreport"))
    reveal_type(record.getreports())
    reveal_type(record.countoutcomes())
    reveal_type(record.popcall("pytest_configure").config)
    reveal_type(pytester.inline_genitems())
    reveal_type(pytester.getitem("def test_a(): pass"))
    reveal_type(pytester.getitems("def test_a(): pass"))
    reveal_type(pytester.getmodulecol("", withinit=True))
    reveal_type(pytester.parseconfig("-x"))
    reveal_type(pytester.parseconfigure())
    reveal_type(pytester.copy_example())
    reveal_type(pytester.spawn_pytest("-x"))
    pytester.syspathinsert()


def test_lines(matcher: pytest.LineMatcher) -> None:
    matcher.re_match_lines(["x"], consecutive=True)
    reveal_type(matcher.get_lines_after("x"))
    reveal_type(pytest.LineMatcher(["a"]))
