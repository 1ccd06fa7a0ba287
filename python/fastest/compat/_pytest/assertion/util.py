"""How comparisons are explained, and what the running test has set up for it."""

from fastest._engine import assertion_util as _room
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

# Set while a test runs: explains a comparison, is told of asserts that passed, the test's configuration.
_reprcompare = _room._reprcompare
_assertion_pass = _room._assertion_pass
_config = _room._config

_format_lines = _room._format_lines
_split_explanation = _room._split_explanation
assertrepr_compare = _room.assertrepr_compare
format_explanation = _room.format_explanation
