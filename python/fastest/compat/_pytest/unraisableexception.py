"""Warns of errors in destructors. The engine's `unraisableexception`."""

import sys
import warnings

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import unraisableexception as _unraisableexception

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

UnraisableMeta = _unraisableexception.UnraisableMeta
cleanup = _unraisableexception.cleanup
collect_unraisable = _unraisableexception.collect_unraisable
gc_collect_harder = _unraisableexception.gc_collect_harder
gc_collect_iterations_key = _unraisableexception.gc_collect_iterations_key
pytest_configure = _unraisableexception.pytest_configure
pytest_runtest_call = _unraisableexception.pytest_runtest_call
pytest_runtest_setup = _unraisableexception.pytest_runtest_setup
pytest_runtest_teardown = _unraisableexception.pytest_runtest_teardown
pytest_unconfigure = _unraisableexception.pytest_unconfigure
unraisable_exceptions = _unraisableexception.unraisable_exceptions
unraisable_hook = _unraisableexception.unraisable_hook


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
            errors.append(RuntimeError("Failed to process unraisable exception"))
            errors[-1].__cause__ = noted
        else:
            msg, cause_msg, cause = noted
            try:
                warnings.warn(pytest.PytestUnraisableExceptionWarning(msg))
            except pytest.PytestUnraisableExceptionWarning as error:
                if cause is not None:
                    error.args = (cause_msg,)
                    error.__cause__ = cause
                errors.append(error)
    if errors:
        if len(errors) == 1:
            raise errors[0]
        raise ExceptionGroup("multiple unraisable exception warnings", errors)
