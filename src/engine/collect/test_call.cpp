#include "engine/collect/test_call.h"
#include "engine/collect/python_nodes.h"
#include "engine/nodes/ours.h"

namespace fastest::collect {
namespace {

constexpr const char* kMethods[] = {"runtest",      "setup", "teardown", "listchain",        "add_report_section",
                                    "_initrequest", "obj",   "ihook",    "_report_sections", "user_properties",
                                    "nodeid",       "id",    "funcargs", "_request",         "fixturenames"};

// The methods by which Function is run, as they were defined. Constants of the process.
struct TestClass {
    PyTypeObject* type = nullptr;
    py::OwnMethods<std::size(kMethods)> methods;

    void remember(handle cls) {
        type = reinterpret_cast<PyTypeObject*>(cls.ptr());
        methods.remember(cls, kMethods);
    }
    bool has(handle item) const { return Py_TYPE(item.ptr()) == type && methods.found_on(item); }
};
TestClass g_functions, g_runnable;
nodes::OurMethod g_fill;

}  // namespace

void remember_test_methods(handle function) {
    g_functions.remember(function);
    g_fill.remember(py::global<"fixtures", "TopRequest">(), "_fillfixtures");
}

void remember_runnable_tests(handle type) { g_runnable.remember(type); }

bool is_plain_test(handle item) {
    if (!g_functions.has(item) && !g_runnable.has(item)) return false;
    const nodes::Node* node = nodes::as_node(item);
    if (node->refs[nodes::kRequest] || node->refs[nodes::kFuncargs]) return false;
    return g_fill.found_in(reinterpret_cast<PyTypeObject*>(py::global<"fixtures", "TopRequest">().ptr()));
}

}  // namespace fastest::collect
