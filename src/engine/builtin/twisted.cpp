#include "engine/builtin/twisted.h"

namespace fastest::builtin {
namespace {

constexpr const char* kFailureModule = "twisted.python.failure";

object handled_triple() {
    object exception = version::handled_exception();
    if (!exception.is_valid()) return tuple_of(Py_None, Py_None, Py_None);
    object traceback = steal(PyException_GetTraceback(exception.ptr()));
    return tuple_of(type_of(exception), exception, traceback.is_valid() ? handle(traceback) : handle(Py_None));
}

/// Closure: the original `Failure.__init__`. Arguments: self, exc_value, exc_type, exc_tb, captureVars.
object failure_init(Args a) {
    object triple = handled_triple();
    if (!is_none(a[1])) {
        object type = borrow(is_none(a[2]) ? type_of(a[1]) : a[2]);
        object traceback = is_none(a[3]) ? item(triple, integer(2)) : borrow(a[3]);
        triple = tuple_of(type, a[1], traceback);
    }
    set(a[0], "_twisted_raw_excinfo"_n, triple);
    try {
        call_kw(a.closure(), {a[0], a[1], a[2], a[3]}, {{"captureVars"_n, a[4]}});
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_TypeError)) throw;
        call(a.closure(), a[0], a[1], a[2], a[3]);
    }
    return none();
}

}  // namespace

long long twisted_major() {
    if (!imported("twisted.trial.unittest").is_valid()) return 0;
    object version = call(lookup("importlib.metadata", "version"_n), str("twisted"));
    return to_int(get(call(lookup("packaging.version", "parse"_n), version), "major"_n));
}

object unwrap_failure(handle raised) {
    long long major = twisted_major();
    if (!major) return borrow(raised);
    if (major <= 24) {
        object triple = try_get(raised, "_twisted_raw_excinfo"_n);
        if (!triple.is_valid()) return borrow(raised);
        del(raised, "_twisted_raw_excinfo"_n);
        return triple;
    }
    if (!is_instance(raised, PyExc_BaseException) || !is_instance(raised, lookup(kFailureModule, "Failure"_n)))
        return borrow(raised);
    object traceback = get(raised, "__traceback__"_n), value = get(raised, "value"_n);
    if (is_none(traceback)) traceback = item(handled_triple(), integer(2));
    return tuple_of(type_of(value), value, traceback);
}

KeepRawFailures::KeepRawFailures() {
    long long major = twisted_major();
    if (!major || major > 24) return;
    failure_ = lookup(kFailureModule, "Failure"_n);
    original_ = get(failure_, "__init__"_n);
    set(failure_, "__init__"_n,
        make_function("store_raw_exception_info", "self, exc_value=None, exc_type=None, exc_tb=None, captureVars=None",
                      failure_init, original_));
}

KeepRawFailures::~KeepRawFailures() {
    if (!failure_.is_valid()) return;
    nb::error_scope keep;
    if (PyObject_SetAttr(failure_.ptr(), "__init__"_n.ptr(), original_.ptr()) < 0) PyErr_Clear();
}

void declare_reporter(handle (*cls)()) {
    if (twisted_major())
        call(lookup("zope.interface", "classImplements"_n), cls(), lookup("twisted.trial.itrial", "IReporter"_n));
}

}  // namespace fastest::builtin
