#pragma once
// How a node shows a failure, and where in the sources a node stands.

#include "engine/nodes/node.h"

namespace fastest::nodes {

/// `node._repr_failure_py(excinfo, style)`: the exception's representation after the run's options.
object repr_failure(handle node, handle excinfo, handle style);
/// (path, 0-based line or None) of a node: from `location`, else `obj`, else `path` with line -1.
object source_place_of(handle node);
/// The traceback of a collection failure: from the node's file on, or at least without pytest's own frames.
object collector_traceback(handle node, handle excinfo);

}  // namespace fastest::nodes
