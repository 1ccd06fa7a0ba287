"""Runs a test's phases and reports them. The engine's `runner`."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import runner as _runner

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

CallInfo = _runner.CallInfo
SetupState = _runner.SetupState
call_and_report = _runner.call_and_report
check_interactive_exception = _runner.check_interactive_exception
collect_one_node = _runner.collect_one_node
get_reraise_exceptions = _runner.get_reraise_exceptions
pytest_addoption = _runner.pytest_addoption
pytest_make_collect_report = _runner.pytest_make_collect_report
pytest_report_teststatus = _runner.pytest_report_teststatus
pytest_runtest_call = _runner.pytest_runtest_call
pytest_runtest_makereport = _runner.pytest_runtest_makereport
pytest_runtest_protocol = _runner.pytest_runtest_protocol
pytest_runtest_setup = _runner.pytest_runtest_setup
pytest_runtest_teardown = _runner.pytest_runtest_teardown
pytest_sessionfinish = _runner.pytest_sessionfinish
pytest_sessionstart = _runner.pytest_sessionstart
pytest_terminal_summary = _runner.pytest_terminal_summary
runtestprotocol = _runner.runtestprotocol
show_test_item = _runner.show_test_item
_update_current_test_var = _runner._update_current_test_var
