import pytest

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def no_ci_machine(monkeypatch):
    """The machine that runs these tests may be one of a CI, where pytest cuts no text and runs annotate."""
    for name in ("CI", "BUILD_NUMBER", "GITHUB_ACTIONS", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
