"""Help, versions, tracing of the configuration."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import helpconfig as _engine

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

HelpAction = _engine.HelpAction
getpluginversioninfo = _engine.getpluginversioninfo
pytest_addoption = _engine.pytest_addoption
pytest_cmdline_main = _engine.pytest_cmdline_main
pytest_cmdline_parse = _engine.pytest_cmdline_parse
pytest_report_header = _engine.pytest_report_header
show_version_verbose = _engine.show_version_verbose
showhelp = _engine.showhelp
