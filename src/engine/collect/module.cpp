// `Module` and the import of test modules.

#include "engine/collect/plain_module.h"
#include "engine/collect/python_nodes.h"
#include "engine/py/frame.h"

namespace fastest::collect {
namespace {

using py::Args;

[[noreturn]] void raise_collect_error(handle message, const nb::python_error& cause) {
    py::raise_from(py::call(py::get(py::global<"nodes", "Collector">(), "CollectError"_n), message), cause.value());
}

object current_excinfo() { return py::call_method(py::lookup("_pytest._code", "ExceptionInfo"_n), "from_current"_n); }

object short_repr(handle excinfo) {
    return py::call_kw(py::get(excinfo, "getrepr"_n), {}, {{"style"_n, py::str("short")}});
}

object mismatch_text(handle error) {
    object args = py::get(error, "args"_n);
    return py::strcat(
        "import file mismatch:\nimported module ", py::repr_of(py::item(args, py::integer(0))),
        " has this __file__ attribute:\n  ", py::item(args, py::integer(1)),
        "\nwhich is not the same as the test file we want to collect:\n  ", py::item(args, py::integer(2)),
        "\nHINT: remove __pycache__ / .pyc files and/or use a unique basename for your test file modules");
}

object import_error_text(handle path, handle config) {
    object excinfo = current_excinfo();
    if (py::to_int(py::call_method(config, "get_verbosity"_n)) < 2) {
        object kept = py::call_method(py::get(excinfo, "traceback"_n), "filter"_n,
                                      py::lookup("_pytest._code.code", "filter_traceback"_n));
        py::set(excinfo, "traceback"_n, kept);
    }
    object shown =
        py::truth(py::get(excinfo, "traceback"_n)) ? short_repr(excinfo) : py::call_method(excinfo, "exconly"_n);
    return py::strcat("ImportError while importing test module '", path,
                      "'.\nHint: make sure your test modules/packages have valid Python names.\nTraceback:\n", shown);
}

/// Turns the error of an import into what the run shows; throws again what is to pass as it is.
[[noreturn]] void translate(nb::python_error& error, handle path, handle config) {
    if (error.matches(PyExc_SyntaxError) || error.matches(PyExc_ImportError)) {  // shown whole, or with -vv
        py::add_traceback(error.value(), "_pytest.pathlib", "import_path");
        py::add_traceback(error.value(), "_pytest.python", "importtestmodule");
    }
    py::Handling handling(error);
    if (error.matches(PyExc_SyntaxError)) raise_collect_error(short_repr(current_excinfo()), error);
    if (error.matches(py::lookup("_pytest.pathlib", "ImportPathMismatchError"_n)))
        raise_collect_error(mismatch_text(error.value()), error);
    if (error.matches(PyExc_ImportError)) raise_collect_error(import_error_text(path, config), error);
    if (error.matches(py::get(py::lookup("_pytest.outcomes", "skip"_n), "Exception"_n)) &&
        !py::truth(py::get(error.value(), "allow_module_level"_n)))
        raise_collect_error(
            py::str("Using pytest.skip outside of a test will skip the entire module. If that's your intention, pass "
                    "`allow_module_level=True`. If you want to skip a specific test or an entire class, use the "
                    "@pytest.mark.skip or @pytest.mark.skipif decorators."),
            error);
    throw error;
}

object collect(Args a) {
    py::call_method(a[0], "_register_setup_module_fixture"_n);
    py::call_method(a[0], "_register_setup_function_fixture"_n);
    py::call_method(py::get(py::get(a[0], "session"_n), "_fixturemanager"_n), "parsefactories"_n, a[0]);
    return nodes::call_super(py::global<"python", "Module">(), a[0], "collect"_n, py::tuple_of());
}

}  // namespace

object import_test_module(handle path, handle config) {
    object mode = py::call_method(config, "getoption"_n, py::str("--import-mode"));
    object module;
    try {
        object spaces = py::call_method(config, "getini"_n, "consider_namespace_packages"_n);
        module = py::call_kw(
            py::lookup("_pytest.python", "import_path"_n), {path},
            {{"mode"_n, mode}, {"root"_n, py::get(config, "rootpath"_n)}, {"consider_namespace_packages"_n, spaces}});
    } catch (nb::python_error& error) {
        translate(error, path, config);
    }
    py::call_method(py::get(config, "pluginmanager"_n), "consider_module"_n, module);
    return module;
}

void define_module(py::Module& m) {
    m.def("importtestmodule", "path, config", [](Args a) { return import_test_module(a[0], a[1]); });
    object module = m.cls("Module", {py::global<"nodes", "File">(), m.get("PyCollector")})
                        .doc("Collector of the test functions and classes in a Python module.")
                        .def("_getobj", "self",
                             [](Args a) {
                                 return py::call(py::lookup("_pytest.python", "importtestmodule"_n),
                                                 py::get(a[0], "path"_n), py::get(a[0], "config"_n));
                             })
                        .def("collect", "self", collect)
                        .def("_register_setup_module_fixture", "self",
                             [](Args a) {
                                 register_module_setup(a[0]);
                                 return py::none();
                             })
                        .def("_register_setup_function_fixture", "self",
                             [](Args a) {
                                 register_function_setup(a[0]);
                                 return py::none();
                             })
                        .make();
    remember_module_methods(module);
}

}  // namespace fastest::collect
