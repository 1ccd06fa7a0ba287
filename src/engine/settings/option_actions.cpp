// Actions of options, made without argparse: they have the attributes that argparse asks of an action.

#include "engine/settings/argparsing.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

object init_action(Args a) {
    static PyObject* names[] = {"option_strings"_n.ptr(), "dest"_n.ptr(), "nargs"_n.ptr(),    "const"_n.ptr(),
                                "default"_n.ptr(),        "type"_n.ptr(), "choices"_n.ptr(),  "required"_n.ptr(),
                                "help"_n.ptr(),           "metavar"_n.ptr(), "deprecated"_n.ptr()};
    std::size_t at = 1;
    for (PyObject* name : names) py::set(a[0], name, a[at++]);
    return py::none();
}

object show_action(Args a) {
    std::string text;
    for (handle name : {"option_strings"_n, "dest"_n, "nargs"_n, "const"_n, "default"_n, "type"_n, "choices"_n, "required"_n,
                        "help"_n, "metavar"_n})
        text += py::cat(text.empty() ? "" : ", ", name, "=", py::repr_of(py::get(a[0], name)));
    return py::strcat(py::get(py::type_of(a[0]), "__name__"_n), "(", text, ")");
}

/// OverrideIniAction: `self, option_strings, dest, nargs=None, *args, ini_option, ini_value, **kwargs`.
object init_override(Args a) {
    object base = py::get(py::global<"argparsing", "Action">(), "__init__"_n);
    object given = py::tuple_of(a[0], a[1], a[2], py::integer(0));
    object arguments = py::check(PySequence_Concat(given.ptr(), a[4].ptr()));
    py::call_ex(base, arguments, a[7]);
    py::set(a[0], "ini_option"_n, a[5]);
    py::set(a[0], "ini_value"_n, a[6]);
    return py::none();
}

object override_ini(Args a) {
    handle self = a[0], target = a[2];
    py::set(target, py::get(self, "dest"_n), Py_True);
    object overrides = py::get_or(target, "override_ini"_n, Py_None);
    if (py::is_none(overrides)) overrides = py::new_list();
    py::call_method(overrides, "append"_n,
                    py::strcat(py::get(self, "ini_option"_n), "=", py::get(self, "ini_value"_n)));
    py::set(target, "override_ini"_n, overrides);
    return py::none();
}

}  // namespace

void define_actions(py::Module& m) {
    m.cls("Action")
        .attr("_fastest_native", Py_True)
        .def("__init__",
             "self, option_strings, dest, nargs=None, const=None, default=None, type=None, choices=None, required=False, "
             "help=None, metavar=None, deprecated=False",
             init_action)
        .def("format_usage", "self",
             [](Args a) { return py::item(py::get(a[0], "option_strings"_n), py::integer(0)); })
        .def("__repr__", "self", show_action)
        .doc("What `argparse.Action` is to argparse. Subclasses are called with (parser, namespace, values, option_string); the "
             "parser is None when argparse is not loaded.")
        .make();
    m.cls("OverrideIniAction", {m.get("Action")})
        .def("__init__", "self, option_strings, dest, nargs=None, *args, ini_option, ini_value, **kwargs", init_override)
        .def("__call__", "self, parser, namespace, *args, **kwargs", override_ini)
        .doc("A flag that also overrides an option of the configuration.")
        .make();
}

}  // namespace fastest::settings
