// `OptionGroup`: options that are shown together in `--help`.

#include "engine/settings/argparsing.h"
#include "engine/settings/option_spec.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

object init(Args a) {
    handle self = a[0];
    if (!py::truth(a[4])) py::call(py::facade("_pytest.deprecated", "check_ispytest"_n), a[4]);
    py::set(self, "_made_group"_n, a[1]);
    py::set(self, "name"_n, a[2]);
    py::set(self, "options"_n, py::new_list());
    py::set(self, "parser"_n, a[3]);
    return py::none();
}

object argparse_group(handle self) {
    object made = py::get(self, "_made_group"_n);
    if (!py::is_none(made)) return made;
    argparse_parser(py::get(self, "parser"_n));
    return py::get(self, "_made_group"_n);
}

void refuse_known_names(handle self, handle names) {
    object used = py::check(PySet_New(nullptr));
    for (object option : py::each(py::get(self, "options"_n)))
        for (object name : py::each(py::call_method(option, "names"_n))) py::check(PySet_Add(used.ptr(), name.ptr()));
    object given = py::check(PySet_New(names.ptr()));
    object conflict = py::call_method(given, "intersection"_n, used);
    if (py::truth(conflict))
        py::raise(PyExc_ValueError, py::cat("option names ", py::repr_of(conflict), " already added"));
}

void refuse_known_dest(handle parser, handle names) {
    if (PyTuple_GET_SIZE(names.ptr()) == 0) py::raise(PyExc_IndexError, "tuple index out of range");
    object dest = py::str(default_dest(names));
    for (object group : py::each(py::get(parser, "_groups"_n))) {
        for (object option : py::each(py::get(group, "options"_n))) {
            if (!py::equal(py::get(option, "dest"_n), dest)) continue;
            object shown = py::repr_of(dest);
            py::raise(PyExc_ValueError,
                      py::cat("option dest ", shown, " already used by ", py::repr_of(py::call_method(option, "names"_n)),
                              " (this is the option that maps to dest ", shown, "); pass dest=", shown,
                              " explicitly to share the destination"));
        }
    }
}

/// Lower case letters such as `-x` are pytest's own.
void refuse_reserved(handle names) {
    for (object name : py::each(names)) {
        if (!py::is_str(name) || PyUnicode_GET_LENGTH(name.ptr()) < 2 || PyUnicode_READ_CHAR(name.ptr(), 0) != '-') continue;
        object second = py::item(name, py::integer(1));
        if (py::truth(py::call_method(second, "islower"_n)))
            py::raise(PyExc_ValueError, "lowercase short options are reserved");
    }
}

object new_argument() {
    handle type = py::global<"argparsing", "Argument">();
    return py::check(reinterpret_cast<PyTypeObject*>(type.ptr())->tp_alloc(reinterpret_cast<PyTypeObject*>(type.ptr()), 0));
}

/// The option as a native one, or null when argparse has to take it (and, from then on, the whole command line).
object native_argument(handle parser, handle names, handle keywords) {
    if (existing_argparse_parser(parser).is_valid()) return {};
    object index = py::get(parser, "_index"_n);
    object spec = make_spec(names, keywords, index);
    if (!spec.is_valid()) return {};
    object argument = new_argument();
    py::set(argument, "_spec"_n, spec);
    py::set(argument, "_parser"_n, parser);
    for (object name : py::each(names)) py::dict_set(index, name, argument);
    return argument;
}

void add(handle self, handle names, handle keywords, bool allow_reserved) {
    if (!allow_reserved) refuse_reserved(names);
    object parser = py::get(self, "parser"_n);
    if (py::truth(parser)) make_room(parser, names);
    object argument;
    if (py::truth(parser)) argument = native_argument(parser, names, keywords);
    if (argument.is_valid()) {
        py::set(argument, "_group"_n, self);
        py::append(py::get(parser, "_arguments"_n), argument);
    } else {
        object action = py::call_ex(py::get(argparse_group(self), "add_argument"_n), names, keywords);
        argument = py::call(py::global<"argparsing", "Argument">(), action);
    }
    py::append(py::get(self, "options"_n), argument);
    if (!py::truth(parser)) return;
    object dests = py::get(parser, "_opt2dest"_n), dest = py::get(argument, "dest"_n);
    for (object name : py::each(py::call_method(argument, "names"_n))) py::set_item(dests, name, dest);
    py::call_method(parser, "processoption"_n, argument);
}

object addoption(Args a) {
    refuse_known_names(a[0], a[1]);
    object parser = py::get(a[0], "parser"_n);
    if (py::truth(parser) && !PyDict_Contains(a[2].ptr(), "dest"_n.ptr())) refuse_known_dest(parser, a[1]);
    py::call_method_kw(a[0], "_addoption_inner"_n, {a[1], a[2]}, {{"allow_reserved"_n, Py_False}});
    return py::none();
}

object add_reserved_option(Args a) {
    py::call_method_kw(a[0], "_addoption_inner"_n, {a[1], a[2]}, {{"allow_reserved"_n, Py_True}});
    return py::none();
}

object add_inner(Args a) {
    add(a[0], a[1], a[2], py::truth(a[3]));
    return py::none();
}

object set_group(Args a) {
    py::set(a[0], "_made_group"_n, a[1]);
    return py::none();
}

}  // namespace

void define_option_group(py::Module& m) {
    m.cls("OptionGroup")
        .def("__init__", "self, arggroup, name, parser, _ispytest=False", init)
        .prop("_arggroup", [](Args a) { return argparse_group(a[0]); }, set_group)
        .def("addoption", "self, *opts, **attrs", addoption,
             "Add an option to this group.\n\n"
             "Of long names that differ only in hyphens, `--help` shows the longest; all are accepted.\n\n"
             ":param opts:\n    Names, short or long. Lower case short names (`-x`) are reserved.\n"
             ":param attrs:\n    What :meth:`add_argument() <argparse.ArgumentParser.add_argument>` accepts.")
        .def("_addoption", "self, *opts, **attrs", add_reserved_option)
        .def("_addoption_inner", "self, opts, attrs, allow_reserved", add_inner)
        .doc("A group of options that has its own section in `--help`.")
        .make();
}

}  // namespace fastest::settings
