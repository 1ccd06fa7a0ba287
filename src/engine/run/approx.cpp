// `pytest.approx()`, the base class, and single values: numbers, decimals, dates.

#include "engine/run/approx.h"
#include "engine/py/short_cut.h"

#include <cmath>

namespace fastest::run::approx {
namespace {

constexpr double kAbsolute = 1e-12, kRelative = 1e-6;

std::string kind(handle value) { return text(get(type_of(value), "__name__"_n)); }

bool is_tolerance(handle value) { return PyFloat_Check(value.ptr()) || PyLong_Check(value.ptr()) || is_decimal(value); }

/// Calls the `__init__` of a class of this file on an instance of a subclass.
void init_base(handle type, handle self, handle expected, handle rel, handle abs, handle nan_ok) {
    call(get(type, "__init__"_n), self, expected, rel, abs, nan_ok);
}

object make(handle type, handle expected, handle rel, handle abs, handle nan_ok) {
    return call_named<"expected", "rel", "abs", "nan_ok">(type, expected, rel, abs, nan_ok);
}

handle decimal_type() { return global<"approx_decimal", "ApproxDecimal">(); }
handle timedelta_type() { return global<"approx", "ApproxTimedelta">(); }
handle scalar_type() { return global<"approx", "ApproxScalar">(); }

// --- numbers ----------------------------------------------------------------------------------

object init_scalar(Args a) {
    handle self = a[0], expected = a[1], rel = a[2], abs = a[3];
    if (!is_none(rel)) {
        if (!is_tolerance(rel))
            raise(PyExc_TypeError,
                  cat("relative tolerance for a scalar value must be an int, float or Decimal, got ", kind(rel)));
        if (!has(expected, "__abs__"_n))
            raise(PyExc_TypeError,
                  cat("expected value must support abs(...) when relative tolerance is used, got ", kind(expected)));
    }
    if (!is_none(abs) && !is_tolerance(abs))
        raise(PyExc_TypeError,
              cat("absolute tolerance for a scalar value must be an int, float or Decimal, got ", kind(abs)));
    fill(self, expected, rel, abs, a[4]);
    return none();
}

void check_tolerance(handle value, const char* name) {
    if (is_nan(value)) raise(PyExc_ValueError, cat(name, " tolerance can't be NaN."));
    if (less(value, integer(0))) raise(PyExc_ValueError, cat(name, " tolerance can't be negative: ", value));
}

object tolerance(handle self) {
    object rel = get(self, "rel"_n), abs = get(self, "abs"_n);
    object absolute_tolerance = is_none(abs) ? get(self, "DEFAULT_ABSOLUTE_TOLERANCE"_n) : abs;
    check_tolerance(absolute_tolerance, "absolute");
    if (is_none(rel) && !is_none(abs)) return absolute_tolerance;
    if (is_none(rel)) rel = get(self, "DEFAULT_RELATIVE_TOLERANCE"_n);
    object relative = check(PyNumber_Multiply(rel.ptr(), absolute(get(self, "expected"_n)).ptr()));
    check_tolerance(relative, "relative");
    return greater_of(relative, absolute_tolerance);
}

ShortCut g_plain_floats{
    "run.plain_floats",
    "approx of a plain float is compared without Decimal or Python arithmetic. Seen by subclasses of float, and by "
    "subclasses and patches of ApproxScalar."};

bool is_plain_tolerance(handle value) {
    return PyFloat_CheckExact(value.ptr()) && PyFloat_AS_DOUBLE(value.ptr()) >= 0 &&
           std::isfinite(PyFloat_AS_DOUBLE(value.ptr()));
}

/// Two plain floats and plain float tolerances: 1 equal, 0 not, -1 not such a case.
int compare_floats(handle self, handle expected, handle actual) {
    if (!PyFloat_CheckExact(expected.ptr()) || !PyFloat_CheckExact(actual.ptr()) || !type_of(self).is(scalar_type()))
        return -1;
    double wanted = PyFloat_AS_DOUBLE(expected.ptr()), got = PyFloat_AS_DOUBLE(actual.ptr());
    if (wanted == got) return 1;
    if (!std::isfinite(wanted)) return -1;
    if (!global<"approx", "_original_tolerance">().is(get(scalar_type(), "tolerance"_n))) return -1;
    object rel = get(self, "rel"_n), abs = get(self, "abs"_n);
    if (is_none(abs)) {  // users change the defaults
        abs = get(self, "DEFAULT_ABSOLUTE_TOLERANCE"_n);
        if (is_none(rel)) rel = get(self, "DEFAULT_RELATIVE_TOLERANCE"_n);
    }
    if (!is_plain_tolerance(abs) || !(is_none(rel) || is_plain_tolerance(rel))) return -1;
    double limit = PyFloat_AS_DOUBLE(abs.ptr());
    if (!is_none(rel)) limit = std::max(limit, PyFloat_AS_DOUBLE(rel.ptr()) * std::fabs(wanted));
    return std::fabs(wanted - got) <= limit;
}

bool equals_scalar(handle self, handle actual) {
    object expected = get(self, "expected"_n);
    if (int quick = compare_floats(self, expected, actual); g_plain_floats.take(quick >= 0)) return quick;
    if (object array = as_array(actual); array.is_valid()) {
        for (object element : each(get(array, "flat"_n)))
            if (!truth(call_method(self, "__eq__"_n, element))) return false;
        return true;
    }
    if (is_bool(expected) && !is_bool(actual)) return false;
    if (truth(check(PyObject_RichCompare(actual.ptr(), expected.ptr(), Py_EQ)))) return true;
    auto numeric = [](handle value) { return is_complex(value) || is_decimal(value); };
    if (is_bool(expected) || !numeric(expected) || !numeric(actual)) return false;
    object size = absolute(expected);
    if (is_nan(size)) return truth(get(self, "nan_ok"_n)) && is_nan(absolute(actual));
    if (is_inf(size)) return false;
    object distance = absolute(difference(expected, actual));
    return truth(check(PyObject_RichCompare(distance.ptr(), get(self, "tolerance"_n).ptr(), Py_LE)));
}

std::string formatted(handle value, const char* format) {
    return text(check(PyObject_Format(value.ptr(), str(format).ptr())));
}

std::string shown_tolerance(handle self, handle expected) {
    try {
        object value = get(self, "tolerance"_n);
        bool decimal = is_decimal(value);
        bool middle = !decimal && !less(value, real(0.001)) && less(value, real(1000.0));
        std::string out = formatted(value, middle ? "n" : ".1e");
        if (is_complex(expected) && truth(get(expected, "imag"_n)) && !is_inf(value)) out += " ∠ ±180°";
        return out;
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
        return "???";
    }
}

object show_scalar(Args a) {
    object expected = get(a[0], "expected"_n);
    if (is_bool(expected) || !(is_complex(expected) || is_decimal(expected)) || is_inf(absolute(expected)))
        return to_str(expected);
    return strcat(expected, " ± ", shown_tolerance(a[0], expected));
}

// --- dates ------------------------------------------------------------------------------------

void check_relative(handle rel) {
    if (!PyFloat_Check(rel.ptr()) && !PyLong_Check(rel.ptr()))
        raise(PyExc_TypeError, cat("relative tolerance for timedelta must be a number, got ", kind(rel)));
    if (less(rel, integer(0))) raise(PyExc_ValueError, cat("relative tolerance can't be negative: ", rel));
    if (std::isnan(to_double(rel))) raise(PyExc_ValueError, "relative tolerance can't be NaN.");
    if (std::isinf(to_double(rel))) raise(PyExc_ValueError, "relative tolerance can't be infinite.");
}

object init_timedelta(Args a) {
    handle self = a[0], expected = a[1], rel = a[2], abs = a[3];
    object delta = lookup("datetime", "timedelta"_n);
    bool is_date = is_instance(expected, lookup("datetime", "datetime"_n));
    if (is_date && !is_none(rel))
        raise(PyExc_TypeError,
              "pytest.approx() does not support relative tolerance for datetime comparisons. Use abs=timedelta(...) "
              "instead.");
    if (truth(a[4]))
        raise(PyExc_TypeError, "pytest.approx() does not support nan_ok for datetime/timedelta comparisons.");
    if (is_none(abs) && is_none(rel))
        raise(
            PyExc_TypeError,
            "pytest.approx() requires an explicit tolerance for datetime/timedelta comparisons: e.g. approx(expected, "
            "abs=timedelta(seconds=1)) or approx(expected, rel=0.01)");
    if (!is_none(abs) && !is_instance(abs, delta))
        raise(PyExc_TypeError, cat("absolute tolerance for datetime/timedelta must be a timedelta, got ", kind(abs)));
    if (!is_none(abs) && less(abs, call(delta, integer(0))))
        raise(PyExc_ValueError, cat("absolute tolerance can't be negative: ", abs));
    object limit = borrow(abs);
    if (!is_none(rel)) {
        check_relative(rel);
        object relative = check(PyNumber_Multiply(rel.ptr(), absolute(expected).ptr()));
        limit = is_none(abs) ? relative : greater_of(abs, relative);
    }
    fill(self, expected, rel, limit, Py_False);
    return none();
}

/// The distance of two dates or spans; null when they cannot be compared.
object distance(handle expected, handle actual) {
    try {
        return absolute(difference(expected, actual));
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_TypeError) && !error.matches(PyExc_OverflowError)) throw;
        return {};
    }
}

object equals_timedelta(Args a) {
    object between = distance(get(a[0], "expected"_n), a[1]);
    if (!between.is_valid()) return boolean(false);
    try {
        return boolean(truth(check(PyObject_RichCompare(between.ptr(), get(a[0], "abs"_n).ptr(), Py_LE))));
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_TypeError) && !error.matches(PyExc_OverflowError)) throw;
        return boolean(false);
    }
}

object explain_timedelta(Args a) {
    object expected = get(a[0], "expected"_n), limit = get(a[0], "abs"_n), between = distance(expected, a[1]);
    return list_of(str("comparison failed"), strcat("Obtained: ", a[1]), strcat("Expected: ", expected, " ± ", limit),
                   strcat("Absolute difference: ", between.is_valid() ? between : str("N/A")),
                   strcat("Tolerance: ", limit));
}

Generator yield_single(OwnedArgs a) {
    co_yield tuple_of(a[1], get(a[0], "expected"_n));
    co_return none();
}

// --- approx() ---------------------------------------------------------------------------------

bool contains_decimal(handle expected) {
    if (is_decimal(expected)) return true;
    object values;
    if (is_mapping(expected))
        values = call_method(expected, "values"_n);
    else if (is_sequence_like(expected))
        values = get_or(expected, "flat"_n, expected);
    else
        return false;
    for (object value : each(values))
        if (is_decimal(value)) return true;
    return false;
}

/// A float tolerance for a Decimal is rarely the one that was written.
void warn_inexact(handle expected, handle rel, handle abs) {
    if (!imported("decimal").is_valid()) return;
    object decimal = lookup("decimal", "Decimal"_n);
    auto exact = [&](handle value) { return call_method(decimal, "from_float"_n, value); };
    auto inexact = [&](handle value) {
        return PyFloat_CheckExact(value.ptr()) && !equal(exact(value), call(decimal, repr_of(value)));
    };
    bool bad_rel = inexact(rel), bad_abs = inexact(abs);
    if ((!bad_rel && !bad_abs) || !contains_decimal(expected)) return;
    object category = lookup("_pytest.warning_types", "PytestApproxDecimalToleranceWarning"_n);
    auto warn = [&](const char* name, handle value) {
        std::string message = cat(
            name, "=", repr_of(value), " cannot be represented exactly as a Decimal and was widened to ", exact(value),
            ".\nPass ", name, "=Decimal(", repr_of(to_str(value)), ") to compare against the tolerance you wrote.");
        py::warn(category, message);
    };
    if (bad_rel) warn("rel", rel);
    if (bad_abs) warn("abs", abs);
}

object make_approx(Args a) {
    handle expected = a[0], rel = a[1], abs = a[2], nan_ok = a[3];
    warn_inexact(expected, rel, abs);
    handle type;
    if (is_plain_number(expected))
        type = scalar_type();
    else if (is_decimal(expected))
        type = decimal_type();
    else if (is_mapping(expected))
        type = global<"approx", "ApproxMapping">();
    else if (object array = as_array(expected); array.is_valid())
        return make(global<"approx", "ApproxNumpy">(), array, rel, abs, nan_ok);
    else if (is_sequence_like(expected))
        type = global<"approx", "ApproxSequenceLike">();
    else if (is_collection(expected) && !is_text(expected))
        raise(PyExc_TypeError, cat("pytest.approx() only supports ordered sequences, but got: ", repr_of(expected)));
    else
        type = is_date_or_delta(expected) ? timedelta_type() : scalar_type();
    return make(type, expected, rel, abs, nan_ok);
}

object init_decimal(Args a) {
    object decimal = lookup("decimal", "Decimal"_n);
    auto widened = [&](handle value) {
        bool number = PyFloat_Check(value.ptr()) || PyLong_Check(value.ptr());
        return number ? call_method(decimal, "from_float"_n, value) : borrow(value);
    };
    init_base(scalar_type(), a[0], a[1], widened(a[2]), widened(a[3]), a[4]);
    return none();
}

constexpr const char* kInit = "self, expected, rel, abs, nan_ok";

void define_base(Module& m) {
    auto unsupported = [](Args) -> object { raise_exception(call(PyExc_NotImplementedError)); };
    m.cls("Approx", {lookup("abc", "ABC"_n)})
        .attr("__module__", str("pytest"))
        .doc("What pytest.approx() gives.")
        .generic()
        .attr("__array_ufunc__", Py_None)  // numpy leaves comparisons to us
        .attr("__array_priority__", integer(100))
        .attr("__hash__", Py_None)
        .def("__init__", kInit,
             [](Args a) {
                 fill(a[0], a[1], a[2], a[3], a[4]);
                 return none();
             })
        .def("__repr__", "self", unsupported)
        .abstract()
        .def("_repr_compare", "self, other_side",
             [](Args a) {
                 return list_of(str("comparison failed"), strcat("Obtained: ", a[1]), strcat("Expected: ", a[0]));
             })
        .def("__eq__", "self, actual", [](Args a) { return compare_all(a[0], a[1]); })
        .def("__bool__", "self",
             [](Args) -> object {
                 raise(PyExc_AssertionError,
                       "approx() is not supported in a boolean context.\nDid you mean: `assert a == approx(b)`?");
             })
        .def("_approx_scalar", "self, x", [](Args a) { return approx_scalar(a[0], a[1]); })
        .def("_yield_comparisons", "self, actual", unsupported)
        .make();
}

}  // namespace

void fill(handle self, handle expected, handle rel, handle abs, handle nan_ok) {
    set(self, "expected"_n, expected);
    set(self, "rel"_n, rel);
    set(self, "abs"_n, abs);
    set(self, "nan_ok"_n, nan_ok);
}

object approx_scalar(handle self, handle value) {
    handle type = is_decimal(value) ? decimal_type() : is_date_or_delta(value) ? timedelta_type() : scalar_type();
    return make(type, value, get(self, "rel"_n), get(self, "abs"_n), get(self, "nan_ok"_n));
}

object compare_all(handle self, handle actual) {
    for (object pair : each(call_method(self, "_yield_comparisons"_n, actual))) {
        object scalar = call_method(self, "_approx_scalar"_n, item(pair, integer(1)));
        object left = item(pair, integer(0));
        if (!truth(check(PyObject_RichCompare(left.ptr(), scalar.ptr(), Py_EQ)))) return boolean(false);
    }
    return boolean(true);
}

void define_scalars(Module& m) {
    define_base(m);
    object scalar = m.cls("ApproxScalar", {m.get("Approx")})
                        .doc("A single expected number.")
                        .attr("DEFAULT_ABSOLUTE_TOLERANCE", real(kAbsolute))
                        .attr("DEFAULT_RELATIVE_TOLERANCE", real(kRelative))
                        .attr("__hash__", Py_None)
                        .def("__init__", kInit, init_scalar)
                        .def("__repr__", "self", show_scalar)
                        .def("__eq__", "self, actual", [](Args a) { return boolean(equals_scalar(a[0], a[1])); })
                        .prop(
                            "tolerance", [](Args a) { return tolerance(a[0]); }, nullptr,
                            "How far away a value may be: the greater of the absolute and the relative tolerance.")
                        .make();
    m.attr("_original_tolerance", get(scalar, "tolerance"_n));
    m.cls("ApproxTimedelta", {m.get("Approx")})
        .doc("An expected date or span of time.")
        .attr("__hash__", Py_None)
        .def("__init__", kInit, init_timedelta)
        .def("__repr__", "self", [](Args a) { return strcat(get(a[0], "expected"_n), " ± ", get(a[0], "abs"_n)); })
        .def("__eq__", "self, actual", equals_timedelta)
        .generator("_yield_comparisons", "self, actual", yield_single)
        .def("_repr_compare", "self, other_side", explain_timedelta)
        .make();
    m.def("_contains_decimal", "expected", [](Args a) { return boolean(contains_decimal(a[0])); });
    m.def("approx", "expected, rel=None, abs=None, nan_ok=False", make_approx,
          "Something that equals numbers, dates, or sequences, mappings and arrays of numbers, within a "
          "tolerance.\n\n:param "
          "expected: the value, or a container of values.\n:param rel: relative tolerance, 1e-6 when neither is "
          "given.\n:param "
          "abs: absolute tolerance, 1e-12 when neither is given; alone it is the only one.\n:param nan_ok: whether NaN "
          "equals NaN.");
}

FASTEST_MODULE(approx_decimal, "_pytest.approx") {
    object decimal = lookup("decimal", "Decimal"_n);
    m.cls("ApproxDecimal", {global<"approx", "ApproxScalar">()})
        .doc("A single expected Decimal.")
        .attr("DEFAULT_ABSOLUTE_TOLERANCE", call(decimal, str("1e-12")))
        .attr("DEFAULT_RELATIVE_TOLERANCE", call(decimal, str("1e-6")))
        .def("__init__", kInit, init_decimal)
        .make();
}

}  // namespace fastest::run::approx
