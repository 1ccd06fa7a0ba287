// Hints at attributes, variables and keys that do not exist.

#include <algorithm>

#include "engine/extras/hints.h"
#include "os/files.h"
#include "os/paths.h"

namespace fastest::extras {
namespace {

constexpr std::size_t kMostDicts = 50;

std::string quoted(const std::string& name) { return "'" + name + "'"; }

// --- attributes -------------------------------------------------------------------------------

/// `import xml; xml.dom`
void hint_at_submodule(handle module, const std::string& name, Hints& hints) {
    object folders = try_get(module, "__path__"_n);
    if (!folders.is_valid()) return;
    for (object folder : each(folders)) {
        std::string path = os::join(text_of(folder), name);
        if (!os::is_file(path + ".py") && !os::is_file(os::join(path, "__init__.py"))) continue;
        hints.add(cat("'", get(module, "__name__"_n), ".", name,
                      "' is a module that nobody has imported: import it by its full name"));
        return;
    }
}

/// What is wrong with the object rather than with the name.
bool hint_at_object(const Failure& failure, handle object_at_hand, handle name, Hints& hints) {
    if (is_none(object_at_hand)) {
        if (!text_of(failure.exception).starts_with("'NoneType' object has no attribute")) return false;
        hints.add("the object is None: was it never set, or does a function return nothing?");
        return true;
    }
    if (PyCoro_CheckExact(object_at_hand.ptr())) {
        hints.add("the object is a coroutine: it was never awaited");
        return true;
    }
    if (PyDict_Check(object_at_hand.ptr()) && dict_get(object_at_hand, name).is_valid()) {
        hints.add(cat("the dict has a key of that name: [", repr_of(name), "]"));
        return true;
    }
    return false;
}

}  // namespace

namespace {

void hint_at_members(handle at_hand, const std::string& wanted, Hints& hints) {
    match::NearestNames nearest(wanted);
    offer_all(check(PyObject_Dir(at_hand.ptr())), nearest);
    hints.add(did_you_mean(nearest.found()));
}

/// The module or class whose repr a message begins with; null for anything else.
object patched_object(const std::string& message) {
    if (std::string name = between(message, "<module '", "'"); message.starts_with("<module '"))
        return loaded_module(str(name));
    if (!message.starts_with("<class '")) return {};
    std::string path = between(message, "<class '", "'");
    std::size_t dot = path.rfind('.');
    object module = dot == std::string::npos ? object() : loaded_module(str(path.substr(0, dot)));
    return module.is_valid() ? dict_get(get(module, "__dict__"_n), str(path.substr(dot + 1))) : object();
}

/// `monkeypatch.setattr(shop, "prise", 1)`, `mock.patch("shop.prise")`
void hint_at_patch(const Failure& failure, Hints& hints) {
    std::string message = text_of(failure.exception);
    std::string wanted = between(message, "> has no attribute '", "'");
    if (wanted.empty()) wanted = between(message, "> does not have the attribute '", "'");
    if (wanted.empty()) return;
    if (object patched = patched_object(message); patched.is_valid()) hint_at_members(patched, wanted, hints);
}

}  // namespace

void hint_at_attributes(const Failure& failure, Hints& hints) {
    if (!is_instance(failure.exception, handle(PyExc_AttributeError))) return;
    object name = get_or(failure.exception, "name"_n, Py_None), at_hand = get_or(failure.exception, "obj"_n, Py_None);
    if (!is_str(name)) return hint_at_patch(failure, hints);
    if (hint_at_object(failure, at_hand, name, hints) || is_none(at_hand)) return;
    std::string wanted = text(name);
    if (PyModule_Check(at_hand.ptr())) {
        hints.add(hides_standard_module(failure.config, at_hand));
        hint_at_submodule(at_hand, wanted, hints);
    }
    hint_at_members(at_hand, wanted, hints);
}

// --- variables --------------------------------------------------------------------------------

namespace {

void hint_at_unbound(const std::string& name, handle frame, Hints& hints) {
    if (!contains(get(frame, "f_globals"_n), str(name)) && !contains(get(frame, "f_builtins"_n), str(name))) return;
    hints.add(
        cat(quoted(name),
            " is assigned to in this function, so all of the function takes it for a local variable: say 'global ",
            name, "' or use another name"));
}

/// `total` where `self.total` exists.
void hint_at_member(handle frame, const std::string& name, Hints& hints) {
    object self = dict_get(to_dict(get(frame, "f_locals"_n)), "self"_n);
    if (!self.is_valid()) return;
    if (contains(check(PyObject_Dir(self.ptr())), str(name))) hints.add(did_you_mean({"self." + name}));
}

/// Modules and fixtures that carry the name.
void hint_at_unnamed(const Failure& failure, const std::string& name, Hints& hints) {
    object key = str(name);
    static constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
        {"np", "numpy"}, {"pd", "pandas"}, {"plt", "matplotlib.pyplot"}, {"dt", "datetime"}, {"tf", "tensorflow"}};
    for (const auto& [alias, module] : kAliases)
        if (alias == name) hints.add(cat("'import ", module, " as ", alias, "' is missing"));
    if (contains(get(import_module("sys"), "stdlib_module_names"_n), key) || loaded_module(key).is_valid())
        hints.add(cat("'import ", name, "' is missing"));
    if (!has(failure.node, "fixturenames"_n)) return;
    if (object definition = visible_fixture(failure.node, key); definition.is_valid())
        hints.add(cat("there is a fixture ", quoted(name), " (", place_of(failure.config, get(definition, "func"_n)),
                      "): take it as a parameter of the test"));
}

}  // namespace

void hint_at_variables(const Failure& failure, Hints& hints) {
    if (!is_instance(failure.exception, handle(PyExc_NameError))) return;
    object frame = raising_frame(failure);
    std::string message = text_of(failure.exception);
    if (!frame.is_valid()) return;
    if (is_instance(failure.exception, handle(PyExc_UnboundLocalError))) {
        std::string name = between(message, "variable '", "'");
        if (!name.empty()) hint_at_unbound(name, frame, hints);
        return;
    }
    std::string name = between(message, "name '", "' is not defined");
    if (name.empty()) return;
    hint_at_member(frame, name, hints);
    hint_at_unnamed(failure, name, hints);
    match::NearestNames nearest(name);
    for (handle space : {"f_locals"_n, "f_globals"_n, "f_builtins"_n}) offer_all(get(frame, space), nearest);
    hints.add(did_you_mean(nearest.found()));
}

// --- keys -------------------------------------------------------------------------------------

/// Only of dicts that are variables of the function which raised: they are not asked with users' code.
void hint_at_keys(const Failure& failure, Hints& hints) {
    if (!Py_IS_TYPE(failure.exception.ptr(), reinterpret_cast<PyTypeObject*>(PyExc_KeyError))) return;
    object arguments = get(failure.exception, "args"_n), frame = raising_frame(failure);
    if (!frame.is_valid() || length(arguments) != 1) return;
    object key = item(arguments, integer(0));
    if (!PyUnicode_CheckExact(key.ptr())) return;
    object variables = to_dict(get(frame, "f_locals"_n));
    std::size_t count = 0;
    for (object name : each(variables)) {
        object value = dict_get(variables, name);
        if (!value.is_valid() || !PyDict_CheckExact(value.ptr()) || ++count > kMostDicts) continue;
        if (dict_get(value, key).is_valid()) continue;
        match::NearestNames nearest(text(key));
        offer_all(value, nearest);
        if (std::vector<std::string> found = nearest.found(); !found.empty())
            hints.add(cat(did_you_mean(found), " (in '", name, "')"));
    }
}

}  // namespace fastest::extras
