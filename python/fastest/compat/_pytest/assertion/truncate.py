"""Cuts long explanations."""

from _pytest.compat import running_on_ci
from fastest._engine import elsewhere as _elsewhere
from fastest._engine import truncate as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

TRUNCATION_FOOTER_CHARS = _room.TRUNCATION_FOOTER_CHARS
TRUNCATION_FOOTER_LINES = _room.TRUNCATION_FOOTER_LINES
TRUNCATION_MSG = _room.TRUNCATION_MSG
USAGE_MSG = _room.USAGE_MSG
_budget_from_config = _room._budget_from_config
_get_truncation_parameters = _room._get_truncation_parameters
_truncate_by_char_count = _room._truncate_by_char_count
_truncate_explanation = _room._truncate_explanation
materialize_with_truncation = _room.materialize_with_truncation
