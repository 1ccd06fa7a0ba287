"""Reports of phases and collections. The engine's `reports`."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import reports as _reports

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

BaseReport = _reports.BaseReport
CollectErrorRepr = _reports.CollectErrorRepr
CollectReport = _reports.CollectReport
TestReport = _reports.TestReport
getworkerinfoline = _reports.getworkerinfoline
pytest_report_from_serializable = _reports.pytest_report_from_serializable
pytest_report_to_serializable = _reports.pytest_report_to_serializable
_report_kwargs_from_json = _reports._report_kwargs_from_json
_report_to_json = _reports._report_to_json
_report_unserialization_failure = _reports._report_unserialization_failure
_format_exception_group_all_skipped_longrepr = _reports._format_exception_group_all_skipped_longrepr
_format_failed_longrepr = _reports._format_failed_longrepr
