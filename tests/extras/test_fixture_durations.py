"""`--fixture-durations`: the slowest fixtures."""

import re

import pytest

SUITE = """
    import time, pytest
    @pytest.fixture(scope="module")
    def slow():
        time.sleep(0.05)
        yield
        time.sleep(0.02)
    @pytest.fixture
    def outer(request):
        request.getfixturevalue("slow")
        time.sleep(0.01)
    @pytest.fixture
    def bad():
        time.sleep(0.01)
        raise ValueError
    @pytest.fixture
    def quick(): pass
    def test_1(outer, quick): pass
    def test_2(outer): pass
    def test_3(bad): pass
"""
ROW = re.compile(r"^ *([\d.]+)s +([\d.]+)s +([\d.]+)s +([\d.]+)s +(\d+)  (\w+) \((\w+)\)  (\S+)$", re.MULTILINE)


def rows(result):
    """By fixture: total, set-up, teardown, slowest set-up, calls."""
    return {row[5]: (*map(float, row[:4]), int(row[4]), row[6], row[7]) for row in ROW.findall(result.stdout.str())}


def test_table(pytester):
    pytester.makepyfile(test_a=SUITE)
    result = pytester.runpytest("--fixture-durations=0")
    result.stdout.fnmatch_lines(["*= slowest fixtures =*", "   total     setup  teardown   slowest   calls  fixture *"])
    found = rows(result)
    assert list(found)[0] == "slow"
    assert set(found) == {"slow", "outer", "bad"}
    total, setup, teardown, slowest, calls, scope, place = found["slow"]
    assert setup >= 0.05 and teardown >= 0.02 and abs(total - setup - teardown) < 0.011
    assert (calls, scope, place) == (1, "module", "test_a.py:2")
    assert found["outer"][4] == 2
    assert found["outer"][1] < 0.05 + 0.02, "the time of the other fixture is not its own"
    result.stdout.fnmatch_lines(["(1 fixture < 0.005s hidden.  Use -vv to show all.)"])


def test_number_of_rows(pytester):
    pytester.makepyfile(SUITE)
    result = pytester.runpytest("--fixture-durations=1")
    result.stdout.fnmatch_lines(["*= slowest 1 fixtures =*"])
    assert list(rows(result)) == ["slow"]


def test_all_rows(pytester):
    pytester.makepyfile(SUITE)
    assert set(rows(pytester.runpytest("--fixture-durations=0", "-vv"))) == {"slow", "outer", "bad", "quick"}


def test_nothing_to_show(pytester):
    pytester.makepyfile("def test_a(): pass")
    assert "slowest" not in pytester.runpytest("--fixture-durations=0").stdout.str()


@pytest.mark.parametrize("value", ["many", "-1"])
def test_wrong_value(pytester, value):
    result = pytester.runpytest(f"--fixture-durations={value}")
    result.stderr.fnmatch_lines([f"ERROR: --fixture-durations must be a number of fixtures (0 for all), given: {value}"])
    assert result.ret == 4


def test_workers(pytester):
    pytest.importorskip("xdist")
    pytester.makepyfile(SUITE)
    found = rows(pytester.runpytest_subprocess("--fixture-durations=0", "-n2"))
    assert found["outer"][4] == 2
