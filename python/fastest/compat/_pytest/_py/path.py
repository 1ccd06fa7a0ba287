"""`py.path`: the path objects of the fixtures `tmpdir` and `testdir`. New code uses pathlib."""

import fnmatch
import os
import pickle
import shutil
import sys
from contextlib import contextmanager
from os.path import abspath, exists, isabs, isdir, isfile, islink, normpath

from . import error

SEP = os.sep
ON_WINDOWS = sys.platform == "win32" or getattr(os, "_name", False) == "nt"
MISSING = tuple(getattr(error, name) for name in ("ENOENT", "ENOTDIR", "EBUSY"))
checked = error.checked_call


class NeverRaised(Exception):
    """The default of `ignore`."""


class Stat:
    """An `os.stat` result whose names have no `st_`."""

    def __init__(self, path, osstatresult):
        self.path = path
        self._osstatresult = osstatresult

    def __getattr__(self, name):
        return getattr(self._osstatresult, "st_" + name)

    @property
    def owner(self):
        if ON_WINDOWS:
            raise NotImplementedError("XXX win32")
        import pwd

        return checked(pwd.getpwuid, self.uid)[0]

    @property
    def group(self):
        if ON_WINDOWS:
            raise NotImplementedError("XXX win32")
        import grp

        return checked(grp.getgrgid, self.gid)[0]

    def _is(self, kind):
        import stat

        return getattr(stat, kind)(self._osstatresult.st_mode)

    def isdir(self):
        return self._is("S_ISDIR")

    def isfile(self):
        return self._is("S_ISREG")

    def islink(self):
        self._osstatresult = self.path.lstat()._osstatresult
        return self._is("S_ISLNK")


class Checkers:
    """The questions of `check()`. Those without an argument are answered by whether they agree with the value given."""

    _depend_on_existence = ("exists", "link", "dir", "file")
    _flags = frozenset(("exists", "link", "dir", "file", "dotfile"))

    def __init__(self, path):
        self.path = path

    def _stat(self):
        try:
            return self._statcache
        except AttributeError:
            try:
                self._statcache = self.path.stat()
            except error.ELOOP:
                self._statcache = self.path.lstat()
            return self._statcache

    def exists(self):
        return self._stat()

    def dir(self):
        return self._stat().isdir()

    def file(self):
        return self._stat().isfile()

    def link(self):
        return islink(self.path.strpath)

    def dotfile(self):
        return self.path.basename.startswith(".")

    def ext(self, arg):
        return self.path.ext == (arg if arg.startswith(".") else "." + arg)

    def basename(self, arg):
        return self.path.basename == arg

    def basestarts(self, arg):
        return self.path.basename.startswith(arg)

    def relto(self, arg):
        return self.path.relto(arg)

    def fnmatch(self, arg):
        return self.path.fnmatch(arg)

    def endswith(self, arg):
        return str(self.path).endswith(arg)

    def _holds(self, name, value):
        negated = not hasattr(self, name) and name.startswith("not")
        if negated:
            name = name[3:]
        question = getattr(self, name, None)
        if question is None or name.startswith("_"):
            raise TypeError(f"no {name!r} checker available for {self.path!r}")
        answer = bool(question()) == bool(value) if name in self._flags else bool(question(value))
        return answer != negated

    def _evaluate(self, kw):
        for name, value in kw.items():
            try:
                if not self._holds(name, value):
                    return False
            except MISSING:
                for kind in self._depend_on_existence:
                    if kw.get(kind) or not kw.get("not" + kind, True):
                        return False
        return True


class FNMatcher:
    def __init__(self, pattern):
        self.pattern = pattern

    def __call__(self, path):
        pattern = self.pattern
        if ON_WINDOWS and SEP not in pattern and "/" in pattern:
            pattern = pattern.replace("/", SEP)
        if SEP not in pattern:
            return fnmatch.fnmatch(path.basename, pattern)
        return fnmatch.fnmatch(str(path), pattern if isabs(pattern) else "*" + SEP + pattern)


def _matcher(what):
    return FNMatcher(what) if isinstance(what, str) else what


class Visitor:
    def __init__(self, fil, rec, ignore, bf, sort):
        self.fil = _matcher(fil)
        self.rec = _matcher(rec) if callable(rec) or isinstance(rec, str) else (lambda path: True) if rec is None or rec else (lambda path: False)
        self.ignore = ignore
        self.breadth_first = bf
        self.order = sorted if sort else (lambda paths: paths)

    def gen(self, path):
        try:
            entries = path.listdir()
        except self.ignore:
            return
        below = self.order([entry for entry in entries if entry.check(dir=1) and self.rec(entry)])
        if not self.breadth_first:
            for directory in below:
                yield from self.gen(directory)
        for entry in self.order(entries):
            if self.fil is None or self.fil(entry):
                yield entry
        if self.breadth_first:
            for directory in below:
                yield from self.gen(directory)


def map_as_list(func, iter):
    return list(map(func, iter))


def getuserid(user):
    if isinstance(user, int):
        return user
    import pwd

    return pwd.getpwnam(user)[2]


def getgroupid(group):
    if isinstance(group, int):
        return group
    import grp

    return grp.getgrnam(group)[2]


def copymode(src, dest):
    shutil.copymode(str(src), str(dest))


def copystat(src, dest):
    copymode(src, dest)
    os.utime(str(dest), (src.atime(), src.mtime()))


def copychunked(src, dest):
    with src.open("rb") as source, dest.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 19)


def isimportable(name):
    return bool(name) and (name[0].isalpha() or name[0] == "_") and (not (rest := name.replace("_", "")) or rest.isalnum())


class LocalPath:
    """A path of the local file system, always absolute. Errors are those of `py.error`."""

    class ImportMismatchError(ImportError):
        """`pyimport` found a module that came from another file."""

    sep = SEP
    _patternchars = set("*?[" + SEP)

    def __init__(self, path=None, expanduser=False):
        if path is None:
            self.strpath = checked(os.getcwd)
            return
        try:
            path = os.fspath(path)
        except TypeError:
            raise ValueError("can only pass None, Path instances or non-empty strings to LocalPath") from None
        self.strpath = abspath(os.path.expanduser(path) if expanduser else path)

    def _at(self, strpath):
        made = object.__new__(type(self))
        made.strpath = strpath
        return made

    # Comparing and showing

    def __hash__(self):
        return hash(self.strpath.lower() if ON_WINDOWS else self.strpath)

    def __eq__(self, other):
        try:
            other = os.fspath(other)
        except TypeError:
            return False
        if ON_WINDOWS and isinstance(other, str):
            return self.strpath.lower() == other.lower()
        return self.strpath == other

    def __ne__(self, other):
        return not self == other

    def __lt__(self, other):
        return self.strpath < os.fspath(other)

    def __gt__(self, other):
        return self.strpath > os.fspath(other)

    def __repr__(self):
        return f"local({self.strpath!r})"

    def __str__(self):
        return self.strpath

    def __fspath__(self):
        return self.strpath

    def samefile(self, other):
        other = abspath(os.fspath(other))
        return self == other or checked(os.path.samefile, self.strpath, other)

    # Parts of the name

    @property
    def basename(self):
        return self._getbyspec("basename")[0]

    @property
    def dirname(self):
        return self._getbyspec("dirname")[0]

    @property
    def purebasename(self):
        return self._getbyspec("purebasename")[0]

    @property
    def ext(self):
        return self._getbyspec("ext")[0]

    def _getbyspec(self, spec):
        directory, _, basename = self.strpath.rpartition(SEP)
        dot = basename.rfind(".")
        pure, ext = (basename, "") if dot < 0 else (basename[:dot], basename[dot:])
        parts = {
            "drive": self.strpath.split(SEP, 1)[0] if ON_WINDOWS else "",
            "dirname": directory,
            "basename": basename,
            "purebasename": pure,
            "ext": ext,
        }
        for name in spec.split(","):
            if name not in parts:
                raise ValueError(f"invalid part specification {name!r}")
        return [parts[name] for name in spec.split(",")]

    def new(self, **kw):
        """A copy with parts replaced: basename, or purebasename and ext; dirname."""
        if not kw:
            return self._at(self.strpath)
        drive, dirname, pure, ext = self._getbyspec("drive,dirname,purebasename,ext")
        if "basename" in kw:
            if "purebasename" in kw or "ext" in kw:
                raise ValueError(f"invalid specification {kw!r}")
            basename = kw["basename"]
        else:
            ext = kw.get("ext", ext)
            if ext and not ext.startswith("."):
                ext = "." + ext
            basename = kw.get("purebasename", pure) + ext
        dirname = kw.get("dirname", dirname)
        if "dirname" in kw and not dirname:
            dirname = drive
        return self._at(normpath(f"{dirname}{kw.get('sep', SEP)}{basename}"))

    def join(self, *args, abs=False):
        """With `abs`, an absolute argument starts anew."""
        names = [os.fspath(arg) for arg in args]
        result = self.strpath
        if abs:
            for place in range(len(names) - 1, -1, -1):
                if isabs(names[place]):
                    result, names = names[place], names[place + 1 :]
                    break
        for name in names:
            if ON_WINDOWS:
                name = name.strip("/").replace("/", SEP)
            result = result.rstrip(SEP) + SEP + name.strip(SEP)
        return self._at(normpath(result))

    def _fastjoin(self, name):
        return self._at(self.strpath.rstrip(SEP) + SEP + name)

    def __truediv__(self, other):
        return self.join(os.fspath(other))

    __div__ = __truediv__

    def __add__(self, other):
        return self.new(basename=self.basename + str(other))

    def dirpath(self, *args, **kwargs):
        above = self._at(os.path.dirname(self.strpath))
        return above.join(*args, **kwargs) if args or kwargs else above

    def parts(self, reverse=False):
        """All paths from the root to this one."""
        found = [self]
        while (above := found[-1].dirpath()) != found[-1]:
            found.append(above)
        return found if reverse else found[::-1]

    def common(self, other):
        last = None
        for mine, theirs in zip(self.parts(), other.parts()):
            if mine != theirs:
                break
            last = mine
        return last

    def relto(self, relpath):
        """The path relative to another one that it lies below, else an empty string."""
        if not isinstance(relpath, (str, LocalPath)):
            raise TypeError(f"{relpath!r}: not a string or path object")
        base = str(relpath)
        if not base:
            return ""
        base = base.rstrip(SEP) + SEP
        mine = self.strpath
        inside = mine.lower().startswith(base.lower()) if ON_WINDOWS else mine.startswith(base)
        return mine[len(base) :] if inside else ""

    def bestrelpath(self, dest):
        if not isinstance(dest, LocalPath):
            return str(dest)
        if self == dest:
            return os.curdir
        base = self.common(dest)
        if not base:
            return str(dest)
        up, down = self.relto(base), dest.relto(base)
        steps = [os.pardir] * (up.count(SEP) + 1 if up else 0)
        return SEP.join(steps + [down] if down else steps)

    def fnmatch(self, pattern):
        return FNMatcher(pattern)(self)

    # Asking the file system

    def check(self, **kw):
        if not kw:
            return exists(self.strpath)
        if len(kw) == 1:
            if "dir" in kw:
                return bool(kw["dir"]) == isdir(self.strpath)
            if "file" in kw:
                return bool(kw["file"]) == isfile(self.strpath)
        return Checkers(self)._evaluate(kw)

    def exists(self):
        return self.check()

    def isdir(self):
        return isdir(self.strpath)

    def isfile(self):
        return isfile(self.strpath)

    def islink(self):
        return islink(self.strpath)

    def stat(self, raising=True):
        if raising:
            return Stat(self, checked(os.stat, self.strpath))
        try:
            return Stat(self, os.stat(self.strpath))
        except Exception:
            return None

    def lstat(self):
        return Stat(self, checked(os.lstat, self.strpath))

    def size(self):
        return self.stat().size

    def mtime(self):
        return self.stat().mtime

    def atime(self):
        return self.stat().atime

    def realpath(self):
        return type(self)(os.path.realpath(self.strpath))

    def readlink(self):
        return checked(os.readlink, self.strpath)

    def _sortlist(self, res, sort):
        if sort:
            res.sort(key=sort if callable(sort) else None)

    def listdir(self, fil=None, sort=None):
        if isinstance(fil, str):
            if not self._patternchars.intersection(fil):
                child = self._fastjoin(fil)
                return [child] if exists(child.strpath) else []
            fil = FNMatcher(fil)
        found = map_as_list(self._fastjoin, checked(os.listdir, self.strpath))
        if fil is not None:
            found = [path for path in found if fil(path)]
        self._sortlist(found, sort)
        return found

    def visit(self, fil=None, rec=None, ignore=NeverRaised, bf=False, sort=False):
        """All paths below: those that `fil` takes, of directories that `rec` takes."""
        yield from Visitor(fil, rec, ignore, bf, sort).gen(self)

    # Reading and writing

    def open(self, mode="r", ensure=False, encoding=None):
        if ensure:
            self.dirpath().ensure(dir=1)
        if encoding:
            return checked(open, self.strpath, mode, encoding=encoding)
        return checked(open, self.strpath, mode)

    def read(self, mode="r"):
        with self.open(mode) as f:
            return f.read()

    def read_binary(self):
        return self.read("rb")

    def read_text(self, encoding):
        with self.open("r", encoding=encoding) as f:
            return f.read()

    def readlines(self, cr=1):
        if not cr:
            return self.read("r").split("\n")
        with self.open("r") as f:
            return f.readlines()

    def load(self):
        with self.open("rb") as f:
            return checked(pickle.load, f)

    def dump(self, obj, bin=1):
        with self.open("wb") as f:
            pickle.dump(obj, f, bin)

    def write(self, data, mode="w", ensure=False):
        if "b" in mode:
            if not isinstance(data, bytes):
                raise ValueError("can only process bytes")
        elif isinstance(data, bytes):
            data = data.decode(sys.getdefaultencoding())
        elif not isinstance(data, str):
            data = str(data)
        with self.open(mode, ensure=ensure) as f:
            f.write(data)

    def write_binary(self, data, ensure=False):
        with self.open("wb", ensure=ensure) as f:
            f.write(data)

    def write_text(self, data, encoding, ensure=False):
        with self.open("w", ensure=ensure, encoding=encoding) as f:
            f.write(data)

    def computehash(self, hashtype="md5", chunksize=524288):
        import hashlib

        try:
            digest = getattr(hashlib, hashtype)()
        except AttributeError:
            raise ValueError(f"Don't know how to compute {hashtype!r} hash") from None
        with self.open("rb") as f:
            while chunk := f.read(chunksize):
                digest.update(chunk)
        return digest.hexdigest()

    # Changing the file system

    def mkdir(self, *args):
        path = self.join(*args)
        checked(os.mkdir, os.fspath(path))
        return path

    def _ensuredirs(self):
        above = self.dirpath()
        if above == self:
            return self
        if above.check(dir=0):
            above._ensuredirs()
        if self.check(dir=0):
            try:
                self.mkdir()
            except error.EEXIST:
                if self.check(dir=0):
                    raise
        return self

    def ensure(self, *args, **kwargs):
        """Make a file, or with `dir` a directory, unless it is there."""
        path = self.join(*args)
        if kwargs.get("dir", 0):
            return path._ensuredirs()
        path.dirpath()._ensuredirs()
        if not path.check(file=1):
            path.open("wb").close()
        return path

    def ensure_dir(self, *args):
        return self.ensure(*args, dir=True)

    def remove(self, rec=1, ignore_errors=False):
        if not self.check(dir=1, link=0):
            if ON_WINDOWS:
                self.chmod(0o700)
            checked(os.remove, self.strpath)
        elif not rec:
            checked(os.rmdir, self.strpath)
        else:
            if ON_WINDOWS:
                self.chmod(0o700, rec=1)
            checked(shutil.rmtree, self.strpath, ignore_errors=ignore_errors)

    def copy(self, target, mode=False, stat=False):
        if self.check(file=1):
            if target.check(dir=1):
                target = target.join(self.basename)
            assert self != target
            self._copy_file(target, mode, stat)
            return
        for path in self.visit(rec=lambda x: x.check(link=0)):
            place = target.join(path.relto(self))
            place.dirpath().ensure(dir=1)
            if path.check(link=1):
                place.mksymlinkto(path.readlink())
            elif path.check(file=1):
                path._copy_file(place, mode, stat)
            elif path.check(dir=1):
                place.ensure(dir=1)
                path._copy_status(place, mode, stat)

    def _copy_file(self, target, mode, stat):
        copychunked(self, target)
        self._copy_status(target, mode, stat)

    def _copy_status(self, target, mode, stat):
        if mode:
            copymode(self.strpath, target.strpath)
        if stat:
            copystat(self, target)

    def rename(self, target):
        checked(os.rename, self.strpath, os.fspath(target))

    def move(self, target):
        if target.relto(self):
            raise error.EINVAL(target, "cannot move path into a subdirectory of itself")
        try:
            self.rename(target)
        except error.EXDEV:
            self.copy(target)
            self.remove()

    def mklinkto(self, oldname):
        checked(os.link, str(oldname), str(self))

    def mksymlinkto(self, value, absolute=1):
        source = str(value)
        if not absolute:
            base = self.common(value)
            steps = (os.pardir,) * self.relto(base).count(SEP)
            source = SEP.join((*steps, type(self)(value).relto(base)))
        checked(os.symlink, source, self.strpath)

    def _with_below(self, rec):
        return [*self.visit(rec=rec), self] if rec else [self]

    def chmod(self, mode, rec=0):
        if not isinstance(mode, int):
            raise TypeError(f"mode {mode!r} must be an integer")
        for path in self._with_below(rec):
            checked(os.chmod, str(path), mode)

    def chown(self, user, group, rec=0):
        uid, gid = getuserid(user), getgroupid(group)
        for path in self._with_below(rec and (lambda x: x.check(link=0))):
            if path is self or path.check(link=0):
                checked(os.chown, str(path), uid, gid)

    def setmtime(self, mtime=None):
        if mtime is None:
            checked(os.utime, self.strpath, None)
            return
        try:
            checked(os.utime, self.strpath, (-1, mtime))
        except error.EINVAL:
            checked(os.utime, self.strpath, (self.atime(), mtime))

    # The process

    def chdir(self):
        """Make this the current directory and give the old one, None when that is gone."""
        try:
            old = type(self)()
        except error.ENOENT:
            old = None
        checked(os.chdir, self.strpath)
        return old

    @contextmanager
    def as_cwd(self):
        old = self.chdir()
        try:
            yield old
        finally:
            if old is not None:
                old.chdir()

    def sysexec(self, *argv, **popen_opts):
        """Run the program and give what it prints."""
        from subprocess import PIPE, Popen

        popen_opts.pop("stdout", None)
        popen_opts.pop("stderr", None)
        process = Popen([str(self), *map(str, argv)], **popen_opts, stdout=PIPE, stderr=PIPE)
        out, err = (
            text.decode(sys.getdefaultencoding()) if isinstance(text, bytes) else text for text in process.communicate()
        )
        if process.returncode:
            raise RuntimeError(process.returncode, process.returncode, str(self), out, err)
        return out

    @classmethod
    def sysfind(cls, name, checker=None, paths=None):
        """A program of the search path, or None."""
        if isabs(name):
            path = local(name)
            return path if path.check(file=1) else None
        endings = [""]
        if paths is None:
            paths = os.environ["PATH"].split(os.pathsep)
            if ON_WINDOWS:
                paths.insert(0, os.curdir)
        if ON_WINDOWS:
            endings += os.environ.get("PATHEXT", "").split(os.pathsep)
        for directory in paths:
            for ending in endings:
                path = local(directory).join(name, abs=True) + ending
                try:
                    if path.check(file=1) and (not checker or checker(path)):
                        return path
                except error.EACCES:
                    pass
        return None

    @classmethod
    def _gethomedir(cls):
        home = os.environ.get("HOME")
        if home is None:
            try:
                home = os.environ["HOMEDRIVE"] + os.environ["HOMEPATH"]
            except KeyError:
                return None
        return cls(home)

    # Importing

    def pypkgpath(self):
        """The outermost directory of the package that this path lies in, or None."""
        found = None
        for path in self.parts(reverse=True):
            if path.isdir():
                if not path.join("__init__.py").exists() or not isimportable(path.basename):
                    break
                found = path
        return found

    def _ensuresyspath(self, ensuremode, path):
        entry = str(path)
        if ensuremode == "append":
            if entry not in sys.path:
                sys.path.append(entry)
        elif ensuremode and sys.path[:1] != [entry]:
            sys.path.insert(0, entry)

    def pyimport(self, modname=None, ensuresyspath=True):
        """Import the file as a module, of its package if it has one.

        `ensuresyspath` may be "append" or "importlib", which leaves sys.path and sys.modules alone.
        """
        if not self.check():
            raise error.ENOENT(self)
        if ensuresyspath == "importlib":
            return self._import_alone(modname or self.purebasename)
        if modname is not None:
            return self._import_as(modname)
        package = self.pypkgpath()
        root = self.dirpath() if package is None else package.dirpath()
        names = [self.purebasename]
        if package is not None:
            names = self.new(ext="").relto(root).split(SEP)
            if names[-1] == "__init__":
                names.pop()
        modname = ".".join(names)
        self._ensuresyspath(ensuresyspath, root)
        __import__(modname)
        module = sys.modules[modname]
        if self.basename != "__init__.py":
            self._check_origin(modname, module.__file__)
        return module

    def _check_origin(self, modname, file):
        if file.endswith((".pyc", ".pyo")):
            file = file[:-1]
        elif file.endswith("$py.class"):
            file = file[: -len("$py.class")] + ".py"
        package_file = SEP + "__init__.py"
        if file.endswith(package_file):
            file = file[: -len(package_file)]
        try:
            same = self.samefile(file)
        except error.ENOENT:
            same = False
        if not same and os.environ.get("PY_IGNORE_IMPORTMISMATCH") != "1":
            raise self.ImportMismatchError(modname, file, self)

    def _import_alone(self, modname):
        from importlib.util import module_from_spec, spec_from_file_location

        spec = spec_from_file_location(modname, str(self))
        if spec is None or spec.loader is None:
            raise ImportError(f"Can't find module {modname} at location {self!s}")
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def _import_as(self, modname):
        if modname in sys.modules:
            return sys.modules[modname]
        module = type(sys)(modname)
        module.__file__ = str(self)
        sys.modules[modname] = module
        try:
            exec(compile(self.read_binary(), str(self), "exec"), module.__dict__)
        except BaseException:
            del sys.modules[modname]
            raise
        return module

    # Temporary directories

    @classmethod
    def get_temproot(cls):
        import tempfile

        return local(tempfile.gettempdir())

    @classmethod
    def mkdtemp(cls, rootdir=None):
        import tempfile

        return cls(checked(tempfile.mkdtemp, dir=str(rootdir or cls.get_temproot())))

    @classmethod
    def make_numbered_dir(cls, prefix="session-", rootdir=None, keep=3, lock_timeout=172800):
        """A new directory with the next number behind the prefix; all but the last `keep` are removed.

        With a `lock_timeout`, the directory has a lock file, which protects it that many seconds and goes at exit.
        """
        rootdir = cls.get_temproot() if rootdir is None else rootdir
        start = prefix.lower()

        def number(path):
            name = path.basename.lower()
            return int(name[len(start) :]) if name.startswith(start) and name[len(start) :].isdigit() else -1

        made = None
        for _ in range(10):
            try:
                made = rootdir.mkdir(prefix + str(max(map(number, rootdir.listdir()), default=-1) + 1))
                if lock_timeout:
                    made._lock()
                break
            except (error.EEXIST, error.ENOENT, error.EBUSY):
                continue
        if made is None:
            raise error.EEXIST(f"no free number behind {prefix} in {rootdir}")
        if keep:
            for path in rootdir.listdir():
                if 0 <= number(path) < number(made) - keep and not path._is_locked(lock_timeout):
                    path._discard()
        made._link_as_users(prefix)
        return made

    def _lock(self):
        import atexit

        lock = self.join(".lock")
        owner = os.getpid()
        descriptor = checked(os.open, str(lock), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        os.write(descriptor, str(owner).encode())
        os.close(descriptor)

        def unlock():
            if os.getpid() == owner:
                try:
                    lock.remove()
                except error.Error:
                    pass

        atexit.register(unlock)
        return lock

    def _is_locked(self, lock_timeout):
        if not lock_timeout:
            return False
        try:
            age = self.lstat().mtime - self.join(".lock").lstat().mtime
        except error.Error:
            return False
        return abs(age) < lock_timeout

    def _discard(self):
        import uuid

        garbage = self.dirpath("garbage-" + str(uuid.uuid4()))
        try:
            self.rename(garbage)
            garbage.remove(rec=1)
        except (error.EEXIST, error.ENOENT, error.EBUSY):
            pass

    def _link_as_users(self, prefix):
        user = os.environ.get("USER") or os.environ.get("USERNAME") or "current"
        link = self.dirpath() / f"{prefix}{user}"
        try:
            os.unlink(str(link))
        except OSError:
            pass
        try:
            os.symlink(self.basename, str(link))
        except (OSError, AttributeError, NotImplementedError):
            pass


local = LocalPath
