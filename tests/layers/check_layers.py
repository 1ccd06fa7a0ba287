"""Checks that includes and links go with the arrows of ARCHITECTURE.md, and prints the picture.

Rules: a room includes only rooms below it; Python.h and nanobind are included in `engine` alone; POSIX headers in `os` alone;
raw reference counting stands in `engine/py` alone, reading the environment, cwd, pid, clock and locale in `os` alone;
a facade module imports nothing of the project but the extension and the facade.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
ENGINE = [
    ["py"],
    ["hooks"],
    ["marks", "explain", "capture"],
    ["nodes"],
    ["fixtures"],
    ["collect"],
    ["rewrite", "run"],
    ["terminal"],
    ["settings"],
    ["builtin"],
    ["extras"],
]
ROOMS = [["base"], ["os"], ["config", "match", "diff"], ["report"]]
POSIX = re.compile(
    r"<(unistd|dirent|fcntl|poll|pwd|grp|spawn|termios|signal|dlfcn|windows|sys/(stat|types|wait|ioctl|mman|time|resource|uio|socket))(\.h)?>"
)
RAW_COUNTS = re.compile(r"\bPy_X?(INCREF|DECREF|NewRef|SETREF|CLEAR)\b|\bPy_XNewRef\b")
PROCESS_STATE = re.compile(r"\b(?:std::|::)?(?:getenv|getcwd|getpid|setlocale|gettimeofday|clock_gettime)\(|\bchrono::\w+_clock\b")
VERSIONS = re.compile(r"\bP[Yy]_(?:VERSION_HEX|MINOR_VERSION|Version)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"][^>"]+[>"])', re.MULTILINE)


def levels() -> dict[str, int]:
    order = [*ROOMS, *[[f"engine/{name}" for name in row] for row in ENGINE], ["apps/cli"]]
    return {room: level for level, row in enumerate(order) for room in row}


def room_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).parts
    return "/".join(parts[:2]) if parts[0] in ("engine", "apps") and len(parts) > 2 else parts[0]


def check() -> tuple[list[str], dict[str, set[str]]]:
    known = levels()
    problems: list[str] = []
    arrows: dict[str, set[str]] = defaultdict(set)
    for path in sorted([*SOURCE.rglob("*.cpp"), *SOURCE.rglob("*.h")]):
        room, name = room_of(path), path.relative_to(ROOT)
        text = path.read_text(encoding="utf-8")
        if room not in known and room != "engine":
            problems.append(f"{name}: {room} is no room of ARCHITECTURE.md")
            continue
        native = not room.startswith("engine")
        if str(name) != "src/engine/py/version.h" and (found := VERSIONS.search(text)):
            line = text.count("\n", 0, found.start()) + 1
            problems.append(f"{name}:{line}: {found[0]}: versions of Python differ in engine/py/version.h alone")
        if room != "os" and (found := PROCESS_STATE.search(text)):
            line = text.count("\n", 0, found.start()) + 1
            problems.append(f"{name}:{line}: {found[0]}: what the process is comes from os, or from Python's os when a run asks")
        for include in INCLUDE.findall(text):
            target = include[1:-1]
            if native and ("Python.h" in target or "nanobind" in target):
                problems.append(f"{name}: includes {target} outside engine")
            if room != "os" and POSIX.search(include):
                problems.append(f"{name}: includes {target}, which belongs in os")
            if include[0] == "<" or not (SOURCE / target).exists():
                continue
            other = room_of(SOURCE / target)
            if other == room:
                continue
            arrows[room].add(other)
            if room == "engine":
                continue
            if other.startswith("engine") and not room.startswith("engine"):
                problems.append(f"{name}: {room} includes {other}, above it")
            elif known[other] >= known[room]:
                problems.append(f"{name}: {room} includes {other}, which is not below it")
            if room.startswith("apps") and other not in ("os", "base", "config", "match", "diff"):
                problems.append(f"{name}: {room} includes {other}")
        if room.startswith("engine/") and room != "engine/py" and (found := RAW_COUNTS.search(text)):
            line = text.count("\n", 0, found.start()) + 1
            problems.append(f"{name}:{line}: {found[0]}: raw reference counts belong in engine/py")
    return problems, arrows


def main() -> int:
    problems, arrows = check()
    for room in sorted(arrows, key=lambda r: levels().get(r, 99)):
        print(f"{room:18} -> {', '.join(sorted(arrows[room]))}")
    print(*problems, sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
