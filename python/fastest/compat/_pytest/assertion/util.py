"""How comparisons are explained, and what the running test has set up for it."""

from fastest._engine import assertion_util as _room
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)

# Set while a test runs: explains a comparison, is told of asserts that passed, the test's configuration.
_reprcompare = None
_assertion_pass = None
_config = None

_format_lines = _room._format_lines
_split_explanation = _room._split_explanation
assertrepr_compare = _room.assertrepr_compare
format_explanation = _room.format_explanation

# Imported when asked for: every run loads this module, few explain anything.
_ELSEWHERE = {
    "saferepr": "_pytest._io.saferepr",
    "saferepr_unlimited": "_pytest._io.saferepr",
    "_compare_eq_any": "_pytest.assertion._compare_any",
    "SET_COMPARISON_FUNCTIONS": "_pytest.assertion._compare_set",
    "NO_TRUNCATION_BUDGET": "_pytest.assertion._typing",
    "TruncationBudget": "_pytest.assertion._typing",
    "_notin_text": "_pytest.assertion.compare_text",
    "dummy_highlighter": "_pytest.assertion.highlight",
}


def __getattr__(name):
    if name in _ELSEWHERE:
        return getattr(__import__(_ELSEWHERE[name], fromlist=[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
