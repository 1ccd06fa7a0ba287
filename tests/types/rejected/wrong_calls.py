"""Wrong code: each line that ends with the word ERROR is refused by mypy, with and without the real pytest."""

from __future__ import annotations

from pathlib import Path

import pluggy
import pytest


class Final(pytest.Config): ...  # ERROR


class Hidden(pytest.MonkeyPatch): ...  # ERROR


pytest.raises("ValueError")  # ERROR
pytest.raises(int)  # ERROR
pytest.raises(ValueError, matches="x")  # ERROR
pytest.raises(ValueError, match=b"x")  # ERROR
pytest.raises(ValueError, int, "1", base="x")  # ERROR
pytest.raises()  # ERROR
pytest.RaisesGroup()  # ERROR
pytest.RaisesGroup("x")  # ERROR
pytest.RaisesGroup(ValueError, TypeError, allow_unwrapped=True)  # ERROR
pytest.RaisesExc()  # ERROR
pytest.warns(ValueError)  # ERROR
pytest.deprecated_call(1)  # ERROR
pytest.approx(1.0, 0.1, 0.1, True, 5)  # ERROR
pytest.approx(1.0, rel="x")  # ERROR
pytest.importorskip()  # ERROR
pytest.main("-x")  # ERROR
pytest.param(1, id=1)  # ERROR
pytest.param(1, marks="slow")  # ERROR
pytest.StashKey(1)  # ERROR
pytest.not_there  # ERROR
pytest.register_assert_rewrite(1)  # ERROR


def leave(how: int) -> None:
    if how == 1:
        pytest.skip(1)  # ERROR
    if how == 2:
        pytest.skip(msg="x")  # ERROR
    if how == 3:
        pytest.fail("x", False, 1)  # ERROR
    if how == 4:
        pytest.exit(code=1)  # ERROR


@pytest.fixture(scope="modul")  # ERROR
def one() -> None: ...


@pytest.fixture("module")  # ERROR
def two() -> None: ...


@pytest.fixture(params=3)  # ERROR
def three() -> None: ...


@pytest.fixture(autouse="yes")  # ERROR
def four() -> None: ...


@pytest.mark.parametrize("a")  # ERROR
def test_a(a: int) -> None: ...


@pytest.mark.parametrize("a", 1)  # ERROR
def test_b(a: int) -> None: ...


@pytest.mark.parametrize("a", [1], scope="all")  # ERROR
def test_c(a: int) -> None: ...


@pytest.mark.parametrize("a", [1], indirekt=True)  # ERROR
def test_d(a: int) -> None: ...


@pytest.mark.skipif(True, resaon="x")  # ERROR
def test_e() -> None: ...


@pytest.mark.xfail(strict="yes")  # ERROR
def test_f() -> None: ...


@pytest.mark.usefixtures(1)  # ERROR
def test_g() -> None: ...


@pytest.mark.filterwarnings(UserWarning)  # ERROR
def test_h() -> None: ...


@pytest.hookimpl(tryfirst="yes")  # ERROR
def pytest_configure(config: pytest.Config) -> None:
    config.stash["key"]  # ERROR
    config.stash[pytest.StashKey[int]()] = "x"  # ERROR
    config.getini(1)  # ERROR
    config.getoption()  # ERROR
    config.getopt("x")  # ERROR
    config.rootpath = Path()  # ERROR
    config.addinivalue_line("markers")  # ERROR
    config.hook = None  # ERROR


def use(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    recwarn: pytest.WarningsRecorder,
    parser: pytest.Parser,
    item: pytest.Item,
    metafunc: pytest.Metafunc,
    factory: pytest.TempPathFactory,
    pytester: pytest.Pytester,
    info: pytest.ExceptionInfo[ValueError],
    report: pytest.TestReport,
) -> None:
    request.getfixturevalue(1)  # ERROR
    request.addfinalizer(1)  # ERROR
    request.config = 1  # ERROR
    monkeypatch.setenv("A")  # ERROR
    monkeypatch.setattr("a.b", "c", "d", "e", "f")  # ERROR
    monkeypatch.chdir(1)  # ERROR
    monkeypatch.setitem([1], "a", 2)  # ERROR
    capsys.readouterr().out.decode()  # ERROR
    capsys.read()  # ERROR
    caplog.set_level()  # ERROR
    caplog.text = "x"  # ERROR
    recwarn.pop(ValueError)  # ERROR
    parser.addoption(help=1).x  # ERROR
    parser.addini("x", "y", type="list")  # ERROR
    item.add_marker(1)  # ERROR
    item.nodeid = "x"  # ERROR
    item.get_closest_marker("x").args  # ERROR
    item.from_parent()  # ERROR
    metafunc.parametrize("a", [1], scope=1)  # ERROR
    metafunc.parametrize("a", [1], True)  # ERROR
    factory.mktemp()  # ERROR
    pytester.runpytest(timeout=1).stdout.fnmatch_lines("x", 1)  # ERROR
    pytester.makefile("a").x  # ERROR
    info.value.errno  # ERROR
    info.match(1)  # ERROR
    report.outcome = "good"  # ERROR
    pytest.Item("name")  # ERROR
    pytest.CallInfo(1)  # ERROR


def library(manager: pluggy.PluginManager, result: pluggy.Result[int]) -> None:
    manager.register()  # ERROR
    manager.add_hookspecs()  # ERROR
    manager.hook.first.call_historic(1, 2, 3)  # ERROR
    manager.not_there  # ERROR
    result.force_result("x")  # ERROR
    result.get_result().bit  # ERROR
    result.force_exception("x")  # ERROR


pluggy.HookimplMarker()  # ERROR
pluggy.HookspecMarker("x")(firstresult="y")  # ERROR
pluggy.HookimplMarker("x")(1)  # ERROR
