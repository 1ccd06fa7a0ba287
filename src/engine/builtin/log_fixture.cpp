// What `caplog` gives to a test.

#include <optional>

#include "engine/builtin/log_text.h"
#include "engine/builtin/logging_plugin.h"
#include "engine/py/context_manager.h"

namespace fastest::builtin {

namespace {

object logging(handle name) { return py::lookup("logging", name); }
object handler_of(handle self) { return py::get(self, "handler"_n); }
object records_of(handle self) { return py::get(handler_of(self), "records"_n); }

object initialise(py::Args a) {
    handle self = a[0];
    if (!py::truth(a[2])) py::call(py::facade("_pytest.deprecated", "check_ispytest"_n), a[2]);
    py::set(self, "_item"_n, a[1]);
    py::set(self, "_initial_handler_level"_n, Py_None);
    py::set(self, "_initial_logger_levels"_n, py::new_dict());
    py::set(self, "_initial_disabled_logging_level"_n, Py_None);
    return py::none();
}

object finalize(py::Args a) {
    handle self = a[0];
    object level = py::get(self, "_initial_handler_level"_n);
    if (!py::is_none(level)) py::call_method(handler_of(self), "setLevel"_n, level);
    object levels = py::get(self, "_initial_logger_levels"_n);
    for (object name : py::each(levels))
        py::call_method(py::call(logging("getLogger"_n), name), "setLevel"_n, py::item(levels, name));
    object disabled = py::get(self, "_initial_disabled_logging_level"_n);
    if (!py::is_none(disabled)) {
        py::call(logging("disable"_n), disabled);
        py::set(self, "_initial_disabled_logging_level"_n, Py_None);
    }
    return py::none();
}

object get_handler(py::Args a) {
    object stash = py::get(py::get(a[0], "_item"_n), "stash"_n);
    return py::item(stash, caplog_handler_key());
}

object get_records(py::Args a) {
    object stash = py::get(py::get(a[0], "_item"_n), "stash"_n);
    return py::call_method(py::item(stash, caplog_records_key()), "get"_n, a[1], py::new_list());
}

object get_text(py::Args a) {
    object text = py::call_method(py::get(handler_of(a[0]), "stream"_n), "getvalue"_n);
    return py::str(without_ansi_escapes(py::text(text)));
}

object record_tuples(py::Args a) {
    object tuples = py::new_list();
    for (object record : py::each(records_of(a[0])))
        py::append(tuples, py::tuple_of(py::get(record, "name"_n), py::get(record, "levelno"_n),
                                        py::call_method(record, "getMessage"_n)));
    return tuples;
}

object messages(py::Args a) {
    object texts = py::new_list();
    for (object record : py::each(records_of(a[0]))) py::append(texts, py::call_method(record, "getMessage"_n));
    return texts;
}

object force_enable(py::Args a) {
    object original = py::get(py::get(a[2], "manager"_n), "disable"_n);
    object level = py::borrow(a[1]);
    if (py::is_str(level)) level = py::call(logging("getLevelName"_n), level);
    if (!PyLong_Check(level.ptr())) {
        py::call(logging("disable"_n), logging("NOTSET"_n));
    } else if (!py::truth(py::call_method(a[2], "isEnabledFor"_n, level))) {
        // Levels stand ten apart: one step below the one that is wanted.
        py::call(logging("disable"_n), py::integer(std::max(0LL, py::to_int(level) - 10)));
    }
    return original;
}

object set_level(py::Args a) {
    handle self = a[0];
    object logger = py::call(logging("getLogger"_n), a[2]);
    py::call_method(py::get(self, "_initial_logger_levels"_n), "setdefault"_n, a[2], py::get(logger, "level"_n));
    py::call_method(logger, "setLevel"_n, a[1]);
    object handler = handler_of(self);
    if (py::is_none(py::get(self, "_initial_handler_level"_n)))
        py::set(self, "_initial_handler_level"_n, py::get(handler, "level"_n));
    py::call_method(handler, "setLevel"_n, a[1]);
    object disabled = py::call_method(self, "_force_enable_logging"_n, a[1], logger);
    if (py::is_none(py::get(self, "_initial_disabled_logging_level"_n)))
        py::set(self, "_initial_disabled_logging_level"_n, disabled);
    return py::none();
}

/// Arguments: self, level, logger.
py::Generator at_level(py::OwnedArgs a) {
    object logger = py::call(logging("getLogger"_n), a[2]);
    object logger_level = py::get(logger, "level"_n);
    py::call_method(logger, "setLevel"_n, a[1]);
    object handler = handler_of(a[0]);
    object handler_level = py::get(handler, "level"_n);
    py::call_method(handler, "setLevel"_n, a[1]);
    object disabled = py::call_method(a[0], "_force_enable_logging"_n, a[1], logger);
    std::optional<nb::python_error> error;
    try {
        co_yield py::none();
    } catch (const nb::python_error& raised) {
        error.emplace(raised);
    }
    py::call_method(logger, "setLevel"_n, logger_level);
    py::call_method(handler, "setLevel"_n, handler_level);
    py::call(logging("disable"_n), disabled);
    if (error) throw *error;
    co_return py::none();
}

/// Arguments: self, filter.
py::Generator filtering(py::OwnedArgs a) {
    object handler = handler_of(a[0]);
    bool present = py::contains(py::get(handler, "filters"_n), a[1]);
    py::call_method(handler, "addFilter"_n, a[1]);
    std::optional<nb::python_error> error;
    try {
        co_yield py::none();
    } catch (const nb::python_error& raised) {
        error.emplace(raised);
    }
    if (!present) py::call_method(handler, "removeFilter"_n, a[1]);
    if (error) throw *error;
    co_return py::none();
}

/// The body of the fixture.
py::Generator caplog(py::OwnedArgs a) {
    py::import_module("logging");
    object fixture = py::call_kw(py::global<"log_fixture", "LogCaptureFixture">(), {py::get(a[0], "node"_n)},
                                 {{"_ispytest"_n, Py_True}});
    co_yield object(fixture);
    py::call_method(fixture, "_finalize"_n);
    co_return py::none();
}

}  // namespace

FASTEST_MODULE(log_fixture, "_pytest.logging") {
    m.cls("LogCaptureFixture")
        .def("__init__", "self, item, *, _ispytest=False", &initialise)
        .def("_finalize", "self", &finalize)
        .prop("handler", &get_handler, nullptr, "The handler that captures.")
        .def("get_records", "self, when", &get_records, "The records of a phase: \"setup\", \"call\" or \"teardown\".")
        .prop("text", &get_text, nullptr, "The formatted log text.")
        .prop(
            "records", [](py::Args a) -> object { return records_of(a[0]); }, nullptr, "The log records.")
        .prop("record_tuples", &record_tuples, nullptr, "The records as tuples of logger name, level and message.")
        .prop("messages", &messages, nullptr, "The messages with their arguments filled in, not formatted.")
        .def(
            "clear", "self", [](py::Args a) -> object { return py::call_method(handler_of(a[0]), "clear"_n); },
            "Forget the records and the text.")
        .def("_force_enable_logging", "self, level, logger_obj", &force_enable)
        .def("set_level", "self, level, logger=None", &set_level,
             "Set the level of a logger (the root logger by default) and of the handler, for the rest of the test.")
        .def(
            "at_level", "self, level, logger=None",
            [](py::Args a) -> object {
                return py::make_context_manager(at_level, {a[0], a[1], a[2]});
            },
            "A context manager: set_level for a block.")
        .def(
            "filtering", "self, filter_",
            [](py::Args a) -> object {
                return py::make_context_manager(filtering, {a[0], a[1]});
            },
            "A context manager: add a filter to the handler for a block.")
        .doc("Gives access to the captured logs of a test, and sets levels.")
        .make();
    m.generator("fixture_body", "request", &caplog);
}

}  // namespace fastest::builtin
