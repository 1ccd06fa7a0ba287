import pytest


@pytest.fixture(autouse=True)
def no_locale(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
