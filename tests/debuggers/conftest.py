"""A program in a pseudo terminal, and a small suite for it. These tests are for fastest; they pass with pytest, too."""

from __future__ import annotations

import re
import sys

import pexpect
import pytest
from conversation import STOPS_AT_CALL, environment, runner, spawn, write_files

CONTROL = re.compile(r"\x1b\[[0-9;?>]*[a-zA-Z]|\x1b\][^\x07]*\x07|\x1b[()=>][B0]?|\x0f|\x0e|\x07")
# Between the words of a line a screen program may send any of these.
GAP = r"(?:\s|\x1b\[[0-9;?]*[a-zA-Z])*"


class Screen:
    def __init__(self, child: pexpect.spawn):
        self._child = child
        self._text = ""

    def see(self, *words: str) -> str:
        """Waits for these words after each other; gives what came until then."""
        self._child.expect(GAP.join(re.escape(word) for word in words))
        shown = CONTROL.sub("", self._child.before + self._child.after)
        self._text += shown
        return shown

    def type(self, keys: str) -> None:
        self._child.send(keys)

    def see_stop(self, call: str, following: str, prompt: str = "(Pdb)", function: str = "test_stop()") -> str:
        """Waits until the debugger has stopped in this function for this call, and goes to the line that follows; gives what was shown."""
        if not STOPS_AT_CALL:
            return self.see(function, "\n-> " + following)
        shown = self.see(function, "\n-> " + call) + self.see(prompt)
        self.type("n\n")
        return shown + self.see(function, "\n-> " + following)

    def end(self) -> tuple[str, int | None]:
        """All that was shown since the start, and the exit code."""
        self._child.expect(pexpect.EOF)
        self._text += CONTROL.sub("", self._child.before)
        self._child.close()
        return self._text.replace("\r", ""), self._child.exitstatus


@pytest.fixture
def talk(tmp_path):
    """Starts fastest on a `test_it.py` with this text, in a terminal."""
    children = []

    def start(text: str, *args: str, terminal: str = "xterm", files: dict[str, str] | None = None, **env: str) -> Screen:
        home = tmp_path / "home"
        pudb = {"home/config/pudb/pudb.cfg": "[pudb]\nseen_welcome = e999\nprompt_on_quit = False\n"}
        write_files({"suite/test_it.py": text, **{f"suite/{name}": body for name, body in (files or {}).items()}, **pudb}, tmp_path)
        own = {"PYTHONDONTWRITEBYTECODE": "1", "PROMPT_TOOLKIT_NO_CPR": "1", **env}
        command = [sys.executable, "-m", runner(), "-p", "no:cacheprovider", *args]
        children.append(spawn(command, tmp_path / "suite", environment(home, terminal) | own))
        return Screen(children[-1])

    yield start
    for child in children:
        child.close(force=True)
