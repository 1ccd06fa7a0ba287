"""Working directories and programs."""

import os
from contextlib import contextmanager
from os.path import isabs

from _pytest._py import error


def find_program(place, name, accepts, directories):
    """The first file `name` in the directories that `accepts` takes (None takes all), or None.

    :param place: makes a path of a text.
    :param directories: None stands for those of PATH.
    """
    windows = os.name == "nt"
    if isabs(name):
        program = place(name)
        return program if program.check(file=1) else None
    if directories is None:
        directories = os.environ["PATH"].split(os.pathsep)
        if windows and not {"", "."} & {*directories}:
            directories.append(".")
    endings = [*os.environ["PATHEXT"].split(os.pathsep), ""] if windows else [""]
    for candidate in (place(each).join(name, abs=True) + ending for each in directories for ending in endings):
        try:
            if candidate.check(file=1) and (not accepts or accepts(candidate)):
                return candidate
        except error.EACCES:
            continue
    return None


class Program:
    """A path as a directory to work in, or as a file to run."""

    def chdir(self):
        """Make this the working directory and give the one before, None when that is gone."""
        try:
            before = type(self)()
        except error.ENOENT:
            before = None
        error.checked_call(os.chdir, self.strpath)
        return before

    @contextmanager
    def as_cwd(self):
        """A context in which this is the working directory; gives what `chdir` gives."""
        before = self.chdir()
        try:
            yield before
        finally:
            if before is not None:
                before.chdir()

    def sysexec(self, *argv, **popen_opts):
        """Run this program and give what it prints; RuntimeError, with all that is known, when it fails."""
        import subprocess

        command = [self.strpath, *map(str, argv)]
        captured = popen_opts | dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
        process = subprocess.Popen(command, **captured)
        out, err = (text.decode() if isinstance(text, bytes) else text for text in process.communicate())
        if process.returncode:
            raise RuntimeError(process.returncode, process.returncode, self.strpath, out, err)
        return out

    @classmethod
    def _gethomedir(cls):
        known = os.environ
        if "HOME" in known:
            return cls(known["HOME"])
        return cls(known["HOMEDRIVE"] + known["HOMEPATH"]) if {"HOMEDRIVE", "HOMEPATH"} <= known.keys() else None
