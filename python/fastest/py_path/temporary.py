"""Directories for a while: numbered ones, of which the last few are kept.

A numbered directory of a living process has a `.lock`, a link that leads to the process's id. Others may remove the directory
when the lock is gone, or much older than what they have just made themselves.
"""

import os

from _pytest._py import error

TAKEN = (error.EEXIST, error.ENOENT, error.EBUSY)  # another process made, or removed, the same


def number_of(path, prefix):
    """What stands behind the prefix (any case), or None when that is no number."""
    name = path.basename.lower()
    try:
        return int(name[len(prefix) :]) if name.startswith(prefix.lower()) else None
    except ValueError:
        return None


def lock(directory):
    """Gives the lock to the first who asks; others get an error of `TAKEN`."""
    made = directory.join(".lock")
    if os.name == "nt":
        os.close(error.checked_call(os.open, made.strpath, os.O_CREAT | os.O_EXCL))
    else:
        made.mksymlinkto(os.getpid())
    return made


def unlock_at_exit(made):
    import atexit

    owner = os.getpid()

    def unlock():
        if os.getpid() == owner:  # not in children, who leave while the directory is in use
            try:
                made.remove()
            except error.Error:
                pass

    atexit.register(unlock)


def changed(path):
    """When, in seconds since the epoch; 0 when it is gone."""
    try:
        return path.lstat().mtime
    except error.Error:
        return 0


def make_next(root, prefix, locked):
    """A new directory with the next number, and the highest number of the others (-1 without others)."""
    highest = None
    while True:
        before, numbers = highest, [number_of(path, prefix) for path in root.listdir()]
        highest = max([-1, *(number for number in numbers if number is not None)])
        try:
            made = root.mkdir(f"{prefix}{highest + 1}")
            if locked:
                unlock_at_exit(lock(made))
            return made, highest
        except TAKEN:
            if before == highest:
                raise


def remove_quietly(path):
    try:
        path.remove(rec=1)
    except Exception:
        pass


def discard(path, garbage):
    """Out of the way at once, so that nobody counts it, then away."""
    import uuid

    moved = path.dirpath(f"{garbage}{uuid.uuid4()}")
    try:
        path.rename(moved)
    except Exception:
        return
    remove_quietly(moved)


def is_in_use(path, made_at, lock_timeout):
    if not lock_timeout:
        return False
    try:
        lock(path)
    except TAKEN:
        theirs = changed(path)
        return not theirs or abs(made_at - theirs) < lock_timeout
    return False


def link_as_users(made):
    """`prefix-USER`, beside it, leads to the directory that was made last, if its prefix ends with a dash."""
    prefix, dash, _ = made.basename.rpartition("-")
    if not dash:
        return
    user = os.environ.get("USER", os.environ.get("USERNAME", "current"))
    link = f"{made.dirname}{os.sep}{prefix}-{user}"
    try:
        if os.path.lexists(link):
            os.unlink(link)
        os.symlink(made.strpath, link)
    except (OSError, NotImplementedError):
        pass


class Temporary:
    """Makes directories for a while."""

    @classmethod
    def mkdtemp(cls, rootdir=None):
        """A new directory with a random name, which nobody removes."""
        import tempfile

        above = cls.get_temproot() if rootdir is None else rootdir
        return cls(error.checked_call(tempfile.mkdtemp, dir=str(above)))

    @classmethod
    def make_numbered_dir(cls, prefix="session-", rootdir=None, keep=3, lock_timeout=172800):
        """A new directory with the next number behind the prefix, and a link beside it that has the user's name.

        :param keep: how many of the older ones stay; 0: all.
        :param lock_timeout: how many seconds the new one is protected while this process lives; 0: not at all.
        """
        root = cls.get_temproot() if rootdir is None else rootdir
        made, highest = make_next(root, prefix, bool(lock_timeout))
        made_at, garbage = changed(made), f"{prefix}garbage-"
        for path in root.listdir() if keep and made_at else ():
            number = number_of(path, prefix)
            if path.basename.startswith(garbage):
                remove_quietly(path)
            elif number is not None and number <= highest - keep and not is_in_use(path, made_at, lock_timeout):
                discard(path, garbage)
        link_as_users(made)
        return made
