"""What older names of distributions need."""

from fastest._engine import pluggy_compat as _room

DistFacade = _room.DistFacade
