// Items that have nothing of their own but a name: what `-k` and `-m` see of them beside it comes from their parents.

#include <array>

#include "engine/collect/python_nodes.h"
#include "engine/nodes/ours.h"
#include "engine/py/python_function.h"

namespace fastest::collect {
namespace {

using nodes::Node;

std::array<py::OwnMethod, 6> g_methods;  // constants: the engine's own functions

/// Of a container as the engine makes it; others take a closer look.
bool is_empty(handle container) {
    if (!container.is_valid()) return true;
    return (PyList_CheckExact(container.ptr()) || PyDict_CheckExact(container.ptr()) ||
            PyAnySet_CheckExact(container.ptr())) &&
           PyObject_Size(container.ptr()) == 0;
}

/// The Python function of an item that the engine made; null when that takes a closer look.
handle function_of(const Node* node) {
    handle obj = nodes::field(node, nodes::kObj);
    if (obj.is_valid()) return py::function_of(obj);
    const Node* parent = nodes::as_node(nodes::field(node, nodes::kParent));
    handle cls = parent ? nodes::field(parent, nodes::kObj) : handle();
    if (!(node->pending & nodes::kPendingObject) || !cls.is_valid() || !PyType_Check(cls.ptr())) return {};
    return _PyType_Lookup(reinterpret_cast<PyTypeObject*>(cls.ptr()), nodes::field(node, nodes::kOriginalName).ptr());
}

bool is_bare(handle item) {
    PyTypeObject* type = Py_TYPE(item.ptr());
    if (!handle(reinterpret_cast<PyObject*>(type)).is(py::global<"python", "Function">())) return false;
    const Node* node = nodes::as_node(item);
    handle session = nodes::field(node, nodes::kSession);
    if (!session.is_valid() || !nodes::short_cuts(session)) return false;
    for (const py::OwnMethod& method : g_methods)
        if (!method.found_in(type)) return false;
    for (nodes::Field which : {nodes::kName, nodes::kParent, nodes::kOwnMarkers, nodes::kExtraKeywords})
        if (!nodes::reads_field(type, which)) return false;
    for (nodes::Field which : {nodes::kDict, nodes::kOwnMarkers, nodes::kExtraKeywords})
        if (!is_empty(nodes::field(node, which))) return false;
    handle function = function_of(node);
    return function.is_valid() && PyFunction_Check(function.ptr()) && !py::has_attributes(function);
}

}  // namespace

void define_bare_items(py::Module& m) {
    std::size_t at = 0;
    for (const char* name :
         {"listchain", "listextrakeywords", "iter_markers", "iter_markers_with_node", "iter_parents", "function"})
        g_methods[at++].remember(m.get("Function"), name);
    m.def("_parent_of_bare_item", "item",
          [](py::Args a) { return is_bare(a[0]) ? nodes::parent_of(a[0]) : py::none(); });
}

}  // namespace fastest::collect
