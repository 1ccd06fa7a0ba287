// How `Config` warns, and under which filters plugins are imported and configured.

#include "engine/py/context_manager.h"
#include "engine/py/with.h"
#include "engine/settings/config.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;
using py::OwnedArgs;

constexpr const char* kSite = "fastest.WarningSite";  // of capsules

object command_line_filters(handle self) {
    object given = py::get(py::get(self, "known_args_namespace"_n), "pythonwarnings"_n);
    return py::truth(given) ? given : py::new_list();
}

void apply_filters(handle self, handle config_filters) {
    py::call(py::facade("_pytest.config", "apply_warning_filters"_n), config_filters, command_line_filters(self));
}

object catch_warnings(handle record) {
    return py::call_kw(py::lookup("warnings", "catch_warnings"_n), {}, {{"record"_n, record}});
}

void always(handle category) {
    py::call_kw(py::lookup("warnings", "filterwarnings"_n), {py::str("always")}, {{"category"_n, category}});
}

/// Leaves a context manager that was entered, whatever happens.
class Entered {
public:
    explicit Entered(object manager) : manager_(std::move(manager)), log(py::call_method(manager_, "__enter__"_n)) {}
    ~Entered() {
        nb::error_scope keep;
        try {
            py::call_method(manager_, "__exit__"_n, Py_None, Py_None, Py_None);
        } catch (nb::python_error& error) {
            error.discard_as_unraisable("leaving a context of warnings");
        }
    }
    Entered(const Entered&) = delete;

private:
    object manager_;

public:
    object log;
};

/// Arguments: config, record. Yields the list of records, or None.
py::Generator configured_warnings(OwnedArgs a) {
    object filters = py::call_method(a[0], "getini"_n, py::str("filterwarnings"));
    command_line_filters(a[0]);
    Entered entered(catch_warnings(a[1]));
    if (!py::truth(py::lookup("sys", "warnoptions"_n))) {
        always(PyExc_DeprecationWarning);
        always(PyExc_PendingDeprecationWarning);
    }
    apply_filters(a[0], filters);
    co_yield entered.log;
    co_return py::none();
}

object catch_configured_warnings(Args a) { return py::make_context_manager(configured_warnings, {a[0], a[1]}); }

void record(handle config, handle message, handle location) {
    object arguments = py::new_dict();
    py::dict_set(arguments, "warning_message"_n, message);
    py::dict_set(arguments, "nodeid"_n, py::str(""));
    py::dict_set(arguments, "when"_n, py::str("config"));
    py::dict_set(arguments, "location"_n, location);
    object hook = py::get(py::get(config, "hook"_n), "pytest_warning_recorded"_n);
    py::call_method_kw(hook, "call_historic"_n, {}, {{"kwargs"_n, arguments}});
}

/// Passes the recorded warnings on when it goes; what that raises replaces nothing that is under way.
py::Generator plugin_import_warnings(OwnedArgs a) {
    Entered entered(py::call_method_kw(a[0], "_catch_configured_warnings"_n, {}, {{"record"_n, Py_True}}));
    std::exception_ptr failure;
    try {
        co_yield py::none();
    } catch (...) {
        failure = std::current_exception();
    }
    for (object message : py::each(entered.log)) record(a[0], message, Py_None);
    if (failure) std::rethrow_exception(failure);
    co_return py::none();
}

object capture_plugin_import_warnings(Args a) { return py::make_context_manager(plugin_import_warnings, {a[0]}); }

/// Emits a warning under the configured filters and records it. `emit` calls the warnings module; `locate` gives its
/// place.
template <class Emit, class Locate>
void issue(handle self, handle warning, Emit&& emit, Locate&& locate) {
    if (py::truth(py::call_method(py::get(self, "pluginmanager"_n), "is_blocked"_n, py::str("warnings")))) return;
    object filters = py::call_method(self, "getini"_n, py::str("filterwarnings"));
    command_line_filters(self);
    object records;
    {
        Entered entered(catch_warnings(Py_True));
        py::call(py::lookup("warnings", "simplefilter"_n), py::str("always"), py::type_of(warning));
        apply_filters(self, filters);
        emit();
        records = entered.log;
    }
    if (py::length(records) > 0) record(self, py::item(records, py::integer(0)), locate(records));
}

/// The frame `count` above the innermost, or the outermost there is.
object frame_above(long long count) {
    object frame = py::call(py::lookup("sys", "_getframe"_n));
    for (; count > 0; --count) {
        object above = py::get(frame, "f_back"_n);
        if (py::is_none(above)) break;
        frame = above;
    }
    return frame;
}

/// `stacklevel` counts this method as 1; it has no Python frame.
object issue_config_time_warning(Args a) {
    if (const WarningSite* site = site_in(py::get_or(a[0], "_warning_site"_n, Py_None))) {
        warn_from(a[0], a[1], *site);
        return py::none();
    }
    long long level = py::to_int(a[2]);
    issue(
        a[0], a[1],
        [&] {
            py::call_kw(py::lookup("warnings", "warn"_n), {a[1]},
                        {{"stacklevel"_n, py::integer(std::max(level - 1, 1LL))}});
        },
        [&](handle) {
            object frame = frame_above(level - 2);
            object code = py::get(frame, "f_code"_n);
            return py::tuple_of(py::get(code, "co_filename"_n), py::get(frame, "f_lineno"_n),
                                py::get(code, "co_name"_n));
        });
    return py::none();
}

object warn_about_missing_assertion(Args a) {
    if (py::truth(py::call(py::facade("_pytest.config", "_assertion_supported"_n)))) return py::none();
    bool plain = PyUnicode_CompareWithASCIIString(a[1].ptr(), "plain") == 0;
    const char* text =
        plain ? "ASSERTIONS ARE NOT EXECUTED and FAILING TESTS WILL PASS.  Are you using python -O?"
              : "assertions not in test modules or plugins will be ignored because assert statements are not "
                "executed by the underlying Python interpreter (are you using python -O?)\n";
    object warning = py::call(py::facade("_pytest.warning_types", "PytestConfigWarning"_n), py::str(text));
    warn_from(a[0], warning, {1508, "_consider_importhook", "self._warn_about_missing_assertion(mode)"});
    return py::none();
}

object warn_about_skipped_plugins(Args a) {
    for (object skipped : py::each(py::get(py::get(a[0], "pluginmanager"_n), "skipped_plugins"_n))) {
        object text = py::strcat("skipped plugin ", py::repr_of(py::item(skipped, py::integer(0))), ": ",
                                 py::item(skipped, py::integer(1)));
        object warning = py::call(py::facade("_pytest.warning_types", "PytestConfigWarning"_n), text);
        warn_from(a[0], warning, {2319, "_warn_about_skipped_plugins", "self.issue_config_time_warning("});
    }
    return py::none();
}

object warn_or_fail_if_strict(Args a) {
    object strict = py::call_method(a[0], "getini"_n, py::str("strict_config"));
    if (py::is_none(strict)) strict = py::call_method(a[0], "getini"_n, py::str("strict"));
    if (py::truth(strict)) py::raise(py::lookup("_pytest.config.exceptions", "UsageError"_n), py::text(a[1]));
    object warning = py::call(py::facade("_pytest.warning_types", "PytestConfigWarning"_n), a[1]);
    warn_from(a[0], warning,
              {1636, "_validate_config_options", "self._warn_or_fail_if_strict(f\"Unknown config option: {key}\\n\")"});
    return py::none();
}

object assertion_supported(Args) {
    return py::boolean(!py::truth(py::get(py::lookup("sys", "flags"_n), "optimize"_n)));
}

}  // namespace

void warn_from(handle config, handle warning, const WarningSite& site) {
    object file = py::facade("_pytest.config", "__file__"_n);
    issue(
        config, warning,
        [&] {
            py::call_kw(
                py::lookup("warnings", "warn_explicit"_n), {warning, py::type_of(warning)},
                {{"filename"_n, file}, {"lineno"_n, py::integer(site.line)}, {"module"_n, py::str("_pytest.config")}});
        },
        [&](handle records) {
            py::set(py::item(records, py::integer(0)), "line"_n, py::str(site.source));
            return py::tuple_of(file, py::integer(site.line), py::str(site.function));
        });
}

py::object held_site(const WarningSite& site) { return nb::capsule(&site, kSite); }

const WarningSite* site_in(handle holder) {
    if (py::is_none(holder)) return nullptr;
    void* site = PyCapsule_GetPointer(holder.ptr(), kSite);
    if (!site) nb::raise_python_error();
    return static_cast<const WarningSite*>(site);
}

WarningsShownAt::WarningsShownAt(handle config, const WarningSite* site) {
    if (!site || py::is_none(config)) return;
    config_ = py::borrow(config);
    before_ = py::get_or(config, "_warning_site"_n, Py_None);
    py::set(config, "_warning_site"_n, held_site(*site));
}

WarningsShownAt::~WarningsShownAt() {
    if (!config_.is_valid()) return;
    nb::error_scope keep;
    if (PyObject_SetAttr(config_.ptr(), "_warning_site"_n.ptr(), before_.ptr()) < 0) PyErr_Clear();
}

void define_config_warnings(py::Module& m, py::ClassBuilder& config) {
    m.def("_assertion_supported", "", assertion_supported);
    config.def("_catch_configured_warnings", "self, *, record", catch_configured_warnings)
        .def("_capture_plugin_import_warnings", "self", capture_plugin_import_warnings)
        .def("_warn_about_missing_assertion", "self, mode", warn_about_missing_assertion)
        .def("_warn_about_skipped_plugins", "self", warn_about_skipped_plugins)
        .def("_warn_or_fail_if_strict", "self, message", warn_or_fail_if_strict)
        .def("issue_config_time_warning", "self, warning, stacklevel", issue_config_time_warning,
             "Issue a warning while pytest is being configured; it is shown in the summary.\n\n"
             ":param warning: The warning.\n:param stacklevel: As for warnings.warn.");
}

}  // namespace fastest::settings
