"""`--lsof` of pytester: files that a test leaves open, as lsof sees them.

PYTEST_DONT_REWRITE: imported before anything is rewritten.
"""

from __future__ import annotations

import os
import subprocess

from _pytest.config import hookimpl

# Files that stay open behind the back of a test.
IGNORE_PAM = ["/var/lib/sss/mc/passwd"]


class LsofFdLeakChecker:
    """Warns about tests after which more files are open than before."""

    def matching_platform(self):
        try:
            return subprocess.run(("lsof", "-v"), check=True) is not None
        except (OSError, subprocess.CalledProcessError):
            return False

    def get_open_files(self):
        listing = subprocess.run(
            ("lsof", "-Ffn0", "-p", str(os.getpid())), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True
        ).stdout
        return list(self._open_files(listing.split("\n")))

    @staticmethod
    def _open_files(lines):
        for line in lines:
            if not line.startswith("f") or any(word in line for word in ("deleted", "mem", "txt", "cwd")):
                continue
            descriptor, filename = (field[1:] for field in line.split("\0")[:2])
            if filename.startswith("/") and filename not in IGNORE_PAM:
                yield descriptor, filename

    @hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        before = self.get_open_files()
        try:
            return (yield)
        finally:
            after = self.get_open_files()
            known = {descriptor for descriptor, _ in before}
            leaked = [entry for entry in after if entry[0] not in known]
            if leaked:
                from _pytest.warning_types import PytestWarning

                headline = f"***** {len(leaked)} FD leakage detected"
                report = [headline, *map(str, leaked), "*** Before:", *map(str, before), "*** After:", *map(str, after)]
                report += [headline, "*** function {}:{}: {} ".format(*item.location), "See issue #2366"]
                item.warn(PytestWarning("\n".join(report)))


LsofFdLeakChecker.__module__ = "_pytest.pytester"
