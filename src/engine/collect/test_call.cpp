#include "engine/collect/python_nodes.h"
#include "engine/collect/test_call.h"
#include "engine/nodes/ours.h"

namespace fastest::collect {
namespace {

constexpr const char* kMethods[] = {"runtest",      "setup", "teardown", "listchain",          "add_report_section",
                                    "_initrequest", "obj",   "ihook",    "_report_sections",   "user_properties",
                                    "nodeid",       "id",    "funcargs", "_request",           "fixturenames"};

// The methods by which Function is run, as they were defined. Constants of the process.
py::OwnMethods<std::size(kMethods)> g_methods;
nodes::OurMethod g_fill;

}  // namespace

void remember_test_methods(handle function) {
    g_methods.remember(function, kMethods);
    g_fill.remember(py::global<"fixtures", "TopRequest">(), "_fillfixtures");
}

bool is_plain_test(handle item) {
    auto* type = reinterpret_cast<PyTypeObject*>(py::global<"python", "Function">().ptr());
    if (Py_TYPE(item.ptr()) != type) return false;
    const nodes::Node* node = nodes::as_node(item);
    if (node->refs[nodes::kRequest] || node->refs[nodes::kFuncargs]) return false;
    return g_fill.found_in(reinterpret_cast<PyTypeObject*>(py::global<"fixtures", "TopRequest">().ptr())) &&
           g_methods.found_on(item);
}

}  // namespace fastest::collect
