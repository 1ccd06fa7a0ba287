// The result of a run that a test has started (`pytest.RunResult`), and snapshots of `sys`.

#include <cctype>
#include <cstdio>

#include "engine/py/module.h"

namespace fastest::builtin {

using namespace py::literals;
using py::handle;
using py::object;

namespace {

bool digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// Whether the line has a duration as a summary has it: "0.12s".
bool has_duration(std::string_view line) {
    for (std::size_t dot = line.find('.'); dot != std::string_view::npos; dot = line.find('.', dot + 1))
        if (dot > 0 && digit(line[dot - 1]) && dot + 3 < line.size() && digit(line[dot + 1]) && digit(line[dot + 2]) &&
            line[dot + 3] == 's')
            return true;
    return false;
}

/// The counted nouns of a summary line, always in the plural where both forms are in use.
object nouns(handle line) {
    object found = py::call(py::lookup("re", "findall"_n), py::str(R"((\d+) (\w+))"), line);
    object table = py::new_dict();
    for (object pair : py::each(found)) {
        object noun = py::item(pair, py::integer(1));
        std::string word = py::text(noun);
        if (word == "warning" || word == "error") noun = py::str(word + "s");
        py::dict_set(table, noun, py::call(py::type_object(PyLong_Type), py::item(pair, py::integer(0))));
    }
    return table;
}

object parse_summary_nouns(py::Args a) {
    object summary;
    for (object line : py::each(a[1]))
        if (has_duration(py::text(line))) summary = line;
    if (summary.is_valid()) return nouns(summary);
    py::raise(
        PyExc_ValueError,
        "Pytest terminal summary report not found. Plugins that modify pytest's terminal output can break outcome "
        "parsing. Disable the plugin for the test run, for example with `-p no:<plugin>`, or disable plugin "
        "autoloading with `PYTEST_DISABLE_PLUGIN_AUTOLOAD=1`.");
}

object initialise(py::Args a) {
    handle self = a[0];
    object ret = py::borrow(a[1]);
    try {
        ret = py::call(py::facade("_pytest.config", "ExitCode"_n), ret);
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
    }
    object matcher = py::borrow(py::global<"line_matcher", "LineMatcher">());
    py::set(self, "ret"_n, ret);
    py::set(self, "outlines"_n, a[2]);
    py::set(self, "errlines"_n, a[3]);
    py::set(self, "stdout"_n, py::call(matcher, a[2]));
    py::set(self, "stderr"_n, py::call(matcher, a[3]));
    py::set(self, "duration"_n, a[4]);
    return py::none();
}

object show(py::Args a) {
    char duration[64];
    std::snprintf(duration, sizeof duration, "%.2f", py::to_double(py::get(a[0], "duration"_n)));
    auto count = [&](handle name) { return py::length(py::get(py::get(a[0], name), "lines"_n)); };
    return py::strcat("<RunResult ret=", py::get(a[0], "ret"_n), " len(stdout.lines)=", count("stdout"_n),
                      " len(stderr.lines)=", count("stderr"_n), " duration=", duration, "s>");
}

object assert_outcomes(py::Args a) {
    object outcomes = py::call_method(a[0], "parseoutcomes"_n);
    return py::call_kw(py::facade("_pytest.pytester_assertions", "assert_outcomes"_n), {outcomes},
                       {{"passed"_n, a[1]},
                        {"skipped"_n, a[2]},
                        {"failed"_n, a[3]},
                        {"errors"_n, a[4]},
                        {"xpassed"_n, a[5]},
                        {"xfailed"_n, a[6]},
                        {"warnings"_n, a[7]},
                        {"deselected"_n, a[8]}});
}

object sys_attribute(handle name) { return py::lookup("sys", name); }

object snapshot_modules(py::Args a) {
    py::set(a[0], "_preserve"_n, a[1]);
    py::set(a[0], "_saved"_n, py::check(PyDict_Copy(sys_attribute("modules"_n).ptr())));
    return py::none();
}

object restore_modules(py::Args a) {
    object saved = py::get(a[0], "_saved"_n), preserve = py::get(a[0], "_preserve"_n),
           modules = sys_attribute("modules"_n);
    if (py::truth(preserve))
        for (object pair : py::each(py::check(PyDict_Items(modules.ptr()))))
            if (py::truth(py::call(preserve, py::item(pair, py::integer(0)))))
                py::dict_set(saved, py::item(pair, py::integer(0)), py::item(pair, py::integer(1)));
    // Nothing may look for a module between the two calls.
    PyDict_Clear(modules.ptr());
    py::check(PyDict_Update(modules.ptr(), saved.ptr()));
    return py::none();
}

object snapshot_paths(py::Args a) {
    for (handle name : {"path"_n, "meta_path"_n}) py::set(a[0], name, py::to_list(sys_attribute(name)));
    return py::none();
}

object restore_paths(py::Args a) {
    for (handle name : {"path"_n, "meta_path"_n}) {
        object list = sys_attribute(name);
        py::check(PyList_SetSlice(list.ptr(), 0, PyList_GET_SIZE(list.ptr()), py::get(a[0], name).ptr()));
    }
    return py::none();
}

}  // namespace

FASTEST_MODULE(run_result, "_pytest.pytester") {
    m.cls("TimeoutExpired", {PyExc_Exception})
        .attr("__qualname__", py::str("Pytester.TimeoutExpired"))
        .doc("A command has taken longer than its timeout.")
        .make();
    m.cls("RunResult")
        .def("__init__", "self, ret, outlines, errlines, duration", &initialise)
        .def("__repr__", "self", &show)
        .def(
            "parseoutcomes", "self",
            [](py::Args a) -> object {
                return py::call_method(a[0], "parse_summary_nouns"_n, py::get(a[0], "outlines"_n));
            },
            "The counts of the terminal summary, by noun in the plural. ValueError when there is no summary.")
        .classmethod("parse_summary_nouns", "cls, lines", &parse_summary_nouns,
                     "The counts of the last summary line among `lines`.")
        .def("assert_outcomes",
             "self, passed=0, skipped=0, failed=0, errors=0, xpassed=0, xfailed=0, warnings=None, deselected=None",
             &assert_outcomes,
             "Assert the counts of the terminal summary. `warnings` and `deselected` are not looked at when None.")
        .doc(
            "What a run has given: `ret`, `outlines`, `errlines`, `stdout` and `stderr` (line matchers), `duration` in "
            "seconds.")
        .make();
    m.cls("SysModulesSnapshot")
        .def("__init__", "self, preserve=None", &snapshot_modules)
        .def("restore", "self", &restore_modules)
        .doc("`sys.modules` as it was; modules whose name `preserve(name)` accepts stay as they are.")
        .make();
    m.cls("SysPathsSnapshot")
        .def("__init__", "self", &snapshot_paths)
        .def("restore", "self", &restore_paths)
        .doc("`sys.path` and `sys.meta_path` as they were.")
        .make();
}

}  // namespace fastest::builtin
