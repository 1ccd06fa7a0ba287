"""Old name of `pluggy._execution`."""

from ._execution import _multicall as _multicall
