// --fixture-durations: which fixtures take the time.

#include <cstdio>
#include <unordered_map>

#include "engine/extras/features.h"
#include "engine/extras/fixture_times.h"
#include "engine/extras/state.h"
#include "engine/hooks/quiet.h"
#include "engine/py/unpack.h"
#include "os/clock.h"

namespace fastest::extras {
namespace {

constexpr const char* kOutput = "fastest_fixture_durations";  // what a worker sends
constexpr double kShort = 0.005;                              // as for --durations

struct State {
    FixtureTimes times;
    std::unordered_map<PyObject*, double> teardowns;  // by definition, when it began
    long long shown;
};

FixtureTimes::Fixture describe(handle definition, handle config) {
    object place =
        call(lookup("_pytest.compat", "getlocation"_n), get(definition, "func"_n), to_str(get(config, "rootpath"_n)));
    return {text_of(place), text_of(get(definition, "argname"_n)), text_of(get(definition, "scope"_n))};
}

// --- measuring ----------------------------------------------------------------------------------

/// Runs before what the fixture itself does to clean up, and after the clean-up of those that use it. Closure: (plugin,
/// definition).
object begin_teardown(Args a) {
    State& state = state_of<State>(PyTuple_GET_ITEM(a.closure().ptr(), 0));
    state.teardowns[PyTuple_GET_ITEM(a.closure().ptr(), 1)] = os::precise_time();
    return none();
}

Generator around_setup(OwnedArgs a) {
    handle self = a[0], definition = a[1];
    FixtureTimes::Fixture fixture = describe(definition, get(self, "_config"_n));
    struct Setup {
        FixtureTimes& times;
        const FixtureTimes::Fixture& fixture;
        ~Setup() { times.end_setup(fixture, os::precise_time()); }
    };
    object result;
    {
        FixtureTimes& times = state_of<State>(self).times;
        times.begin_setup(os::precise_time());
        Setup setup{times, fixture};
        result = co_yield none();
    }
    call_method(definition, "addfinalizer"_n,
                make_function("begin_teardown", "", begin_teardown, tuple_of(self, definition)));
    co_return result;
}

object after_teardown(Args a) {
    State& state = state_of<State>(a[0]);
    auto begun = state.teardowns.find(a[1].ptr());
    if (begun == state.teardowns.end()) return none();
    double seconds = os::precise_time() - begun->second;
    state.teardowns.erase(begun);
    state.times.add_teardown(describe(a[1], get(a[0], "_config"_n)), seconds);
    return none();
}

// --- workers ------------------------------------------------------------------------------------

/// A worker gives what it measured to the process that shows it.
object session_finish(Args a) {
    object output = get_or(get(a[0], "_config"_n), "workeroutput"_n, Py_None);
    if (is_none(output)) return none();
    object rows = new_list();
    for (const auto& [fixture, sum] : state_of<State>(a[0]).times.rows())
        append(rows, list_of(str(fixture.place), str(fixture.name), str(fixture.scope), real(sum.setup),
                             real(sum.teardown), real(sum.slowest), integer(sum.calls)));
    set_item(output, str(kOutput), rows);
    return none();
}

object node_down(Args a) {
    object output = get_or(a[1], "workeroutput"_n, Py_None);
    if (is_none(output)) return none();
    for (object row : each(call_method(output, "get"_n, str(kOutput), tuple_of()))) {
        auto [place, name, scope, setup, teardown, slowest, calls] = unpack<7>(row);
        state_of<State>(a[0]).times.add({text_of(place), text_of(name), text_of(scope)},
                                        {to_double(setup), to_double(teardown), to_double(slowest), to_int(calls)});
    }
    return none();
}

// --- showing ------------------------------------------------------------------------------------

std::string row_text(const FixtureTimes::Row& row) {
    const auto& [fixture, sum] = row;
    char numbers[160];
    std::snprintf(numbers, sizeof numbers, "%8.2fs %8.2fs %8.2fs %8.2fs %7lld  ", sum.total(), sum.setup, sum.teardown,
                  sum.slowest, sum.calls);
    return numbers + fixture.name + " (" + fixture.scope + ")  " + fixture.place;
}

object terminal_summary(Args a) {
    State& state = state_of<State>(a[0]);
    handle reporter = a[1];
    std::vector<FixtureTimes::Row> rows = state.times.rows();
    if (rows.empty()) return none();
    bool shows_all = to_int(get(reporter, "verbosity"_n)) >= 2;
    std::string title = state.shown ? cat("slowest ", state.shown, " fixtures") : "slowest fixtures";
    call_method(reporter, "write_sep"_n, "="_n, str(title));
    call_method(reporter, "write_line"_n,
                str("   total     setup  teardown   slowest   calls  fixture (scope)  place"));
    std::size_t hidden = 0, count = state.shown ? static_cast<std::size_t>(state.shown) : rows.size();
    for (const FixtureTimes::Row& row : rows) {
        if (!shows_all && row.second.total() < kShort)
            ++hidden;
        else if (count-- > 0)
            call_method(reporter, "write_line"_n, str(row_text(row)));
        else
            break;
    }
    if (hidden)
        call_method(reporter, "write_line"_n,
                    str(cat("\n(", static_cast<long long>(hidden), hidden == 1 ? " fixture" : " fixtures",
                            " < 0.005s hidden.  Use -vv to show all.)")));
    return none();
}

long long count_wanted(handle given) {
    object number;
    try {
        number = call(type_object(PyLong_Type), given);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
    }
    if (!number.is_valid() || to_int(number) < 0)
        raise_usage_error(cat("--fixture-durations must be a number of fixtures (0 for all), given: ", given));
    return to_int(number);
}

}  // namespace

void configure_fixture_durations(handle config) {
    object given = option(config, "fastest_fixture_durations"_n);
    if (is_none(given)) return;
    auto state = std::make_unique<State>();
    state->shown = count_wanted(given);
    object plugin = call(global<"extras_durations", "FixtureDurations">());
    set(plugin, "_config"_n, config);
    keep_state(plugin, std::move(state));
    register_plugin(config, plugin, "fastest.fixture_durations");
}

}  // namespace fastest::extras

FASTEST_MODULE(extras_durations, "fastest.extras") {
    using namespace fastest::extras;
    object plugin = m.cls("FixtureDurations")
                        .doc("Measures the set-up and teardown of fixtures.")
                        .wrapper("pytest_fixture_setup", "self, fixturedef", around_setup, {.tryfirst = true})
                        .hook("pytest_fixture_post_finalizer", "self, fixturedef", after_teardown, {.tryfirst = true})
                        .def("pytest_sessionfinish", "self", session_finish)
                        .hook("pytest_testnodedown", "self, node", node_down, {.optionalhook = true})
                        .def("pytest_terminal_summary", "self, terminalreporter", terminal_summary)
                        .make();
    for (const char* hook : {"pytest_fixture_setup", "pytest_fixture_post_finalizer"})
        fastest::hooks::wants_each_call(get(plugin, str(hook)));
}
