#include "engine/nodes/ours.h"
#include "engine/py/short_cut.h"

namespace fastest::nodes {
namespace {

object native_dict(handle session) {
    Node* node = require_node(session);
    if (!node->refs[kNative]) set_field(node, kNative, py::new_dict());
    return py::borrow(field(node, kNative));
}

}  // namespace

bool short_cuts(handle session) {
    if (!is_node(session)) return false;
    object native = native_dict(session);
    object known = py::dict_get(native, "short_cuts"_n);
    if (!known.is_valid()) {
        known = py::boolean(!py::believes_in_lookers());
        py::dict_set(native, "short_cuts"_n, known);
    }
    return known.is(Py_True);
}

object session_memory(handle session, handle name) {
    object native = native_dict(session);
    object known = py::dict_get(native, name);
    if (!known.is_valid()) {
        known = py::new_dict();
        py::dict_set(native, name, known);
    }
    return known;
}

}  // namespace fastest::nodes
