#include "engine/nodes/ours.h"

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
        object setting = py::call_method(py::lookup("os", "environ"_n), "get"_n, py::str("FASTEST_LOOKERS"));
        known = py::boolean(py::is_none(setting) || !py::equal(setting, py::str("all")));
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
