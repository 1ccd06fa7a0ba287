"""Tells the `fastest` program what only Python knows of this installation: a line each of NAME=VALUE."""

import os
import site
import sys
import sysconfig
from importlib import metadata

SITE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def scripts_folder():
    """Where the installer has put the program `fastest`; where it would put one, when it kept no record."""
    for distribution in metadata.distributions(name="fastest", path=[SITE]):
        for file in distribution.files or ():
            if file.stem == "fastest" and file.parent.name in ("bin", "Scripts") and os.path.exists(file.locate()):
                return os.path.dirname(os.path.realpath(file.locate()))
    return sysconfig.get_path("scripts")


def owner():
    """The interpreter whose environment holds this package. Virtual environments may see it in the one they are made from."""
    folders = map(os.path.realpath, (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    if sys.prefix == sys.base_prefix or os.path.realpath(SITE) in folders:
        return interpreter()
    return getattr(sys, "_base_executable", sys.executable)


def real_pytest():
    """The version of a pytest that is installed here itself, or an empty text."""
    folders = [path for path in sys.path if path]
    return next((found.version for found in metadata.distributions(name="pytest", path=folders + [SITE])), "")


def interpreter():
    """One name for it, however this process was started: that of the ones that a virtual environment has which comes first."""
    first = os.path.join(os.path.dirname(sys.executable), "python3")
    return first if os.path.exists(first) and os.path.samefile(first, sys.executable) else sys.executable


def tell():
    start_files_are_read = os.path.realpath(SITE) in map(os.path.realpath, [*site.getsitepackages(), site.getusersitepackages()])
    print(f"python={interpreter()}")
    print(f"owner={owner()}")
    print(f"site={SITE if start_files_are_read else ''}")
    print(f"scripts={scripts_folder()}")
    print(f"pytest={real_pytest()}")


if __name__ == "__main__":
    tell()
