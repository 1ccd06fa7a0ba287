"""The conditions of `LocalPath.check`."""

from functools import cached_property

from _pytest._py import error

MISSING = (error.ENOENT, error.ENOTDIR, error.EBUSY)

# What an entry is or is not: the condition holds when its value agrees.
STATES = {
    "exists": lambda checkers: checkers.entry,
    "dir": lambda checkers: checkers.entry.isdir(),
    "file": lambda checkers: checkers.entry.isfile(),
    "link": lambda checkers: checkers.path.lstat().islink(),
    "dotfile": lambda checkers: checkers.path.basename.startswith("."),
}
NEED_AN_ENTRY = ("exists", "link", "dir", "file")

# What a path is compared with.
LIKENESSES = {
    "basename": lambda path, wanted: path.basename == wanted,
    "basestarts": lambda path, wanted: path.basename.startswith(wanted),
    "endswith": lambda path, wanted: str(path).endswith(wanted),
    "ext": lambda path, wanted: path.ext == "." + wanted.removeprefix("."),
    "fnmatch": lambda path, wanted: path.fnmatch(wanted),
    "relto": lambda path, wanted: path.relto(wanted),
}


class Checkers:
    """Decides whether a path meets conditions like `{"dir": 1, "notext": ".py"}`, asking the file system once."""

    def __init__(self, path):
        self.path = path

    @cached_property
    def entry(self):
        try:
            return self.path.stat()
        except error.ELOOP:
            return self.path.lstat()

    def _evaluate(self, kw):
        return all(self._is_met(name, value, kw) for name, value in kw.items())

    def _is_met(self, name, value, conditions):
        try:
            return self._holds(name, value)
        except MISSING:
            return not any(conditions.get(kind) or not conditions.get(f"not{kind}", 1) for kind in NEED_AN_ENTRY)

    def _holds(self, name, value):
        if name in STATES:
            return bool(STATES[name](self)) == bool(value)
        if name in LIKENESSES:
            return bool(LIKENESSES[name](self.path, value))
        positive = name.removeprefix("not")
        if positive != name and (positive in STATES or positive in LIKENESSES):
            return not self._holds(positive, value)
        raise TypeError(f"no {name!r} checker available for {self.path!r}")
