"""Walking a tree of local paths, and the patterns that choose among them."""

import os
from fnmatch import fnmatch


class NeverRaised(Exception):
    """Ignored by default, so that nothing is."""


class FNMatcher:
    """Whether a path's basename matches a glob, or the whole path when the glob has a separator."""

    def __init__(self, pattern):
        self.pattern = pattern

    def __call__(self, path):
        sep, pattern = path.sep, self.pattern
        if os.name == "nt" and sep not in pattern:
            pattern = pattern.replace("/", sep)
        if sep not in pattern:
            return fnmatch(path.basename, pattern)
        return fnmatch(str(path), pattern if os.path.isabs(pattern) else f"*{sep}{pattern}")


def matcher_of(chooser):
    """A glob becomes a function, everything else stays."""
    return FNMatcher(chooser) if isinstance(chooser, str) else chooser


class Visitor:
    """Goes down a tree; `LocalPath.visit` says what the arguments are."""

    def __init__(self, fil, rec, ignore, bf, sort):
        self.fil = matcher_of(fil)
        self.rec = None if rec and not callable(rec) and not isinstance(rec, str) else matcher_of(rec)
        self.ignore = ignore
        self.breadthfirst = bf
        self.optsort = sorted if sort else list

    def gen(self, path):
        try:
            entries = path.listdir()
        except self.ignore:
            return
        below = self.optsort(entry for entry in entries if entry.check(dir=1) and (self.rec is None or self.rec(entry)))
        here = (entry for entry in self.optsort(entries) if self.fil is None or self.fil(entry))
        if self.breadthfirst:
            yield from here
        for directory in below:
            yield from self.gen(directory)
        if not self.breadthfirst:
            yield from here
