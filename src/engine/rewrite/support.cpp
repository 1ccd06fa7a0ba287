// `_pytest.assertion.rewrite`: what rewritten asserts call, and the texts they are made of.

#include "engine/py/module.h"
#include "engine/rewrite/explanation.h"
#include "engine/rewrite/functions.h"

namespace fastest::rewrite {

using py::Args;

namespace {

const char* kModule = "_pytest.assertion.rewrite";

object replace_all(handle text, const char* from, const char* to) {
    return py::check(PyUnicode_Replace(text.ptr(), py::str(from).ptr(), py::str(to).ptr(), -1));
}

object config_in_use() { return py::facade("_pytest.assertion.util", "_config"_n); }

void destroy_explanation(void* pointer) noexcept { delete static_cast<Explanation*>(pointer); }

object repr_for(handle value, handle config) {
    object limit = py::call(py::facade(kModule, "_get_maxsize_for_saferepr"_n), config);
    if (!py::truth(limit)) return py::call(py::facade("_pytest._io.saferepr", "saferepr_unlimited"_n), value);
    return py::call(py::facade(kModule, "saferepr"_n), value, limit);
}

}  // namespace

object maxsize_for_saferepr(Args a) {
    long long verbosity = 0;
    if (!py::is_none(a[0])) {
        object kind = py::try_get(a[0], "VERBOSITY_ASSERTIONS"_n);
        if (!kind.is_valid()) kind = py::str("assertions");
        verbosity = py::to_int(py::call_method(a[0], "get_verbosity"_n, kind));
    }
    if (verbosity >= 2) return py::none();
    long long size = py::to_int(py::facade(kModule, "DEFAULT_REPR_MAX_SIZE"_n));
    return py::integer(verbosity >= 1 ? size * 10 : size);
}

object saferepr_of_value(Args a) {
    if (PyMethod_Check(a[0].ptr())) return py::get(a[0], "__name__"_n);
    return replace_all(repr_for(a[0], config_in_use()), "\n", "\\n");
}

object format_assertmsg(Args a) {
    object text = borrow(a[0]);
    bool given_text = py::is_str(text);
    if (!given_text) text = repr_for(a[0], config_in_use());
    text = replace_all(replace_all(text, "\n", "\n~"), "%", "%%");
    return given_text ? text : replace_all(text, "\\n", "\n~");
}

object should_repr_global_name(Args a) {
    if (PyCallable_Check(a[0].ptr())) {
        object definition = py::facade("_pytest.fixtures", "FixtureFunctionDefinition"_n);
        return py::boolean(py::is_instance(a[0], definition));
    }
    try {
        return py::boolean(!py::has(a[0], "__name__"_n));
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_Exception)) throw;
        return py::boolean(true);
    }
}

object format_boolop(Args a) {
    object separator = py::str(py::truth(a[1]) ? " or " : " and ");
    object joined = py::check(PyUnicode_Join(separator.ptr(), py::to_list(a[0]).ptr()));
    return replace_all(py::check(PyUnicode_FromFormat("(%U)", joined.ptr())), "%", "%%");
}

object call_reprcompare(Args a) {
    object symbols = py::to_tuple(a[0]), results = py::to_tuple(a[1]), texts = py::to_tuple(a[2]),
           values = py::to_tuple(a[3]);
    Py_ssize_t last = PyTuple_GET_SIZE(results.ptr()) - 1, at = 0;
    for (; at < last; ++at) {
        bool passed = false;
        try {
            passed = py::truth(PyTuple_GET_ITEM(results.ptr(), at));
        } catch (const nb::python_error& error) {
            if (!error.matches(PyExc_Exception)) throw;
        }
        if (!passed) break;
    }
    object compare = py::facade("_pytest.assertion.util", "_reprcompare"_n);
    if (!py::is_none(compare)) {
        object custom = py::call(compare, py::item(symbols, py::integer(at)), py::item(values, py::integer(at)),
                                 py::item(values, py::integer(at + 1)));
        if (!py::is_none(custom)) return custom;
    }
    return py::item(texts, py::integer(at));
}

object call_assertion_pass(Args a) {
    object hook = py::facade("_pytest.assertion.util", "_assertion_pass"_n);
    if (!py::is_none(hook)) py::call(hook, a[0], a[1], a[2]);
    return py::none();
}

object has_assertion_pass(Args) {
    return py::boolean(py::truth(py::facade("_pytest.assertion.util", "_assertion_pass"_n)));
}

// --- what rewritten code calls ----------------------------------------------------------------

object explain_parts(Args a) {
    auto explanation = std::make_unique<Explanation>(a[0]);
    object capsule = nb::capsule(explanation.get(), "fastest.explanation", destroy_explanation);
    explanation.release();
    return capsule;
}

object explain_whole(Args a) { return py::tuple_of(Explanation(a[0]).finish()); }

namespace {

/// The text of the error: the message, when there is one, and the explanation of a shape, of its parts, or a whole
/// text.
object failure_text(handle what, handle message) {
    object layout = py::facade(kModule, "_format_explanation"_n);
    object prefix = py::str("assert ");
    bool whole = PyTuple_Check(what.ptr()) && PyTuple_GET_SIZE(what.ptr()) == 1;
    bool parts = PyCapsule_CheckExact(what.ptr());
    std::unique_ptr<Explanation> made;
    if (!whole && !parts) made = std::make_unique<Explanation>(what);
    if (message.is_valid()) {
        object shown = py::call(py::facade(kModule, "_format_assertmsg"_n), message);
        prefix = py::check(PyUnicode_Concat(shown.ptr(), py::str("\n>assert ").ptr()));
    }
    if (whole) {
        object text = borrow(PyTuple_GET_ITEM(what.ptr(), 0));
        return py::call(layout, py::check(PyUnicode_Concat(prefix.ptr(), text.ptr())));
    }
    auto* explanation =
        parts ? static_cast<Explanation*>(PyCapsule_GetPointer(what.ptr(), "fastest.explanation")) : made.get();
    if (!explanation) throw nb::python_error();  // another capsule
    return py::call(layout, explanation->finish_with(prefix));
}

/// What the name means in the running frame, when its source cannot have made it a local one.
object assertion_error() {
    PyObject *globals = PyEval_GetGlobals(), *builtins = PyEval_GetBuiltins();
    object kind = globals ? py::dict_get(globals, "AssertionError"_n) : object();
    if (!kind.is_valid() && builtins) kind = py::dict_get(builtins, "AssertionError"_n);
    if (!kind.is_valid()) py::raise(PyExc_NameError, "name 'AssertionError' is not defined");
    return kind;
}

[[noreturn]] void raise_failure(handle kind, handle what, handle message) {
    object error = py::call(kind, failure_text(what, message));
    if (!PyExceptionInstance_Check(error.ptr()))
        py::raise(PyExc_TypeError, "exceptions must derive from BaseException");
    py::raise_exception(error);
}

}  // namespace

object fail(Args a) { raise_failure(assertion_error(), a[0], a[1]); }

object fail_as(Args a) { raise_failure(a[0], a[1], a[2]); }

object report_pass(Args a) {
    if (!py::truth(py::call(py::facade(kModule, "_check_if_assertion_pass_impl"_n)))) return py::none();
    object text = py::call(py::facade(kModule, "_format_explanation"_n), Explanation(a[0]).finish());
    py::call(py::facade(kModule, "_call_assertion_pass"_n), a[1], a[2], text);
    return py::none();
}

}  // namespace fastest::rewrite
