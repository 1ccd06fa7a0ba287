"""What older names of distributions need."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pluggy_compat as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

DistFacade = _room.DistFacade
