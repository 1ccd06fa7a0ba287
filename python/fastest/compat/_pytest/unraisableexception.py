"""Warns of errors in destructors. The engine's `unraisableexception`."""

from fastest._engine import unraisableexception as _unraisableexception

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
