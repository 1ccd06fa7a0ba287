// `Config`: the settings of one run and its plugins.

#include "engine/py/system_path.h"
#include "engine/settings/config.h"
#include "engine/py/clean_up.h"
#include "engine/py/enumeration.h"
#include "engine/py/finally.h"
#include "engine/py/with.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;
using py::OwnedArgs;

object invocation_params(handle args, handle plugins, handle dir) {
    return py::call_kw(py::get(py::global<"config", "Config">(), "InvocationParams"_n), {},
                       {{"args"_n, args}, {"plugins"_n, plugins}, {"dir"_n, dir}});
}

object working_directory() { return py::call_method(py::system_path(), "cwd"_n); }

object make_parser(handle self, handle prog) {
    return py::call_kw(py::facade("_pytest.config.argparsing", "Parser"_n), {},
                       {{"usage"_n, py::str("%(prog)s [options] [file_or_dir] [file_or_dir] [...]")},
                        {"processopt"_n, py::get(self, "_processopt"_n)},
                        {"prog"_n, prog},
                        {"_ispytest"_n, Py_True}});
}

// --- clean-up ---------------------------------------------------------------------------------

object cleanup_stack(Args a) { return py::CleanUp(a[0]).stack(); }

object set_cleanup_stack(Args a) {
    py::CleanUp(a[0]).set_stack(a[1]);
    return py::none();
}

object history(std::initializer_list<py::Keyword> entries) {
    object arguments = py::new_dict();
    for (const py::Keyword& entry : entries) py::dict_set(arguments, entry.name, entry.value);
    return arguments;
}

void call_historic(handle self, handle hook_name, handle arguments) {
    object hook = py::get(py::get(self, "hook"_n), hook_name);
    py::call_method_kw(hook, "call_historic"_n, {}, {{"kwargs"_n, arguments}});
}

/// self, pluginmanager, *, invocation_params=None, prog=None
object init(Args a) {
    handle self = a[0], manager = a[1];
    object params =
        py::is_none(a[2]) ? invocation_params(py::tuple_of(), Py_None, working_directory()) : py::borrow(a[2]);
    py::set(self, "option"_n, py::call(py::global<"argparsing", "Namespace">()));
    py::set(self, "invocation_params"_n, params);
    py::set(self, "_parser"_n, make_parser(self, a[3]));
    py::set(self, "pluginmanager"_n, manager);
    object stash = py::call(py::lookup("_pytest.stash", "Stash"_n));
    py::set(self, "stash"_n, stash);
    py::set(self, "_store"_n, stash);
    object root = py::get(py::get(manager, "trace"_n), "root"_n);
    py::set(self, "trace"_n, py::call_method(root, "get"_n, py::str("config")));
    py::set(self, "hook"_n, py::get(manager, "hook"_n));
    py::set(self, "_inicache"_n, py::new_dict());
    py::set(self, "_inicfg"_n, py::new_dict());
    py::CleanUp(self).begin();
    py::call_method(manager, "register"_n, self, py::str("pytestconfig"));
    py::set(self, "_configured"_n, Py_False);
    call_historic(self, "pytest_addoption"_n,
                  history({{"parser"_n, py::get(self, "_parser"_n)}, {"pluginmanager"_n, manager}}));
    py::set(self, "args_source"_n, py::get(py::get(py::global<"config", "Config">(), "ArgsSource"_n), "ARGS"_n));
    py::set(self, "args"_n, py::new_list());
    return py::none();
}

object processopt(Args a) {
    object option = py::get(a[0], "option"_n), dest = py::get(a[1], "dest"_n);
    if (!py::has(option, dest)) py::set(option, dest, py::get(a[1], "default"_n));
    return py::none();
}

object inicfg(Args a) {
    object warning = py::call_method(py::facade("_pytest.deprecated", "CONFIG_INICFG"_n), "format"_n);
    py::call_kw(py::lookup("warnings", "warn"_n), {warning}, {{"stacklevel"_n, py::integer(1)}});
    return py::call(py::facade("_pytest.config", "_DeprecatedInicfgProxy"_n), a[0]);
}

object add_cleanup(Args a) {
    py::CleanUp(a[0]).add(a[1]);
    return py::none();
}

// --- configure --------------------------------------------------------------------------------

/// Closure: a context manager to be left.
object leave(Args a) { return py::call_method(a.closure(), "__exit__"_n, Py_None, Py_None, Py_None); }

object do_configure(Args a) {
    handle self = a[0];
    if (py::truth(py::get(self, "_configured"_n))) py::raise(PyExc_AssertionError, "");
    py::set(self, "_configured"_n, Py_True);
    if (py::truth(py::call_method(py::get(self, "pluginmanager"_n), "hasplugin"_n, py::str("warnings")))) {
        object filters = py::call_method_kw(self, "_catch_configured_warnings"_n, {}, {{"record"_n, Py_False}});
        py::call_method(filters, "__enter__"_n);
        py::call_method(self, "add_cleanup"_n, py::make_function("close", "", leave, filters));
    }
    call_historic(self, "pytest_configure"_n, history({{"config"_n, self}}));
    py::call(py::global<"extras", "configure">(), self);
    return py::none();
}

void unconfigure(handle self) {
    if (!py::truth(py::get(self, "_configured"_n))) return;
    py::set(self, "_configured"_n, Py_False);
    object hook = py::get(self, "hook"_n);
    py::finally([&] { py::call_named<"config">(py::get(hook, "pytest_unconfigure"_n), self); },
                [&] { py::set(py::get(hook, "pytest_configure"_n), "_call_history"_n, py::new_list()); });
}

object ensure_unconfigure(Args a) {
    handle self = a[0];
    py::CleanUp clean_up(self);
    py::finally([&] { unconfigure(self); }, [&] { py::finally([&] { clean_up.run(); }, [&] { clean_up.begin(); }); });
    return py::none();
}

// --- others -----------------------------------------------------------------------------------

object get_terminal_writer(Args a) {
    object reporter = py::call_method(py::get(a[0], "pluginmanager"_n), "get_plugin"_n, py::str("terminalreporter"));
    if (py::is_none(reporter)) py::raise(PyExc_AssertionError, "");
    return py::get(reporter, "_tw"_n);
}

object notify_exception(Args a) {
    handle option = a[2];
    bool full = py::truth(option) && py::truth(py::get_or(option, "fulltrace"_n, Py_False));
    object shown = py::call_method_kw(a[1], "getrepr"_n, {},
                                      {{"funcargs"_n, Py_True},
                                       {"showlocals"_n, py::get_or(option, "showlocals"_n, Py_False)},
                                       {"style"_n, py::str(full ? "long" : "native")}});
    object results =
        py::call_named<"excrepr", "excinfo">(py::get(py::get(a[0], "hook"_n), "pytest_internalerror"_n), shown, a[1]);
    for (object result : py::each(results))
        if (py::truth(result)) return py::none();
    for (object line : py::each(py::call_method(py::to_str(shown), "split"_n, py::str("\n")))) {
        object stream = py::lookup("sys", "stderr"_n);
        py::call_method(stream, "write"_n, py::strcat("INTERNALERROR> ", line, "\n"));
        py::call_method(stream, "flush"_n);
    }
    return py::none();
}

/// Node ids are relative to the rootdir.
object cwd_relative_nodeid(Args a) {
    object dir = py::get(py::get(a[0], "invocation_params"_n), "dir"_n), root = py::get(a[0], "rootpath"_n);
    if (py::equal(dir, root)) return py::borrow(a[1]);
    object full = py::check(PyNumber_TrueDivide(root.ptr(), py::get(a[1], "path"_n).ptr()));
    object relative = py::call(py::lookup("_pytest.pathlib", "bestrelpath"_n), dir, full);
    return py::call_kw(
        py::type_of(a[1]), {},
        {{"path"_n, relative}, {"names"_n, py::get(a[1], "names"_n)}, {"params"_n, py::get(a[1], "params"_n)}});
}

object fromdictargs(Args a) {
    object config = py::call(py::facade("_pytest.config", "get_config"_n), a[2]);
    object option = py::get(config, "option"_n);
    py::check(PyDict_Update(py::get(option, "__dict__"_n).ptr(), a[1].ptr()));
    py::call_method_kw(config, "parse"_n, {a[2]}, {{"addopts"_n, Py_False}});
    object manager = py::get(config, "pluginmanager"_n);
    for (object name : py::each(py::get(option, "plugins"_n))) py::call_method(manager, "consider_pluginarg"_n, name);
    return config;
}

/// Unknown keys are looked for after collection: conftests found late may have declared them.
py::Generator validate_after_collection(OwnedArgs a) {
    object result;
    std::optional<nb::python_error> failure;
    try {
        result = co_yield py::none();
    } catch (nb::python_error& error) {
        failure.emplace(std::move(error));
    }
    if (failure) {
        py::Handling handling(*failure);
        py::call_method(a[0], "_validate_config_options"_n);
        throw *failure;
    }
    py::call_method(a[0], "_validate_config_options"_n);
    co_return result;
}

object init_params(Args a) {
    py::set_raw(a[0], "args"_n, py::to_tuple(a[1]));
    py::set_raw(a[0], "plugins"_n, a[2]);
    py::set_raw(a[0], "dir"_n, a[3]);
    return py::none();
}

object define_params(py::Module& m) {
    return m.cls("InvocationParams")
        .dataclass("args, plugins, dir", {.frozen = true, .init = false})
        .attr("__qualname__", py::str("Config.InvocationParams"))
        .def("__init__", "self, *, args, plugins, dir", init_params)
        .doc(
            "How :func:`pytest.main` was called: `args`, a tuple; `plugins`, a sequence or None; `dir`, the working "
            "directory.\n\n"
            "What PYTEST_ADDOPTS and `addopts` add is not in `args`.\n\n.. versionadded:: 5.1")
        .make();
}

object define_args_source(py::Module& m) {
    object type = py::make_enum(m, "ArgsSource",
                                {{"ARGS", py::integer(1)},
                                 {"INVOCATION_DIR", py::integer(2)},
                                 {"INCOVATION_DIR", py::integer(2)},  // an old misspelling, kept
                                 {"TESTPATHS", py::integer(3)}},
                                {}, "Where the test arguments come from.\n\n.. versionadded:: 7.2");
    py::set(type, "__qualname__"_n, py::str("Config.ArgsSource"));
    return type;
}

}  // namespace

void define_config(py::Module& m) {
    py::ClassBuilder config = m.cls("Config");
    config.attr("InvocationParams", define_params(m))
        .attr("ArgsSource", define_args_source(m))
        .def("__init__", "self, pluginmanager, *, invocation_params=None, prog=None", init)
        .prop("inicfg", inicfg)
        .prop(
            "rootpath", [](Args a) { return py::get(a[0], "_rootpath"_n); }, nullptr,
            "The path of the rootdir.\n\n.. versionadded:: 6.1")
        .prop(
            "inipath", [](Args a) { return py::get(a[0], "_inipath"_n); }, nullptr,
            "The path of the configuration file, or None.\n\n.. versionadded:: 6.1")
        .prop("_cleanup_stack", cleanup_stack, set_cleanup_stack)
        .def("add_cleanup", "self, func", add_cleanup,
             "Add a function to be called when the config gets out of use (usually after pytest_unconfigure).")
        .def("_do_configure", "self", do_configure)
        .def("_ensure_unconfigure", "self", ensure_unconfigure)
        .def("get_terminal_writer", "self", get_terminal_writer)
        .def("notify_exception", "self, excinfo, option=None", notify_exception)
        .def("cwd_relative_nodeid", "self, nodeid", cwd_relative_nodeid)
        .classmethod("fromdictargs", "cls, option_dict, args", fromdictargs,
                     "For subprocesses: a config with these options.")
        .def("_processopt", "self, opt", processopt)
        .wrapper("pytest_collection", "self", validate_after_collection)
        .doc(
            "Settings, plugin manager and hooks of a run.\n\n"
            ":param PytestPluginManager pluginmanager: The plugin manager.\n"
            ":param InvocationParams invocation_params: How :func:`pytest.main` was called.");
    define_config_values(m, config);
    define_config_warnings(m, config);
    define_rewrite_marks(m, config);
    define_config_parse(m, config);
    config.make();
}

}  // namespace fastest::settings
