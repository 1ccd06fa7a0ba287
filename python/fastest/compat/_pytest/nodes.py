"""The nodes of the collection tree."""

import pathlib

import _pytest
from fastest._engine import elsewhere as _elsewhere
from fastest._engine import nodes as _nodes

from _pytest.nodeid import coerce_node_id
from _pytest.nodeid import NodeId

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

SEP = _nodes.SEP
tracebackcutdir = pathlib.Path(_pytest.__file__).parent

NodeMeta = _nodes.NodeMeta
Node = _nodes.Node
Collector = _nodes.Collector
FSCollector = _nodes.FSCollector
File = _nodes.File
Directory = _nodes.Directory
Item = _nodes.Item

get_fslocation_from_item = _nodes.get_fslocation_from_item
norm_sep = _nodes.norm_sep
_check_initialpaths_for_relpath = _nodes._check_initialpaths_for_relpath
