#include "engine/settings/option_spec.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::handle;
using py::object;

struct StandardAction {
    std::string_view name;
    ActionKind kind;
    bool takes_arguments;
    std::initializer_list<std::string_view> keywords;  // besides dest, default, required and help
};

const StandardAction kActions[] = {
    {"store", ActionKind::kStore, true, {"nargs", "const", "type", "choices", "metavar"}},
    {"store_const", ActionKind::kStoreConst, false, {"const", "metavar"}},
    {"store_true", ActionKind::kStoreConst, false, {}},
    {"store_false", ActionKind::kStoreConst, false, {}},
    {"append", ActionKind::kAppend, true, {"nargs", "const", "type", "choices", "metavar"}},
    {"append_const", ActionKind::kAppendConst, false, {"const", "metavar"}},
    {"extend", ActionKind::kExtend, true, {"nargs", "const", "type", "choices", "metavar"}},
    {"count", ActionKind::kCount, false, {}},
};

bool plain_name(std::string_view name) {
    if (name.starts_with("--")) return name.size() > 2 && name.find('=') == std::string_view::npos;
    return name.size() == 2 && name[0] == '-' && !(name[1] >= '0' && name[1] <= '9') && name[1] != '=' && name[1] != '.';
}

bool plain_names(handle names, handle known) {
    if (PyTuple_GET_SIZE(names.ptr()) == 0) return false;
    for (object name : py::each(names))
        if (!py::is_str(name) || !plain_name(py::text(name)) || py::contains(known, name)) return false;
    return true;
}

bool plain_nargs(handle nargs) {
    if (py::is_none(nargs)) return true;
    if (PyLong_CheckExact(nargs.ptr())) return py::to_int(nargs) > 0;
    if (!py::is_str(nargs)) return false;
    std::string text = py::text(nargs);
    return text == "?" || text == "*" || text == "+";
}

bool is_suppressed(handle value) { return py::is_str(value) && py::text(value) == "==SUPPRESS=="; }

handle keyword(handle keywords, handle name) {
    PyObject* found = PyDict_GetItemWithError(keywords.ptr(), name.ptr());
    if (!found && PyErr_Occurred()) throw nb::python_error();
    return found ? found : Py_None;
}

/// What all actions have in common that argparse checks when an option is added.
bool plain_values(handle type, handle choices, handle nargs, handle fallback, handle metavar) {
    if (!py::is_none(type) && !PyCallable_Check(type.ptr())) return false;
    if (PyType_Check(type.ptr()) && std::string_view(reinterpret_cast<PyTypeObject*>(type.ptr())->tp_name) == "FileType")
        return false;
    return plain_nargs(nargs) && !py::is_str(choices) && !PyTuple_Check(metavar.ptr()) && !is_suppressed(fallback);
}

object pack(handle names, handle keywords, handle dest, ActionKind kind, handle nargs, handle constant, handle fallback,
            handle type, handle choices, bool required, handle action) {
    return py::tuple_of(py::to_list(names), dest, py::integer(static_cast<int>(kind)), nargs, constant, fallback, type, choices,
                        py::boolean(required), action, names, keywords);
}

object standard_spec(const StandardAction& action, handle names, handle keywords, handle dest) {
    static constexpr std::string_view kCommon[] = {"action", "dest", "default", "required", "help"};
    PyObject *key, *value;
    for (Py_ssize_t at = 0; PyDict_Next(keywords.ptr(), &at, &key, &value);) {
        std::string name = py::text(key);
        if (!std::ranges::count(kCommon, name) && !std::ranges::count(action.keywords, name)) return {};
    }
    handle nargs = keyword(keywords, "nargs"_n), constant = keyword(keywords, "const"_n);
    handle fallback = keyword(keywords, "default"_n), type = keyword(keywords, "type"_n);
    handle choices = keyword(keywords, "choices"_n);
    if (!plain_values(type, choices, nargs, fallback, keyword(keywords, "metavar"_n))) return {};
    bool optional = py::is_str(nargs) && py::text(nargs) == "?";
    if (action.takes_arguments && !py::is_none(constant) && !optional) return {};
    bool is_true = action.name == "store_true", is_false = action.name == "store_false";
    if (is_true || is_false) {
        constant = is_true ? Py_True : Py_False;
        if (!PyDict_Contains(keywords.ptr(), "default"_n.ptr())) fallback = is_true ? Py_False : Py_True;
    }
    return pack(names, keywords, dest, action.kind, nargs, constant, fallback, type, choices,
                py::truth(keyword(keywords, "required"_n)), Py_None);
}

/// An action class of the caller's own: made here, as argparse would make it.
object custom_spec(handle type, handle names, handle keywords, handle dest) {
    object arguments = py::check(PyDict_Copy(keywords.ptr()));
    py::dict_remove(arguments, "action"_n);
    py::dict_set(arguments, "dest"_n, dest);
    py::dict_set(arguments, "option_strings"_n, py::to_list(names));
    object action = py::call_ex(type, py::tuple_of(), arguments);
    object nargs = py::get(action, "nargs"_n), fallback = py::get(action, "default"_n);
    object value_type = py::get(action, "type"_n), choices = py::get(action, "choices"_n);
    bool none = PyLong_CheckExact(nargs.ptr()) && py::to_int(nargs) == 0;
    if (!plain_values(value_type, choices, none ? handle(Py_None) : handle(nargs), fallback, py::get(action, "metavar"_n)))
        return {};
    return pack(names, keywords, py::get(action, "dest"_n), ActionKind::kCustom, nargs, py::get(action, "const"_n), fallback,
                value_type, choices, py::truth(py::get(action, "required"_n)), action);
}

}  // namespace

bool OptionSpec::takes_arguments() const {
    switch (kind()) {
    case ActionKind::kStoreConst:
    case ActionKind::kAppendConst:
    case ActionKind::kCount:
        return false;
    case ActionKind::kCustom:
        return !(PyLong_CheckExact(nargs().ptr()) && PyLong_AsLong(nargs().ptr()) == 0);
    default:
        return true;
    }
}

std::string default_dest(handle names) {
    std::string chosen;
    for (object name : py::each(names)) {
        std::string text = py::text(name);
        bool first = chosen.empty(), is_long = text.starts_with("--");
        if (first || is_long) chosen = text;
        if (is_long) break;
    }
    chosen.erase(0, std::min(chosen.find_first_not_of('-'), chosen.size()));
    std::ranges::replace(chosen, '-', '_');
    return chosen;
}

object make_spec(handle names, handle keywords, handle known) {
    if (!plain_names(names, known)) return {};
    handle dest = keyword(keywords, "dest"_n);
    object kept = py::is_none(dest) ? py::str(default_dest(names)) : py::borrow(dest);
    if (!py::is_str(kept)) return {};
    handle action = keyword(keywords, "action"_n);
    if (!py::is_none(action) && !py::is_str(action)) {
        if (!PyType_Check(action.ptr())) return {};
        return custom_spec(action, names, keywords, kept);
    }
    std::string name = py::is_none(action) ? "store" : py::text(action);
    for (const StandardAction& standard : kActions)
        if (standard.name == name) return standard_spec(standard, names, keywords, kept);
    return {};
}

}  // namespace fastest::settings
