"""`py.path`: the path objects of the fixtures `tmpdir` and `testdir`. New code uses pathlib."""

import os
from os.path import abspath, expanduser as _expand_user

from _pytest._py import error
from fastest._engine import elsewhere as _elsewhere
from fastest.py_path.changes import Changes as _Changes, copychunked, copymode, copystat, getgroupid, getuserid
from fastest.py_path.checkers import Checkers
from fastest.py_path.contents import Contents as _Contents
from fastest.py_path.entries import Entry as _Entry
from fastest.py_path.imports import Importable as _Importable, isimportable
from fastest.py_path.names import PathName as _PathName
from fastest.py_path.programs import Program as _Program, find_program as _find_program
from fastest.py_path.stat import Stat
from fastest.py_path.temporary import Temporary as _Temporary
from fastest.py_path.visitor import FNMatcher, NeverRaised, Visitor

iswin32 = os.name == "nt"


def map_as_list(func, iter):
    return [*map(func, iter)]


class LocalPath(_PathName, _Entry, _Contents, _Changes, _Program, _Importable, _Temporary):
    """A path of the local file system, always absolute. Errors are those of `py.error`.

    :param path: text or a path object, relative to the working directory, which None stands for.
    :param expanduser: `~` begins a home directory.
    """

    def __init__(self, path=None, expanduser=False):
        if path is None:
            self.strpath = error.checked_call(os.getcwd)
            return
        try:
            name = os.fspath(path)
        except TypeError:
            raise ValueError("can only pass None, Path instances or non-empty strings to LocalPath")  # noqa: B904 - the context is shown, as py shows it
        self.strpath = abspath(_expand_user(name) if expanduser else name)

    @classmethod
    def get_temproot(cls):
        """Where temporary files belong."""
        import tempfile

        return LocalPath(tempfile.gettempdir())

    @classmethod
    def sysfind(cls, name, checker=None, paths=None):
        """The program of that name, or None.

        :param checker: a function that says which candidates will do.
        :param paths: directories to look in, instead of those of PATH.
        """
        return _find_program(LocalPath, name, checker, paths)


local = LocalPath
__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

for _part in (Checkers, FNMatcher, NeverRaised, Stat, Visitor, copychunked, copymode, copystat, getgroupid, getuserid, isimportable):
    _part.__module__ = __name__
