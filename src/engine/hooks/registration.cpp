// Plugins come and go: register, unregister, block, and the checks of their implementations.

#include "engine/hooks/manager.h"
#include "engine/hooks/plugin_attributes.h"
#include "engine/py/facades.h"
#include "engine/py/module.h"
#include "engine/py/short_cut.h"

namespace fastest::hooks {

using namespace py::literals;

namespace {

object names_of(handle self) { return py::get(self, "_name2plugin"_n); }

[[noreturn]] void invalid(handle plugin, std::string_view message) {
    py::raise_exception(py::call(py::global<"pluggy_manager", "PluginValidationError">(), plugin, py::str(message)));
}

std::string definition(handle function) {
    object signature = py::call(py::lookup("inspect", "signature"_n), function);
    return py::cat(py::get(function, "__name__"_n), signature);
}

std::string head(handle caller, const Impl* impl) {
    return py::cat("Plugin ", py::repr_of(impl->plugin_name), " for hook ", py::repr_of(py::get(caller, "name"_n)),
                   "\nhookimpl definition: ", definition(impl->function), "\n");
}

/// A warning that points at the function's definition.
void warn_for_function(handle warning, handle function) {
    object unwrapped = py::call(py::lookup("inspect", "unwrap"_n), function);
    object code = py::get_or(unwrapped, "__code__"_n, Py_None);
    if (py::is_none(code)) return;
    py::call_kw(py::lookup("warnings", "warn_explicit"_n), {warning, py::type_of(warning)},
                {{"lineno"_n, py::get(code, "co_firstlineno"_n)}, {"filename"_n, py::get(code, "co_filename"_n)}});
}

void verify_arguments(handle caller, const Spec* spec, const Impl* impl) {
    object unknown = py::check(PySet_New(nullptr));
    for (object name : py::each(impl->argnames))
        if (!py::contains(spec->argnames, name) && !py::contains(spec->kwargnames, name))
            py::check(PySet_Add(unknown.ptr(), name.ptr()));
    if (PySet_GET_SIZE(unknown.ptr()))
        invalid(impl->plugin, py::cat(head(caller, impl), "Argument(s) ", unknown,
                                      " are declared in the hookimpl but can not be found in the hookspec"));
}

void warn_deprecated_arguments(const Spec* spec, const Impl* impl) {
    if (py::is_none(spec->warn_on_impl_args)) return;
    for (handle names : {handle(impl->argnames), handle(impl->kwargnames)})
        for (object name : py::each(names)) {
            object warning = py::call_method(spec->warn_on_impl_args, "get"_n, name);
            if (!py::is_none(warning)) warn_for_function(warning, impl->function);
        }
}

/// One implementation of a plugin that is being registered.
struct Candidate {
    object impl;
    object hook_name;
    object verified;  // the specification it was held against
};

object spec_of(handle caller) {
    Spec* spec = caller_spec(as_caller(caller));
    return py::borrow(spec ? reinterpret_cast<PyObject*>(spec) : Py_None);
}

void verify_candidate(handle self, handle caller, Candidate& candidate) {
    object spec = spec_of(caller);
    if (py::is_none(spec) || spec.ptr() == candidate.verified.ptr()) return;
    py::call_method(self, "_verify_hook"_n, caller, candidate.impl);
    candidate.verified = spec;
}

/// Whether the manager looks at plugins in the engine's way, so that it would find what the engine knows.
bool looks_as_we_do(handle self) {
    handle type(py::type_of(self));
    if (!py::is_native_function(py::get(type, "parse_hookimpl_opts"_n))) return false;
    return !py::dict_get(py::get(self, "__dict__"_n), "parse_hookimpl_opts"_n).is_valid();
}

// Takes: the hooks of a builtin plugin come from the engine's namespaces, and its module is not executed.
py::ShortCut g_untouched_plugin{
    "hooks.untouched_plugin",
    "a builtin plugin's module is not executed to find its hooks; seen by managers that look at plugins "
    "in a way of their own, and by whoever has touched the module before"};

/// The candidates of a facade module whose file has not been executed.
std::vector<Candidate> untouched_candidates(handle self, handle plugin, handle plugin_name) {
    std::vector<Candidate> found;
    for (const auto& [name, function] : py::untouched_hooks(plugin)) {
        object opts = py::try_get(function, "pytest_impl"_n);
        if (!opts.is_valid()) opts = py::new_dict();
        normalize_hookimpl_opts(opts);
        object specname = py::call_method(opts, "get"_n, "specname"_n);
        found.push_back({make_impl(plugin, plugin_name, function, opts), py::truth(specname) ? specname : name, {}});
        if (object caller = find_caller(self, found.back().hook_name); caller.is_valid())
            verify_candidate(self, caller, found.back());
    }
    return found;
}

std::vector<Candidate> find_candidates(handle self, handle plugin, handle plugin_name) {
    if (g_untouched_plugin.take(py::is_untouched(plugin) && looks_as_we_do(self)))
        return untouched_candidates(self, plugin, plugin_name);
    std::vector<Candidate> found;
    for (object name : py::each(py::held_names(plugin))) {
        object opts = py::call_method(self, "parse_hookimpl_opts"_n, plugin, name);
        if (py::is_none(opts)) continue;
        normalize_hookimpl_opts(opts);
        HookFunction function = hook_function(plugin, name);
        if (!function.callable.is_valid())
            py::raise(PyExc_AssertionError, py::cat(py::repr_of(plugin), ".", name, " is not a hookable attribute"));
        object impl = make_impl(plugin, plugin_name, function.callable, opts);
        object specname = py::call_method(opts, "get"_n, "specname"_n);
        found.push_back({impl, py::truth(specname) ? specname : name, {}});
        if (object caller = find_caller(self, found.back().hook_name); caller.is_valid())
            verify_candidate(self, caller, found.back());
    }
    return found;
}

void install(handle self, Candidate& candidate) {
    object caller = find_caller(self, candidate.hook_name);
    if (!caller.is_valid()) {
        caller = make_caller(candidate.hook_name, py::get(self, "_hookexec"_n));
        py::set(py::get(self, "hook"_n), candidate.hook_name, caller);
    } else {
        verify_candidate(self, caller, candidate);
        py::call_method(caller, "_maybe_apply_history"_n, candidate.impl);
    }
    py::call_method(caller, "_add_hookimpl"_n, candidate.impl);
}

bool holds_value(handle table, handle value) {
    for (object held : py::each(py::check(PyDict_Values(table.ptr()))))
        if (py::equal(held, value)) return true;
    return false;
}

object register_plugin(py::Args a) {
    handle self = a[0], plugin = a[1];
    if (py::is_none(plugin)) return py::none();
    object name = py::truth(a[2]) ? py::borrow(a[2]) : py::call_method(self, "get_canonical_name"_n, plugin);
    object table = names_of(self);
    if (object held = py::dict_get(table, name); held.is_valid()) {
        if (py::is_none(held)) return py::none();
        py::raise(PyExc_ValueError, py::cat("Plugin name already registered: ", name, "=", plugin, "\n", table));
    }
    if (holds_value(table, plugin))
        py::raise(PyExc_ValueError,
                  py::cat("Plugin already registered under a different name: ", name, "=", plugin, "\n", table));
    std::vector<Candidate> candidates = find_candidates(self, plugin, name);
    py::dict_set(table, name, plugin);
    for (Candidate& candidate : candidates) install(self, candidate);
    return name;
}

object unregister(py::Args a) {
    handle self = a[0];
    if (py::is_none(a[1]) && py::is_none(a[2]))
        py::raise(PyExc_AssertionError, "one of name or plugin needs to be specified");
    object plugin = py::borrow(a[1]), name = py::borrow(a[2]);
    object table = names_of(self);
    if (py::is_none(plugin)) {
        plugin = py::call_method(self, "get_plugin"_n, name);
        if (py::is_none(plugin)) return py::none();
    } else {
        object known = py::call_method(self, "get_name"_n, plugin);
        if (py::is_none(name)) {
            if (py::is_none(known)) py::raise(PyExc_AssertionError, "plugin is not registered");
            name = known;
        } else {
            object held = py::dict_get(table, name);
            bool blocked = held.is_valid() && py::is_none(held);
            if (blocked && py::is_none(known)) return plugin;
            if (!held.is_valid() || !py::equal(held, plugin))
                py::raise(PyExc_ValueError, py::cat("Plugin name ", py::repr_of(name), " and plugin ",
                                                    py::repr_of(plugin), " do not agree (name is registered to ",
                                                    py::repr_of(held.is_valid() ? handle(held) : handle(Py_None)),
                                                    ", plugin is registered as ", py::repr_of(known), ")"));
        }
    }
    object callers = py::call_method(self, "get_hookcallers"_n, plugin);
    if (!py::is_none(callers))
        for (object caller : py::each(callers)) py::call_method(caller, "_remove_plugin"_n, plugin);
    object held = py::dict_get(table, name);
    if (held.is_valid() && !py::is_none(held)) py::dict_remove(table, name);
    return plugin;
}

object set_blocked(py::Args a) {
    py::call_method_kw(a[0], "unregister"_n, {}, {{"name"_n, a[1]}});
    py::dict_set(names_of(a[0]), a[1], Py_None);
    return py::none();
}

object is_blocked(py::Args a) {
    object held = py::dict_get(names_of(a[0]), a[1]);
    return py::boolean(held.is_valid() && py::is_none(held));
}

object unblock(py::Args a) {
    object table = names_of(a[0]);
    object held = py::dict_get(table, a[1]);
    if (!held.is_valid() || !py::is_none(held)) return py::boolean(false);
    py::dict_remove(table, a[1]);
    return py::boolean(true);
}

object check_pending(py::Args a) {
    object table = py::get(py::get(a[0], "hook"_n), "__dict__"_n);
    for (object name : py::each(py::to_list(table))) {
        if (py::text(name).starts_with("_")) continue;
        object caller = py::item(table, name);
        if (caller_spec(as_caller(caller))) continue;
        for (object impl : py::each(py::call_method(caller, "get_hookimpls"_n))) {
            const Impl* found = as_impl(impl);
            if (!found->optionalhook)
                invalid(found->plugin,
                        py::cat("unknown hook ", py::repr_of(name), " in plugin ", py::repr_of(found->plugin)));
        }
    }
    return py::none();
}

}  // namespace

void verify_hook(handle caller, handle impl_object) {
    const Spec* spec = caller_spec(as_caller(caller));
    const Impl* impl = as_impl(impl_object);
    if (is_historic(as_caller(caller)) && impl->wraps())
        invalid(impl->plugin,
                py::cat("Plugin ", py::repr_of(impl->plugin_name), "\nhook ", py::repr_of(py::get(caller, "name"_n)),
                        "\nhistoric incompatible with yield/wrapper/hookwrapper"));
    if (!spec) py::raise_exception(py::call(handle(PyExc_AssertionError)));
    if (py::truth(spec->warn_on_impl)) warn_for_function(spec->warn_on_impl, impl->function);
    verify_arguments(caller, spec, impl);
    warn_deprecated_arguments(spec, impl);
    if (impl->wraps() && !is_generator_function(impl->function))
        invalid(impl->plugin,
                head(caller, impl) +
                    "Declared as wrapper=True or hookwrapper=True but function is not a generator function");
    if (impl->wrapper && impl->hookwrapper)
        invalid(impl->plugin,
                head(caller, impl) + "The wrapper=True and hookwrapper=True options are mutually exclusive");
}

void define_registration(py::ClassBuilder& cls) {
    cls.def("register", "self, plugin, name=None", &register_plugin,
            "Register a plugin and give its name; None when the name is blocked. ValueError when it is there already.")
        .def("unregister", "self, plugin=None, name=None", &unregister,
             "Unregister a plugin, with all its implementations, by itself or by its name.")
        .def("set_blocked", "self, name", &set_blocked, "Unregister the plugin of this name and refuse later ones.")
        .def("is_blocked", "self, name", &is_blocked)
        .def("unblock", "self, name", &unblock, "Accept plugins of a blocked name again; says whether it was blocked.")
        .def("check_pending", "self", &check_pending,
             "PluginValidationError for implementations of hooks that nobody has specified, unless optional.")
        .def("_verify_hook", "self, hook, hookimpl", [](py::Args a) -> object {
            verify_hook(a[1], a[2]);
            return py::none();
        });
}

FASTEST_MODULE(pluggy_registration, "pluggy._manager") {
    m.def("_formatdef", "func", [](py::Args a) -> object { return py::str(definition(a[0])); });
    m.def("_warn_for_function", "warning, function", [](py::Args a) -> object {
        warn_for_function(a[0], a[1]);
        return py::none();
    });
}

}  // namespace fastest::hooks
