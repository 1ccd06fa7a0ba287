"""`py.error`: a class for each errno, made when it is asked for, and calls that raise them."""

import errno
import os

from fastest._engine import elsewhere as _elsewhere

# Windows has numbers of its own.
_WINDOWS = {
    2: "ENOENT",
    3: "ENOENT",
    5: "EACCES",
    13: "EBUSY",
    17: "EEXIST",
    18: "EXDEV",
    20: "ENOTDIR",
    22: "ENOTDIR",
    267: "ENOTDIR",
}


class Error(OSError):
    """The classes differ in their docstring, the system's text for the number."""

    def _said(self):
        return " ".join(str(arg) for arg in self.args)

    def __str__(self):
        return f"[{self.__doc__}]: {self._said()}"

    def __repr__(self):
        kind = type(self)
        return f"{kind.__module__}.{kind.__name__} {kind.__doc__!r}: {self._said()} "


class ErrorMaker:
    """Has an attribute for each name of the module `errno`."""

    _errno2class = {None: type("UnknownErrnoNone", (Error,), {"__module__": "py.error", "__doc__": None})}

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self._geterrnoclass(getattr(errno, name))

    def _geterrnoclass(self, eno):
        if eno not in self._errno2class:
            name = errno.errorcode.get(eno) or f"UnknownErrno{eno}"
            self._errno2class[eno] = type(name, (Error,), {"__module__": "py.error", "__doc__": os.strerror(eno)})
        return self._errno2class[eno]

    def checked_call(self, func, *args, **kwargs):
        """Call a function; what it raises of OSError becomes one of the classes."""
        __tracebackhide__ = True
        try:
            return func(*args, **kwargs)
        except Error:
            raise
        except OSError as problem:
            number = problem.errno
            if os.name == "nt":
                if number not in _WINDOWS:
                    raise
                number = getattr(errno, _WINDOWS[number])
            raise self._geterrnoclass(number)(f"{func.__name__}{args!r}")  # noqa: B904 - the context is shown, as py shows it


_error_maker = ErrorMaker()
checked_call = _error_maker.checked_call
__dir__ = _elsewhere.names(__name__)


def __getattr__(attr):
    try:
        return _elsewhere.find(__name__, attr)
    except AttributeError:
        pass
    return getattr(_error_maker, attr)
