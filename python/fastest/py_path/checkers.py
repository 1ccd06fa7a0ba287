"""The conditions of `LocalPath.check`."""

from inspect import signature

from _pytest._py import error

MISSING = (error.ENOENT, error.ENOTDIR, error.EBUSY)


class Checkers:
    """Decides whether a path meets conditions like `{"dir": 1, "notext": ".py"}`, asking the file system once.

    Each public method is a condition: those of a path alone, and those that compare it with something.
    """

    _depend_on_existence = ("exists", "link", "dir", "file")

    def __init__(self, path):
        self.path = path

    def dotfile(self):
        return self.path.basename.startswith(".")

    def exists(self):
        return self._stat()

    def dir(self):
        return self._stat().isdir()

    def file(self):
        return self._stat().isfile()

    def link(self):
        return self.path.lstat().islink()

    def basename(self, arg):
        return self.path.basename == arg

    def basestarts(self, arg):
        return self.path.basename.startswith(arg)

    def endswith(self, arg):
        return str(self.path).endswith(arg)

    def ext(self, arg):
        return self.path.ext == "." + arg.removeprefix(".")

    def fnmatch(self, arg):
        return self.path.fnmatch(arg)

    def relto(self, arg):
        return self.path.relto(arg)

    def _stat(self):
        known = vars(self)
        if "_statcache" not in known:
            try:
                known["_statcache"] = self.path.stat()
            except error.ELOOP:
                known["_statcache"] = self.path.lstat()
        return known["_statcache"]

    def _evaluate(self, kw):
        return all(self._is_met(name, value, kw) for name, value in kw.items())

    def _is_met(self, name, value, conditions):
        try:
            return self._holds(name, value)
        except MISSING:
            return not any(conditions.get(kind) or not conditions.get(f"not{kind}", 1) for kind in self._depend_on_existence)

    def _holds(self, name, value):
        condition = getattr(self, name, None)
        if condition is not None:
            return bool(condition(value)) if signature(condition).parameters else bool(condition()) == bool(value)
        positive = name.removeprefix("not")
        if positive != name and hasattr(self, positive):
            return not self._holds(positive, value)
        raise TypeError(f"no {name!r} checker available for {self.path!r}")
