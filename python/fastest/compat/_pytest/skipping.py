"""Skipping tests and expecting them to fail."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import skipping as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

Skip = _room.Skip
Xfail = _room.Xfail
evaluate_condition = _room.evaluate_condition
evaluate_skip_marks = _room.evaluate_skip_marks
evaluate_xfail_marks = _room.evaluate_xfail_marks
xfailed_key = _room.xfailed_key
pytest_addoption = _room.pytest_addoption
pytest_configure = _room.pytest_configure
pytest_runtest_setup = _room.pytest_runtest_setup
pytest_runtest_call = _room.pytest_runtest_call
pytest_runtest_makereport = _room.pytest_runtest_makereport
pytest_report_teststatus = _room.pytest_report_teststatus
