"""Warnings of tests and of the run: recorded, filtered, reported."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import warnings_plugin as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

catch_warnings_for_item = _room.catch_warnings_for_item
warning_record_to_str = _room.warning_record_to_str
pytest_runtest_protocol = _room.pytest_runtest_protocol
pytest_collection = _room.pytest_collection
pytest_terminal_summary = _room.pytest_terminal_summary
pytest_sessionfinish = _room.pytest_sessionfinish
pytest_load_initial_conftests = _room.pytest_load_initial_conftests
pytest_configure = _room.pytest_configure
