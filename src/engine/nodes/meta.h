#pragma once
// `NodeMeta`, the metaclass of the node family.

#include "engine/nodes/node.h"

namespace fastest::nodes {

void define_meta(py::Module& m);
/// `type._create(*args, **kwargs)`: what `from_parent` calls.
object create_node(handle type, handle args, handle kwargs);

}  // namespace fastest::nodes
