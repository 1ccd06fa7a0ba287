"""`--instafail`: failures where they happen."""

import pytest

SUITE = """
    import pytest
    @pytest.fixture
    def bad(): raise ValueError("bad")
    @pytest.fixture
    def loud():
        yield
        print("in teardown")
    def test_1(): pass
    def test_2(loud): assert 1 == 2
    def test_3(bad): pass
    def test_4(): pass
"""


def test_order(pytester):
    pytester.makepyfile(test_a=SUITE)
    result = pytester.runpytest("--instafail")
    result.stdout.fnmatch_lines(
        [
            "test_a.py .F",
            "____________________________________ test_2 ____________________________________",
            "E   assert 1 == 2",
            "test_a.py:9: AssertionError",
            "--------------------------- Captured stdout teardown ---------------------------",
            "in teardown",
            "test_a.py E",
            "___________________________ ERROR at setup of test_3 ___________________________",
            "E   ValueError: bad",
            "test_a.py .                                                              [[]100%[]]",
            "=========================== short test summary info ============================",
            "FAILED test_a.py::test_2 - assert 1 == 2",
            "ERROR test_a.py::test_3 - ValueError: bad",
        ]
    )
    assert result.stdout.str().count("assert 1 == 2") == 3  # the source, the error, the summary
    assert "= FAILURES" not in result.stdout.str()
    assert "= ERRORS" not in result.stdout.str()


def test_collection_errors(pytester):
    pytester.makepyfile(test_a="import nope", test_b="def test(): pass")
    result = pytester.runpytest("--instafail")
    assert "= ERRORS" not in result.stdout.str()
    result.stdout.fnmatch_lines(["*_ ERROR collecting test_a.py _*", "E   ModuleNotFoundError: *", "ERROR test_a.py"])
    assert result.stdout.str().count("ModuleNotFoundError") == 1


@pytest.mark.parametrize(["style", "count"], [("no", 0), ("line", 1), ("short", 1), ("native", 1)])
def test_styles(pytester, style, count):
    pytester.makepyfile(test_a="def test_a(): raise OSError('here')")
    text = pytester.runpytest("--instafail", f"--tb={style}", "--no-summary").stdout.str()
    assert text.count("OSError: here") == count


def test_verbose(pytester):
    pytester.makepyfile(test_a="def test_a(): assert 0\ndef test_b(): pass")
    pytester.runpytest("--instafail", "-v").stdout.fnmatch_lines(
        ["test_a.py::test_a FAILED *", "_* test_a _*", "E   assert 0", "test_a.py::test_b PASSED *"]
    )


def test_plugin_of_the_same_name_takes_the_option(pytester):
    pytester.makeconftest(
        """
        def pytest_addoption(parser):
            group = parser.getgroup("terminal reporting", "reporting", after="general")
            group._addoption("--instafail", action="store_true", dest="instafail", default=False, help="theirs")
        def pytest_report_header(config):
            return f"theirs: {config.getvalue('instafail')}"
        """
    )
    pytester.makepyfile("def test_a(): assert 0")
    result = pytester.runpytest("--instafail")
    result.stdout.fnmatch_lines(["theirs: True", "*= FAILURES =*"])
    help_text = pytester.runpytest("--help").stdout.str()
    assert help_text.count("--instafail") == 1


@pytest.mark.parametrize("name", ["--format", "--report-json", "--report-ctrf", "--annotations", "--fixture-durations"])
@pytest.mark.parametrize("uses_argparse", [False, True])
def test_conftests_may_take_any_name(pytester, name, uses_argparse):
    # An action of one's own needs argparse's own parser from the start.
    pytester.makeconftest(
        f"""
        import argparse
        class Mine(argparse.Action):
            def __call__(self, parser, namespace, values, option_string=None):
                setattr(namespace, self.dest, "mine " + values)
        def pytest_addoption(parser):
            if {uses_argparse}:
                parser.addoption("--unlike", action=Mine)
                parser.optparser
            parser.addoption("{name}", default="none", help="theirs")
        def pytest_report_header(config):
            return f"theirs: {{config.getoption('{name}')}}"
        """
    )
    pytester.makepyfile("def test_a(): pass")
    pytester.runpytest(f"{name}=given").stdout.fnmatch_lines(["theirs: given", "*1 passed*"])
    pytester.runpytest().stdout.fnmatch_lines(["theirs: none", "*1 passed*"])
