"""Importing the file at a path."""

import os
import sys

from _pytest._py import error


def isimportable(name):
    """Whether a directory of that name can be a package."""
    return bool(name) and (name[0].isalpha() or name[0] == "_") and name.replace("_", "a").isalnum()


def source_of(file):
    """The source of a compiled file; other files as they are."""
    stem, jython, _ = file.rpartition("$py.class")
    return stem + ".py" if jython else file[:-1] if file.endswith((".pyc", ".pyo")) else file


class ImportMismatchError(ImportError):
    """`pyimport` found a module of that name, which came from another file."""


class Importable:
    """A path as a Python module."""

    ImportMismatchError = ImportMismatchError

    def pypkgpath(self):
        """The outermost package that this lies in, or None."""
        outermost = None
        for path in self.parts(reverse=True):
            if not path.isdir():
                continue
            if not path.join("__init__.py").exists() or not isimportable(path.basename):
                break
            outermost = path
        return outermost

    def _ensuresyspath(self, ensuremode, path):
        entry = str(path)
        if ensuremode == "append":
            if entry not in sys.path:
                sys.path.append(entry)
        elif ensuremode and sys.path[0] != entry:
            sys.path.insert(0, entry)

    def pyimport(self, modname=None, ensuresyspath=True):
        """Import the file and give the module.

        :param modname: executes the file as a module of this name, unless there is one. None: the name follows from the
            packages that the file lies in.
        :param ensuresyspath: puts the directory of the outermost package before others in `sys.path`, or behind them with
            "append". False leaves `sys.path` alone; "importlib" leaves `sys.modules` alone, too.
        """
        if not self.check():
            raise error.ENOENT(self)
        if ensuresyspath == "importlib":
            return self._import_alone(modname or self.purebasename)
        if modname is not None:
            try:
                return sys.modules[modname]
            except KeyError:
                return self._import_as(modname)
        package = self.pypkgpath()
        root = (self if package is None else package).dirpath()
        modname = self._name_below(root) if package is not None else self.purebasename
        self._ensuresyspath(ensuresyspath, root)
        __import__(modname)
        module = sys.modules[modname]
        if self.basename != "__init__.py":  # a package may be a namespace, whose files say nothing
            self._check_origin(modname, module.__file__)
        return module

    def _name_below(self, root):
        steps = self.new(ext="").relto(root).split(os.sep)
        return ".".join(steps[:-1] if steps[-1] == "__init__" else steps)

    def _check_origin(self, modname, file):
        origin = source_of(file).removesuffix(os.sep + "__init__.py")
        try:
            same = self.samefile(origin)
        except error.ENOENT:
            same = False
        if not same and os.environ.get("PY_IGNORE_IMPORTMISMATCH") != "1":
            raise self.ImportMismatchError(modname, origin, self)

    def _import_alone(self, modname):
        from importlib import util

        spec = util.spec_from_file_location(modname, self.strpath)
        if spec is None or spec.loader is None:
            raise ImportError(f"Can't find module {modname} at location {self}")
        module = util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def _import_as(self, modname):
        module = sys.modules[modname] = type(sys)(modname)
        module.__file__ = self.strpath
        try:
            exec(self.read_binary(), vars(module))
        except BaseException:
            del sys.modules[modname]
            raise
        return module
