#include "engine/collect/test_call.h"

#include "engine/collect/python_nodes.h"
#include "engine/fixtures/closure.h"
#include "engine/hooks/quiet.h"
#include "engine/nodes/ours.h"
#include "engine/py/facade_warning.h"
#include "engine/py/python_function.h"

namespace fastest::collect {
namespace {

using py::Args;

object async_fail(Args) {
    py::call_kw(py::lookup("_pytest.outcomes", "fail"_n),
                {py::str("async def functions are not natively supported.\n"
                         "You need to install a suitable plugin for your async framework, for example:\n"
                         "  - anyio\n  - pytest-asyncio\n  - pytest-tornasync\n  - pytest-trio\n  - pytest-twisted")},
                {{"pytrace"_n, Py_False}});
    return py::none();
}

void fail_as_async(handle item) { py::call(py::lookup("_pytest.python", "async_fail"_n), nodes::nodeid_of(item)); }

void warn_of_result(handle item, handle result) {
    object text =
        py::strcat("Test functions should return None, but ", nodes::nodeid_of(item), " returned ", py::type_of(result),
                   ".\nDid you mean to use `assert` instead of `return`?\n"
                   "See https://docs.pytest.org/en/stable/how-to/assert.html#return-not-none for more information.");
    py::warn_from("_pytest.python",
                  py::call(py::lookup("_pytest.warning_types", "PytestReturnNotNoneWarning"_n), text));
}

/// Plain functions without attributes are told by their code; others may be marked as coroutine functions.
bool is_async(handle function) {
    constexpr int kAsyncFlags = CO_COROUTINE | CO_ITERABLE_COROUTINE | CO_ASYNC_GENERATOR;
    handle plain = py::function_of(function);
    if (PyFunction_Check(plain.ptr()) && !(py::code_of(plain)->co_flags & kAsyncFlags) && !py::has_attributes(plain))
        return false;
    return py::truth(py::call(py::lookup("_pytest.compat", "is_async_function"_n), function));
}

py::OwnMethod g_obj;  // constant: Function.obj as it was defined

object call_with_fixtures(handle item, handle function) {
    object names = py::to_tuple(py::get(fixtures::info_of(item), "argnames"_n));
    auto count = static_cast<std::size_t>(PyTuple_GET_SIZE(names.ptr()));
    if (!count) return py::call(function);
    object funcargs = py::get(item, "funcargs"_n);
    std::vector<object> values;
    std::vector<PyObject*> arguments{nullptr};
    for (std::size_t i = 0; i < count; ++i) {
        values.push_back(py::item(funcargs, PyTuple_GET_ITEM(names.ptr(), static_cast<Py_ssize_t>(i))));
        arguments.push_back(values.back().ptr());
    }
    return py::check(
        PyObject_Vectorcall(function.ptr(), arguments.data() + 1, PY_VECTORCALL_ARGUMENTS_OFFSET, names.ptr()));
}

/// `item.obj`. Of a method that nobody has asked for, the item keeps the function: binding it again gives an equal
/// object, and one more for the garbage collector to follow would stay until the end of the session.
object function_to_call(handle item) {
    nodes::Node* node = nodes::as_node(item);
    if (!node || !(node->pending & nodes::kPendingObject) || node->refs[nodes::kObj] ||
        !g_obj.found_in(Py_TYPE(item.ptr())) || !nodes::reads_field(Py_TYPE(item.ptr()), nodes::kObj))
        return py::get(item, "obj"_n);
    object function = object_of_function(item);
    bool asked_for = !(node->pending & nodes::kPendingObject) || node->refs[nodes::kObj];
    if (asked_for) return py::get(item, "obj"_n);
    bool binds = PyMethod_Check(function.ptr()) && PyFunction_Check(PyMethod_GET_FUNCTION(function.ptr())) &&
                 PyMethod_GET_SELF(function.ptr()) == node->refs[nodes::kInstance];
    if (binds)
        py::store(node->refs[nodes::kObj], PyMethod_GET_FUNCTION(function.ptr()));
    else
        py::set(item, "_obj"_n, function);
    return function;
}

void run_function(handle item) {
    object function = function_to_call(item);
    if (is_async(function)) fail_as_async(item);
    object result = call_with_fixtures(item, function);
    if (py::is_none(result)) return;
    if (py::has(result, "__await__"_n) || py::has(result, "__aiter__"_n))
        fail_as_async(item);
    else
        warn_of_result(item, result);
}

object pyfunc_call(Args a) {
    run_function(a[0]);
    return py::boolean(true);
}

// --- is it called as its class defines it? ------------------------------------------------------------------------

constexpr const char* kMethods[] = {"runtest",      "setup", "teardown", "listchain",        "add_report_section",
                                    "_initrequest", "obj",   "ihook",    "_report_sections", "user_properties",
                                    "nodeid",       "id",    "funcargs", "_request",         "fixturenames"};

// The methods by which Function is run, as they were defined. Constants of the process.
struct TestClass {
    PyTypeObject* type = nullptr;
    py::OwnMethods<std::size(kMethods)> methods;

    void remember(handle cls) {
        type = reinterpret_cast<PyTypeObject*>(cls.ptr());
        methods.remember(cls, kMethods);
    }
    bool has(handle item) const { return Py_TYPE(item.ptr()) == type && methods.found_on(item); }
};
TestClass g_functions, g_runnable;
py::OwnMethod g_fill;

}  // namespace

void call_test(handle item) {
    bool function = Py_TYPE(item.ptr()) == reinterpret_cast<PyTypeObject*>(py::global<"python", "Function">().ptr());
    if (function)
        run_function(item);
    else
        py::call_method(item, "runtest"_n);
}

void remember_test_methods(handle function) {
    g_functions.remember(function);
    g_obj.remember(function, "obj");
    g_fill.remember(py::global<"fixtures", "TopRequest">(), "_fillfixtures");
}

void remember_runnable_tests(handle type) { g_runnable.remember(type); }

bool is_plain_test(handle item) {
    if (!g_functions.has(item) && !g_runnable.has(item)) return false;
    const nodes::Node* node = nodes::as_node(item);
    if (node->refs[nodes::kRequest] || node->refs[nodes::kFuncargs]) return false;
    return g_fill.found_in(reinterpret_cast<PyTypeObject*>(py::global<"fixtures", "TopRequest">().ptr()));
}

void define_test_call(py::Module& m) {
    m.def("async_fail", "nodeid", async_fail);
    hooks::plays_quietly(m.hook("pytest_pyfunc_call", "pyfuncitem", pyfunc_call, {.trylast = true}), hooks::idle_part);
}

}  // namespace fastest::collect
