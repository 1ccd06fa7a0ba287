"""The budget of an explanation, and names for annotations."""

from fastest._engine import assertion_typing as _room

NO_TRUNCATION_BUDGET = _room.NO_TRUNCATION_BUDGET
TruncationBudget = _room.TruncationBudget


def __getattr__(name):
    if name == "_AssertionTextDiffStyle":
        from typing import Literal

        return Literal["ndiff", "block"]
    if name == "_HighlightFunc":
        from collections.abc import Callable

        return Callable[..., str]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
