"""IPython's debugger, ipdb and pudb."""

from __future__ import annotations

import pytest
from conversation import STOPS_AT_CALL

SUITE = """\
def grow(value):
    grown = value + 1
    return grown


def test_stop():
    before = 20
    {stop}
    after = grow(before)
    assert after == 21


def test_last():
    assert True
"""


@pytest.mark.parametrize("stop", ["breakpoint()", "import pytest; pytest.set_trace()"])
def test_terminal_pdb(talk, stop):
    screen = talk(SUITE.format(stop=stop), "--pdbcls=IPython.terminal.debugger:TerminalPdb")
    shown = screen.see("ipdb>")
    assert "PDB set_trace (IO-capturing turned off)" in shown and "test_stop()" in shown
    screen.type("p before * 2\r")
    screen.see("40")
    screen.see("ipdb>")
    if STOPS_AT_CALL:
        screen.type("n\r")
        screen.see("ipdb>")
    screen.type("s\r")
    screen.see("--Call--")
    screen.see("ipdb>")
    screen.type("c\r")
    text, code = screen.end()
    assert "PDB continue (IO-capturing resumed)" in text and "2 passed" in text and code == 0


@pytest.mark.parametrize("command, said, exit_code", [("q", "Quitting debugger", 2), ("c", "PDB continue", 1)])
def test_terminal_pdb_post_mortem(talk, command, said, exit_code):
    screen = talk("def test_fail():\n    seen = 6 * 7\n    assert not seen\n", "--pdb", "--pdbcls=IPython.terminal.debugger:TerminalPdb")
    assert "entering PDB" in screen.see("ipdb>")
    screen.type("p seen\r")
    screen.see("42")
    screen.see("ipdb>")
    screen.type(command + "\r")
    text, code = screen.end()
    assert said in text and "1 failed in" in text and code == exit_code


def test_terminal_pdb_traces(talk):
    screen = talk(SUITE.format(stop="pass"), "--trace", "--pdbcls=IPython.terminal.debugger:TerminalPdb", "-k", "stop")
    assert "PDB runcall" in screen.see("ipdb>")
    screen.type("n\r")
    screen.see("ipdb>")
    screen.type("c\r")
    text, code = screen.end()
    assert "1 passed" in text and code == 0


def test_ipdb(talk):
    screen = talk(SUITE.format(stop="import ipdb; ipdb.set_trace()"), "-s")
    assert "test_stop()" in screen.see("ipdb>")
    screen.type("p before + 1\r")
    screen.see("21")
    screen.see("ipdb>")
    screen.type("c\r")
    text, code = screen.end()
    assert "2 passed" in text and code == 0


def test_ipdb_as_breakpoint(talk):
    screen = talk(SUITE.format(stop="breakpoint()"), "-s", PYTHONBREAKPOINT="ipdb.set_trace")
    screen.see("ipdb>")
    screen.type("n\r")
    screen.see("ipdb>")
    screen.type("p after\r")
    screen.see("21")
    screen.see("ipdb>")
    screen.type("c\r")
    text, code = screen.end()
    assert "2 passed" in text and code == 0


@pytest.mark.parametrize("breakpoint_hook", ["", "pudb.set_trace"])
def test_pudb(talk, breakpoint_hook):
    stop = "breakpoint()" if breakpoint_hook else "import pudb; pudb.set_trace()"
    screen = talk(SUITE.format(stop=stop), "-s", **({"PYTHONBREAKPOINT": breakpoint_hook} if breakpoint_hook else {}))
    shown = screen.see("PuDB") + screen.see("reakpoints")
    assert "ariables" in shown and "tack" in shown
    screen.type("n")
    screen.see("after", ":")
    screen.type("c")
    text, code = screen.end()
    assert "2 passed" in text and code == 0


def test_pudb_quits(talk):
    screen = talk(SUITE.format(stop="import pudb; pudb.set_trace()"), "-s")
    screen.see("reakpoints")
    screen.type("q")
    text, code = screen.end()
    assert "bdb.BdbQuit" in text and "1 failed, 1 passed" in text and code == 1
