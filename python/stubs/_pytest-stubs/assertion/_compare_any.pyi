from collections.abc import Iterator

from _pytest.assertion._typing import TruncationBudget as TruncationBudget, _AssertionTextDiffStyle, _HighlightFunc as _HighlightFunc

def _compare_eq_any(
    left: object,
    right: object,
    highlighter: _HighlightFunc,
    verbose: int,
    assertion_text_diff_style: _AssertionTextDiffStyle,
    truncation_budget: TruncationBudget = ...,
) -> Iterator[str]: ...
def _compare_eq_cls(left: object, right: object, highlighter: _HighlightFunc, verbose: int, assertion_text_diff_style: _AssertionTextDiffStyle) -> Iterator[str]: ...
