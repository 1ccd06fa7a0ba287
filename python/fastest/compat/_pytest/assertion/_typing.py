"""The budget of an explanation, and names for annotations."""

from fastest._engine import assertion_typing as _room
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

NO_TRUNCATION_BUDGET = _room.NO_TRUNCATION_BUDGET
TruncationBudget = _room.TruncationBudget
