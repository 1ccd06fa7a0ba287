"""Parts of a test that are reported on their own. The engine's `subtests`."""

from __future__ import annotations

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import subtests as _subtests

from _pytest.fixtures import fixture

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

Captured = _subtests.Captured
CapturedLogs = _subtests.CapturedLogs
SubtestContext = _subtests.SubtestContext
SubtestReport = _subtests.SubtestReport
Subtests = _subtests.Subtests
_SubTestContextManager = _subtests._SubTestContextManager
capturing_logs = _subtests.capturing_logs
capturing_output = _subtests.capturing_output
failed_subtests_key = _subtests.failed_subtests_key
pytest_addoption = _subtests.pytest_addoption
pytest_configure = _subtests.pytest_configure
pytest_report_from_serializable = _subtests.pytest_report_from_serializable
pytest_report_teststatus = _subtests.pytest_report_teststatus
pytest_report_to_serializable = _subtests.pytest_report_to_serializable


@fixture
def subtests(request: SubRequest) -> Subtests:
    """Provides subtests functionality."""
    return _subtests.subtests_of(request)
