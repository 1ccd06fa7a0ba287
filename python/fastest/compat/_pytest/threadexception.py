"""Warns of errors that end threads. The engine's `threadexception`."""

import sys
import warnings

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import threadexception as _threadexception

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

ThreadExceptionMeta = _threadexception.ThreadExceptionMeta
cleanup = _threadexception.cleanup
collect_thread_exception = _threadexception.collect_thread_exception
pytest_configure = _threadexception.pytest_configure
pytest_runtest_call = _threadexception.pytest_runtest_call
pytest_runtest_setup = _threadexception.pytest_runtest_setup
pytest_runtest_teardown = _threadexception.pytest_runtest_teardown
thread_exception_hook = _threadexception.thread_exception_hook
thread_exceptions = _threadexception.thread_exceptions


def warn_of(queue):
    """Warn of each noted error. Here, because reports show these lines."""
    import pytest

    if sys.version_info < (3, 11):
        from exceptiongroup import ExceptionGroup
    else:
        from builtins import ExceptionGroup

    errors = []
    while queue:
        noted = queue.pop()
        if isinstance(noted, BaseException):
            errors.append(RuntimeError("Failed to process thread exception"))
            errors[-1].__cause__ = noted
        else:
            msg, cause_msg, cause = noted
            try:
                warnings.warn(pytest.PytestUnhandledThreadExceptionWarning(msg))
            except pytest.PytestUnhandledThreadExceptionWarning as error:
                if cause is not None:
                    error.args = (cause_msg,)
                    error.__cause__ = cause
                errors.append(error)
    if errors:
        if len(errors) == 1:
            raise errors[0]
        raise ExceptionGroup("multiple thread exception warnings", errors)
