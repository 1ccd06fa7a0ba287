"""Approximate comparisons."""

from fastest._engine import approx as _room
from fastest._engine import elsewhere as _elsewhere

Approx = _room.Approx
ApproxMapping = _room.ApproxMapping
ApproxNumpy = _room.ApproxNumpy
ApproxScalar = _room.ApproxScalar
ApproxSequenceLike = _room.ApproxSequenceLike
ApproxTimedelta = _room.ApproxTimedelta
_as_numpy_array = _room._as_numpy_array
_contains_decimal = _room._contains_decimal
_is_bool = _room._is_bool
_is_inf = _room._is_inf
_is_nan = _room._is_nan
_is_nested_container = _room._is_nested_container
_is_sequence_like = _room._is_sequence_like
_recursive_sequence_map = _room._recursive_sequence_map
_unbox_numpy_scalar = _room._unbox_numpy_scalar
approx = _room.approx

__dir__ = _elsewhere.names(__name__, "ApproxDecimal")


def __getattr__(name):
    if name == "ApproxDecimal":  # needs the module decimal
        from fastest._engine import approx_decimal

        return approx_decimal.ApproxDecimal
    return _elsewhere.find(__name__, name, "ApproxDecimal")
