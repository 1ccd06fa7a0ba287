"""Capture of log records, the log file, live logs."""

from __future__ import annotations

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import log_catching as _catching
from fastest._engine import log_fixture as _fixture
from fastest._engine import logging_options as _options
from fastest._engine import logging_plugin as _plugin

from _pytest.fixtures import fixture

DEFAULT_LOG_FORMAT = _options.DEFAULT_LOG_FORMAT
DEFAULT_LOG_DATE_FORMAT = _options.DEFAULT_LOG_DATE_FORMAT
get_option_ini = _options.get_option_ini
get_log_level_for_setting = _options.get_log_level_for_setting
catching_logs = _catching.catching_logs
LogCaptureFixture = _fixture.LogCaptureFixture
caplog_handler_key = _plugin.caplog_handler_key
caplog_records_key = _plugin.caplog_records_key
LoggingPlugin = _plugin.LoggingPlugin
pytest_addoption = _options.pytest_addoption
pytest_configure = _plugin.pytest_configure


@fixture
def caplog(request: FixtureRequest) -> Generator[LogCaptureFixture]:
    """Access and control log capturing.

    * ``caplog.messages``: the messages with their arguments filled in
    * ``caplog.text``: the formatted log text
    * ``caplog.records``: the :class:`logging.LogRecord` objects
    * ``caplog.record_tuples``: tuples ``(logger_name, level, message)``
    * ``caplog.clear()``: forget what was captured
    """
    yield from _fixture.fixture_body(request)


_FORMATTERS = "ColoredLevelFormatter DatetimeFormatter PercentStyleMultiline"
_HANDLERS = "LogCaptureHandler _FileHandler _LiveLoggingNullHandler _LiveLoggingStreamHandler"
__dir__ = _elsewhere.names(__name__, f"{_FORMATTERS} {_HANDLERS}")


def __getattr__(name):
    # These derive from classes of the module logging, which is imported when somebody needs it.
    if name in _FORMATTERS.split():
        from fastest._engine import logging_formatters as room
    elif name in _HANDLERS.split():
        from fastest._engine import logging_handlers as room
    else:
        return _elsewhere.find(__name__, name, f"{_FORMATTERS} {_HANDLERS}")
    return getattr(room, name)
