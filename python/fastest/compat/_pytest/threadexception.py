"""Warns of errors that end threads. The engine's `threadexception`."""

from fastest._engine import threadexception as _threadexception

ThreadExceptionMeta = _threadexception.ThreadExceptionMeta
cleanup = _threadexception.cleanup
collect_thread_exception = _threadexception.collect_thread_exception
pytest_configure = _threadexception.pytest_configure
pytest_runtest_call = _threadexception.pytest_runtest_call
pytest_runtest_setup = _threadexception.pytest_runtest_setup
pytest_runtest_teardown = _threadexception.pytest_runtest_teardown
thread_exception_hook = _threadexception.thread_exception_hook
thread_exceptions = _threadexception.thread_exceptions
