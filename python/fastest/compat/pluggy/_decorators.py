"""Markers, specifications, and the names of parameters."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pluggy_markers as _markers
from fastest._engine import pluggy_spec as _spec
from fastest._engine import pluggy_varnames as _names

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

HookimplMarker = _markers.HookimplMarker
HookspecMarker = _markers.HookspecMarker
HookSpec = _spec.HookSpec
varnames = _names.varnames
_IMPLICIT_NAMES = _names._IMPLICIT_NAMES
