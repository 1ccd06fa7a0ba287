#include "engine/run/quiet_items.h"

#include <chrono>
#include <optional>

#include "engine/collect/test_call.h"
#include "engine/fixtures/closure.h"
#include "engine/nodes/ours.h"
#include "engine/run/call_info.h"
#include "engine/run/phase_variable.h"
#include "engine/run/runner.h"
#include "engine/run/setup_state.h"

namespace fastest::run {

using hooks::Phase;
using hooks::QuietPart;

namespace {

/// Both clocks, as `_pytest.timing` reads them while nobody has replaced it.
struct ClockReading {
    double wall, precise;

    static ClockReading now() {
        auto seconds = [](auto time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); };
        return {seconds(std::chrono::system_clock::now()), seconds(std::chrono::steady_clock::now())};
    }
};

/// Whether letting go of these values cannot run code: they live on elsewhere, or are of types that only hold data.
bool can_die_unseen(handle funcargs) {
    if (!PyDict_CheckExact(funcargs.ptr())) return false;
    PyObject *name, *value;
    for (Py_ssize_t at = 0; PyDict_Next(funcargs.ptr(), &at, &name, &value);) {
        bool data = PyUnicode_CheckExact(value) || PyLong_CheckExact(value) || PyFloat_CheckExact(value) ||
                    PyBytes_CheckExact(value) || PyBool_Check(value) || value == Py_None;
        if (!data && Py_REFCNT(value) < 2) return false;
    }
    return true;
}

bool is_filled(const nodes::Node* node, nodes::Field which) {
    PyObject* list = node->refs[which];
    return list && (!PyList_CheckExact(list) || PyList_GET_SIZE(list) > 0);
}

}  // namespace

/// One item on its way.
class QuietItem {
public:
    QuietItem(QuietItems& run, handle item, handle next)
        : run_(run), plan_(run.plan_), item_(item), next_(next), node_(nodes::as_node(item)), id_text_(nodes::nodeid_text_of(item)), nodeid_(str(id_text_)) {}

    void go() {
        pause_.begin();
        std::size_t begun = 0;
        try {
            for (QuietPart* part : plan_.protocol()) {
                part->begin(item_);
                ++begun;
            }
            phases();
            forget_values();
        } catch (nb::python_error& error) {
            pause_.end();
            Handling handling(error);
            run_.settle();
            forget_values();
            end_protocol(begun);
            run_.close();
            throw;
        }
        end_protocol(begun);
        run_.between_ = true;
    }

private:
    // --- phases ---

    void phases() {
        for (QuietPart* part : plan_.start()) part->start(item_, nodeid_);
        state_ = get(run_.session_, "_setupstate"_n);
        run_.between_ = false;
        border_ = ClockReading::now();
        if (!set_up()) return go_on_after(Phase::kSetup);
        if (!perform(Phase::kCall, [&] { call_test(); })) return go_on_after(Phase::kCall);
        tear_down();
    }

    /// The rest of the way, after a phase whose report was none of a plain pass.
    void go_on_after(Phase last) {
        run_.settle();
        pause_.end();
        if (last == Phase::kSetup && passed_) run_phase(item_, "call"_n, Py_True);
        run_phase(item_, "teardown"_n, Py_True, stops() ? handle(Py_None) : next_);
        run_.announced_ = false;
    }

    bool stops() {
        return truth(get(run_.session_, "shouldfail"_n)) || truth(get(run_.session_, "shouldstop"_n));
    }

    bool needed(Phase phase) {
        for (QuietPart* part : plan_.phase(phase))
            if (part->needs(item_, phase)) return true;
        return false;
    }

    bool set_up() {
        object names = fixtures::names_of(item_);
        bool no_fixtures = PyList_CheckExact(names.ptr()) && PyList_GET_SIZE(names.ptr()) == 0;
        if (no_fixtures && !needed(Phase::kSetup) && (finalizers_ = push_leaf(state_, item_)).is_valid()) {
            report_pass(Phase::kSetup);
            return true;
        }
        return perform(Phase::kSetup, [&] { call_method(state_, "setup"_n, item_); });
    }

    void call_test() {
        forget_last_error();
        try {
            collect::call_test(item_);
        } catch (nb::python_error& error) {
            if (error.matches(PyExc_Exception)) remember_last_error(error.value());
            throw;
        }
    }

    void tear_down() {
        bool stop = stops();
        if (!stop && finalizers_.is_valid() && !needed(Phase::kTeardown) && pop_leaf(state_, item_, next_, finalizers_)) {
            report_pass(Phase::kTeardown);
            return;
        }
        handle next = stop ? handle(Py_None) : next_;
        perform(Phase::kTeardown, [&] { call_method(state_, "teardown_exact"_n, next); });
    }

    /// Runs a phase in which others' code runs. False when it failed or its report is not a plain one; then it is reported.
    template <class Body>
    bool perform(Phase phase, Body&& body) {
        announce_phase(id_text_, hooks::text_of(phase));
        run_.announced_ = true;
        const QuietPlan::Parts& parts = plan_.phase(phase);
        std::optional<nb::python_error> error;
        std::size_t entered = 0;
        try {
            for (QuietPart* part : parts) {
                part->enter(item_, phase);
                ++entered;
            }
            {
                collect::GarbagePause::Break user_code(&pause_);
                body();
            }
            for (QuietPart* part : parts) part->after(item_, phase);
        } catch (nb::python_error& raised) {
            error.emplace(std::move(raised));
        }
        while (entered-- > 0) leave(parts[entered], phase, error);
        if (error) {
            report_failure(phase, *error);
            return false;
        }
        if (is_plain_pass(phase)) {
            report_pass(phase);
            return true;
        }
        report_generally(phase, none());
        return false;
    }

    void leave(QuietPart* part, Phase phase, std::optional<nb::python_error>& error) {
        try {
            std::optional<Handling> handling;
            if (error) handling.emplace(*error);
            part->leave(item_, phase, error.has_value());
        } catch (nb::python_error& raised) {
            error.emplace(std::move(raised));
        }
    }

    // --- reports ---

    bool is_plain_pass(Phase phase) {
        if (is_filled(node_, nodes::kReportSections) || is_filled(node_, nodes::kUserProperties)) return false;
        for (QuietPart* part : plan_.report())
            if (part->wants_report(item_, phase)) return false;
        return true;
    }

    void report_pass(Phase phase) {
        ClockReading now = ClockReading::now();
        hooks::PhasePassed event{item_, nodeid_, phase, border_.wall, now.wall, now.precise - border_.precise};
        border_ = now;
        if (phase == Phase::kTeardown) run_.between_ = true;
        for (QuietPart* part : plan_.log()) part->passed(event);
    }

    void report_failure(Phase phase, nb::python_error& error) {
        object excinfo = excinfo_of(error, reraised(nodes::config_of(item_)));
        Handling handling(error);
        report_generally(phase, excinfo);
    }

    void report_generally(Phase phase, handle excinfo) {
        ClockReading now = ClockReading::now();
        run_.settle();
        collect::GarbagePause::Break user_code(&pause_);
        handle when = hooks::name_of(phase);
        object info = make_call_info(global<"runner", "CallInfo">(), is_none(excinfo) ? new_list() : none(), excinfo,
                                     real(border_.wall), real(now.wall), real(now.precise - border_.precise), when);
        passed_ = truth(get(report_phase(item_, info, true), "passed"_n));
        border_ = now;
        if (phase == Phase::kTeardown && is_none(excinfo)) run_.between_ = true;
        if (phase == Phase::kTeardown && !is_none(excinfo)) run_.announced_ = false;  // stays set after a failed teardown
    }

    // --- the end ---

    void forget_values() {
        run_.between_ = true;
        handle values = node_->refs[nodes::kFuncargs];
        if (values.is_valid() && !can_die_unseen(values)) run_.settle();
        collect::GarbagePause::Break others_code(&pause_);
        node_->pending &= static_cast<unsigned char>(~(nodes::kPendingRequest | nodes::kPendingFuncargs));
        nodes::set_field(node_, nodes::kRequest, Py_False);
        nodes::set_field(node_, nodes::kFuncargs, Py_None);
    }

    void end_protocol(std::size_t begun) {
        while (begun-- > 0) plan_.protocol()[begun]->end(item_);
    }

    QuietItems& run_;
    const QuietPlan& plan_;
    handle item_, next_;
    nodes::Node* node_;
    std::string id_text_;
    object nodeid_, state_, finalizers_;
    ClockReading border_{};
    bool passed_ = true;
    collect::GarbagePause pause_;
};

QuietItems::QuietItems(handle session) : session_(session), plan_(nodes::config_of(session), *this) {
    object option = get(nodes::config_of(session), "option"_n);
    enabled_ = nodes::short_cuts(session) && !truth(get_or(option, "setuponly"_n, Py_False)) &&
               !truth(get_or(option, "setupshow"_n, Py_False));
}

bool QuietItems::run(handle item, handle next) {
    if (!enabled_) return false;
    if (!plan_.holds()) {
        close();
        plan_.make();
    }
    bool quiet = plan_.quiet() && collect::is_plain_test(item) && runner_is_ours() && timing_is_ours() &&
                 has_own_setup_state(session_);
    for (std::size_t i = 0; quiet && i < plan_.all().size(); ++i) quiet = plan_.all()[i]->plain(item);
    if (!quiet) {
        close();
        return false;
    }
    open_ = true;
    QuietItem(*this, item, next).go();
    return true;
}

void QuietItems::settle() {
    const QuietPlan::Parts& parts = plan_.all();
    for (std::size_t i = parts.size(); i-- > 0;) parts[i]->settle();
    if (between_ && announced_) {
        announced_ = false;
        drop_phase();
    }
}

void QuietItems::close() {
    if (!open_) return;
    open_ = false;
    settle();
    const QuietPlan::Parts& parts = plan_.all();
    for (std::size_t i = parts.size(); i-- > 0;) parts[i]->finish();
}

int QuietItems::real_descriptor(int fd) {
    for (QuietPart* part : plan_.all())
        if (int kept = part->kept_descriptor(fd); kept >= 0) return kept;
    return fd;
}

}  // namespace fastest::run
