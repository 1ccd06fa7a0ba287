#include "engine/nodes/failure.h"
#include "engine/explain/excinfo.h"
#include "engine/py/system_path.h"

namespace fastest::nodes {
namespace {

/// Relative paths in a report would mislead once the test has changed the directory.
bool show_absolute_paths(handle config) {
    try {
        object here = py::call(py::system_path(), py::call(py::lookup("os", "getcwd"_n)));
        return !py::equal(here, py::get(py::get(config, "invocation_params"_n), "dir"_n));
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_OSError)) throw;
        return true;
    }
}

bool is_text(handle value, const char* text) {
    return py::is_str(value) && PyUnicode_CompareWithASCIIString(value.ptr(), text) == 0;
}

/// When all frames of the test are hidden, the error has come out of the runner.
object with_place(object shown, handle excinfo) {
    object known = py::try_get(shown, "reprcrash"_n);
    if (!known.is_valid() || !py::is_none(known)) return shown;
    object place = explain::crash_in_runner(excinfo);
    py::set(shown, "reprcrash"_n, place);
    if (object chain = py::try_get(shown, "chain"_n); chain.is_valid()) {
        object newest = py::item(chain, py::integer(-1));
        py::set_item(chain, py::integer(-1),
                     py::tuple_of(py::item(newest, py::integer(0)), place, py::item(newest, py::integer(2))));
    }
    return shown;
}

long long verbosity(handle config) { return py::to_int(py::call_method(config, "get_verbosity"_n)); }

}  // namespace

object repr_failure(handle node, handle given, handle given_style) {
    object excinfo = py::borrow(given), style = py::borrow(given_style);
    if (object value = py::get(excinfo, "value"_n);
        py::is_instance(value, py::lookup("_pytest.config", "ConftestImportFailure"_n)))
        excinfo = py::call_method(py::lookup("_pytest._code", "ExceptionInfo"_n), "from_exception"_n,
                                  py::get(value, "cause"_n));
    object value = py::get(excinfo, "value"_n);
    if (py::is_instance(value, py::get(py::lookup("_pytest.outcomes", "fail"_n), "Exception"_n)) &&
        !py::truth(py::get(value, "pytrace"_n)))
        style = py::str("value");
    if (py::is_instance(value, py::lookup("_pytest.fixtures", "FixtureLookupError"_n)))
        return py::call_method(value, "formatrepr"_n);

    object config = py::get(node, "config"_n);
    object filter = py::boolean(false);
    if (py::truth(option_of(config, "fulltrace"_n, Py_False))) {
        style = py::str("long");
    } else {
        filter = py::get(node, "_traceback_filter"_n);
        if (is_text(style, "auto")) style = py::str("long");
    }
    if (py::is_none(style))
        style = py::str(is_text(option_of(config, "tbstyle"_n, "auto"_n), "short") ? "short" : "long");
    long long verbose = verbosity(config);
    object shown = py::call_method_kw(excinfo, "getrepr"_n, {},
                                      {{"funcargs"_n, Py_True},
                                       {"abspath"_n, py::boolean(show_absolute_paths(config))},
                                       {"showlocals"_n, option_of(config, "showlocals"_n, Py_False)},
                                       {"style"_n, style},
                                       {"tbfilter"_n, filter},
                                       {"truncate_locals"_n, py::boolean(verbose <= 1)},
                                       {"truncate_args"_n, py::boolean(verbose <= 2)}});
    return with_place(shown, excinfo);
}

object source_place_of(handle node) {
    if (object location = py::try_get(node, "location"_n); location.is_valid() && !py::is_none(location))
        return py::check(PySequence_GetSlice(location.ptr(), 0, 2));
    if (object obj = py::try_get(node, "obj"_n); obj.is_valid() && !py::is_none(obj))
        return py::call(py::lookup("_pytest._code.code", "getfslineno"_n), obj);
    return py::tuple_of(py::get_or(node, "path"_n, py::str("unknown location")), py::integer(-1));
}

object collector_traceback(handle node, handle excinfo) {
    object traceback = py::get(excinfo, "traceback"_n);
    object path = py::try_get(node, "path"_n);
    if (!path.is_valid()) return traceback;
    object cut = py::call_method_kw(traceback, "cut"_n, {}, {{"path"_n, path}});
    if (py::equal(cut, traceback))
        cut =
            py::call_method_kw(cut, "cut"_n, {}, {{"excludepath"_n, py::lookup("_pytest.nodes", "tracebackcutdir"_n)}});
    return py::call_method(cut, "filter"_n, excinfo);
}

}  // namespace fastest::nodes
