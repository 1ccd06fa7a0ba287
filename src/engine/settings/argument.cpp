// `Argument`: an option as plugins see it. It has a spec of the native parser, or an action of argparse, or both.

#include "engine/settings/argparsing.h"
#include "engine/settings/option_spec.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

/// The argparse action, or null when there is none yet.
object existing_action(handle self) { return py::try_get(self, "_made_action"_n); }

object action(handle self) {
    object made = existing_action(self);
    if (made.is_valid()) return made;
    argparse_parser(py::get(self, "_parser"_n));
    return py::get(self, "_made_action"_n);
}

template <py::FixedString Name>
object field(handle self, handle (OptionSpec::*read)() const) {
    object made = existing_action(self);
    if (made.is_valid()) return py::get(made, py::operator""_n<Name>());
    object tuple = py::get(self, "_spec"_n);
    return py::borrow((OptionSpec(tuple).*read)());
}

object init(Args a) {
    py::set(a[0], "_made_action"_n, a[1]);
    return py::none();
}

object get_names(Args a) { return field<"option_strings">(a[0], &OptionSpec::names); }
object get_dest(Args a) { return field<"dest">(a[0], &OptionSpec::dest); }
object get_default(Args a) { return field<"default">(a[0], &OptionSpec::fallback); }
object get_type(Args a) { return field<"type">(a[0], &OptionSpec::type); }

object show(Args a) {
    handle self = a[0];
    if (!existing_action(self).is_valid() && !py::has(self, "_spec"_n)) return py::str("Argument(<uninitialized>)");
    std::string text = py::cat("opts: ", py::repr_of(py::call_method(self, "names"_n)));
    text += py::cat(", dest: ", py::repr_of(py::get(self, "dest"_n)));
    if (object type = py::get(self, "type"_n); py::truth(type)) text += py::cat(", type: ", py::repr_of(type));
    return py::strcat("Argument(", text, ", default: ", py::repr_of(py::get(self, "default"_n)), ")");
}

object set_action(Args a) {
    py::set(a[0], "_made_action"_n, a[1]);
    return py::none();
}

}  // namespace

void define_argument(py::Module& m) {
    m.cls("Argument")
        .def("__init__", "self, action", init)
        .prop("_action", [](Args a) { return action(a[0]); }, set_action)
        .def("attrs", "self", [](Args a) { return py::get(action(a[0]), "__dict__"_n); })
        .def("names", "self", get_names)
        .prop("dest", get_dest)
        .prop("default", get_default)
        .prop("type", get_type)
        .def("__repr__", "self", show)
        .doc("An option of an OptionGroup.")
        .make();
}

}  // namespace fastest::settings
