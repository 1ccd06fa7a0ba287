"""Making, copying, moving and removing what a path names, and changing whose it is."""

import os

from _pytest._py import error

checked = error.checked_call


def getuserid(user):
    """A number stays; a name is looked up."""
    if isinstance(user, int):
        return user
    import pwd

    return pwd.getpwnam(user).pw_uid


def getgroupid(group):
    """A number stays; a name is looked up."""
    if isinstance(group, int):
        return group
    import grp

    return grp.getgrnam(group).gr_gid


def copymode(src, dest):
    import shutil

    shutil.copymode(src, dest)


def copystat(src, dest):
    import shutil

    shutil.copystat(os.fspath(src), os.fspath(dest))


def copychunked(src, dest):
    import shutil

    with src.open("rb") as source, dest.open("wb") as target:
        shutil.copyfileobj(source, target, 512 * 1024)


def is_no_link(path):
    return path.check(link=0)


class Changes:
    """What can be done to an `Entry`. Errors are those of `py.error`."""

    def mkdir(self, *args):
        """Make the directory that is joined from the arguments, and give it."""
        made = self.join(*args)
        checked(os.mkdir, made.strpath)
        return made

    def ensure(self, *args, **kwargs):
        """Make a file, or with `dir` a directory, and what is missing above; what exists stays."""
        wanted = self.join(*args)
        if kwargs.get("dir"):
            return wanted._ensuredirs()
        wanted.dirpath()._ensuredirs()
        if wanted.check(file=0):
            wanted.open("wb").close()
        return wanted

    def ensure_dir(self, *args):
        return self.ensure(*args, dir=True)

    def _ensuredirs(self):
        missing = [path for path in self.parts() if path.check(dir=0)]
        for path in missing:
            try:
                path.mkdir()
            except error.EEXIST:  # somebody else was faster
                if path.check(dir=0):
                    raise
        return self

    def remove(self, rec=1, ignore_errors=False):
        """Remove a file or link, or a directory: with all in it unless `rec` is false."""
        directory = self.check(dir=1, link=0)
        if os.name == "nt" and (rec or not directory):
            self.chmod(0o700, rec=directory)
        if not directory:
            checked(os.remove, self.strpath)
        elif not rec:
            checked(os.rmdir, self.strpath)
        else:
            import shutil

            checked(shutil.rmtree, self.strpath, ignore_errors=ignore_errors)

    def copy(self, target, mode=False, stat=False):
        """Copy a file, or what is in a directory.

        :param target: a path; a file goes into it when it is a directory.
        :param mode: copy permissions, too.
        :param stat: copy permissions, times and flags, too.
        """
        if self.check(file=1):
            if target.check(dir=1):
                target = target.join(self.basename)
            assert self != target
            self._copy_entry(target, mode, stat)
            return
        for path in self.visit(rec=is_no_link):
            place = target.join(path.relto(self))
            place.dirpath().ensure(dir=1)
            if path.check(link=1):
                place.mksymlinkto(path.readlink())
            else:
                path._copy_entry(place, mode, stat)

    def _copy_entry(self, target, mode, stat):
        if self.check(file=1):
            copychunked(self, target)
        elif self.check(dir=1):
            target.ensure(dir=1)
        if mode:
            copymode(self.strpath, target.strpath)
        if stat:
            copystat(self, target)

    def rename(self, target):
        return checked(os.rename, self.strpath, os.fspath(target))

    def move(self, target):
        """Rename, or copy and remove where the target is on another file system."""
        if target.relto(self):
            raise error.EINVAL(target, "cannot move path into a subdirectory of itself")
        try:
            self.rename(target)
        except error.EXDEV:
            self.copy(target)
            self.remove()

    def mklinkto(self, oldname):
        """Become a hard link."""
        checked(os.link, str(oldname), str(self))

    def mksymlinkto(self, value, absolute=1):
        """Become a symbolic link to `value` as it is, or relative to the directory that both lie in."""
        place = str(value)
        if not absolute:
            base = self.common(value)
            climb = os.pardir + os.sep
            place = climb * self.relto(base).count(os.sep) + type(self)(value).relto(base)
        checked(os.symlink, place, self.strpath)

    def chmod(self, mode, rec=0):
        """Change permissions; `rec` as for `visit`, all below when 1."""
        if not isinstance(mode, int):
            raise TypeError(f"mode {mode!r} must be an integer")
        for path in self.visit(rec=rec) if rec else ():
            checked(os.chmod, path.strpath, mode)
        checked(os.chmod, self.strpath, mode)

    def chown(self, user, group, rec=0):
        """Change user and group, names or numbers; with `rec` of all below, too, links left out."""
        owners = getuserid(user), getgroupid(group)
        for path in self.visit(is_no_link, rec=is_no_link) if rec else ():
            checked(os.chown, path.strpath, *owners)
        checked(os.chown, self.strpath, *owners)

    def setmtime(self, mtime=None):
        """To seconds since the epoch, or to now."""
        if mtime is None:
            return checked(os.utime, self.strpath, None)
        try:
            return checked(os.utime, self.strpath, (-1, mtime))
        except error.EINVAL:
            return checked(os.utime, self.strpath, (self.atime(), mtime))
