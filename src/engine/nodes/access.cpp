// Reading nodes from C++: the field where nothing hides it, else the Python attribute.

#include "engine/nodes/node.h"
#include "engine/nodes/nodeid.h"

namespace fastest::nodes {
namespace {

bool is_kind(handle node, handle type) {
    if (PyType_IsSubtype(Py_TYPE(node.ptr()), reinterpret_cast<PyTypeObject*>(type.ptr()))) return true;
    return !is_node(node) && py::is_instance(node, type);
}

}  // namespace

object name_of(handle node) { return read_field(node, kName, "name"_n); }
object parent_of(handle node) { return read_field(node, kParent, "parent"_n); }
object config_of(handle node) { return read_field(node, kConfig, "config"_n); }
object session_of(handle node) { return read_field(node, kSession, "session"_n); }
object path_of(handle node) { return read_field(node, kPath, "path"_n); }
object own_markers_of(handle node) { return read_field(node, kOwnMarkers, "own_markers"_n); }
object keywords_of(handle node) { return read_field(node, kKeywords, "keywords"_n); }
object stash_of(handle node) { return read_field(node, kStash, "stash"_n); }
object id_of(handle node) { return py::get(node, "id"_n); }
object nodeid_of(handle node) { return py::get(node, "nodeid"_n); }
object ihook_of(handle node) { return py::get(node, "ihook"_n); }

object option_of(handle config, handle name, handle fallback) {
    return py::call_method(config, "getoption"_n, name, fallback);
}

bool is_item(handle node) { return is_kind(node, py::global<"nodes", "Item">()); }
bool is_collector(handle node) { return is_kind(node, py::global<"nodes", "Collector">()); }

object call_super(handle after, handle self, handle name, handle args, handle kwargs) {
    object proxy = py::call(handle(reinterpret_cast<PyObject*>(&PySuper_Type)), after, self);
    return py::call_ex(py::get(proxy, name), args, kwargs);
}

}  // namespace fastest::nodes
