// --enhanced-errors: hints beside errors.

#include <algorithm>

#include "engine/extras/features.h"
#include "engine/extras/hints.h"
#include "engine/hooks/quiet.h"

namespace fastest::extras {
namespace {

constexpr int kMostCauses = 3;

using LookFor = void (*)(const Failure&, Hints&);

/// Whatever goes wrong while something is looked for, there is just nothing to say.
void look_for(LookFor what, const Failure& failure, Hints& hints) {
    try {
        what(failure, hints);
    } catch (const nb::python_error& error) {
        if (error.matches(PyExc_KeyboardInterrupt)) throw;
    }
}

/// A node, and what looking for hints needs beside its error. All borrowed.
struct Place {
    handle node, config, memory;
};

void look_at_error(const Place& place, handle exception, Hints& hints) {
    object traceback = get(exception, "__traceback__"_n);
    Failure failure{place.node, place.config, exception, traceback, place.memory};
    for (LookFor what : {hint_at_missing_fixture, hint_at_collection, hint_at_imports, hint_at_attributes,
                         hint_at_variables, hint_at_keys, hint_at_calls, hint_at_files})
        look_for(what, failure, hints);
}

/// The error, what it was raised from, and the first errors of a group.
void look_at_errors(const Place& place, handle exception, Hints& hints) {
    object error = borrow(exception);
    for (int i = 0; i < kMostCauses && !is_none(error); ++i) {
        look_at_error(place, error, hints);
        if (object members = get_or(error, "exceptions"_n, Py_None); PyTuple_Check(members.ptr()))
            for (Py_ssize_t j = 0; j < std::min<Py_ssize_t>(PyTuple_GET_SIZE(members.ptr()), kMostCauses); ++j)
                if (handle member = PyTuple_GET_ITEM(members.ptr(), j);
                    is_instance(member, handle(PyExc_BaseException)))
                    look_at_error(place, member, hints);
        error = get(error, "__cause__"_n);
    }
}

object exception_of(handle call_info) {
    object info = get_or(call_info, "excinfo"_n, Py_None);
    return is_none(info) ? none() : get(info, "value"_n);
}

void set_hints(handle self, handle report, handle node, handle call_info, bool is_test) {
    object failed = get_or(report, "outcome"_n, Py_None), exception = exception_of(call_info);
    if (!equal(failed, "failed"_n) || is_none(exception)) return;
    object config = get(node, "config"_n), memory = get(self, "memory"_n);
    Hints hints;
    look_at_errors({node, config, memory}, exception, hints);
    bool is_over = is_test && equal(get(report, "when"_n), "teardown"_n);
    if (is_test && !is_over) look_for(hint_at_overrides, {node, config, exception, Py_None, memory}, hints);
    if (hints.lines().empty()) return;
    object lines = new_list();
    for (const std::string& line : hints.lines()) append(lines, str(line));
    set(report, "hints"_n, lines);
}

void try_to_set_hints(handle self, handle report, handle node, handle call_info, bool is_test) {
    try {
        set_hints(self, report, node, call_info, is_test);
    } catch (const nb::python_error& error) {
        if (error.matches(PyExc_KeyboardInterrupt)) throw;
    }
}

/// Arguments: self, item, call.
Generator makereport(OwnedArgs a) {
    object report = co_yield none();
    try_to_set_hints(a[0], report, a[1], a[2], true);
    co_return report;
}

/// Arguments: self, collector.
Generator make_collect_report(OwnedArgs a) {
    object report = co_yield none();
    try_to_set_hints(a[0], report, a[1], get_or(report, "call"_n, Py_None), false);
    co_return report;
}

}  // namespace

void configure_enhanced_errors(handle config) {
    if (!option(config, "fastest_enhanced_errors"_n).is(Py_True)) return;
    object plugin = call(global<"enhanced_errors", "EnhancedErrors">());
    set(plugin, "memory"_n, new_dict());
    register_plugin(config, plugin, "fastest.enhanced_errors");
}

}  // namespace fastest::extras

FASTEST_MODULE(enhanced_errors, "fastest.extras") {
    using namespace fastest;
    using namespace fastest::extras;
    m.cls("EnhancedErrors")
        .doc("Adds `hints`, a list of lines, to the reports of failures.")
        .wrapper("pytest_runtest_makereport", "self, item, call", makereport)
        .wrapper("pytest_make_collect_report", "self, collector", make_collect_report)
        .make();
    // What a quiet run has to do with reports of failures, it does in the general way.
    hooks::plays_quietly(get(m.get("EnhancedErrors"), "pytest_runtest_makereport"_n), hooks::idle_part);
}
