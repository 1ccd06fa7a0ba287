"""`--annotations`: commands for GitHub's workflows (docs/formats/annotations.md)."""

import pytest


@pytest.fixture(autouse=True)
def outside_of_github(monkeypatch):
    for name in ("GITHUB_ACTIONS", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def annotate(pytester):
    def annotate(*args):
        return [line for line in pytester.runpytest_subprocess(*args).errlines if line.startswith("::")]

    return annotate


def test_failures_and_warnings(pytester, annotate):
    pytester.makepyfile(
        test_a="""
        import warnings, pytest
        @pytest.fixture
        def bad(): raise ValueError("50%, x: y")
        def helper(x): assert x == 1, "two\\nlines"
        def test_fails(): helper(2)
        def test_error(bad): pass
        @pytest.mark.parametrize("i", range(3))
        def test_warns(i): warnings.warn("once")
        """,
        test_b="import nope",
    )
    lines = annotate("--annotations=github", "--continue-on-collection-errors")
    assert lines[0].startswith("::error file=test_b.py,line=1,title=ERROR collecting test_b.py::ImportError while ")
    assert lines[1:] == [
        "::error file=test_a.py,line=5,title=test_a.py%3A%3Atest_fails::AssertionError: two%0A  lines%0Aassert 2 == 1",
        "::error file=test_a.py,line=3,title=ERROR at setup of test_a.py%3A%3Atest_error::ValueError: 50%25, x: y",
        "::warning file=test_a.py,line=8,title=UserWarning::once",
    ]


def test_at_most_ten_of_a_kind(pytester, annotate):
    pytester.makepyfile("import pytest\n@pytest.mark.parametrize('i', range(30))\ndef test_a(i): assert 0")
    assert len(annotate("--annotations=github")) == 10


def test_files_are_relative_to_the_workspace(pytester, annotate, monkeypatch):
    project = pytester.mkdir("project")
    (project / "pytest.ini").write_text("[pytest]\n")
    (project / "test_a.py").write_text("def test_a(): assert 0")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(pytester.path))
    assert annotate("--annotations=github", "project") == [
        "::error file=project/test_a.py,line=1,title=test_a.py%3A%3Atest_a::assert 0"
    ]


def test_found_by_the_environment(pytester, annotate, monkeypatch):
    pytester.makepyfile("def test_a(): assert 0")
    assert not annotate()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert not annotate(), "a run inside a test"
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    assert len(annotate()) == 1
    assert not annotate("--annotations=no")
    monkeypatch.setenv("GITHUB_ACTIONS", "false")
    assert not annotate()


def test_runs_of_programs_only(pytester, annotate, monkeypatch):
    """A nested run takes PYTEST_CURRENT_TEST away for the rest of its test."""
    pytester.makepyfile("""
        import pytest
        pytest_plugins = ["pytester"]
        def test_nested(pytester):
            pytester.makepyfile("def test(): assert 0")
            for again in range(2):
                assert pytester.runpytest("-p", "no:terminal").ret == 1
    """)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    assert not annotate()


def test_without_the_terminal_plugin(pytester, annotate):
    pytester.makepyfile("def test_a(): assert 0")
    assert len(annotate("--annotations=github", "-p", "no:terminal")) == 1
    result = pytester.runpytest_subprocess("--format=agent", "-p", "no:terminal")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*test_without_the_terminal_plugin.py::test_a*"])


def test_the_screen_stays(pytester, monkeypatch):
    pytester.makepyfile("def test_a(): assert 0")
    plain = pytester.runpytest_subprocess().outlines
    noted = pytester.runpytest_subprocess("--annotations=github").outlines
    assert noted[:-1] == plain[:-1]  # the last has the time


def test_wrong_value(pytester):
    result = pytester.runpytest("--annotations=gitlab")
    result.stderr.fnmatch_lines(["ERROR: --annotations must be 'auto', 'github' or 'no', given: gitlab"])
    assert result.ret == 4
