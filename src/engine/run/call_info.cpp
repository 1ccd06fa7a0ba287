#include "engine/run/call_info.h"

#include "engine/py/frame.h"

namespace fastest::run {
namespace {

void fill(handle self, handle result, handle excinfo, handle start, handle stop, handle duration, handle when) {
    set(self, "_result"_n, result);
    set(self, "excinfo"_n, excinfo);
    set(self, "start"_n, start);
    set(self, "stop"_n, stop);
    set(self, "duration"_n, duration);
    set(self, "when"_n, when);
}

object init(Args a) {
    if (!truth(a[7])) call(lookup("_pytest.deprecated", "check_ispytest"_n), a[7]);
    fill(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    return none();
}

object result(Args a) {
    if (!is_none(get(a[0], "excinfo"_n))) raise(PyExc_AttributeError, cat(repr_of(a[0]), " has no valid result"));
    return get(a[0], "_result"_n);
}

object show(Args a) {
    object excinfo = get(a[0], "excinfo"_n);
    std::string head = cat("<CallInfo when=", repr_of(get(a[0], "when"_n)));
    if (is_none(excinfo)) return strcat(head, " result: ", repr_of(get(a[0], "_result"_n)), ">");
    return strcat(head, " excinfo=", repr_of(excinfo), ">");
}

object from_call(Args a) {
    return timed_call(a[0], a[2], a[3], [&] { return call(a[1]); });
}

/// Whether this is the function of this name of the module `time`.
bool is_clock(handle value, std::string_view name) {
    if (!value.is_valid() || !PyCFunction_CheckExact(value.ptr())) return false;
    const PyMethodDef* definition = reinterpret_cast<PyCFunctionObject*>(value.ptr())->m_ml;
    handle module = reinterpret_cast<PyCFunctionObject*>(value.ptr())->m_module;
    return name == definition->ml_name && module.is_valid() && equal(module, "time"_n);
}

}  // namespace

Instant Instant::now() {
    handle timing = module_of<"_pytest.timing">();
    object wall = call_timing("_pytest.runner", get(timing, "time"_n));
    return {wall, call_timing("_pytest.runner", get(timing, "perf_counter"_n))};
}

bool timing_is_ours() {
    handle table = PyModule_GetDict(module_of<"_pytest.timing">().ptr());
    return is_clock(dict_get(table, "time"_n), "time") && is_clock(dict_get(table, "perf_counter"_n), "perf_counter");
}

object excinfo_of(nb::python_error& error, handle reraise) {
    object exception = borrow(error.value());
    if (!is_none(reraise) && is_instance(exception, reraise)) throw error;
    ensure_traceback(exception, "_pytest.runner", "from_call");
    return call_method(known<"_pytest._code.code", "ExceptionInfo">(), "from_exception"_n, exception);
}

object make_call_info(handle cls, handle result, handle excinfo, handle start, handle stop, handle duration, handle when) {
    if (!cls.is(global<"runner", "CallInfo">()))
        return call_kw(cls, {},
                       {{"start"_n, start}, {"stop"_n, stop}, {"duration"_n, duration}, {"when"_n, when},
                        {"result"_n, result}, {"excinfo"_n, excinfo}, {"_ispytest"_n, Py_True}});
    object info = bare_instance(cls);
    fill(info, result, excinfo, start, stop, duration, when);
    return info;
}

void define_call_info(Module& m) {
    m.cls("CallInfo")
        .doc("What a function gave, or the ExceptionInfo of what it raised.")
        .generic()
        .dataclass("_result, excinfo, start, stop, duration, when", {.repr = false, .init = false})
        .def("__init__", "self, result, excinfo, start, stop, duration, when, *, _ispytest=False", init)
        .prop("result", result, nullptr, "The return value. Only there if nothing was raised.")
        .classmethod("from_call", "cls, func, when, reraise=None", from_call,
                     "Call ``func()`` and wrap what it gives.\n\n:param when: The phase.\n:param reraise:\n"
                     "    Exception type or types that are not wrapped but propagate.")
        .def("__repr__", "self", show)
        .make();
}

}  // namespace fastest::run
