// --setup-only, --setup-show and --setup-plan: what is set up and torn down, line by line.

#include "engine/py/module.h"

namespace fastest::builtin {
namespace {

using namespace py;

object option_of(handle config, handle name) { return get(get(config, "option"_n), name); }

/// The current param as the listing shows it: its id when the fixture has ids.
object shown_param(handle definition, handle request) {
    object ids = get(definition, "ids"_n), param = get(request, "param"_n);
    if (!truth(ids)) return param;
    if (PyCallable_Check(ids.ptr())) return call(ids, param);
    return item(ids, get(request, "param_index"_n));
}

/// How far in a scope stands: session not at all, function most.
Py_ssize_t depth_of(handle scope) {
    object scopes = to_list(facade("_pytest.scope", "Scope"_n));
    Py_ssize_t place = PySequence_Index(scopes.ptr(), scope.ptr());
    if (place < 0) throw nb::python_error();
    return length(scopes) - 1 - place;
}

std::string dependencies(handle definition) {
    object names = new_list();
    for (object name : each(get(definition, "argnames"_n)))
        if (!equal(name, "request"_n)) append(names, name);
    if (!truth(names)) return {};
    check(PyList_Sort(names.ptr()));
    return cat(" (fixtures used: ", call_method(str(", "), "join"_n, names), ")");
}

object show_action(handle definition, handle config, handle message) {
    object capture = call_method(get(config, "pluginmanager"_n), "getplugin"_n, str("capturemanager"));
    if (truth(capture)) call_method(capture, "suspend_global_capture"_n);
    object tw = call_method(config, "get_terminal_writer"_n);
    call_method(tw, "line"_n);
    std::string action = text(message), scope = text(get(definition, "scope"_n));
    bool setup = action == "SETUP";
    action.resize(std::max<std::size_t>(action.size(), 8), ' ');
    call_method(tw, "write"_n, str(std::string(2 * depth_of(get(definition, "_scope"_n)), ' ')));
    call_method(tw, "write"_n,
                strcat(action, " ", static_cast<char>(std::toupper(scope[0])), " ", get(definition, "argname"_n)));
    if (std::string used = setup ? dependencies(definition) : ""; !used.empty()) call_method(tw, "write"_n, str(used));
    if (object param = try_get(definition, "cached_param"_n); param.is_valid()) {
        object shown = call_kw(facade("_pytest._io.saferepr", "saferepr"_n), {param}, {{"maxsize"_n, integer(42)}});
        call_method(tw, "write"_n, strcat("[", shown, "]"));
    }
    call_method(tw, "flush"_n);
    if (truth(capture)) call_method(capture, "resume_global_capture"_n);
    return none();
}

void show(handle definition, handle config, const char* message) {
    call(facade("_pytest.setuponly", "_show_fixture_action"_n), definition, config, str(message));
}

void show_setup(handle definition, handle request) {
    object config = get(request, "config"_n);
    if (!truth(option_of(config, "setupshow"_n))) return;
    if (has(request, "param"_n)) set(definition, "cached_param"_n, shown_param(definition, request));
    show(definition, config, "SETUP");
}

Generator fixture_setup(OwnedArgs a) {
    object value;
    std::optional<nb::python_error> failure;
    try {
        value = co_yield none();
    } catch (nb::python_error& error) {
        failure.emplace(std::move(error));
    }
    if (failure) {
        {
            Handling handling(*failure);
            show_setup(a[0], a[1]);
        }
        throw std::move(*failure);
    }
    show_setup(a[0], a[1]);
    co_return value;
}

object fixture_post_finalizer(Args a) {
    if (is_none(get(a[0], "cached_result"_n))) return none();
    object config = get(a[1], "config"_n);
    if (!truth(option_of(config, "setupshow"_n))) return none();
    show(a[0], config, "TEARDOWN");
    if (has(a[0], "cached_param"_n)) del(a[0], "cached_param"_n);
    return none();
}

void add_flag(handle parser, std::initializer_list<const char*> names, const char* help) {
    object group = call_method(parser, "getgroup"_n, str("debugconfig"));
    object flags = new_list(), options = new_dict();
    for (const char* name : names) append(flags, str(name));
    dict_set(options, "action"_n, str("store_true"));
    dict_set(options, "help"_n, str(help));
    call_ex(get(group, "addoption"_n), to_tuple(flags), options);
}

FASTEST_MODULE(setuponly, "_pytest.setuponly") {
    m.def("pytest_addoption", "parser", [](Args a) {
        add_flag(a[0], {"--setuponly", "--setup-only"}, "Only setup fixtures, do not execute tests");
        add_flag(a[0], {"--setupshow", "--setup-show"}, "Show setup of fixtures while executing tests");
        return none();
    });
    m.wrapper("pytest_fixture_setup", "fixturedef, request", fixture_setup);
    m.def("pytest_fixture_post_finalizer", "fixturedef, request", fixture_post_finalizer);
    m.def("_show_fixture_action", "fixturedef, config, msg", [](Args a) { return show_action(a[0], a[1], a[2]); });
    m.hook("pytest_cmdline_main", "config", [](Args a) {
        object option = get(a[0], "option"_n);
        if (truth(get(option, "setuponly"_n))) set(option, "setupshow"_n, Py_True);
        return none();
    }, {.tryfirst = true});
}

FASTEST_MODULE(setupplan, "_pytest.setupplan") {
    m.def("pytest_addoption", "parser", [](Args a) {
        add_flag(a[0], {"--setupplan", "--setup-plan"},
                 "Show what fixtures and tests would be executed but don't execute anything");
        return none();
    });
    m.hook("pytest_fixture_setup", "fixturedef, request", [](Args a) {
        if (!truth(option_of(get(a[1], "config"_n), "setupplan"_n))) return none();
        object planned = tuple_of(Py_None, call_method(a[0], "cache_key"_n, a[1]), Py_None);
        set(a[0], "cached_result"_n, planned);
        return planned;
    }, {.tryfirst = true});
    m.hook("pytest_cmdline_main", "config", [](Args a) {
        object option = get(a[0], "option"_n);
        if (!truth(get(option, "setupplan"_n))) return none();
        set(option, "setuponly"_n, Py_True);
        set(option, "setupshow"_n, Py_True);
        return none();
    }, {.tryfirst = true});
}

}  // namespace
}  // namespace fastest::builtin
