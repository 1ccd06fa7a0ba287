// Catching and reporting warnings (`_pytest.warnings`).
//
// Around collection, each test and the ends of a session, the filters are a copy to which pytest's own, the configured
// and the marked ones are added; what passes them is recorded and reported by a hook at the end.

#include <optional>

#include "engine/hooks/quiet.h"
#include "engine/py/context_manager.h"
#include "engine/run/skip_marks.h"

namespace fastest::builtin {

using namespace py::literals;
using py::handle;
using py::object;

namespace {

object warnings_module() { return py::import_module("warnings"); }

void filters_changed(handle module) { py::call_method(module, "_filters_mutated"_n); }

/// `warnings.catch_warnings`. Entered and left by hand.
class CatchWarnings {
public:
    void enter(bool record) {
        module_ = warnings_module();
        if (py::version::kHasContextFilters) {
            manager_ = py::call_kw(py::get(module_, "catch_warnings"_n), {}, {{"record"_n, py::boolean(record)}});
            log_ = py::call_method(manager_, "__enter__"_n);
            return;
        }
        filters_ = py::get(module_, "filters"_n);
        showwarning_ = py::get(module_, "showwarning"_n);
        showwarnmsg_ = py::get(module_, "_showwarnmsg_impl"_n);
        py::set(module_, "filters"_n, py::to_list(filters_));
        filters_changed(module_);
        log_ = py::none();
        if (!record) return;
        log_ = py::new_list();
        py::set(module_, "_showwarnmsg_impl"_n, py::get(log_, "append"_n));
        py::set(module_, "showwarning"_n, py::get(module_, "_showwarning_orig"_n));
    }

    void leave() {
        if (manager_.is_valid()) {
            py::call_method(manager_, "__exit__"_n, handle(Py_None), handle(Py_None), handle(Py_None));
            return;
        }
        py::set(module_, "filters"_n, filters_);
        filters_changed(module_);
        py::set(module_, "showwarning"_n, showwarning_);
        py::set(module_, "_showwarnmsg_impl"_n, showwarnmsg_);
    }

    handle module() const { return module_; }
    /// The list of records, or None.
    handle log() const { return log_; }

private:
    object module_, manager_, log_, filters_, showwarning_, showwarnmsg_;
};

void add_always(handle module, handle category) {
    py::call_kw(py::get(module, "filterwarnings"_n), {"always"_n}, {{"category"_n, category}});
}

/// Adds what the configuration asks for to the filters that are in force. What came out is kept on the config and used
/// again as long as the filters before and the settings are the same. A filter that warns has to warn each time.
void add_configured_filters(handle config, const CatchWarnings& caught) {
    handle module = caught.module();
    object ini = py::call_method(config, "getini"_n, "filterwarnings"_n);
    object line = py::get(py::get(config, "known_args_namespace"_n), "pythonwarnings"_n);
    if (!py::truth(line)) line = py::new_list();
    object plain = py::boolean(!py::truth(py::lookup("sys", "warnoptions"_n)));
    object before = py::to_list(py::get(module, "filters"_n));
    object key = py::tuple_of(plain, ini, line, before);
    object known = py::get_or(config, "_warning_filters"_n, Py_None);
    if (!py::is_none(known) && py::equal(PyTuple_GET_ITEM(known.ptr(), 0), key)) {
        object list = py::get(module, "filters"_n);
        py::check(PyList_SetSlice(list.ptr(), 0, PyList_GET_SIZE(list.ptr()), PyTuple_GET_ITEM(known.ptr(), 1)));
        filters_changed(module);
        return;
    }
    if (py::truth(plain)) {
        add_always(module, PyExc_DeprecationWarning);
        add_always(module, PyExc_PendingDeprecationWarning);
    }
    bool recorded = !py::is_none(caught.log());
    Py_ssize_t warned = recorded ? py::length(caught.log()) : 0;
    py::call(py::facade("_pytest.config", "apply_warning_filters"_n), ini, line);
    if (!recorded || py::length(caught.log()) != warned) return;
    object remembered = py::tuple_of(plain, py::to_list(ini), py::to_list(line), before);
    py::set(config, "_warning_filters"_n, py::tuple_of(remembered, py::to_list(py::get(module, "filters"_n))));
}

void add_marked_filters(handle item, handle module) {
    for (object mark : py::each(py::call_method_kw(item, "iter_markers"_n, {}, {{"name"_n, "filterwarnings"_n}})))
        for (object arg : py::each(py::get(mark, "args"_n))) {
            object parsed =
                py::call_kw(py::facade("_pytest.config", "parse_warning_filter"_n), {arg}, {{"escape"_n, Py_False}});
            py::call_ex(py::get(module, "filterwarnings"_n), py::to_tuple(parsed));
        }
}

/// One stretch of a run whose warnings are recorded and reported.
class Recording {
public:
    Recording(handle config, handle ihook, handle when, handle item, bool record)
        : config_(py::borrow(config)), ihook_(py::borrow(ihook)), when_(py::borrow(when)), item_(py::borrow(item)) {
        catch_.enter(record);
        try {
            add_configured_filters(config_, catch_);
            if (!py::is_none(item_)) add_marked_filters(item_, catch_.module());
        } catch (...) {
            catch_.leave();
            throw;
        }
    }

    /// Reports what was recorded and puts the filters back.
    void end() {
        try {
            report();
        } catch (...) {
            catch_.leave();
            throw;
        }
        catch_.leave();
    }

    bool is_empty() const { return py::is_none(catch_.log()) || !PyList_GET_SIZE(catch_.log().ptr()); }
    const CatchWarnings& caught() const { return catch_; }
    /// What is recorded from now on belongs to another item.
    void go_on_with(handle item) {
        item_ = py::borrow(item);
        ihook_ = object();
    }

private:
    void report() {
        handle log = catch_.log();
        if (is_empty()) return;
        if (!ihook_.is_valid()) ihook_ = py::get(item_, "ihook"_n);
        object nodeid = py::is_none(item_) ? py::borrow(""_n) : py::get(item_, "nodeid"_n);
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(log.ptr()); ++i) {
            object kwargs = py::new_dict();
            py::dict_set(kwargs, "warning_message"_n, py::borrow(PyList_GET_ITEM(log.ptr(), i)));
            py::dict_set(kwargs, "nodeid"_n, nodeid);
            py::dict_set(kwargs, "when"_n, when_);
            py::dict_set(kwargs, "location"_n, Py_None);
            py::call_method_kw(py::get(ihook_, "pytest_warning_recorded"_n), "call_historic"_n, {},
                               {{"kwargs"_n, kwargs}});
        }
    }

    CatchWarnings catch_;
    object config_, ihook_, when_, item_;
};

/// One recording serves many items, as long as nothing is recorded and the filters stay as they are. Python 3.14 keeps
/// them in contexts of their own.
class QuietRecording final : public hooks::QuietPart {
public:
    explicit QuietRecording(hooks::QuietRun& run) : run_(run) {}

    bool plain(handle item) override { return !run::may_have_mark(item, {"filterwarnings"}); }

    void begin(handle item) override {
        if (recording_) {
            recording_->go_on_with(item);
            filters_changed(recording_->caught().module());  // each test warns anew
            return;
        }
        recording_.emplace(py::get(item, "config"_n), handle(), "runtest"_n, Py_None, true);
        recording_->go_on_with(item);
        remember_state();
    }

    void end(handle) override {
        if (!recording_ || (can_stand() && is_untouched())) return;
        run_.settle();
        finish();
    }

    void finish() override {
        if (!recording_) return;
        Recording recording = std::move(*recording_);
        recording_.reset();
        recording.end();
    }

private:
    static constexpr bool can_stand() { return !py::version::kHasContextFilters; }

    void remember_state() {
        handle module = recording_->caught().module();
        filters_ = py::get(module, "filters"_n);
        contents_ = py::to_tuple(filters_);
        show_ = py::get(module, "showwarning"_n);
        record_ = py::get(module, "_showwarnmsg_impl"_n);
    }

    bool is_untouched() const {
        if (!recording_->is_empty()) return false;
        handle table = PyModule_GetDict(recording_->caught().module().ptr());
        if (!py::dict_get(table, "filters"_n).is(filters_) || !py::dict_get(table, "showwarning"_n).is(show_) ||
            !py::dict_get(table, "_showwarnmsg_impl"_n).is(record_) || !PyList_CheckExact(filters_.ptr()))
            return false;
        Py_ssize_t size = PyTuple_GET_SIZE(contents_.ptr());
        if (PyList_GET_SIZE(filters_.ptr()) != size) return false;
        for (Py_ssize_t i = 0; i < size; ++i)
            if (PyList_GET_ITEM(filters_.ptr(), i) != PyTuple_GET_ITEM(contents_.ptr(), i)) return false;
        return true;
    }

    hooks::QuietRun& run_;
    std::optional<Recording> recording_;
    object filters_, contents_, show_, record_;
};

std::unique_ptr<hooks::QuietPart> quiet_recording(handle, hooks::QuietRun& run) {
    return std::make_unique<QuietRecording>(run);
}

/// Yields once within a recording.
py::Generator recorded(object config, object ihook, object when, object item, bool record) {
    Recording recording(config, ihook, when, item, record);
    std::optional<nb::python_error> error;
    object result;
    try {
        result = co_yield py::none();
    } catch (const nb::python_error& raised) {
        error.emplace(raised);
    }
    if (error) {
        {
            py::Handling handling(*error);
            recording.end();
        }
        throw *error;
    }
    recording.end();
    co_return result;
}

py::Generator recorded_for_config(handle config, handle when) {
    return recorded(py::borrow(config), py::get(config, "hook"_n), py::borrow(when), py::none(), true);
}

object catch_warnings_for_item(py::Args a) {
    auto body = [](py::OwnedArgs b) {
        return recorded(py::borrow(b[0]), py::borrow(b[1]), py::borrow(b[2]), py::borrow(b[3]), py::truth(b[4]));
    };
    return py::make_context_manager(body, {a[0], a[1], a[2], a[3], a[4]});
}

object warning_record_to_str(py::Args a) {
    object record = py::borrow(a[0]);
    auto field = [&](handle name) { return py::get(record, name); };
    object text = py::call(py::lookup("warnings", "formatwarning"_n), py::to_str(field("message"_n)),
                           field("category"_n), field("filename"_n), field("lineno"_n), field("line"_n));
    object source = field("source"_n);
    if (py::is_none(source)) return text;
    return py::strcat(text, py::call(py::facade("_pytest.tracemalloc", "tracemalloc_message"_n), source));
}

py::Generator runtest_protocol(py::OwnedArgs a) {
    return recorded(py::get(a[0], "config"_n), py::get(a[0], "ihook"_n), py::borrow("runtest"_n), py::borrow(a[0]),
                    true);
}

py::Generator collection(py::OwnedArgs a) { return recorded_for_config(py::get(a[0], "config"_n), "collect"_n); }
py::Generator of_config_owner(py::OwnedArgs a) { return recorded_for_config(py::get(a[0], "config"_n), "config"_n); }
py::Generator load_initial_conftests(py::OwnedArgs a) { return recorded_for_config(a[0], "config"_n); }

object configure(py::Args a) {
    py::call_method(
        a[0], "addinivalue_line"_n, "markers"_n,
        py::str("filterwarnings(warning): add a warning filter to the given test. see "
                "https://docs.pytest.org/en/stable/how-to/capture-warnings.html#pytest-mark-filterwarnings "));
    return py::none();
}

}  // namespace

FASTEST_MODULE(warnings_plugin, "_pytest.warnings") {
    m.def(
        "catch_warnings_for_item", "config, ihook, when, item, *, record=True", &catch_warnings_for_item,
        "A context manager that reports the warnings of its block with `pytest_warning_recorded`. `item` may be None.");
    m.def("warning_record_to_str", "warning_message", &warning_record_to_str, "A recorded warning as text.");
    hooks::plays_quietly(m.wrapper("pytest_runtest_protocol", "item", &runtest_protocol, {.tryfirst = true}),
                         quiet_recording);
    m.wrapper("pytest_collection", "session", &collection, {.tryfirst = true});
    m.wrapper("pytest_terminal_summary", "terminalreporter", &of_config_owner);
    m.wrapper("pytest_sessionfinish", "session", &of_config_owner);
    m.wrapper("pytest_load_initial_conftests", "early_config", &load_initial_conftests);
    m.hook("pytest_configure", "config", &configure);
}

}  // namespace fastest::builtin
