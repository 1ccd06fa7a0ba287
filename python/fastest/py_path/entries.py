"""What the file system has at a path: questions that change nothing."""

import os
from os.path import exists, isdir, isfile, islink, realpath

from _pytest._py.error import checked_call

from .checkers import Checkers
from .stat import Stat
from .visitor import NeverRaised, Visitor, matcher_of


class Entry:
    """The questions of a `PathName`."""

    _patternchars = set("*?[" + os.sep)

    def check(self, **kw):
        """Whether the path exists, or meets all conditions given.

        Conditions are `exists`, `dir`, `file`, `link`, `dotfile` (each 1 or 0) and `basename`, `basestarts`, `endswith`,
        `ext`, `fnmatch`, `relto`; `not` before the name negates one.
        """
        if not kw:
            return exists(self.strpath)
        if len(kw) == 1:
            for name, question in (("dir", isdir), ("file", isfile)):
                if name in kw:
                    return question(self.strpath) == bool(kw[name])
        return Checkers(self)._evaluate(kw)

    def exists(self):
        return self.check()

    def isdir(self):
        return self.check(dir=1)

    def isfile(self):
        return self.check(file=1)

    def islink(self):
        return islink(self.strpath)

    def stat(self, raising=True):
        """A `Stat`; without `raising`, None where there is nothing."""
        if raising:
            return Stat(self, checked_call(os.stat, self.strpath))
        try:
            return Stat(self, os.stat(self.strpath))
        except Exception:
            return None

    def lstat(self):
        """The `Stat` of a link, not of what it leads to."""
        return Stat(self, checked_call(os.lstat, self.strpath))

    def size(self):
        """In bytes."""
        return self.stat().size

    def mtime(self):
        """When the content changed, in seconds since the epoch."""
        return self.stat().mtime

    def atime(self):
        """When the content was read, in seconds since the epoch."""
        return self.stat().atime

    def samefile(self, other):
        """Whether both lead to the same file, which must exist unless they are spelled alike."""
        other = os.fspath(other)
        if not os.path.isabs(other):
            other = os.path.abspath(other)
        return self == other or checked_call(os.path.samefile, self.strpath, other)

    def realpath(self):
        return type(self)(realpath(self.strpath))

    def readlink(self):
        return checked_call(os.readlink, self.strpath)

    def listdir(self, fil=None, sort=None):
        """The paths in this directory: those that a glob or function takes. A plain name stands for itself, if it exists."""
        if isinstance(fil, str) and self._patternchars.isdisjoint(fil):
            child = self._fastjoin(fil)
            return [child] if exists(child.strpath) else []
        taken = matcher_of(fil)
        children = map(self._fastjoin, checked_call(os.listdir, self.strpath))
        found = [child for child in children if taken is None or taken(child)]
        self._sortlist(found, sort)
        return found

    def _sortlist(self, res, sort):
        if callable(sort):
            import warnings

            text = "listdir(sort=callable) is deprecated and breaks on python3"
            warnings.warn(DeprecationWarning(text), stacklevel=3)
            raise TypeError("sort() takes no positional arguments")
        if sort:
            res.sort()

    def visit(self, fil=None, rec=None, ignore=NeverRaised, bf=False, sort=False):
        """The paths below, those of a directory's subdirectories first.

        :param fil: a glob or function: which paths are given.
        :param rec: a glob or function: which directories are entered.
        :param ignore: errors of `listdir` that make a directory an empty one.
        :param bf: a directory's own paths come first.
        :param sort: by name within each directory.
        """
        yield from Visitor(fil, rec, ignore, bf, sort).gen(self)
