"""pdb's ways in and out, in a real terminal."""

from __future__ import annotations

import pytest
from conversation import STOPS_AT_CALL

PROMPT = "(Pdb)"
AT_CALL = ("-> breakpoint()",) if STOPS_AT_CALL else ()

SUITE = """\
import time
import pdb
import pytest


def double(value):
    result = value * 2
    return result


def test_pass():
    one = 1
    two = double(one)
    assert two == 2


def test_fail():
    print("printed before")
    left = [1, 2]
    assert left == [1, 3]


def test_after():
    print("printed after")
"""

STOPS = """\
import pdb
import pytest


def test_stop():
    before = 1
    {stop}
    after = 2


def test_last():
    last = 3
"""

terminals = pytest.mark.parametrize("terminal", ["xterm", "dumb", None])


@terminals
def test_post_mortem(talk, terminal):
    screen = talk(SUITE, "--pdb", terminal=terminal)
    shown = screen.see(PROMPT)
    assert "captured stdout" in shown and "printed before" in shown and "entering PDB" in shown
    assert "test_it.py(20)test_fail()" in shown
    screen.type("p left\n")
    screen.see("[1, 2]")
    screen.see(PROMPT)
    screen.type("c\n")
    text, code = screen.end()
    assert "PDB continue (IO-capturing resumed)" in text
    assert "1 failed, 2 passed" in text and code == 1


def test_post_mortem_quit(talk):
    screen = talk(SUITE, "--pdb")
    screen.see(PROMPT)
    screen.type("q\n")
    text, code = screen.end()
    assert "Quitting debugger" in text and "1 failed, 1 passed" in text and code == 2


def test_trace(talk):
    screen = talk(SUITE, "--trace", "-k", "pass or after")
    assert "PDB runcall (IO-capturing turned off)" in screen.see("test_pass()", "\n-> one = 1")
    screen.see(PROMPT)
    for command, expected in (("n", "-> two = double(one)"), ("s", "--Call--"), ("r", "--Return--"), ("n", "-> assert two == 2"), ("n", "--Return--")):
        screen.type(command + "\n")
        screen.see(expected)
        screen.see(PROMPT)
    screen.type("c\n")
    screen.see("test_after()")
    screen.see(PROMPT)
    screen.type("c\n")
    text, code = screen.end()
    assert "2 passed" in text and code == 0


@terminals
@pytest.mark.parametrize("stop", ["breakpoint()", "pytest.set_trace()", "pdb.set_trace()"])
def test_set_trace(talk, stop, terminal):
    screen = talk(STOPS.format(stop=stop), terminal=terminal)
    assert "PDB set_trace (IO-capturing turned off)" in screen.see_stop(stop, "after = 2")
    screen.see(PROMPT)
    screen.type("p before + 40\n")
    screen.see("41")
    screen.see(PROMPT)
    screen.type("c\n")
    text, code = screen.end()
    assert "PDB continue (IO-capturing resumed)" in text and "2 passed" in text and code == 0


def test_header(talk):
    stop = "pytest.set_trace(header='look here')"
    screen = talk(STOPS.format(stop=stop))
    assert "> look here >" in screen.see_stop(stop, "after = 2")
    screen.see(PROMPT)
    screen.type("\x04")
    text, code = screen.end()
    assert "bdb.BdbQuit" in text and "1 failed, 1 passed" in text and code == 1


def test_where_shows_users_frames_alone(talk):
    screen = talk(STOPS.format(stop="breakpoint()"))
    screen.see_stop("breakpoint()", "after = 2")
    screen.see(PROMPT)
    screen.type("w\n")
    shown = screen.see("test_stop()", "-> after = 2")
    assert "_pytest" not in shown and "pluggy" not in shown
    screen.see(PROMPT)
    screen.type("u 50\n")
    screen.see(PROMPT)
    screen.type("u\n")
    screen.see("Oldest frame")
    screen.see(PROMPT)
    screen.type("d 50\n")
    screen.see("test_stop()")
    screen.see(PROMPT)
    screen.type("c\n")
    assert screen.end()[1] == 0


@pytest.mark.parametrize("step", ["n", "s", "unt"])
def test_past_the_end_is_the_next_test(talk, step):
    screen = talk(STOPS.format(stop="breakpoint()"))
    for expected in (*AT_CALL, "-> after = 2", "--Return--", "test_last()", "-> last = 3", "--Return--"):
        screen.see(expected)
        screen.see(PROMPT)
        screen.type(step + "\n")
    text, code = screen.end()
    assert "2 passed" in text and "Traceback" not in text and code == 0


@pytest.mark.parametrize("step", ["n", "s"])
def test_past_the_end_is_the_fixtures_end(talk, step):
    suite = """\
import pytest


@pytest.fixture
def made():
    yield 1
    gone = 2


def test_made(made):
    breakpoint()
    assert made
"""
    screen = talk(suite)
    seen = []
    for expected in (*AT_CALL, "-> assert made", "--Return--", "made()", "-> gone = 2"):
        screen.see(expected)
        seen.append(expected)
        screen.see(PROMPT)
        screen.type(step + "\n")
    if step == "s":
        screen.see("--Return--")
        screen.see(PROMPT)
        screen.type("c\n")
    text, code = screen.end()
    assert "1 passed" in text and "Traceback" not in text and code == 0


def test_return_past_the_end_goes_on(talk):
    screen = talk(STOPS.format(stop="breakpoint()"))
    for _ in range(2):
        screen.see(PROMPT)
        screen.type("r\n")
    text, code = screen.end()
    assert "2 passed" in text and "Traceback" not in text and code == 0


def test_interrupt_of_a_test(talk):
    sleeping = "import time\ndef test_sleep():\n    print('asleep', flush=True)\n    time.sleep(60)\n"
    screen = talk(sleeping, "-s")
    screen.see("asleep")
    screen.type("\x03")
    text, code = screen.end()
    assert "test_it.py:" in text and ": KeyboardInterrupt" in text and code == 2


def test_interrupt_opens_the_debugger(talk):
    sleeping = "import time\ndef test_sleep():\n    nap = 60\n    print('asleep', flush=True)\n    time.sleep(nap)\n"
    screen = talk(sleeping, "-s", "--pdb")
    screen.see("asleep")
    screen.type("\x03")
    screen.see("test_sleep()")
    screen.see(PROMPT)
    screen.type("p nap\n")
    screen.see("60")
    screen.see(PROMPT)
    screen.type("c\n")
    text, code = screen.end()
    assert "1 failed" in text and code == 1


def test_interrupt_at_the_prompt(talk):
    screen = talk(SUITE, "--trace", "-k", "pass")
    screen.see(PROMPT)
    screen.type("\x03")
    screen.see("--KeyboardInterrupt--")
    screen.see(PROMPT)
    screen.type("c\n")
    text, code = screen.end()
    assert "1 passed" in text and code == 0
