"""`py.error`: a class for each errno, and calls that raise them."""

import errno
import os
import sys


class Error(OSError):
    def __repr__(self):
        cls = type(self)
        return f"{cls.__module__}.{cls.__name__} {cls.__doc__!r}: {' '.join(map(str, self.args))} "

    def __str__(self):
        return f"[{type(self).__doc__}]: {' '.join(map(str, self.args))}"


# What Windows reports as numbers of its own.
_WINDOWS = {
    2: errno.ENOENT,
    3: errno.ENOENT,
    17: errno.EEXIST,
    18: errno.EXDEV,
    13: errno.EBUSY,
    22: errno.ENOTDIR,
    20: errno.ENOTDIR,
    267: errno.ENOTDIR,
    5: errno.EACCES,
}


class ErrorMaker:
    """Makes the classes when they are asked for."""

    _errno2class = {}

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        made = self._geterrnoclass(getattr(errno, name))
        setattr(self, name, made)
        return made

    def _geterrnoclass(self, eno):
        made = self._errno2class.get(eno)
        if made is None:
            name = errno.errorcode.get(eno, f"UnknownErrno{eno}")
            made = type(name, (Error,), {"__module__": "py.error", "__doc__": os.strerror(eno)})
            self._errno2class[eno] = made
        return made

    def checked_call(self, func, *args, **kwargs):
        """Call a function; an OSError becomes one of these classes."""
        __tracebackhide__ = True
        try:
            return func(*args, **kwargs)
        except Error:
            raise
        except OSError as problem:
            number = problem.errno
            if number is None:
                raise
            if sys.platform == "win32":
                number = _WINDOWS.get(number, number)
            raise self._geterrnoclass(number)(f"{func.__name__}{args!r}") from problem


_error_maker = ErrorMaker()
checked_call = _error_maker.checked_call


def __getattr__(attr):
    return getattr(_error_maker, attr)
