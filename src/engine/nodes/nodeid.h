#pragma once
// `_pytest.nodeid.NodeId`: the structured form of "path::names[params]", and its text.

#include "engine/py/module.h"

namespace fastest::nodes {

using py::handle;
using py::object;
using namespace py::literals;

/// A NodeId with these parts. `names` is a tuple of str, `params` a str or None.
object make_nodeid(handle path, handle names, handle params);
/// A NodeId as it is, or one parsed from a str.
object coerce_nodeid(handle nodeid);
/// `nodeid.child(name)`; ValueError for a parametrized id.
object child_nodeid(handle nodeid, handle name);
/// `nodeid.with_params(params)`; ValueError for a parametrized id.
object nodeid_with_params(handle nodeid, handle params);
/// `str(nodeid)`, remembered in the object.
object nodeid_text(handle nodeid);

}  // namespace fastest::nodes
