"""`--format=agent` (docs/formats/agent.md)."""

import re
import sys

import pytest


@pytest.fixture
def show(pytester):
    def show(*args):
        result = pytester.run(sys.executable, "-m", "pytest", "--format=agent", *args)
        assert not result.stderr.str()
        return "".join(line + "\n" for line in result.outlines)

    return show


FAILING = """
    import sys, pytest
    def add(a, b): return a + b
    def test_fails():
        print("adding")
        print("to stderr", file=sys.stderr)
        assert add(1, 2) == 4
    def test_passes(): pass
    @pytest.mark.skip
    def test_skipped(): pass
"""


def test_whole_text(pytester, show):
    pytester.makepyfile(test_a=FAILING)
    assert show() == (
        "FAILED test_a.py::test_fails\n"
        "    def test_fails():\n"
        '        print("adding")\n'
        '        print("to stderr", file=sys.stderr)\n'
        ">       assert add(1, 2) == 4\n"
        "E       assert 3 == 4\n"
        "E        +  where 3 = add(1, 2)\n"
        "\n"
        "test_a.py:6: AssertionError\n"
        "captured stdout:\n"
        "  adding\n"
        "captured stderr:\n"
        "  to stderr\n"
        "\n"
        "Run again: fastest --format=agent test_a.py::test_fails\n"
        "1 failed, 1 passed, 1 skipped\n"
    )


def test_success(pytester, show):
    pytester.makepyfile("def test_a(): pass\ndef test_b(): pass")
    assert show() == "2 passed\n"
    assert show("-q") == "2 passed\n"
    assert show("-qq") == ""


def test_quiet_failure(pytester, show):
    pytester.makepyfile("def test_a(): assert 0")
    assert show("-qq").endswith("1 failed\n")


def test_many_tests(pytester, show):
    pytester.makepyfile(
        test_many="""
        import pytest
        @pytest.mark.parametrize("i", range(5000))
        def test_many(i): assert i not in (7, 8, 9), ["x" * 50] * 1000
        """
    )
    text = show()
    assert len(text.splitlines()) <= 200
    assert text.endswith("3 failed, 4997 passed\n")
    for i in (7, 8, 9):
        assert f"test_many.py::test_many[{i}]" in text
        assert f"assert {i} not in (7, 8, 9)" in text


def test_many_failures(pytester, show):
    pytester.makepyfile(
        """
        import pytest
        @pytest.mark.parametrize("i", range(300))
        def test_many(i):
            print("line\\n" * 100)
            assert list(range(1000)) == i
        """
    )
    text = show("-vv")
    assert len(text.splitlines()) <= 220
    assert max(map(len, text.splitlines())) < 600
    assert "... and 270 more\n" in text
    assert "Run again: fastest --format=agent --lf\n" in text
    assert text.endswith("300 failed\n")


def test_same_in_each_run(pytester, show):
    pytester.makepyfile(
        """
        import warnings
        def test_a(tmp_path):
            print(tmp_path)
            warnings.warn("x")
            assert object() == tmp_path
        """
    )
    texts = {show() for _ in range(3)}
    assert len(texts) == 1
    [text] = texts
    assert "<object object at 0x...>" in text
    assert "/pytest-N/" in text
    assert text.endswith("1 failed, 1 warning\n")


def test_errors(pytester, show):
    pytester.makepyfile(
        test_a="""
        import pytest
        @pytest.fixture
        def bad():
            yield
            raise ValueError("late")
        def test_a(bad): pass
        """,
        test_b="import nope",
    )
    text = show("--continue-on-collection-errors")
    assert re.findall("^ERROR.*", text, re.MULTILINE) == [
        "ERROR collecting test_b.py",
        "ERROR at teardown of test_a.py::test_a",
    ]
    assert "E   ModuleNotFoundError: No module named 'nope'\n" in text
    assert "E       ValueError: late\n" in text
    assert text.endswith("Run again: fastest --format=agent test_b.py test_a.py::test_a\n2 errors\n")


def test_command_is_quoted_for_shells(pytester, show):
    pytester.makepyfile(test_a="import pytest\n@pytest.mark.parametrize('v', [\"it's\"])\ndef test_a(v): assert 0")
    assert "Run again: fastest --format=agent 'test_a.py::test_a[it'\"'\"'s]'\n" in show()


def test_ends_of_runs(pytester, show):
    pytester.makepyfile(test_a="def test_a(): assert 0\ndef test_b(): raise KeyboardInterrupt")
    assert "stopped: stopping after 1 failures\n" in show("-x")
    assert "interrupted in test_a.py::test_b: KeyboardInterrupt\n" in show("-k", "test_b")
    assert show("-k", "nothing") == "2 deselected\n"
    pytester.makepyfile(test_b="import nope")
    assert "stopped: 1 error during collection\n" in show("test_b.py")


def test_internal_error(pytester, show):
    pytester.makeconftest("def pytest_runtestloop(): raise OSError('deep')")
    assert "internal-error: OSError: deep\n" in show()


def test_listing(pytester, show):
    pytester.makepyfile(test_a="def test_a(): pass\ndef test_b(): pass")
    assert show("--collect-only") == "test_a.py::test_a\ntest_a.py::test_b\n2 tests\n"
    pytester.makepyfile(test_a="import pytest\n@pytest.mark.parametrize('i', range(1500))\ndef test_a(i): pass")
    lines = show("--collect-only").splitlines()
    assert len(lines) == 1002
    assert lines[-2:] == ["... and 500 more: name a folder, a file or -k", "1500 tests"]


def test_other_shows_are_shown(pytester):
    pytester.makepyfile("def test_a(tmp_path): pass")
    pytester.runpytest("--format=agent", "--help").stdout.fnmatch_lines(["usage: *"])
    pytester.runpytest("--format=agent", "--markers").stdout.fnmatch_lines(["@pytest.mark.skip*"])
    pytester.runpytest("--format=agent", "--setup-plan").stdout.fnmatch_lines(["*test_a (fixtures used: *"])


def test_reporter_stays_for_plugins(pytester, show):
    pytester.makeconftest(
        """
        def pytest_terminal_summary(terminalreporter):
            terminalreporter.write_line("not shown")
            assert len(terminalreporter.stats["passed"]) == 1
        """
    )
    pytester.makepyfile("def test_a(): pass")
    assert show() == "1 passed\n"


def test_wrong_value(pytester):
    result = pytester.runpytest("--format=json")
    result.stderr.fnmatch_lines(["ERROR: --format must be 'pytest' or 'agent', given: json"])
    assert result.ret == 4
