"""A run that is forked after collection: each side runs half of the items, at the same time, and neither disturbs the other.

Run by `python tests/fork/halves.py` with an interpreter that has fastest. In each capture mode the reports of both halves (outcomes, captured
output, logs, places) must be those of a run that was not forked; exit status 1 otherwise. Both sides meet in the middle of each test, so that
a file that they still share would mix their output.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
import tempfile
from pathlib import Path

import fastest
from fastest import _engine

SUITE = """
import logging
import os
import subprocess
import sys

import pytest

import halves_meeting


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    return tmp_path_factory.mktemp("shared")


@pytest.mark.parametrize("number", range(8))
def test_output(number, tmp_path, shared):
    print("out", number)
    print("err", number, file=sys.stderr)
    os.write(1, b"descriptor\\n")
    halves_meeting.meet()
    subprocess.run(["echo", f"child process {number}"], check=True)
    logging.warning("log %s", number)
    (tmp_path / "file").write_text("x")
    assert shared.is_dir()
    assert number % 4 != 3


@pytest.mark.parametrize("number", range(4))
def test_inner_capture(number, capfd):
    os.write(1, b"caught %d\\n" % number)
    halves_meeting.meet()
    out = capfd.readouterr().out
    print("after", number)
    assert out == f"caught {number}\\n"


def test_fork_within_inner_capture(capfd, pytestconfig):
    os.write(1, b"before ")
    pid = halves_meeting.fork(pytestconfig)
    if not pid:
        os.write(1, b"child")
        caught = capfd.readouterr().out
        with capfd.disabled():
            os.write(1, b"for nobody")
        os._exit(caught != "child" or capfd.readouterr().out != "")
    _, status = os.waitpid(pid, 0)
    os.write(1, b"after")
    assert status == 0
    assert capfd.readouterr().out == "before after"


def test_last():
    pass
"""


class Meeting:
    """Two processes that wait for each other. Without a second process nobody waits."""

    def __init__(self) -> None:
        self.read = self.write = None

    def open(self) -> list[tuple[int, int]]:
        (first_read, first_write), (second_read, second_write) = os.pipe(), os.pipe()
        return [(first_read, second_write), (second_read, first_write)]

    def fork(self, config) -> int:
        return _engine.fork.fork_run(config)

    def meet(self) -> None:
        if self.read is not None:
            os.write(self.write, b".")
            os.read(self.read, 1)


meeting = sys.modules["halves_meeting"] = Meeting()


def facts(report) -> dict[str, object]:
    text = re.sub(r"pytest-\d+/", "pytest-N/", str(report.longrepr or ""))
    return {"when": report.when, "outcome": report.outcome, "sections": report.sections, "text": text}


class Watch:
    def __init__(self) -> None:
        self.reports: dict[str, list[dict[str, object]]] = {}

    def pytest_runtest_logreport(self, report) -> None:
        self.reports.setdefault(report.nodeid, []).append(facts(report))


class Halves(Watch):
    """A loop that runs every other item in a forked child and reports for both."""

    def pytest_runtestloop(self, session) -> bool:
        config = session.config
        ends = meeting.open()
        folder = Path(tempfile.mkdtemp())
        pid = _engine.fork.fork_run(config)
        meeting.read, meeting.write = ends[0 if pid else 1]
        items = session.items[bool(pid) :: 2]
        if not pid:
            self.reports = {}
            config.pluginmanager.getplugin("terminalreporter")._tw._file = io.StringIO()
        for item, following in zip(items, [*items[1:], None]):
            config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            sys.__stdout__.flush()  # as the letters of a whole run do; the child's go elsewhere
        if not pid:
            config.pluginmanager.getplugin("tmpdir").pytest_sessionfinish(session, 0)
            (folder / "reports").write_text(json.dumps(self.reports))
            os._exit(0)
        meeting.read = meeting.write = None
        _, status = os.waitpid(pid, 0)
        assert status == 0, status
        assert config._tmp_path_factory.getbasetemp().is_dir(), "the child removed the parent's directory"
        assert not set(self.reports) & set(theirs := json.loads((folder / "reports").read_text()))
        self.reports |= theirs
        return True


@contextlib.contextmanager
def unseen():
    """What is not captured goes nowhere."""
    sys.stdout.flush()
    saved = os.dup(1), os.dup(2)
    with open(os.devnull, "w") as null:
        for fd in (1, 2):
            os.dup2(null.fileno(), fd)
        yield
        sys.stdout.flush()
    for fd, own in zip((1, 2), saved):
        os.dup2(own, fd)
        os.close(own)


def run(folder: Path, method: str, watch: Watch) -> tuple[int, dict[str, list[dict[str, object]]]]:
    options = ["-o", "tmp_path_retention_policy=failed", "-p", "no:cacheprovider", f"--capture={method}"]
    with unseen():
        status = fastest.main([str(folder), *options], plugins=[watch])
    return int(status), json.loads(json.dumps(watch.reports))


def compare(folder: Path, method: str) -> list[str]:
    plain_status, plain = run(folder, method, Watch())
    forked_status, forked = run(folder, method, Halves())
    problems = [f"{method}: exit {forked_status}, not {plain_status}"] if forked_status != plain_status else []
    if plain.keys() != forked.keys():
        problems.append(f"{method}: {sorted(plain.keys() ^ forked.keys())} ran in one of them")
    for name in sorted(plain.keys() & forked.keys()):
        for one, two in zip(plain[name], forked[name], strict=True):
            if one != two:
                problems.append(f"{method}: {name}\n  plain  {one}\n  forked {two}")
    return problems


def main() -> int:
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_halves.py").write_text(SUITE)
        for method in ("fd", "sys", "tee-sys", "no"):
            problems += compare(Path(folder), method)
    for problem in problems:
        print(problem)
    print(f"forked runs: {len(problems)} problems")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
