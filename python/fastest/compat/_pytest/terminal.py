"""The terminal report. Implemented in src/engine/terminal/."""

from fastest._engine import (
    elsewhere as _elsewhere,
    terminal_format as _format,
    terminal_options as _options,
    terminal_progress_plugin as _progress_plugin,
    terminal_reporter as _reporter,
    terminal_status as _status,
)

from ._io.wcwidth import wcswidth
from .compat import running_on_ci

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

KNOWN_TYPES = _status.KNOWN_TYPES
REPORT_COLLECTING_RESOLUTION = _status.REPORT_COLLECTING_RESOLUTION
_REPORTCHARS_DEFAULT = _options._REPORTCHARS_DEFAULT

MoreQuietAction = _options.MoreQuietAction
pytest_addoption = _options.pytest_addoption
pytest_configure = _options.pytest_configure
getreportopt = _options.getreportopt
pytest_report_teststatus = _status.pytest_report_teststatus

TestShortLogReport = _status.TestShortLogReport
WarningReport = _status.WarningReport
TerminalReporter = _reporter.TerminalReporter
TerminalProgressPlugin = _progress_plugin.TerminalProgressPlugin

_color_for_type = _format._color_for_type
_color_for_type_default = _format._color_for_type_default
format_session_duration = _format.format_session_duration
format_node_duration = _format.format_node_duration
pluralize = _format.pluralize
_get_node_id_with_markup = _format._get_node_id_with_markup
_format_trimmed = _format._format_trimmed
_get_line_with_reprcrash_message = _format._get_line_with_reprcrash_message
_folded_skips = _format._folded_skips
_plugin_nameversions = _format._plugin_nameversions
_get_raw_skip_reason = _format._get_raw_skip_reason
