"""A plugin: options, hooks old and new, stash, nodes and reports of its own."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import pluggy
import pytest

counter = pytest.StashKey[int]()
reveal_type(counter)


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    group = parser.getgroup("own", description="text", after="general")
    reveal_type(group)
    group.addoption("--own", "-O", action="store_true", default=False, help="text", dest="own")
    parser.addoption("--other", type=int, choices=[1, 2])
    parser.addini("own", "text", type="linelist", default=[])
    parser.addini("typed", "text", type=int, default=1, aliases=["old"])
    parser.addini("chosen", "text", type=Literal["a", "b"], default="a")
    reveal_type(pluginmanager.hasplugin("name"))
    reveal_type(pluginmanager.get_plugin("name"))
    reveal_type(pluginmanager.register(object(), "name"))
    reveal_type(pluginmanager.hook.pytest_addoption)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "own: text")
    config.stash[counter] = 1
    reveal_type(config.stash[counter])
    reveal_type(config.stash.get(counter, None))
    reveal_type(config.stash.setdefault(counter, 2))
    reveal_type(counter in config.stash)
    reveal_type(config.getini("own"))
    reveal_type(config.getoption("--own", default=None, skip=True))
    reveal_type(config.option)
    reveal_type(config.pluginmanager)
    reveal_type(config.hook.pytest_own(number=1))
    reveal_type(config.invocation_params.args)
    reveal_type(config.invocation_params.dir)
    reveal_type(config.args_source)
    reveal_type(config.get_verbosity(pytest.Config.VERBOSITY_ASSERTIONS))
    reveal_type(config.get_terminal_writer().hasmarkup)
    config.add_cleanup(lambda: None)
    config.issue_config_time_warning(UserWarning("x"), stacklevel=2)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker("slow", append=False)
        reveal_type(item.get_closest_marker("slow"))
        reveal_type(item.get_closest_marker("slow", pytest.mark.slow.mark))
        reveal_type([mark.args for mark in item.iter_markers("slow")])
        reveal_type(list(item.iter_markers_with_node()))
        reveal_type(item.nodeid)
        reveal_type(item.id)
        reveal_type(item.location)
        reveal_type(item.keywords)
        reveal_type(item.parent)
        reveal_type(item.path)
        reveal_type(item.stash)
        reveal_type(item.listchain())
        reveal_type(item.getparent(pytest.Module))
        reveal_type(item.user_properties)
        item.warn(pytest.PytestWarning("x"))
        item.add_report_section("call", "name", "content")
        if isinstance(item, pytest.Function):
            reveal_type(item.obj)
            reveal_type(item.function)
            reveal_type(item.callspec.params)
            reveal_type(item.fixturenames)
            reveal_type(item.funcargs)
            reveal_type(item.originalname)
    reveal_type(session.shouldstop)
    reveal_type(session.testsfailed)
    reveal_type(session.startpath)
    config.hook.pytest_deselected(items=items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    reveal_type(call.excinfo)
    reveal_type(call.when)
    reveal_type(call.result)
    reveal_type(call.duration)
    reveal_type(report.outcome)
    reveal_type(report.longrepr)
    reveal_type(report.longreprtext)
    reveal_type(report.sections)
    reveal_type(report.keywords)
    reveal_type(report.capstdout)
    reveal_type(report.own_attribute)
    return report


@pytest.hookimpl(hookwrapper=True, specname="pytest_runtest_call", optionalhook=True, trylast=True)
def old_wrapper(item: pytest.Item) -> Generator[None, pluggy.Result[Any], None]:
    outcome = yield
    reveal_type(outcome.get_result())
    reveal_type(outcome.excinfo)
    reveal_type(outcome.exception)
    outcome.force_result(None)
    outcome.force_exception(ValueError())


class OwnSpecs:
    @pytest.hookspec(firstresult=True)
    def pytest_own(self, number: int) -> int | None: ...

    @pytest.hookspec
    def pytest_bare(self) -> None: ...


reveal_type(OwnSpecs.pytest_own)
reveal_type(pytest_collection_modifyitems)


class OwnFile(pytest.File):
    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        yield OwnItem.from_parent(self, name="one", text="x")


class OwnItem(pytest.Item):
    def __init__(self, *, text: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.text = text

    def runtest(self) -> None:
        raise self.CollectErrorOfOurs(self.text)

    class CollectErrorOfOurs(Exception): ...

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        reveal_type(excinfo.getrepr(funcargs=True, showlocals=True).reprcrash)
        reveal_type(super().repr_failure(excinfo))
        return "text"

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, "text"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> OwnFile | None:
    reveal_type(OwnFile.from_parent(parent, path=file_path))
    reveal_type(pytest.Class.from_parent(parent, name="x"))
    reveal_type(pytest.Module.from_parent(parent, path=file_path))
    return OwnFile.from_parent(parent, path=file_path)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "own" in metafunc.fixturenames:
        metafunc.parametrize("own", [1, 2], ids=["a", "b"], indirect=True, scope="session")
    reveal_type(metafunc.config)
    reveal_type(metafunc.function)
    reveal_type(metafunc.definition)
    reveal_type(metafunc.cls)
    reveal_type(metafunc.module)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: pytest.ExitCode) -> None:
    terminalreporter.section("title", sep="-", bold=True)
    terminalreporter.write_line("text", red=True)
    terminalreporter.write_sep("=", "title")
    reveal_type(terminalreporter.stats)
    reveal_type(terminalreporter.getreports("failed"))
    reveal_type(terminalreporter.verbosity)
    reveal_type(terminalreporter.config)
    reveal_type(terminalreporter.hasmarkup)


def pytest_report_teststatus(report: pytest.CollectReport | pytest.TestReport) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
    reveal_type(report.when)
    reveal_type(report.passed)
    reveal_type(report.nodeid)
    reveal_type(report.location)
    return None


def walk(collector: pytest.Collector, session: pytest.Session, package: pytest.Package, directory: pytest.Dir) -> Iterator[str]:
    reveal_type(collector.collect())
    reveal_type(session.items)
    reveal_type(session.perform_collect())
    reveal_type(session.perform_collect(genitems=False))
    reveal_type(package.path)
    reveal_type(directory.name)
    for parent in collector.iter_parents():
        yield parent.nodeid
    try:
        pass
    except pytest.Collector.CollectError as error:
        reveal_type(error)
    except pytest.UsageError as usage:
        reveal_type(usage)
