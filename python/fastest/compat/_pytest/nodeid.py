"""Structured node ids."""

from fastest._engine import nodeid as _nodeid

NodeId = _nodeid.NodeId
coerce_node_id = _nodeid.coerce_node_id
