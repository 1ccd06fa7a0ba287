from collections.abc import Collection, Iterator, Mapping

from _pytest._io.pprint import _safe_key as _safe_key
from _pytest.assertion._typing import TruncationBudget as TruncationBudget, _HighlightFunc as _HighlightFunc

def _compare_eq_mapping(
    left: Mapping[object, object], right: Mapping[object, object], highlighter: _HighlightFunc, verbose: int = 0, truncation_budget: TruncationBudget = ...
) -> Iterator[str]: ...
def _format_extra_items(
    mapping: Mapping[object, object], keys: Collection[object], highlighter: _HighlightFunc, truncation_budget: TruncationBudget
) -> Iterator[str]: ...
