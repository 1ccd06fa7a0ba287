"""Runs `unittest.TestCase` classes. The engine's `unittest`."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import unittest as _unittest

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

TestCaseFunction = _unittest.TestCaseFunction
UnitTestCase = _unittest.UnitTestCase
_is_skipped = _unittest._is_skipped
pytest_configure = _unittest.pytest_configure
pytest_pycollect_makeitem = _unittest.pytest_pycollect_makeitem
pytest_runtest_makereport = _unittest.pytest_runtest_makereport
pytest_runtest_protocol = _unittest.pytest_runtest_protocol


def setup_class_fixture(set_up, tear_down):
    def unittest_setup_class_fixture(request):
        set_up(request)
        yield
        tear_down(request)

    return unittest_setup_class_fixture


def setup_method_fixture(set_up, tear_down):
    def unittest_setup_method_fixture(request):
        set_up(request)
        yield
        tear_down(request)

    return unittest_setup_method_fixture


def skip_fixture(skip):
    def unittest_skip_fixture(request):
        skip(request)

    return unittest_skip_fixture
