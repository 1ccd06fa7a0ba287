"""Structured node ids."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import nodeid as _nodeid

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

NodeId = _nodeid.NodeId
coerce_node_id = _nodeid.coerce_node_id
