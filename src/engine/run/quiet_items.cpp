#include "engine/run/quiet_items.h"

#include <optional>

#include "engine/collect/test_call.h"
#include "engine/fixtures/closure.h"
#include "engine/hooks/caller.h"
#include "engine/nodes/ours.h"
#include "engine/py/short_cut.h"
#include "engine/run/call_info.h"
#include "engine/run/phase_variable.h"
#include "engine/run/reports.h"
#include "engine/run/runner.h"
#include "engine/run/setup_state.h"
#include "os/clock.h"

namespace fastest::run {

using hooks::Phase;
using hooks::QuietPart;

namespace {

ShortCut g_quiet_items{
    "run.quiet_items",
    "the phases of a plain test function run without hook calls, CallInfo and reports that only the engine would "
    "see; implementations of others are called in their places"};
ShortCut g_leaf_setup{
    "run.leaf_setup",
    "set-up and teardown of an item without fixtures, where no code but the engine's would run, leave out "
    "capture, log handlers and PYTEST_CURRENT_TEST"};

/// Both clocks, as `_pytest.timing` reads them while nobody has replaced it.
struct ClockReading {
    double wall, precise;

    static ClockReading now() { return {os::wall_time(), os::precise_time()}; }
};

/// Looks at what goes when a test's values are let go of: whether that could run code.
class Dying {
public:
    /// Whether nothing of these values does anything when it dies: what is not only data lives on elsewhere.
    static bool unseen(handle values) {
        if (!PyDict_CheckExact(values.ptr())) return false;
        Dying found;
        if (!found.add_elements(values.ptr(), 4)) return false;
        for (const Seen& seen : found.objects_)
            if (Py_REFCNT(seen.object) <= seen.references) return false;
        return true;
    }

private:
    struct Seen {
        PyObject* object;
        Py_ssize_t references;  // from inside the values
    };
    static constexpr std::size_t kMost = 64;  // more would take too long to look at

    static bool is_data(PyObject* value) {
        return PyUnicode_CheckExact(value) || PyLong_CheckExact(value) || PyFloat_CheckExact(value) ||
               PyBytes_CheckExact(value) || PyBool_Check(value) || value == Py_None;
    }

    bool add(PyObject* value, int depth) {
        if (is_data(value)) return true;
        if (++looked_ > kMost) return false;
        bool container = PyDict_CheckExact(value) || PyList_CheckExact(value) || PyTuple_CheckExact(value);
        if (container && Py_REFCNT(value) == 1) return depth > 0 && add_elements(value, depth - 1);
        for (Seen& seen : objects_)
            if (seen.object == value) return ++seen.references, true;
        objects_.push_back({value, 1});
        return true;
    }

    bool add_elements(PyObject* value, int depth) {
        if (PyDict_CheckExact(value)) {
            PyObject *key, *element;
            for (Py_ssize_t at = 0; PyDict_Next(value, &at, &key, &element);)
                if (!add(key, depth) || !add(element, depth)) return false;
            return true;
        }
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(value); ++i)
            if (!add(PySequence_Fast_GET_ITEM(value, i), depth)) return false;
        return true;
    }

    std::vector<Seen> objects_;
    std::size_t looked_ = 0;
};

bool is_filled(const nodes::Node* node, nodes::Field which) {
    PyObject* list = node->refs[which];
    return list && (!PyList_CheckExact(list) || PyList_GET_SIZE(list) > 0);
}

}  // namespace

/// The arguments of the hooks of an item, and a call that runs one implementation after the other.
class ItemCall {
public:
    ItemCall(handle hook, handle item, handle next)
        : names_{"item"_n.ptr(), "nextitem"_n.ptr()},
          values_{item.ptr(), next.ptr()},
          arguments_{names_, values_, next.is_valid() ? 2u : 1u},
          call_(hook, arguments_) {}
    hooks::StepwiseCall& operator*() { return call_; }

private:
    PyObject* names_[2];
    PyObject* values_[2];
    hooks::Arguments arguments_;
    hooks::StepwiseCall call_;
};

/// One item on its way.
class QuietItem {
public:
    QuietItem(QuietItems& run, handle item, handle next)
        : run_(run),
          plan_(run.plan_),
          item_(item),
          next_(next),
          node_(nodes::as_node(item)),
          id_text_(nodes::nodeid_text_of(item)),
          nodeid_(str(id_text_)),
          keywords_(item),
          protocol_call_("pytest_runtest_protocol"_n, item, next) {}

    void go() {
        pause_.begin();
        std::size_t begun = 0;
        std::optional<nb::python_error> error;
        try {
            begin_protocol(begun);
            phases();
            forget_values();
            log_border(plan_.finish());
        } catch (nb::python_error& raised) {
            error.emplace(std::move(raised));
        }
        if (error) give_up(*error);
        end_protocol(begun, error);
        run_.between_ = true;
        if (!error) return;
        run_.close();
        throw *error;
    }

private:
    // --- the whole item ---

    void begin_protocol(std::size_t& begun) {
        for (const QuietPlan::Place& place : plan_.protocol().places) {
            if (place.foreign)
                call_foreign([&] { (*protocol_call_).run(place.foreign); });
            else
                place.part->begin(item_);
            ++begun;
        }
    }

    void end_protocol(std::size_t begun, std::optional<nb::python_error>& error) {
        (*protocol_call_).set_result(boolean(true));
        while (begun-- > 0) {
            const QuietPlan::Place& place = plan_.protocol().places[begun];
            try {
                if (place.foreign)
                    call_foreign([&] { (*protocol_call_).end_wrapper(error); });
                else
                    place.part->end(item_);
            } catch (nb::python_error& raised) {
                error.emplace(std::move(raised));
            }
        }
    }

    void give_up(nb::python_error& error) {
        pause_.end();
        Handling handling(error);
        run_.settle();
        run_.announced_ = false;  // what ends the run leaves the variable as it is
        forget_values();
    }

    /// pytest_runtest_logstart or -logfinish.
    void log_border(const QuietPlan::Hook& hook) {
        bool starts = &hook == &plan_.start();
        for (const QuietPlan::Place& place : hook.places) {
            if (!place.foreign) {
                starts ? place.part->start(item_, nodeid_) : place.part->over(item_, nodeid_);
                continue;
            }
            if (!in_scope(place.foreign)) continue;
            call_foreign([&] {
                object location = get(item_, "location"_n);
                PyObject* names[] = {"nodeid"_n.ptr(), "location"_n.ptr()};
                PyObject* values[] = {nodeid_.ptr(), location.ptr()};
                hooks::Arguments arguments{names, values, 2};
                hooks::StepwiseCall(hook.name, arguments).run(place.foreign);
            });
        }
    }

    template <class Call>
    void call_foreign(Call&& call) {
        run_.settle();
        collect::GarbagePause::Break others_code(&pause_);
        call();
    }

    /// Whether the item's `ihook` calls this implementation, or leaves it out as a conftest of another directory.
    bool in_scope(const hooks::Impl* impl) {
        return !run_.left_out_.is_valid() || !contains(run_.left_out_, impl->plugin);
    }

    bool has_foreign(const QuietPlan::Hook& hook) {
        if (!hook.has_foreign) return false;
        for (const QuietPlan::Place& place : hook.places)
            if (place.foreign && in_scope(place.foreign)) return true;
        return false;
    }

    // --- phases ---

    void phases() {
        log_border(plan_.start());
        state_ = get(run_.session_, "_setupstate"_n);
        run_.between_ = false;
        border_ = ClockReading::now();
        if (!set_up()) return go_on_after(Phase::kSetup);
        if (!perform(Phase::kCall, [&] { call_test(); })) return go_on_after(Phase::kCall);
        tear_down();
        if (plan_.has_foreign()) run_.settle();
    }

    /// The rest of the way, after a phase whose report was none of a plain pass.
    void go_on_after(Phase last) {
        run_.settle();
        pause_.end();
        if (last == Phase::kSetup && passed_) run_phase(item_, "call"_n, Py_True);
        run_phase(item_, "teardown"_n, Py_True, stops() ? handle(Py_None) : next_);
        run_.announced_ = false;
    }

    bool stops() { return truth(get(run_.session_, "shouldfail"_n)) || truth(get(run_.session_, "shouldstop"_n)); }

    void announce(Phase phase) {
        announce_phase(id_text_, hooks::text_of(phase));
        run_.announced_ = true;
    }

    bool needed(Phase phase) {
        const QuietPlan::Hook& hook = plan_.phase(phase);
        for (const QuietPlan::Place& place : hook.places)
            if (place.part && place.part->needs(item_, phase)) return true;
        return has_foreign(hook);
    }

    bool set_up() {
        object names = fixtures::names_of(item_);
        bool no_fixtures = PyList_CheckExact(names.ptr()) && PyList_GET_SIZE(names.ptr()) == 0;
        if (no_fixtures && !needed(Phase::kSetup)) finalizers_ = push_leaf(state_, item_);
        if (g_leaf_setup.take(finalizers_.is_valid())) {
            if (plan_.has_foreign()) announce(Phase::kSetup);  // others see it from the report on
            return report_pass(Phase::kSetup);
        }
        return perform(Phase::kSetup, [&] { set_up_item(state_, item_); });
    }

    void call_test() {
        forget_last_error();
        try {
            if (plan_.call_function().has_foreign)
                call_method(item_, "runtest"_n);
            else
                collect::call_test(item_);
        } catch (nb::python_error& error) {
            if (error.matches(PyExc_Exception)) remember_last_error(error.value());
            throw;
        }
    }

    void tear_down() {
        bool stop = stops();
        if (!stop && finalizers_.is_valid() && !needed(Phase::kTeardown) &&
            pop_leaf(state_, item_, next_, finalizers_)) {
            report_pass(Phase::kTeardown);
            return;
        }
        handle next = stop ? handle(Py_None) : next_;
        perform(
            Phase::kTeardown, [&] { tear_down_item(state_, item_, next); }, next);
    }

    /// Runs a phase in which others' code runs. False when it failed or its report is not a plain one; then it is
    /// reported.
    template <class Body>
    bool perform(Phase phase, Body&& body, handle next = handle()) {
        const QuietPlan::Hook& hook = plan_.phase(phase);
        std::optional<ItemCall> call;
        if (has_foreign(hook)) {
            run_.settle();
            call.emplace(hook.name, item_, next);
        }
        std::optional<nb::python_error> error;
        std::size_t entered = 0;
        try {
            for (; entered < hook.runner; ++entered) enter(hook.places[entered], phase, call);
            announce(phase);
            {
                collect::GarbagePause::Break user_code(&pause_);
                body();
            }
            if (phase == Phase::kTeardown) {
                run_.announced_ = false;
                retract_phase();
            }
            for (std::size_t i = hook.runner; i < hook.places.size(); ++i) come_after(hook.places[i], phase, call);
        } catch (nb::python_error& raised) {
            error.emplace(std::move(raised));
        }
        while (entered-- > 0) leave(hook.places[entered], phase, call, error);
        if (error) {
            report_failure(phase, *error);
            return false;
        }
        if (is_plain_pass(phase)) return report_pass(phase);
        report_generally(phase, none());
        return false;
    }

    void enter(const QuietPlan::Place& place, Phase phase, std::optional<ItemCall>& call) {
        if (place.part) return place.part->enter(item_, phase);
        if (!in_scope(place.foreign)) return;
        collect::GarbagePause::Break others_code(&pause_);
        (**call).run(place.foreign);
    }

    void come_after(const QuietPlan::Place& place, Phase phase, std::optional<ItemCall>& call) {
        if (place.part) return place.part->after(item_, phase);
        if (!in_scope(place.foreign)) return;
        collect::GarbagePause::Break others_code(&pause_);
        (**call).run(place.foreign);
    }

    void leave(const QuietPlan::Place& place, Phase phase, std::optional<ItemCall>& call,
               std::optional<nb::python_error>& error) {
        try {
            if (place.part) {
                std::optional<Handling> handling;
                if (error) handling.emplace(*error);
                place.part->leave(item_, phase, error.has_value());
            } else if (place.foreign->wraps() && in_scope(place.foreign)) {
                run_.settle();  // the parts inside have left
                collect::GarbagePause::Break others_code(&pause_);
                (**call).end_wrapper(error);
            }
        } catch (nb::python_error& raised) {
            error.emplace(std::move(raised));
        }
    }

    // --- reports ---

    bool is_plain_pass(Phase phase) {
        if (is_filled(node_, nodes::kReportSections) || is_filled(node_, nodes::kUserProperties) || !plan_.holds())
            return false;
        for (const QuietPlan::Hook* hook : {&plan_.make_report(), &plan_.status(), &plan_.log()})
            for (const QuietPlan::Place& place : hook->places)
                if (place.part && place.part->wants_report(item_, phase)) return false;
        return true;
    }

    /// False when others have made something else of the report than a plain pass.
    bool report_pass(Phase phase) {
        ClockReading now = ClockReading::now();
        hooks::PhasePassed event{item_, nodeid_, phase, border_.wall, now.wall, now.precise - border_.precise};
        if (phase == Phase::kTeardown) run_.between_ = true;
        object report;
        if (plan_.shows_reports()) {
            run_.settle();
            report = shown_report(event);
            if (!is_plain(report)) {
                border_ = now;
                return log_generally(report);
            }
            event.report = report;
        }
        border_ = now;
        for (const QuietPlan::Place& place : plan_.log().places) {
            if (place.part)
                place.part->passed(event);
            else if (in_scope(place.foreign))
                call_foreign([&] { log_to(place.foreign, report); });
        }
        return true;
    }

    object shown_report(const hooks::PhasePassed& event) {
        if (!has_foreign(plan_.make_report())) return report_of(event, keywords_);
        collect::GarbagePause::Break others_code(&pause_);
        object info = make_call_info(global<"runner", "CallInfo">(), new_list(), Py_None, real(event.start),
                                     real(event.stop), real(event.duration), hooks::name_of(event.phase));
        PyObject* names[] = {"item"_n.ptr(), "call"_n.ptr()};
        PyObject* values[] = {item_.ptr(), info.ptr()};
        hooks::Arguments arguments{names, values, 2};
        hooks::StepwiseCall call(plan_.make_report().name, arguments);
        const std::vector<QuietPlan::Place>& places = plan_.make_report().places;
        for (const QuietPlan::Place& place : places)
            if (place.foreign && in_scope(place.foreign)) call.run(place.foreign);
        call.set_result(report_of(event, keywords_));
        std::optional<nb::python_error> error;
        for (std::size_t i = places.size(); i-- > 0;)
            if (places[i].foreign && in_scope(places[i].foreign)) call.end_wrapper(error);
        if (error) throw *error;
        return call.result();
    }

    static bool is_plain(handle report) {
        return type_of(report).is(global<"reports", "TestReport">()) && equal(get(report, "outcome"_n), "passed"_n) &&
               is_none(get(report, "longrepr"_n)) && !has(report, "wasxfail"_n);
    }

    void log_to(const hooks::Impl* foreign, handle report) {
        PyObject* names[] = {"report"_n.ptr()};
        PyObject* values[] = {report.ptr()};
        hooks::Arguments arguments{names, values, 1};
        hooks::StepwiseCall(plan_.log().name, arguments).run(foreign);
    }

    /// A report that others have changed. A passing set-up goes on with the call.
    bool log_generally(handle report) {
        collect::GarbagePause::Break others_code(&pause_);
        call_named<"report">(get(get(item_, "ihook"_n), "pytest_runtest_logreport"_n), report);
        passed_ = truth(get(report, "passed"_n));
        return false;
    }

    void report_failure(Phase phase, nb::python_error& error) {
        report_generally(phase, excinfo_of(error, reraised(nodes::config_of(item_))));
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
        if (phase == Phase::kTeardown && !is_none(excinfo))
            run_.announced_ = false;  // stays set after a failed teardown
    }

    // --- the end ---

    void forget_values() {
        run_.between_ = true;
        handle values = node_->refs[nodes::kFuncargs];
        if (values.is_valid() && !Dying::unseen(values)) run_.settle();
        collect::GarbagePause::Break others_code(&pause_);
        node_->pending &= static_cast<unsigned char>(~(nodes::kPendingRequest | nodes::kPendingFuncargs));
        nodes::set_field(node_, nodes::kRequest, Py_False);
        nodes::set_field(node_, nodes::kFuncargs, Py_None);
    }

    QuietItems& run_;
    const QuietPlan& plan_;
    handle item_, next_;
    nodes::Node* node_;
    std::string id_text_;
    object nodeid_, state_, finalizers_;
    nodes::KeywordNames keywords_;
    ItemCall protocol_call_;
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
    if (!enabled_) return g_quiet_items.take(false);
    if (!plan_.holds()) {
        close();
        plan_.make();
        scope_of_ = object();
    }
    bool quiet = plan_.quiet() && collect::is_plain_test(item) && runner_is_ours() && timing_is_ours() &&
                 has_own_setup_state(session_);
    for (std::size_t i = 0; quiet && i < plan_.all().size(); ++i) quiet = plan_.all()[i]->plain(item);
    if (quiet && plan_.has_foreign()) quiet = find_scope(item);
    if (!g_quiet_items.take(quiet)) {
        close();
        return false;
    }
    open_ = true;
    QuietItem(*this, item, next).go();
    return true;
}

bool QuietItems::find_scope(handle item) {
    handle parent = nodes::parent_of(item);
    if (parent.is(scope_of_)) return true;
    scope_of_ = object();
    left_out_ = object();
    object relay = get(item, "ihook"_n);
    if (!relay.is(get(nodes::config_of(session_), "hook"_n))) {
        left_out_ = check(PySet_New(nullptr));
        for (const QuietPlan::Hook& hook : plan_.hooks()) {
            if (!hook.has_foreign) continue;
            object caller = get(relay, hook.name);  // a subset leaves out those who implement this hook
            if (Py_TYPE(caller.ptr()) == hooks::subset_caller_type())
                call_method(left_out_, "update"_n, handle(hooks::as_caller(caller)->removed));
            else if (Py_TYPE(caller.ptr()) != hooks::caller_type())
                return false;
        }
    }
    scope_of_ = borrow(parent);
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
