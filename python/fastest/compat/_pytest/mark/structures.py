"""Marks, parameter sets, keywords."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import mark_structures as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

EMPTY_PARAMETERSET_OPTION = _room.EMPTY_PARAMETERSET_OPTION
HIDDEN_PARAM = _room.HIDDEN_PARAM
MARK_GEN = _room.MARK_GEN
Mark = _room.Mark
MarkDecorator = _room.MarkDecorator
MarkGenerator = _room.MarkGenerator
NodeKeywords = _room.NodeKeywords
ParameterSet = _room.ParameterSet
_HiddenParam = _room._HiddenParam
get_empty_parameterset_mark = _room.get_empty_parameterset_mark
get_unpacked_marks = _room.get_unpacked_marks
istestfunc = _room.istestfunc
normalize_mark_list = _room.normalize_mark_list
store_mark = _room.store_mark
