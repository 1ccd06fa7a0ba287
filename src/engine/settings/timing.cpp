// Instants and durations. The clocks are the attributes `time` and `perf_counter` of the module `_pytest.timing`, looked up
// at each use, because tests replace them.

#include "engine/py/module.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

object clock(handle name) { return py::call(py::facade("_pytest.timing", name)); }

object make_instant(Args a) {
    py::set_raw(a[0], "time"_n, clock("time"_n));
    py::set_raw(a[0], "perf_count"_n, clock("perf_counter"_n));
    return py::none();
}

object elapsed(Args a) {
    return py::call_kw(py::facade("_pytest.timing", "Duration"_n), {},
                       {{"start"_n, a[0]}, {"stop"_n, py::call(py::facade("_pytest.timing", "Instant"_n))}});
}

object as_utc(Args a) {
    return py::call_method(py::lookup("datetime", "datetime"_n), "fromtimestamp"_n, py::get(a[0], "time"_n),
                           py::get(py::lookup("datetime", "timezone"_n), "utc"_n));
}

object seconds(Args a) {
    object stop = py::get(py::get(a[0], "stop"_n), "perf_count"_n);
    object start = py::get(py::get(a[0], "start"_n), "perf_count"_n);
    return py::check(PyNumber_Subtract(stop.ptr(), start.ptr()));
}

/// The mocked clock starts on 2020-05-22 14:20:50, local time.
object make_mock(Args a) {
    object start = py::borrow(a[1]);
    if (!start.is_valid())
        start = py::call_method(py::call(py::lookup("datetime", "datetime"_n), py::integer(2020), py::integer(5),
                                         py::integer(22), py::integer(14), py::integer(20), py::integer(50)),
                                "timestamp"_n);
    py::set(a[0], "_current_time"_n, start);
    return py::none();
}

object mock_sleep(Args a) {
    object now = py::get(a[0], "_current_time"_n);
    py::set(a[0], "_current_time"_n, py::check(PyNumber_Add(now.ptr(), a[1].ptr())));
    return py::none();
}

object mock_patch(Args a) {
    object timing = py::import_module("_pytest.timing"), setattr = py::get(a[1], "setattr"_n);
    py::call(setattr, timing, "sleep"_n, py::get(a[0], "sleep"_n));
    py::call(setattr, timing, "time"_n, py::get(a[0], "time"_n));
    py::call(setattr, timing, "perf_counter"_n, py::get(a[0], "time"_n));
    return py::none();
}

FASTEST_MODULE(timing, "_pytest.timing") {
    for (const char* clock : {"perf_counter", "sleep", "time"}) m.attr(clock, py::lookup("time", py::str(clock)));
    m.cls("Instant")
        .dataclass("time, perf_count", {.frozen = true, .init = false})
        .attr("__match_args__", py::tuple_of())
        .def("__init__", "self", make_instant)
        .def("elapsed", "self", elapsed, "The duration from this instant until now.")
        .def("as_utc", "self", as_utc, "The instant as a datetime in UTC.")
        .doc("A moment, by the wall clock (`time`) and by the performance counter (`perf_count`).")
        .make();
    m.cls("Duration")
        .dataclass("start, stop", {.frozen = true})
        .prop("seconds", seconds, nullptr, "The length in seconds, by the performance counter.")
        .doc("The span between two instants.")
        .make();
    m.cls("MockTiming")
        .dataclass("_current_time", {.init = false})
        .def("__init__", "self, _current_time=...", make_mock)
        .def("sleep", "self, seconds", mock_sleep)
        .def("time", "self", [](Args a) { return py::get(a[0], "_current_time"_n); })
        .def("patch", "self, monkeypatch", mock_patch, "Replace the clocks of `_pytest.timing` by this one.")
        .doc("A clock that only `sleep` moves, for deterministic tests.")
        .make();
}

}  // namespace
}  // namespace fastest::settings
