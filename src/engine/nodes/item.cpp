// `Item`: what is run.

#include "engine/nodes/node.h"
#include "engine/nodes/ours.h"
#include "engine/py/error.h"
#include "engine/py/facade_warning.h"
#include "engine/py/short_cut.h"

namespace fastest::nodes {
namespace {

using py::Args;

object item_init(Args a) {
    handle self = a[0];
    py::dict_set(a[6], "config"_n, a[3]);
    py::dict_set(a[6], "session"_n, a[4]);
    py::dict_set(a[6], "nodeid"_n, a[5]);
    // By position: a class that is an Item and a File at once takes them so.
    call_super(py::global<"nodes", "Item">(), self, "__init__"_n, py::tuple_of(a[1], a[2]), a[6]);
    return py::call_method(self, "_check_item_and_collector_diamond_inheritance"_n);
}

/// Once per class: an attribute of the class remembers it.
object warn_of_diamond(Args a) {
    handle type = py::type_of(a[0]);
    handle shown = "_pytest_diamond_inheritance_warning_shown"_n;
    if (py::truth(py::get_or(type, shown, Py_False))) return py::none();
    py::set(type, shown, Py_True);
    std::string problems;
    for (object base : py::each(py::get(type, "__bases__"_n))) {
        if (!py::is_subclass(base, py::global<"nodes", "Collector">())) continue;
        if (!problems.empty()) problems += ", ";
        problems += py::text(py::get(base, "__name__"_n));
    }
    if (problems.empty()) return py::none();
    object text = py::strcat(
        py::get(type, "__name__"_n), " is an Item subclass and should not be a collector, however its bases ", problems,
        " are collectors.\nPlease split the Collectors and the Item into separate node types.\n"
        "Pytest Doc example: https://docs.pytest.org/en/latest/example/nonpython.html\n"
        "example pull request on a plugin: https://github.com/asmeurer/pytest-flakes/pull/40/");
    py::warn_from("_pytest.nodes", py::call(py::lookup("_pytest.warning_types", "PytestWarning"_n), text));
    return py::none();
}

object add_report_section(Args a) {
    if (py::truth(a[3]))
        py::call_method(py::get(a[0], "_report_sections"_n), "append"_n, py::tuple_of(a[1], a[2], a[3]));
    return py::none();
}

object reportinfo(Args a) { return py::tuple_of(py::get(a[0], "path"_n), Py_None, py::str("")); }

py::ShortCut g_locations{
    "nodes.locations",
    "The path of an item's location is made relative once a session for each file. Seen by patches of "
    "Session._node_location_to_relpath and absolutepath."};

/// Found once a session for each absolute path.
object relative_path(handle session, handle path) {
    object text = py::to_str(path);
    bool plain = g_locations.take(is_node(session) && short_cuts(session) && py::text(text).starts_with('/'));
    object memory;
    if (plain) {
        memory = session_memory(session, "locations"_n);
        if (object known = py::dict_get(memory, text); known.is_valid()) return known;
    }
    object absolute = py::call(py::lookup("_pytest.pathlib", "absolutepath"_n), path);
    object relative = py::call_method(session, "_node_location_to_relpath"_n, absolute);
    if (plain) py::dict_set(memory, text, relative);
    return relative;
}

object make_location(handle item) {
    object info = py::call_method(item, "reportinfo"_n);
    object relative = relative_path(py::get(item, "session"_n), py::item(info, py::integer(0)));
    object name = py::item(info, py::integer(2));
    if (!PyUnicode_CheckExact(name.ptr())) py::raise(PyExc_AssertionError, "");
    return py::tuple_of(relative, py::item(info, py::integer(1)), name);
}

PyObject* read_location(PyObject* self, void*) {
    return py::guard([&]() -> object {
        Node* node = reinterpret_cast<Node*>(self);
        if (!node->refs[kLocation]) set_field(node, kLocation, make_location(handle(self)));
        return py::borrow(node->refs[kLocation]);
    });
}

}  // namespace

void define_item(py::Module& m) {
    m.cls("Item", {m.get("Node")})
        .doc("A node that is run as a test.")
        .attr("nextitem", Py_None)
        .attr("_report_sections", lazy_list_descriptor("_report_sections", kReportSections))
        .attr("user_properties", lazy_list_descriptor("user_properties", kUserProperties))
        .attr("location", lazy_descriptor("location", kLocation, read_location))
        .def("__init__", "self, name, parent=None, config=None, session=None, nodeid=None, **kw", item_init)
        .def("_check_item_and_collector_diamond_inheritance", "self", warn_of_diamond)
        .def("runtest", "self", [](Args) -> object {
            py::raise(PyExc_NotImplementedError, "runtest must be implemented by Item subclass");
        }, "Run the test; an exception is a failure.")
        .abstract()
        .def("add_report_section", "self, when, key, content", add_report_section,
             "Add text to the report of a phase (`setup`, `call`, `teardown`).")
        .def("reportinfo", "self", reportinfo, "(path, 0-based line or None, name) for reports.")
        .make();
}

}  // namespace fastest::nodes

FASTEST_MODULE(nodes, "_pytest.nodes") {
    fastest::nodes::define_node(m);
    fastest::nodes::define_collectors(m);
    fastest::nodes::define_item(m);
#ifdef FASTEST_COUNTERS
    m.def("live_nodes", "", [](fastest::py::Args) { return fastest::py::integer(fastest::nodes::live_nodes()); });
#endif
}
