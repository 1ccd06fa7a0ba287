"""Conversations with pdb, held with pytest 9.2.0 and with fastest: python compare.py REFERENCE_PYTHON FASTEST... [-k PATTERN]

Everything that the screen shows is compared. Left out are the runner's own frames in stacks, and times.
"""

from __future__ import annotations

import argparse
import difflib
import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conversation import Talk, hold, load

HERE = Path(__file__).resolve().parent
TERMINAL = re.compile(r"\x1b\[\?2004[hl]\r?|\x1b\[[\d;]*[mK]|\x07")
OWN = r"\S*/(?:_pytest|pluggy|fastest|pytest)/\S*\.py|\S*/bin/(?:pytest|fastest)|<frozen runpy>|\S*/runpy\.py"
OWN_ENTRY = re.compile(rf'(?P<margin>\s*)(?:[> ] (?:{OWN})\(\d+\)|(?:{OWN}):\d+: in |File "(?:{OWN})", line \d+, in ).*')
OWN_PLACE = re.compile(rf"(?:{OWN}):\d+\b")
TIMES = re.compile(r"\bin \d+\.\d+s( \(\d+:\d\d:\d\d\))?")
RULES = re.compile(r"={3,}|-{3,}|_{3,}")


def plain(text: str, folder: Path, python: str) -> list[str]:
    text = TERMINAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace(str(folder), "FOLDER")
    text = re.sub(r"0x[0-9a-f]{6,}", "0xADDRESS", text.replace(str(Path(python).parent.parent), "ENVIRONMENT"))
    lines: list[str] = []
    own = None
    for line in text.split("\n"):
        line = line.rstrip().removeprefix("INTERNALERROR> ")
        if entry := OWN_ENTRY.fullmatch(line):
            own = entry["margin"] + "  "
        elif own is None or not line.startswith(("-> ", own)) or re.match(r"  (File|\S+\(\d+\))", line):
            own = None
            if not line.startswith(("platform ", "cachedir: ", "plugins: ", "collecting ")):
                lines.append(OWN_PLACE.sub("OWN", RULES.sub(lambda rule: rule[0][:3], TIMES.sub("in TIME", line))))
    return lines


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("reference", help="an interpreter that has pytest 9.2.0")
    parser.add_argument("candidate", help="an interpreter that has fastest")
    parser.add_argument("-k", dest="pattern", default="*")
    parser.add_argument("-v", dest="show", action="store_true", help="show what the reference did")
    parser.add_argument("-j", dest="jobs", type=int, default=2)
    parser.add_argument("--run-as", default=os.environ.get("FASTEST_COMMAND", "{python} -m fastest"))
    options = parser.parse_args()
    version = tuple(json.loads(subprocess.check_output([options.reference, "-c", "import sys; print(list(sys.version_info[:2]))"])))
    known = [talk for path in sorted((HERE / "talks").glob("*.talk")) for talk in load(path) if talk.since <= version]
    talks = [talk for talk in known if fnmatch.fnmatch(talk.name, options.pattern)]
    scratch = Path(tempfile.mkdtemp(prefix="talks-"))
    ours = shlex.split(options.run_as.format(python=options.candidate))

    def both(talk: Talk) -> tuple[Talk, list[str], list[str]]:
        screens = []
        start = time.monotonic()
        for who, runner, python in (("a", [options.reference, "-m", "pytest"], options.reference), ("b", ours, options.candidate)):
            folder = scratch / who / talk.name
            screens.append(plain(hold(talk, runner, python, folder, {}), folder, python))
        if options.show:
            print(f"{talk.name}: {time.monotonic() - start:.1f} s")
        return talk, *screens

    different = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for talk, expected, got in pool.map(both, talks):
            same = expected == got
            different += not same
            if same:
                print(f"same       {talk.name}")
            else:
                print(f"DIFFERENT  {talk.name}: {shlex.join(talk.args or talk.command)}")
                print("\n".join(f"    {line}" for line in difflib.unified_diff(expected, got, "pytest", "fastest", lineterm="")))
            if options.show:
                print("\n".join(f"  | {line}" for line in expected))
    shutil.rmtree(scratch, ignore_errors=True)
    print(f"{len(talks)} conversations, {different} different")
    return 1 if different or not talks else 0


if __name__ == "__main__":
    sys.exit(main())
