from collections.abc import Iterable, Iterator, Sequence

from _pytest._io.pprint import PrettyPrinter as PrettyPrinter
from _pytest.assertion._typing import TruncationBudget as TruncationBudget
from _pytest.assertion._typing import _HighlightFunc as _HighlightFunc

def _compare_eq_iterable(
    left: Iterable[object], right: Iterable[object], highlighter: _HighlightFunc, verbose: int = 0, truncation_budget: TruncationBudget = ...
) -> Iterator[str]: ...
def _compare_eq_sequence(left: Sequence[object], right: Sequence[object], highlighter: _HighlightFunc, verbose: int = 0) -> Iterator[str]: ...
