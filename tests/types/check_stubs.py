"""The stubs agree with the modules themselves, as mypy's stubtest sees them: with pytest's own, and with fastest's.

    check_stubs.py REFERENCE FASTEST

REFERENCE and FASTEST are interpreters of one Python version; the first has pytest 9.2.0, pluggy 1.7.0 and mypy. A complaint
is about a name that a module lacks, or has with other parameters, defaults or kind. `unlike_pytest.txt` lists the names where stubtest
does not understand pytest itself, `unlike_fastest.txt` the private ones that fastest has not or has in another form.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = ["pytest", "_pytest", "pluggy"]
TAKE_OVER = """
import sys
sys.path.append(sys.argv.pop(1))
from fastest import facade
facade.install()
facade.put_modules()
from mypy.stubtest import main
sys.exit(main())
"""


def complaints(interpreter: str, before: list[str], stubs: Path, lists: list[str]) -> list[str]:
    (stubs / "mypy.ini").write_text("[mypy]\n")
    allowed = [f"--allowlist={HERE / name}" for name in lists]
    command = [interpreter, *before, "--mypy-config-file", stubs / "mypy.ini", "--concise", "--ignore-missing-stub", "--ignore-unused-allowlist", *allowed, *MODULES]
    done = subprocess.run(command, cwd=stubs, capture_output=True, text=True, env=os.environ | {"MYPYPATH": str(stubs), "FASTEST_LOOKERS": "all"})
    lines = done.stdout.splitlines()
    if done.returncode and not lines:
        raise SystemExit(f"stubtest: {done.stderr}")
    return lines


def main() -> int:
    reference, ours = sys.argv[1:3]
    installed = subprocess.run([ours, "-c", "import sysconfig; print(sysconfig.get_path('platlib'))"], capture_output=True, text=True).stdout.strip()
    with tempfile.TemporaryDirectory() as folder:
        stubs = Path(folder)
        for module in [*MODULES, "py"]:  # only what lies in site-packages may end with -stubs
            shutil.copytree(Path(installed, f"{module}-stubs"), stubs / module)
        unlike_pytest = complaints(reference, ["-m", "mypy.stubtest"], stubs, ["unlike_pytest.txt"])
        unlike_fastest = complaints(reference, ["-c", TAKE_OVER, installed], stubs, ["unlike_pytest.txt", "unlike_fastest.txt"])
    print("pytest:", *unlike_pytest, sep="\n")
    print("fastest:", *unlike_fastest, sep="\n")
    print(f"{len(unlike_pytest)} complaints about pytest, {len(unlike_fastest)} about fastest")
    return bool(unlike_pytest or unlike_fastest)


if __name__ == "__main__":
    sys.exit(main())
