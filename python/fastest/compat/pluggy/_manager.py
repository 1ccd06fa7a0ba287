"""The plugin manager."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pluggy_manager as _room
from fastest._engine import pluggy_registration as _registration

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

PluginManager = _room.PluginManager
PluginValidationError = _room.PluginValidationError
_static_hook_attr = _room._static_hook_attr
_get_marker_opts = _room._get_marker_opts
_formatdef = _registration._formatdef
_warn_for_function = _registration._warn_for_function
