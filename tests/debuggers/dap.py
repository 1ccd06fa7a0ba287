"""A client of the Debug Adapter Protocol, as an IDE is one: as much of it as the tests need."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from conversation import PATIENCE


class Debuggee:
    """`python -m debugpy ... -m fastest ARGS` in a folder, with a client attached."""

    def __init__(self, folder: Path, args: list[str], env: dict[str, str] | None = None):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._sequence = 0
        self._pending = b""
        self.events: list[dict] = []
        self.output = tempfile.TemporaryFile()  # noqa: SIM115
        command = [sys.executable, "-Xfrozen_modules=off", "-m", "debugpy", "--listen", f"127.0.0.1:{port}", "--wait-for-client"]
        self.process = subprocess.Popen(
            [*command, *args],
            cwd=folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )
        try:
            self._socket = self._connect(port)
        except BaseException:
            self.process.kill()
            raise

    def _connect(self, port: int) -> socket.socket:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
                connection.settimeout(PATIENCE)
                return connection
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.05)

    def __enter__(self) -> Debuggee:
        return self

    def __exit__(self, *exc: object) -> None:
        self._socket.close()
        self.process.kill()
        self.process.wait()
        self.output.close()

    # --- messages ---

    def _read(self) -> dict:
        while b"\r\n\r\n" not in self._pending:
            self._receive()
        head, _, self._pending = self._pending.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split()[0])
        while len(self._pending) < length:
            self._receive()
        body, self._pending = self._pending[:length], self._pending[length:]
        return json.loads(body)

    def _receive(self) -> None:
        data = self._socket.recv(65536)
        if not data:
            raise EOFError(f"the debuggee has gone: {self.shown()}")
        self._pending += data

    def send(self, command: str, **arguments: object) -> int:
        self._sequence += 1
        message = json.dumps({"seq": self._sequence, "type": "request", "command": command, "arguments": arguments}).encode()
        self._socket.sendall(b"Content-Length: %d\r\n\r\n%b" % (len(message), message))
        return self._sequence

    def answer(self, sequence: int) -> dict:
        while True:
            message = self._read()
            if message["type"] == "event":
                self.events.append(message)
            elif message["type"] == "response" and message["request_seq"] == sequence:
                assert message["success"], message
                return message.get("body") or {}

    def ask(self, command: str, **arguments: object) -> dict:
        return self.answer(self.send(command, **arguments))

    def event(self, *names: str) -> dict:
        """The next event of one of these names; those before it are dropped."""
        while True:
            while self.events:
                event = self.events.pop(0)
                if event["event"] in names:
                    return event
            message = self._read()
            if message["type"] == "event":
                self.events.append(message)

    # --- what an IDE does ---

    def start(self, breakpoints: dict[Path, list[int | dict]], exceptions: tuple[str, ...] = (), just_my_code: bool = True) -> dict[str, list[dict]]:
        """Attaches, sets breakpoints by file, and lets the program run. Gives what the adapter says of the breakpoints."""
        self.ask("initialize", clientID="test", adapterID="debugpy", linesStartAt1=True, columnsStartAt1=True, pathFormat="path")
        attached = self.send("attach", justMyCode=just_my_code)
        self.event("initialized")
        said = {}
        for path, places in breakpoints.items():
            wanted = [place if isinstance(place, dict) else {"line": place} for place in places]
            said[path.name] = self.ask("setBreakpoints", source={"path": str(path)}, breakpoints=wanted)["breakpoints"]
        self.ask("setExceptionBreakpoints", filters=list(exceptions))
        self.ask("configurationDone")
        self.answer(attached)
        return said

    def stop(self) -> tuple[str, int]:
        """Waits until the program stops: the reason and the thread; ("ended", 0) when it does not stop any more."""
        event = self.event("stopped", "terminated")
        if event["event"] == "terminated":
            return "ended", 0
        return event["body"]["reason"], event["body"]["threadId"]

    def stack(self, thread: int) -> list[tuple[str, int, str]]:
        frames = self.ask("stackTrace", threadId=thread, startFrame=0, levels=0)["stackFrames"]
        self.top = frames[0]["id"]
        return [(Path(frame["source"]["path"]).name, frame["line"], frame["name"]) for frame in frames]

    def variables(self) -> dict[str, str]:
        """The local variables of the uppermost frame that was asked for last."""
        scopes = self.ask("scopes", frameId=self.top)["scopes"]
        found = self.ask("variables", variablesReference=scopes[0]["variablesReference"])["variables"]
        return {variable["name"]: variable["value"] for variable in found}

    def go(self, thread: int, how: str = "continue") -> tuple[str, int]:
        self.ask(how, threadId=thread)
        return self.stop()

    def end(self) -> int:
        """The exit code, once the program has ended."""
        return self.process.wait(PATIENCE)

    def shown(self) -> str:
        self.output.seek(0)
        return self.output.read().decode(errors="replace")
