"""Breaks features one by one and checks that their parity cases fail: `mutate.py SURFACE.md REFERENCE_PYTHON CANDIDATE_PYTHON [COUNT [SEED]]`.

Draws COUNT (30) names of names.py with SEED (1), or takes the names given in their place (`option:--maxfail ...`). Each name's cases run with pytest and with
`plugin/parity_mutant.py`, which is fastest with that feature broken; a name is caught when one of its cases differs. Exit status 1 when
one is not: then its cases are weak, or the mutant does not reach the feature. A tool, not a part of CI.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from names import names  # noqa: E402

from harness import Case, Runner, cases, differences, run  # noqa: E402


class Judge:
    def __init__(self, reference: str, candidate: str) -> None:
        package = os.environ.get("FASTEST_PACKAGE")
        self.reference = Runner((reference, "-m", "pytest"))
        self.mutant = Runner((candidate, "-m", "parity_mutant"), (("PYTHONPATH", package),) if package else ())
        self.covering: dict[str, list[Case]] = defaultdict(list)
        for case in cases():
            for name in case.covers:
                self.covering[name].append(case)

    def differs(self, case: Case, broken: str) -> bool:
        runner = Runner(self.mutant.command, (*self.mutant.env, ("PARITY_MUTANT", broken)))
        with tempfile.TemporaryDirectory(prefix="mutant-") as work:
            old = run(case, self.reference, Path(work, "run"))
            try:
                return bool(differences(old, run(case, runner, Path(work, "run"))))
            except ValueError as error:  # the run broke down before the recorder was there
                if "in break_" in str(error):
                    raise
                return True

    def caught_by(self, name: str) -> tuple[str, bool]:
        """The first case that notices, or why none does. Cases that differ with the mutants' program alone do not count."""
        tried = []
        for case in self.covering[name]:
            if not self.differs(case, name):
                tried.append(case.name)
            elif self.differs(case, ""):
                tried.append(f"{case.name} (differs unbroken)")
            else:
                return case.name, True
        return "NOT NOTICED by " + ", ".join(tried), False


def main() -> int:
    surface, reference, candidate, *rest = sys.argv[1:]
    judge = Judge(reference, candidate)
    if rest and not rest[0].isdigit():
        drawn = rest
    else:
        count, seed = [*map(int, rest), *(30, 1)[len(rest) :]]
        drawn = random.Random(seed).sample(names(Path(surface)), count)
    weak = 0
    with ThreadPoolExecutor(2) as pool:
        for name, (text, noticed) in zip(drawn, pool.map(judge.caught_by, drawn)):
            weak += not noticed
            print(f"{name:44} {text}", flush=True)
    print(f"{len(drawn) - weak} of {len(drawn)} noticed")
    return bool(weak)


if __name__ == "__main__":
    sys.exit(main())
