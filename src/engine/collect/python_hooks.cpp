// The hook implementations of `_pytest.python`: its options, and what becomes a module, a class, a function.

#include "engine/collect/python_nodes.h"
#include "engine/collect/scan.h"
#include "engine/collect/test_call.h"
#include "engine/py/ini_choices.h"

namespace fastest::collect {
namespace {

using py::Args;

// --- options ------------------------------------------------------------------------------------------------------

object strings(std::initializer_list<const char*> values) {
    object list = py::new_list();
    for (const char* value : values) py::append(list, py::str(value));
    return list;
}

void add_ini(handle parser, const char* name, handle type, handle fallback, const char* help) {
    py::call_method_kw(parser, "addini"_n, {py::str(name)},
                       {{"type"_n, type}, {"default"_n, fallback}, {"help"_n, py::str(help)}});
}

object addoption(Args a) {
    handle parser = a[0];
    object args = py::str("args"), flag = py::str("bool");
    add_ini(parser, "python_files", args, strings({"test_*.py", "*_test.py"}),
            "Glob-style file patterns for Python test module discovery");
    add_ini(parser, "python_classes", args, strings({"Test"}),
            "Prefixes or glob names for Python test class discovery");
    add_ini(parser, "python_functions", args, strings({"test"}),
            "Prefixes or glob names for Python test function and method discovery");
    add_ini(parser, "disable_test_id_escaping_and_forfeit_all_rights_to_community_support", flag, Py_False,
            "Disable string escape non-ASCII characters, might cause unwanted side effects(use at your own risk)");
    add_ini(parser, "strict_parametrization_ids", flag, Py_None,
            "Emit an error if non-unique parameter set IDs are detected");
    add_ini(parser, "parametrize_long_str_id_strategy",
            py::ini_choices(parser, {"short", "sha256", "legacy", "disallow"}), py::str("short"),
            "strategy for long str/bytes parameter values in auto-generated ids\n"
            "- short (default): values over 100 chars fall back to argname+index\n"
            "- sha256: replace value with its sha256 hex digest\n"
            "- legacy: keep the full value (for temporary backward compatibility)\n"
            "- disallow: raise an error requesting explicit ids");
    return py::none();
}

/// What a module or class has anyway and is never a test.
object ignored_attributes() {
    object plain = py::call(py::type_object(PyBaseObject_Type));
    object names = py::check(PySet_New(nullptr));
    auto add = [&](handle more) { py::call_method(names, "update"_n, more); };
    add(py::check(PyObject_Dir(plain.ptr())));
    add(py::check(PyObject_Dir(py::check(PyModule_New("empty")).ptr())));
    // what the body of an empty class statement leaves in its namespace; the last two since CPython 3.13
    add(strings({"__module__", "__dict__", "__weakref__", "__doc__", "__firstlineno__", "__static_attributes__"}));
    add(strings({"__builtins__", "__file__", "__cached__"}));
    return py::check(PyFrozenSet_New(names.ptr()));
}

object configure(Args a) {
    for (const char* line :
         {"parametrize(argnames, argvalues): call a test function multiple times passing in different arguments in "
          "turn. "
          "argvalues generally needs to be a list of values if argnames specifies only one name or a list of tuples of "
          "values if argnames specifies multiple names. Example: @parametrize('arg1', [1,2]) would lead to two calls "
          "of the "
          "decorated test function, one with arg1=1 and another with arg1=2."
          "see https://docs.pytest.org/en/stable/how-to/parametrize.html for more info and examples.",
          "usefixtures(fixturename1, fixturename2, ...): mark tests as needing all of the specified fixtures. see "
          "https://docs.pytest.org/en/stable/explanation/fixtures.html#usefixtures "})
        py::call_method(a[0], "addinivalue_line"_n, py::str("markers"), py::str(line));
    return py::none();
}

object generate_tests(Args a) {
    object definition = py::get(a[0], "definition"_n);
    for (object mark :
         py::each(py::call_kw(py::get(definition, "iter_markers"_n), {}, {{"name"_n, "parametrize"_n}}))) {
        object keywords = py::check(PyDict_Copy(py::get(mark, "kwargs"_n).ptr()));
        py::dict_set(keywords, "_param_mark"_n, mark);
        py::call_ex(py::get(a[0], "parametrize"_n), py::to_tuple(py::get(mark, "args"_n)), keywords);
    }
    return py::none();
}

// --- files and directories ----------------------------------------------------------------------------------------

object path_matches(handle path, handle patterns) {
    for (object pattern : py::each(patterns))
        if (matches_glob(pattern, path)) return py::boolean(true);
    return py::boolean(false);
}

object collect_file(Args a) {
    handle path = a[0], parent = a[1];
    if (!py::equal(py::get(path, "suffix"_n), ".py"_n)) return py::none();
    object session = py::get(parent, "session"_n);
    if (!py::truth(py::call_method(session, "isinitpath"_n, path))) {
        object patterns = py::call_method(py::get(parent, "config"_n), "getini"_n, "python_files"_n);
        if (!py::truth(py::call(py::lookup("_pytest.python", "path_matches_patterns"_n), path, patterns)))
            return py::none();
    }
    object hook = py::get(py::call_method(session, "gethookproxy"_n, path), "pytest_pycollect_makemodule"_n);
    return py::call_named<"module_path", "parent">(hook, path, parent);
}

object collect_directory(Args a) {
    try {
        if (!is_file(join_path(a[0], "__init__.py"_n))) return py::none();
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_PermissionError)) throw;
        return py::none();
    }
    return py::call_kw(py::get(py::global<"python", "Package">(), "from_parent"_n), {a[1]}, {{"path"_n, a[0]}});
}

object make_module(Args a) {
    return py::call_kw(py::get(py::global<"python", "Module">(), "from_parent"_n), {a[1]}, {{"path"_n, a[0]}});
}

// --- names in modules and classes ---------------------------------------------------------------------------------

bool is_class(handle obj) {
    if (PyType_Check(obj.ptr())) return true;
    if (PyFunction_Check(obj.ptr())) return false;
    return py::truth(py::call(py::lookup("_pytest.compat", "safe_isclass"_n), obj));
}

object make_item(Args a) {
    handle collector = a[0], name = a[1], obj = a[2];
    handle class_type = py::global<"python", "Class">();
    if (!py::is_instance(collector, class_type) && !py::is_instance(collector, py::global<"python", "Module">()))
        py::raise_exception(py::call(PyExc_AssertionError, py::type_of(collector)));
    if (is_class(obj)) {
        if (!py::truth(py::call_method(collector, "istestclass"_n, obj, name))) return py::none();
        return py::call_kw(py::get(class_type, "from_parent"_n), {collector}, {{"name"_n, name}, {"obj"_n, obj}});
    }
    if (!py::truth(py::call_method(collector, "istestfunction"_n, obj, name))) return py::none();
    return make_function_items(collector, name, obj);
}

}  // namespace

void define_python_hooks(py::Module& m) {
    m.def("pytest_addoption", "parser", addoption);
    m.def("pytest_configure", "config", configure);
    m.def("pytest_generate_tests", "metafunc", generate_tests);
    m.attr("IGNORED_ATTRIBUTES", ignored_attributes());
    define_test_call(m);
    m.def("pytest_collect_file", "file_path, parent", collect_file);
    m.def("pytest_collect_directory", "path, parent", collect_directory);
    m.def("path_matches_patterns", "path, patterns", [](Args a) { return path_matches(a[0], a[1]); });
    m.def("pytest_pycollect_makemodule", "module_path, parent", make_module);
    m.hook("pytest_pycollect_makeitem", "collector, name, obj", make_item, {.trylast = true});
}

}  // namespace fastest::collect

FASTEST_MODULE(python, "_pytest.python") {
    using namespace fastest;
    collect::define_pyobj(m);
    collect::define_xunit(m);
    collect::define_pycollector(m);
    collect::define_module(m);
    collect::define_package(m);
    collect::define_class(m);
    collect::define_function(m);
    collect::define_bare_items(m);
    collect::define_python_hooks(m);
}
