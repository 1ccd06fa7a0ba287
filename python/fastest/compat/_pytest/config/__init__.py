"""Settings, plugins and the way into a run."""

from fastest._engine import config as _engine
from fastest._engine import elsewhere as _elsewhere
from pluggy import HookimplMarker
from pluggy import HookspecMarker
from pluggy import PluginManager

hookimpl = HookimplMarker("pytest")
hookspec = HookspecMarker("pytest")

from _pytest import __version__
from _pytest.compat import NOTSET
from _pytest.config import argparsing
from _pytest.config import exceptions
from _pytest.config import findpaths
from _pytest.config.argparsing import _ini_type_repr
from _pytest.config.argparsing import _IniLiteral
from _pytest.config.argparsing import Argument
from _pytest.config.argparsing import FILE_OR_DIR
from _pytest.config.argparsing import Parser
from _pytest.config.exceptions import PrintHelp
from _pytest.config.exceptions import UsageError
from _pytest.config.findpaths import ConfigDict
from _pytest.config.findpaths import ConfigValue
from _pytest.config.findpaths import determine_setup
from _pytest.config.findpaths import parse_override_ini
from _pytest.warning_types import PytestConfigWarning
from _pytest.warning_types import warn_explicit_for

Config = _engine.Config
ConftestImportFailure = _engine.ConftestImportFailure
ExitCode = _engine.ExitCode
PluginImportFailure = _engine.PluginImportFailure
PytestPluginManager = _engine.PytestPluginManager
_PluggyPlugin = object
_assertion_supported = _engine._assertion_supported
_console_main = _engine._console_main
_get_directory = _engine._get_directory
_get_legacy_hook_marks = _engine._get_legacy_hook_marks
_get_plugin_specs_as_list = _engine._get_plugin_specs_as_list
_get_prog_name = _engine._get_prog_name
_is_editable_install = _engine._is_editable_install
_is_missing_module = _engine._is_missing_module
_iter_rewritable_modules = _engine._iter_rewritable_modules
_main = _engine._main
_plugin_rewrite_name = _engine._plugin_rewrite_name
_prepareconfig = _engine._prepareconfig
_print_import_error = _engine._print_import_error
_resolve_warning_category = _engine._resolve_warning_category
_strtobool = _engine._strtobool
apply_warning_filters = _engine.apply_warning_filters
builtin_plugins = _engine.builtin_plugins
cmdline = _engine.cmdline
console_main = _engine.console_main
create_terminal_writer = _engine.create_terminal_writer
default_plugins = _engine.default_plugins
directory_arg = _engine.directory_arg
essential_plugins = _engine.essential_plugins
filename_arg = _engine.filename_arg
filter_traceback_for_import_failure = _engine.filter_traceback_for_import_failure
get_config = _engine.get_config
get_plugin_manager = _engine.get_plugin_manager
main = _engine.main
parse_warning_filter = _engine.parse_warning_filter
print_conftest_import_error = _engine.print_conftest_import_error
print_plugin_import_error = _engine.print_plugin_import_error
print_usage_error = _engine.print_usage_error

__dir__ = _elsewhere.names(__name__, "RegisteredMarker _DeprecatedInicfgProxy")


def __getattr__(name):
    if name in ("RegisteredMarker", "_DeprecatedInicfgProxy"):
        from fastest._engine import config_extras

        return globals().setdefault(name, getattr(config_extras, name))
    return _elsewhere.find(__name__, name, "RegisteredMarker _DeprecatedInicfgProxy")
