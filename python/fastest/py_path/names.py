"""A path as a name: its parts, its relatives, its order among others. Nothing here looks at the file system."""

import os
from os.path import dirname, isabs, normcase, normpath

from .visitor import FNMatcher

SEP = os.sep


class PathName:
    """Has the absolute path in `strpath`, which is all its state."""

    sep = SEP

    def _at(self, strpath):
        made = object.__new__(type(self))
        made.strpath = strpath
        return made

    def __fspath__(self):
        return self.strpath

    def __str__(self):
        return self.strpath

    def __repr__(self):
        return f"local({self.strpath!r})"

    def __hash__(self):
        return hash(self.strpath.lower() if os.name == "nt" else self.strpath)

    def __eq__(self, other):
        try:
            theirs = os.fspath(other)
        except TypeError:
            return False
        if os.name == "nt" and isinstance(theirs, str):
            return self.strpath.lower() == theirs.lower()
        return self.strpath == theirs

    def __ne__(self, other):
        return not self == other

    def __lt__(self, other):
        return self.strpath < os.fspath(other)

    def __gt__(self, other):
        return self.strpath > os.fspath(other)

    # Parts

    def _getbyspec(self, spec):
        """The named parts, in the order of `spec`, which has commas between them."""
        above, _, basename = self.strpath.rpartition(SEP)
        dot = basename.rfind(".") % (len(basename) + 1)  # the end when there is none
        known = {
            "drive": self.strpath.partition(SEP)[0],
            "dirname": above,
            "basename": basename,
            "purebasename": basename[:dot],
            "ext": basename[dot:],
        }
        wanted = [name for name in spec.split(",") if name]
        for name in wanted:
            if name not in known:
                raise ValueError(f"invalid part specification {name!r}")
        return [known[name] for name in wanted]

    @property
    def dirname(self):
        return self._getbyspec("dirname")[0]

    @property
    def basename(self):
        return self._getbyspec("basename")[0]

    @property
    def purebasename(self):
        """The basename without its extension."""
        return self._getbyspec("purebasename")[0]

    @property
    def ext(self):
        """From the last dot of the basename on, or empty."""
        return self._getbyspec("ext")[0]

    def new(self, **kw):
        """A copy with other parts: `dirname`, and `basename` or `purebasename` and `ext`."""
        if not kw:
            return self._at(self.strpath)
        drive, above, pure, ext = self._getbyspec("drive,dirname,purebasename,ext")
        if "basename" in kw and ("purebasename" in kw or "ext" in kw):
            raise ValueError(f"invalid specification {kw!r}")
        ext = kw.get("ext", ext)
        dot = "." if ext and not ext.startswith(".") else ""
        basename = kw["basename"] if "basename" in kw else kw.get("purebasename", pure) + dot + ext
        above = kw.get("dirname", above) or (drive if "dirname" in kw else "")
        return self._at(normpath(f"{above}{kw.get('sep', SEP)}{basename}"))

    def __add__(self, other):
        return self.new(basename=f"{self.basename}{other}")

    # Relatives

    def join(self, *args, abs=False):
        """The path below that the arguments name; with `abs`, the last absolute argument is where it begins."""
        names = [os.fspath(arg) for arg in args]
        start = self.strpath
        absolute = [place for place, name in enumerate(names) if isabs(name)] if abs else []
        if absolute:
            start, names = names[absolute[-1]], names[absolute[-1] + 1 :]
        if os.name == "nt":
            names = [name.strip(SEP).strip("/").replace("/", SEP) for name in names]
        return self._at(normpath(SEP.join([start.removesuffix(SEP), *(name.strip(SEP) for name in names)]) or SEP))

    def _fastjoin(self, name):
        return self._at(self.strpath + SEP + name)

    def __truediv__(self, other):
        return self.join(os.fspath(other))

    __div__ = __truediv__

    def dirpath(self, *args, **kwargs):
        """The directory above, or what the arguments of `join` name in it."""
        above = self._at(dirname(self.strpath))
        return above.join(*args, **kwargs) if args or kwargs else above

    def parts(self, reverse=False):
        """All paths from the root to this one."""
        found = [self]
        while (above := found[-1].dirpath()) != found[-1]:
            found.append(above)
        return found if reverse else found[::-1]

    def common(self, other):
        """The lowest directory that both lie in, or None."""
        shared = [mine for mine, theirs in zip(self.parts(), other.parts()) if mine == theirs]
        return shared[-1] if shared else None

    def relto(self, relpath):
        """What leads here from another path above; empty when that is not above."""
        if not isinstance(relpath, (str, PathName)):
            raise TypeError(f"{relpath!r}: not a string or path object")
        base = str(relpath)
        if base and not base.endswith(SEP):
            base += SEP
        return self.strpath[len(base) :] if normcase(self.strpath).startswith(normcase(base)) else ""

    def bestrelpath(self, dest):
        """What leads from this directory to `dest`: relative, or `dest` as text where nothing relative does."""
        if self == dest:
            return os.curdir
        base = self.common(dest) if isinstance(dest, PathName) else None
        if base is None:
            return str(dest)
        up, down = self.relto(base), dest.relto(base)
        steps = [os.pardir] * (up.count(SEP) + 1) if up else []
        return SEP.join(steps + [down] if down else steps)

    def fnmatch(self, pattern):
        """Whether a glob matches: the basename, or the whole path when the glob has a separator."""
        return FNMatcher(pattern)(self)
