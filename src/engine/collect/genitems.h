#pragma once
// From collectors to items, depth first: `Session.genitems`.

#include "engine/nodes/node.h"

namespace fastest::collect {

using py::handle;
using py::object;
using namespace py::literals;

/// `items.extend(session.genitems(node))`.
void extend_with_items(handle items, handle session, handle node);
/// Keeps the methods that are asked for, to tell later whether they were replaced.
void remember_genitems_methods(handle session_class);

py::Generator generate_items(py::OwnedArgs a);  // self, node

}  // namespace fastest::collect
