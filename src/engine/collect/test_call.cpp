#include <array>

#include "engine/collect/python_nodes.h"
#include "engine/collect/test_call.h"
#include "engine/nodes/ours.h"

namespace fastest::collect {
namespace {

constexpr const char* kMethods[] = {"runtest",      "setup", "teardown", "listchain",          "add_report_section",
                                    "_initrequest", "obj",   "ihook",    "_report_sections",   "user_properties",
                                    "nodeid",       "id",    "funcargs", "_request",           "fixturenames"};

/// The methods by which Function is run, as they were defined. Constants of the process.
struct Originals {
    std::array<nodes::OurMethod, std::size(kMethods)> methods;
    nodes::OurMethod fill;
};
Originals g_originals;

}  // namespace

void remember_test_methods(handle function) {
    for (std::size_t i = 0; i < g_originals.methods.size(); ++i) g_originals.methods[i].remember(function, kMethods[i]);
    g_originals.fill.remember(py::global<"fixtures", "TopRequest">(), "_fillfixtures");
}

bool is_plain_test(handle item) {
    auto* type = reinterpret_cast<PyTypeObject*>(py::global<"python", "Function">().ptr());
    if (Py_TYPE(item.ptr()) != type) return false;
    const nodes::Node* node = nodes::as_node(item);
    if (node->refs[nodes::kRequest] || node->refs[nodes::kFuncargs]) return false;
    const Originals& own = g_originals;
    if (!own.fill.found_in(reinterpret_cast<PyTypeObject*>(py::global<"fixtures", "TopRequest">().ptr()))) return false;
    bool bare = !node->refs[nodes::kDict] || PyDict_GET_SIZE(node->refs[nodes::kDict]) == 0;
    for (const nodes::OurMethod& method : own.methods)
        if (!(bare ? method.found_in(type) : method.found_on(item))) return false;
    return true;
}

}  // namespace fastest::collect
