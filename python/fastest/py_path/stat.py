"""What `stat` and `lstat` of a local path give."""

import os
import stat as modes

from _pytest._py.error import checked_call


class Stat:
    """An `os.stat_result`, whose fields are attributes without `st_`."""

    def __init__(self, path, osstatresult):
        self.path = path
        self._osstatresult = osstatresult

    def __getattr__(self, name):
        return getattr(self._osstatresult, f"st_{name}")

    @property
    def owner(self):
        return _account("pwd", "getpwuid", self.uid)

    @property
    def group(self):
        return _account("grp", "getgrgid", self.gid)

    def isdir(self):
        return modes.S_ISDIR(self.mode)

    def isfile(self):
        return modes.S_ISREG(self.mode)

    def islink(self):
        """Only ever true of what `lstat` gave."""
        return modes.S_ISLNK(self.mode)


def _account(database, query, number):
    if os.name == "nt":
        raise NotImplementedError("XXX win32")
    return checked_call(getattr(__import__(database), query), number)[0]
