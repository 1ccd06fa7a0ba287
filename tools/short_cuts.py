"""The list of short cuts: `short_cuts.py` writes docs/short-cuts.md from the sources, `short_cuts.py --check` fails when it is old.

`short_cuts.py COUNTS` shows the sums of a file that runs with FASTEST_SHORT_CUTS=COUNTS left.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "short-cuts.md"
LITERALS = r'(?:"(?:[^"\\]|\\.)*"\s*)+'
DECLARED = re.compile(rf"\bShortCut \w+\{{\s*({LITERALS}),\s*({LITERALS})\}};")
HEAD = """\
# Short cuts

Made by `tools/short_cuts.py` from the sources: every place where the engine leaves out work that pytest does, because nobody looks.
With `FASTEST_LOOKERS=all` those that ask about lookers are left; the others are left for the values that their reason names. With
`FASTEST_SHORT_CUTS=FILE` a run adds a line `name taken left` for each to FILE; the parity run fails when one was never taken or never left.

| short cut | what is left out, and who would see it | where |
| --- | --- | --- |
"""


@dataclasses.dataclass(frozen=True)
class ShortCut:
    name: str
    reason: str
    file: str


def text_of(literals: str) -> str:
    return "".join(part.replace(r"\"", '"') for part in re.findall(r'"((?:[^"\\]|\\.)*)"', literals))


def declared() -> dict[str, ShortCut]:
    """All short cuts by name, as the sources declare them."""
    found: dict[str, ShortCut] = {}
    for path in sorted((ROOT / "src" / "engine").rglob("*.cpp")):
        for name, reason in DECLARED.findall(path.read_text(encoding="utf-8")):
            cut = ShortCut(text_of(name), text_of(reason), str(path.relative_to(ROOT)))
            if cut.name in found:
                raise ValueError(f"{cut.name}: in {cut.file} and in {found[cut.name].file}")
            found[cut.name] = cut
    return dict(sorted(found.items()))


def sums(counts: str | Path) -> dict[str, tuple[int, int]]:
    """How often each short cut was taken and left, from the file that FASTEST_SHORT_CUTS named."""
    total: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for line in Path(counts).read_text(encoding="utf-8").splitlines():
        name, taken, left = line.split()
        total[name][0] += int(taken)
        total[name][1] += int(left)
    return {name: (taken, left) for name, (taken, left) in total.items()}


def page() -> str:
    return HEAD + "".join(f"| `{cut.name}` | {cut.reason} | `{cut.file}` |\n" for cut in declared().values())


def main() -> int:
    if sys.argv[1:] == ["--check"]:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        print(f"{len(declared())} short cuts" if current else "docs/short-cuts.md is old: run tools/short_cuts.py")
        return not current
    if sys.argv[1:]:
        for name, (taken, left) in sorted(sums(sys.argv[1]).items()):
            print(f"{name:32}{taken:12}{left:12}")
        return 0
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
