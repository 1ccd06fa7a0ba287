"""Conversations with a program in a pseudo terminal: what is typed when a debugger asks, and all that the screen got."""

from __future__ import annotations

import dataclasses
import os
import re
import shlex
import signal
import sys
from pathlib import Path

import pexpect

PROMPT = re.compile(
    r"(?:^|[\r\n]|\x1b\[\?2004h)(?:\(+Pdb(?:\+\+)?\)+|ipdb>|\(com\)|>>>|\.\.\.|\.\.\.  ) (?!.)"
    r"|(?:Do you really want to exit[^\n]*|Clear all breaks)\? $"
)
KEYS = {"<ctrl-c>": "\x03", "<ctrl-d>": "\x04", "<enter>": "\r"}
STOPS_AT_CALL = sys.version_info >= (3, 13)  # pdb stops at the line of `breakpoint()` itself, not at the line after it
PATIENCE = float(os.environ.get("PATIENCE", "90"))  # seconds for one answer: a loaded machine is slow


@dataclasses.dataclass(frozen=True)
class Talk:
    """A command line and what to type: each line at a prompt, `<wait TEXT>` until the program shows that text."""

    name: str
    args: tuple[str, ...]
    env: dict[str, str]
    lines: tuple[str, ...]
    files: dict[str, str]
    command: tuple[str, ...] = ()
    since: tuple[int, ...] = (3,)


def load(path: Path) -> list[Talk]:
    """The conversations of a `.talk` file: files (`--- NAME`), then `talk: [NAME=VALUE...] ARGS` and `> LINE`s, repeated.

    `python: 3.13` at the start says which Python they need at least.
    """
    files: dict[str, str] = {}
    talks: list[Talk] = []
    since: tuple[int, ...] = (3,)
    name = None
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("--- "):
            name = line[4:].strip()
            files[name] = ""
        elif name is None and line.startswith("python:"):
            since = tuple(map(int, line.removeprefix("python:").split(".")))
        elif line.startswith(("talk:", "program:")):
            name = None
            kind, _, rest = line.partition(":")
            words = shlex.split(rest)
            env = {}
            while words and re.match(r"[A-Z_]+=", words[0]):
                key, _, env[key] = words.pop(0).partition("=")
            command = tuple(words) if kind == "program" else ()
            args = () if command else tuple(words)
            talks.append(Talk(f"{path.stem}-{len(talks) + 1}", args, env, (), files, command, since))
        elif name is not None:
            files[name] += line
        elif line.startswith(">"):
            talks[-1] = dataclasses.replace(talks[-1], lines=(*talks[-1].lines, line[1:].strip()))
        elif line.strip() and not line.startswith("#"):
            raise ValueError(f"{path}: {line!r}")
    return talks


def environment(home: Path, terminal: str | None = None) -> dict[str, str]:
    kept = ("PATH", "LD_LIBRARY_PATH", "CI", "FASTEST_LOOKERS")
    env = {name: value for name, value in os.environ.items() if name in kept}
    if terminal is not None:
        env["TERM"] = terminal
    env["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # the environments have other plugins than each other
    env |= {"HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8", "COLUMNS": "100", "LINES": "40", "PYTHONHASHSEED": "0"}
    return env | {"PYTHON_HISTORY": os.devnull, "IPYTHONDIR": str(home / "ipython"), "XDG_CONFIG_HOME": str(home / "config")}


def runner() -> str:
    """The program that runs these tests: fastest, or pytest itself when they are asked what it does."""
    import pytest

    return "fastest" if "fastest" in (getattr(pytest, "__file__", None) or "") else "pytest"


def heed_interrupts() -> None:
    """In the child: jobs that a script starts in the background ignore SIGINT, and so would their children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def spawn(command: list[str], folder: Path, env: dict[str, str]) -> pexpect.spawn:
    child = pexpect.spawn(
        command[0],
        command[1:],
        cwd=str(folder),
        env=env,
        preexec_fn=heed_interrupts,
        dimensions=(40, 100),
        encoding="utf-8",
        codec_errors="replace",
        timeout=PATIENCE,
    )
    child.delaybeforesend = None
    return child


def write_files(files: dict[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def hold(talk: Talk, runner: list[str], python: str, folder: Path, extra: dict[str, str]) -> str:
    """What the screen got; `<left at a prompt>` where the program asked once more than there were lines."""
    suite, home = folder / "suite", folder / "home"
    home.mkdir(parents=True)
    write_files(talk.files, suite)
    names = {"python": python, "pytest": runner[-1]}
    command = [*runner, *talk.args] if not talk.command else [names.get(word, word) for word in talk.command]
    child = spawn(command, suite, environment(home, "dumb") | {"PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"} | extra | talk.env)
    shown: list[str] = []
    waiting = list(talk.lines)
    extra_prompts = 0
    while True:
        wanted = waiting.pop(0) if waiting and waiting[0].startswith("<wait ") else None
        pattern = re.compile(re.escape(wanted[6:-1])) if wanted else PROMPT
        try:
            which = child.expect([pattern, pexpect.EOF])
        except pexpect.TIMEOUT:
            shown.append(f"{child.before}<no answer>")
            break
        shown.append(child.before + (child.after if which == 0 else ""))
        if which == 1:
            break
        if waiting:
            line = waiting.pop(0)
            if line in KEYS:
                child.send(KEYS[line])
            else:
                child.send(line + "\n")
        else:
            extra_prompts += 1
            shown.append("<left at a prompt>")
            if extra_prompts > 3:
                break
            child.send("q\n")
    child.close(force=True)
    unread = "".join(f"<never asked for: {line}>\n" for line in waiting)
    status = child.exitstatus if child.exitstatus is not None else -(child.signalstatus or 0)
    return f"{''.join(shown)}\n{unread}<exit {status}>"
