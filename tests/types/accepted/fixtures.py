"""Fixtures: the decorator's forms, requests, and the types of the built-in ones."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def plain() -> int:
    return 1


@pytest.fixture()
def called() -> Iterator[str]:
    yield "text"


@pytest.fixture(scope="session", params=[1, 2], ids=["one", None], autouse=True, name="other")
def full(request: pytest.FixtureRequest) -> Generator[Any, None, None]:
    reveal_type(request.param)
    reveal_type(request.scope)
    reveal_type(request.node)
    reveal_type(request.config)
    reveal_type(request.getfixturevalue("plain"))
    reveal_type(request.path)
    reveal_type(request.keywords)
    request.addfinalizer(lambda: None)
    request.applymarker("slow")
    request.applymarker(pytest.mark.slow)
    yield request.param


def scope_of(fixture_name: str, config: pytest.Config) -> pytest.ScopeName:
    reveal_type(config.getoption("verbose"))
    return "module" if fixture_name else "class"


@pytest.fixture(scope=scope_of, ids=str)
def scoped_later() -> None: ...


reveal_type(pytest.fixture)
reveal_type(plain)
reveal_type(called)
reveal_type(pytest.fixture(scope="package"))
reveal_type(pytest.register_fixture)


def test_builtin(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    cache: pytest.Cache,
    pytestconfig: pytest.Config,
    subtests: pytest.Subtests,
) -> None:
    reveal_type(tmp_path_factory.mktemp("name", numbered=False))
    reveal_type(tmp_path_factory.getbasetemp())
    monkeypatch.setattr("os.getcwd", lambda: "/")
    monkeypatch.setattr(Path, "cwd", lambda: tmp_path, raising=False)
    monkeypatch.delattr("os.getcwd")
    monkeypatch.setitem({"a": 1}, "a", 2)
    monkeypatch.delitem({"a": 1}, "a", raising=False)
    monkeypatch.setenv("NAME", "value", prepend=":")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    with monkeypatch.context() as inner:
        reveal_type(inner)
    with pytest.MonkeyPatch.context() as outer:
        reveal_type(outer)
    reveal_type(cache.get("key", None))
    cache.set("key", [1, 2])
    reveal_type(cache.mkdir("name"))
    reveal_type(pytestconfig.rootpath)
    reveal_type(pytestconfig.inipath)
    with subtests.test("message", number=1):
        pass


def lookup(error: pytest.FixtureLookupError, definition: pytest.FixtureDef[int]) -> None:
    reveal_type(error.argname)
    reveal_type(error.request)
    reveal_type(definition.argname)
    reveal_type(definition.cached_result)
    reveal_type(definition.params)
    reveal_type(definition.scope)
    reveal_type(definition.func)
