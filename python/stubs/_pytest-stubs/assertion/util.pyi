from collections.abc import Callable, Iterator, Sequence

from _pytest import outcomes as outcomes
from _pytest.assertion._typing import TruncationBudget as TruncationBudget, _AssertionTextDiffStyle, _HighlightFunc as _HighlightFunc
from _pytest.assertion.highlight import dummy_highlighter as dummy_highlighter
from _pytest.config import Config as Config

_assertion_pass: Callable[[int, str, str], None] | None
_config: Config | None
_reprcompare: Callable[[str, object, object], str | None] | None

def _format_lines(lines: Sequence[str]) -> list[str]: ...
def _split_explanation(explanation: str) -> list[str]: ...
def assertrepr_compare(
    op: str,
    left: object,
    right: object,
    *,
    verbose: int,
    highlighter: _HighlightFunc,
    assertion_text_diff_style: _AssertionTextDiffStyle,
    truncation_budget: TruncationBudget = ...,
) -> Iterator[str]: ...
def format_explanation(explanation: str) -> str: ...
