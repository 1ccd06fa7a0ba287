// `_pytest.doctest`: which files have doctests, how they are collected, and the options.

#include "engine/builtin/doctest_item.h"
#include "engine/nodes/skip.h"
#include "engine/py/context_manager.h"

namespace fastest::builtin {
namespace {

// --- options ------------------------------------------------------------------------------------

void define_report_choices(Module& m) {
    object choices = new_list();
    for (const char* choice : {"none", "cdiff", "ndiff", "udiff", "only_first_failure"}) {
        object name = call_method(strcat("DOCTEST_REPORT_CHOICE_", choice), "upper"_n), value = str(choice);
        m.attr(text(name), value);
        append(choices, value);
    }
    m.attr("DOCTEST_REPORT_CHOICES", to_tuple(choices));
}

object add_options(Args a) {
    call_kw(get(a[0], "addini"_n), {str("doctest_optionflags"), str("Option flags for doctests")},
            {{"type"_n, "args"_n}, {"default"_n, list_of(str("ELLIPSIS"))}});
    call_kw(get(a[0], "addini"_n), {str("doctest_encoding"), str("Encoding used for doctest files")}, {{"default"_n, str("utf-8")}});
    object add = get(call_method(a[0], "getgroup"_n, "collect"_n), "addoption"_n);
    auto add_switch = [&](const char* name, const char* help, const char* dest) {
        call_kw(add, {str(name)}, {{"action"_n, "store_true"_n}, {"default"_n, Py_False}, {"help"_n, str(help)}, {"dest"_n, str(dest)}});
    };
    add_switch("--doctest-modules", "Run doctests in all .py modules", "doctestmodules");
    call_kw(add, {str("--doctest-report")},
            {{"type"_n, get(type_object(PyUnicode_Type), "lower"_n)}, {"default"_n, "udiff"_n},
             {"help"_n, str("Choose another output format for diffs on doctest failure")},
             {"choices"_n, lookup("_pytest.doctest", "DOCTEST_REPORT_CHOICES"_n)}, {"dest"_n, "doctestreport"_n}});
    call_kw(add, {str("--doctest-glob")},
            {{"action"_n, "append"_n}, {"default"_n, new_list()}, {"metavar"_n, "pat"_n},
             {"help"_n, str("Doctests file matching pattern, default: test*.txt")}, {"dest"_n, "doctestglob"_n}});
    add_switch("--doctest-ignore-import-errors", "Ignore doctest collection errors", "doctest_ignore_import_errors");
    add_switch("--doctest-continue-on-failure", "For a given doctest, continue to run after the first failure",
               "doctest_continue_on_failure");
    return none();
}

constexpr const char* kStandardFlags[] = {"DONT_ACCEPT_TRUE_FOR_1", "DONT_ACCEPT_BLANKLINE",   "NORMALIZE_WHITESPACE",
                                          "ELLIPSIS",               "IGNORE_EXCEPTION_DETAIL", "COMPARISON_FLAGS"};

object register_flag(handle name) { return call(lookup("doctest", "register_optionflag"_n), name); }

object flag_table(Args) {
    object table = new_dict();
    for (const char* name : kStandardFlags) dict_set(table, str(name), lookup("doctest", str(name)));
    dict_set(table, "ALLOW_UNICODE"_n, call(lookup("_pytest.doctest", "_get_allow_unicode_flag"_n)));
    dict_set(table, "ALLOW_BYTES"_n, call(lookup("_pytest.doctest", "_get_allow_bytes_flag"_n)));
    dict_set(table, "NUMBER"_n, call(lookup("_pytest.doctest", "_get_number_flag"_n)));
    return table;
}

object option_flags(Args a) {
    object names = call_method(a[0], "getini"_n, str("doctest_optionflags")), table = call(lookup("_pytest.doctest", "_get_flag_lookup"_n));
    long long flags = 0;
    for (object name : each(names)) flags |= to_int(item(table, name));
    return integer(flags);
}

/// A debugger stops at the first failure.
object continue_on_failure(Args a) {
    object wanted = call_method(a[0], "getvalue"_n, str("doctest_continue_on_failure"));
    return truth(wanted) && truth(call_method(a[0], "getvalue"_n, "usepdb"_n)) ? boolean(false) : wanted;
}

object report_choice(Args a) {
    std::string key = text(a[0]);
    if (key == "none") return integer(0);
    if (key == "udiff") return lookup("doctest", "REPORT_UDIFF"_n);
    if (key == "cdiff") return lookup("doctest", "REPORT_CDIFF"_n);
    if (key == "ndiff") return lookup("doctest", "REPORT_NDIFF"_n);
    if (key == "only_first_failure") return lookup("doctest", "REPORT_ONLY_FIRST_FAILURE"_n);
    raise_exception(call(handle(PyExc_KeyError), a[0]));
}

// --- files --------------------------------------------------------------------------------------

bool is_setup_py(handle path) {
    if (!equal(get(path, "name"_n), str("setup.py"))) return false;
    object contents = call_method(path, "read_bytes"_n);
    std::string_view bytes(PyBytes_AS_STRING(contents.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(contents.ptr())));
    return bytes.find("setuptools") != bytes.npos || bytes.find("distutils") != bytes.npos;
}

bool is_main_py(handle path) { return equal(get(path, "name"_n), str("__main__.py")); }

bool is_doctest(handle config, handle path, handle parent) {
    object suffix = get(path, "suffix"_n);
    if ((equal(suffix, ".txt"_n) || equal(suffix, ".rst"_n)) && truth(call_method(get(parent, "session"_n), "isinitpath"_n, path)))
        return true;
    object globs = call_method(config, "getoption"_n, "doctestglob"_n);
    if (!truth(globs)) globs = list_of("test*.txt"_n);
    for (object glob : each(globs))
        if (truth(call(lookup("_pytest.pathlib", "fnmatch_ex"_n), glob, path))) return true;
    return false;
}

object from_file(const char* cls, handle parent, handle path) {
    return call_kw(get(lookup("_pytest.doctest", str(cls)), "from_parent"_n), {parent}, {{"path"_n, path}});
}

object collect_file(Args a) {
    handle path = a[0], parent = a[1];
    object config = get(parent, "config"_n);
    if (equal(get(path, "suffix"_n), ".py"_n)) {
        bool wanted = truth(get(get(config, "option"_n), "doctestmodules"_n)) && !is_setup_py(path) && !is_main_py(path);
        return wanted ? from_file("DoctestModule", parent, path) : none();
    }
    return is_doctest(config, path, parent) ? from_file("DoctestTextfile", parent, path) : none();
}

// --- collectors ---------------------------------------------------------------------------------

object runner_for(handle config) {
    return call_kw(lookup("_pytest.doctest", "_get_runner"_n), {},
                   {{"verbose"_n, Py_False},
                    {"optionflags"_n, call(lookup("_pytest.doctest", "get_optionflags"_n), config)},
                    {"checker"_n, call(lookup("_pytest.doctest", "_get_checker"_n))},
                    {"continue_on_failure"_n, call(lookup("_pytest.doctest", "_get_continue_on_failure"_n), config)}});
}

object item_of(handle self, handle runner, handle test) {
    return call_kw(get(lookup("_pytest.doctest", "DoctestItem"_n), "from_parent"_n), {self},
                   {{"name"_n, get(test, "name"_n)}, {"runner"_n, runner}, {"dtest"_n, test}});
}

Generator collect_text(OwnedArgs a) {
    handle self = a[0];
    object config = get(self, "config"_n), path = get(self, "path"_n);
    object text = call_method(path, "read_text"_n, call_method(config, "getini"_n, str("doctest_encoding")));
    object names = new_dict();
    dict_set(names, "__name__"_n, "__main__"_n);
    object runner = runner_for(config), parser = call(lookup("doctest", "DocTestParser"_n));
    object test = call_method(parser, "get_doctest"_n, text, names, get(path, "name"_n), to_str(path), integer(0));
    if (truth(get(test, "examples"_n))) co_yield item_of(self, runner, test);
    co_return none();
}

object module_of(handle self) {
    try {
        return get(self, "obj"_n);
    } catch (nb::python_error& error) {
        if (!error.matches(get(known<"_pytest.nodes", "Collector">(), "CollectError"_n)) ||
            !truth(call_method(get(self, "config"_n), "getvalue"_n, str("doctest_ignore_import_errors"))))
            throw;
        Handling handling(error);
        nodes::skip_from("_pytest.doctest", "collect",
                         strcat("unable to import module ", repr_of(get(self, "path"_n))));
    }
}

Generator collect_module(OwnedArgs a) {
    handle self = a[0];
    object module = module_of(self);
    call_method(get(get(self, "session"_n), "_fixturemanager"_n), "parsefactories"_n, self);
    object finder = call(global<"doctest_classes", "MockAwareDocTestFinder">());
    object runner = runner_for(get(self, "config"_n));
    for (object test : each(call_method(finder, "find"_n, module, get(module, "__name__"_n))))
        if (truth(get(test, "examples"_n))) co_yield item_of(self, runner, test);
    co_return none();
}

// --- inspect.unwrap and mocks -------------------------------------------------------------------

bool is_mocked(handle value) {
    object found = call(lookup("_pytest.compat", "safe_getattr"_n), value,
                        str("pytest_mock_example_attribute_that_shouldnt_exist"), Py_None);
    return !is_none(found);
}

object stop_at_mock_or(Args a) {
    if (is_mocked(a[0])) return boolean(true);
    return call(PyTuple_GET_ITEM(a.closure().ptr(), 0), PyTuple_GET_ITEM(a.closure().ptr(), 1));
}

/// Closure: the real `inspect.unwrap`. Arguments: func, stop.
object unwrap_around_mocks(Args a) {
    handle own_stop = global<"doctest", "_is_mocked">();
    object stop = borrow(own_stop);
    if (!is_none(a[1]) && !a[1].is(own_stop)) stop = make_function("stop", "obj", stop_at_mock_or, tuple_of(a[1], a[0]));
    try {
        return call_kw(a.closure(), {a[0]}, {{"stop"_n, stop}});
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_Exception)) throw;
        Handling handling(error);
        call(lookup("warnings", "warn"_n),
             strcat("Got ", repr_of(error.value()), " when unwrapping ", repr_of(a[0]),
                    ".  This is usually caused by a violation of Python's object protocol; see e.g. "
                    "https://github.com/pytest-dev/pytest/issues/5080"),
             lookup("_pytest.warning_types", "PytestWarning"_n));
        throw;
    }
}

Generator patched_unwrap(OwnedArgs) {
    object inspect = import_module("inspect");
    object real = get(inspect, "unwrap"_n);
    object patched = make_function("_mock_aware_unwrap", "func, *, stop=None", unwrap_around_mocks, real);
    set(patched, "__module__"_n, str("_pytest.doctest"));
    set(inspect, "unwrap"_n, patched);
    try {
        co_yield none();
    } catch (nb::python_error& error) {
        Handling handling(error);
        set(inspect, "unwrap"_n, real);
        throw;
    }
    set(inspect, "unwrap"_n, real);
    co_return none();
}

void define_flags(Module& m) {
    m.def("_get_flag_lookup", "", flag_table);
    m.def("get_optionflags", "config", option_flags);
    m.def("_get_continue_on_failure", "config", continue_on_failure);
    m.def("_get_report_choice", "key", report_choice);
    m.def("_get_allow_unicode_flag", "", [](Args) { return register_flag("ALLOW_UNICODE"_n); });
    m.def("_get_allow_bytes_flag", "", [](Args) { return register_flag("ALLOW_BYTES"_n); });
    m.def("_get_number_flag", "", [](Args) { return register_flag("NUMBER"_n); });
}

void define_collectors(Module& m) {
    object module_class = borrow(known<"_pytest.python", "Module">());
    m.cls("DoctestTextfile", {module_class}).attr("obj", Py_None).generator("collect", "self", collect_text).make();
    m.cls("DoctestModule", {module_class}).generator("collect", "self", collect_module).make();
}

/// A class that somebody has put into the module, or ours.
object chosen_class(handle name, handle own) {
    object chosen = lookup("_pytest.doctest", name);
    return is_none(chosen) ? borrow(own) : chosen;
}

object forget_runner_class(Args) {
    if (!is_none(lookup("_pytest.doctest", "RUNNER_CLASS"_n)))
        set(import_module("_pytest.doctest"), "RUNNER_CLASS"_n, Py_None);
    return none();
}

}  // namespace
}  // namespace fastest::builtin

FASTEST_MODULE(doctest, "_pytest.doctest") {
    using namespace fastest::builtin;
    define_report_choices(m);
    m.later({"DoctestItem", "MultipleDoctestFailures", "ReprFailDoctest", "_check_all_skipped"}, define_doctest_item);
    m.later({"DoctestModule", "DoctestTextfile"}, define_collectors);
    define_flags(m);
    m.def("pytest_addoption", "parser", add_options);
    m.def("pytest_collect_file", "file_path, parent", collect_file);
    m.def("_is_setup_py", "path", [](Args a) { return boolean(is_setup_py(a[0])); });
    m.def("_is_main_py", "path", [](Args a) { return boolean(is_main_py(a[0])); });
    m.def("_is_doctest", "config, path, parent", [](Args a) { return boolean(is_doctest(a[0], a[1], a[2])); });
    m.def("_is_mocked", "obj", [](Args a) { return boolean(is_mocked(a[0])); });
    m.def("_patch_unwrap_mock_aware", "", [](Args) { return make_context_manager(patched_unwrap, {}); });
    m.def("_init_runner_class", "", [](Args) { return borrow(global<"doctest_classes", "PytestDoctestRunner">()); });
    m.def("_init_checker_class", "", [](Args) { return borrow(global<"doctest_classes", "LiteralsOutputChecker">()); });
    m.attr("CHECKER_CLASS", Py_None);
    m.attr("RUNNER_CLASS", Py_None);
    m.def("_get_checker", "", [](Args) {
        return call(chosen_class("CHECKER_CLASS"_n, global<"doctest_classes", "LiteralsOutputChecker">()));
    });
    m.def("_get_runner", "checker=None, verbose=None, optionflags=0, continue_on_failure=True", [](Args a) {
        return call(chosen_class("RUNNER_CLASS"_n, global<"doctest_classes", "PytestDoctestRunner">()), a[0], a[1], a[2],
                    a[3]);
    });
    m.def("pytest_unconfigure", "", forget_runner_class);
}
