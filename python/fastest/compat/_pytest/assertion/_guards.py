"""What kind of object is compared."""

from fastest._engine import assertion_guards as _room
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

has_default_eq = _room.has_default_eq
isattrs = _room.isattrs
isdatacls = _room.isdatacls
isiterable = _room.isiterable
ismapping = _room.ismapping
isnamedtuple = _room.isnamedtuple
issequence = _room.issequence
isset = _room.isset
istext = _room.istext
