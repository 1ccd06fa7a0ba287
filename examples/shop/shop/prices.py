"""Prices in cents."""

import warnings
from decimal import ROUND_HALF_UP, Decimal

VAT = {"books": Decimal("0.07"), "tools": Decimal("0.19")}


def gross(net: int, kind: str) -> int:
    """The price with tax, in cents.

    >>> gross(1000, "books")
    1070
    >>> gross(999, "tools")
    1189
    """
    return int((net * (1 + VAT[kind])).quantize(Decimal(1), ROUND_HALF_UP))


def show(cents: int) -> str:
    """
    >>> show(1070)
    '10.70'
    """
    return f"{cents // 100}.{cents % 100:02}"


def from_old_list(text: str) -> int:
    """Read a price of the paper list, as `12,50`."""
    warnings.warn("old price list", DeprecationWarning, stacklevel=2)
    whole, _, part = text.partition(",")
    return int(whole) * 100 + int(part or 0)
