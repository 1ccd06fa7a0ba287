#include "engine/builtin/unittest_case.h"

#include "engine/builtin/unittest_plain.h"

namespace fastest::builtin {
namespace {

void register_fixture(handle self, const std::string& name, handle function, const char* scope) {
    call_kw(lookup("_pytest.fixtures", "register_fixture"_n), {},
            {{"name"_n, str(name)}, {"func"_n, function}, {"node"_n, self}, {"scope"_n, str(scope)}, {"autouse"_n, Py_True}});
}

std::string fixture_name(const char* kind, handle cls) {
    return cat("_unittest_", kind, "_fixture_", get(cls, "__qualname__"_n));
}

[[noreturn]] void raise_skip(handle marked) { raise_exception(skip_at_item(get(marked, "__unittest_skip_why__"_n))); }

// --- setUpClass, tearDownClass, class cleanups --------------------------------------------------

/// Runs the cleanups, then raises what they recorded.
void clean_class(handle cls, handle cleanup) {
    if (!is_none(cleanup)) call(cleanup);
    object recorded = get_or(cls, "tearDown_exceptions"_n, Py_None);
    if (!truth(recorded)) return;
    object errors = new_list();
    for (object triple : each(recorded)) append(errors, item(triple, integer(1)));
    if (length(errors) == 1) raise_exception(item(errors, integer(0)));
    raise_exception(call(exception_group(), str("Unittest class cleanup errors"), errors));
}

/// Closures of the two: (class, what to call, cleanup).
struct ClassPart {
    handle cls, method, cleanup;
    explicit ClassPart(handle closure)
        : cls(PyTuple_GET_ITEM(closure.ptr(), 0)),
          method(PyTuple_GET_ITEM(closure.ptr(), 1)),
          cleanup(PyTuple_GET_ITEM(closure.ptr(), 2)) {}
};

object class_set_up(Args a) {
    ClassPart part(a.closure());
    object cls = get(a[0], "cls"_n);
    if (is_unittest_skipped(cls)) raise_skip(cls);
    if (is_none(part.method)) return none();
    try {
        call(part.method);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_Exception)) throw;
        Handling handling(error);
        clean_class(part.cls, part.cleanup);
        throw;
    }
    return none();
}

object class_tear_down(Args a) {
    ClassPart part(a.closure());
    try {
        if (!is_none(part.method)) call(part.method);
    } catch (nb::python_error& error) {
        Handling handling(error);
        clean_class(part.cls, part.cleanup);
        throw;
    }
    clean_class(part.cls, part.cleanup);
    return none();
}

object register_class_fixture(Args a) {
    handle cls = a[1];
    object cleanup = get_or(cls, "doClassCleanups"_n, Py_None);
    object before = make_function("set_up", "request", class_set_up, tuple_of(cls, get_or(cls, "setUpClass"_n, Py_None), cleanup));
    object after =
        make_function("tear_down", "request", class_tear_down, tuple_of(cls, get_or(cls, "tearDownClass"_n, Py_None), cleanup));
    register_fixture(a[0], fixture_name("setUpClass", cls),
                     call(lookup("_pytest.unittest", "setup_class_fixture"_n), before, after), "class");
    return none();
}

// --- skip, setup_method -------------------------------------------------------------------------

object skip_class(Args a) { raise_exception(skip_at_item(get_or(a.closure(), "__unittest_skip_why__"_n, ""_n))); }

object register_skip_fixture(Args a) {
    object raiser = make_function("skip_class", "request", skip_class, a[1]);
    register_fixture(a[0], cat("_unittest_skip_fixture_", get(a[1], "__qualname__"_n)),
                     call(lookup("_pytest.unittest", "skip_fixture"_n), raiser), "class");
    return none();
}

object method_set_up(Args a) {
    object instance = get(a[0], "instance"_n);
    if (is_unittest_skipped(instance)) raise_skip(instance);
    if (!is_none(a.closure())) call(a.closure(), instance, get(a[0], "function"_n));
    return none();
}

object method_tear_down(Args a) {
    if (!is_none(a.closure())) call(a.closure(), get(a[0], "instance"_n), get(a[0], "function"_n));
    return none();
}

object register_method_fixture(Args a) {
    handle cls = a[1];
    object setup = get_or(cls, "setup_method"_n, Py_None), teardown = get_or(cls, "teardown_method"_n, Py_None);
    if (is_none(setup) && is_none(teardown)) return none();
    object before = make_function("set_up", "request", method_set_up, setup);
    object after = make_function("tear_down", "request", method_tear_down, teardown);
    register_fixture(a[0], fixture_name("setup_method", cls),
                     call(lookup("_pytest.unittest", "setup_method_fixture"_n), before, after), "function");
    return none();
}

// --- collection ---------------------------------------------------------------------------------

bool wanted(handle value) { return truth(get_or(value, "__test__"_n, Py_True)); }

/// `runTest`, unless it is only what trial's base class has.
bool has_own_run_test(handle cls) {
    object method = get_or(cls, "runTest"_n, Py_None);
    if (is_none(method)) return false;
    object trial = imported("twisted.trial.unittest");
    return !trial.is_valid() || !equal(method, get(get(trial, "TestCase"_n), "runTest"_n));
}

object function_item(handle self, handle name) {
    return call_kw(get(lookup("_pytest.unittest", "TestCaseFunction"_n), "from_parent"_n), {self}, {{"name"_n, name}});
}

object method_names(handle self) {
    if (object names = plain_method_names(self, get(self, "obj"_n)); names.is_valid()) return names;
    object loader = call(lookup("unittest", "TestLoader"_n));
    return to_list(call_method(loader, "getTestCaseNames"_n, get(self, "obj"_n)));
}

Generator collect(OwnedArgs a) {
    handle self = a[0];
    object cls = get(self, "obj"_n);
    if (!wanted(cls)) co_return none();
    if (is_unittest_skipped(cls)) {
        call_method(self, "_register_unittest_skip_fixture"_n, cls);
    } else {
        call_method(self, "_register_unittest_setup_method_fixture"_n, cls);
        call_method(self, "_register_unittest_setup_class_fixture"_n, cls);
        call_method(self, "_register_setup_class_fixture"_n);
    }
    object manager = get(get(self, "session"_n), "_fixturemanager"_n);
    call_kw(get(manager, "parsefactories"_n), {}, {{"holder"_n, call_method(self, "newinstance"_n)}, {"node"_n, self}});
    bool found = false;
    PlainCase plain(self, get(self, "obj"_n));
    for (object name : each(method_names(self))) {
        if (object item = plain.item(name); item.is_valid()) {
            co_yield item;
            found = true;
            continue;
        }
        if (!wanted(get(get(self, "obj"_n), name))) continue;
        co_yield function_item(self, name);
        found = true;
    }
    if (!found && has_own_run_test(get(self, "obj"_n))) co_yield function_item(self, "runTest"_n);
    co_return none();
}

object make_item(Args a) {
    handle value = a[2];
    object unittest = imported("unittest");
    if (!unittest.is_valid() || !PyType_Check(value.ptr())) return none();
    int derived = PyObject_IsSubclass(value.ptr(), get(unittest, "TestCase"_n).ptr());
    if (derived < 0) {
        nb::python_error error;
        if (!error.matches(PyExc_Exception)) throw error;
        return none();
    }
    if (!derived || (reinterpret_cast<PyTypeObject*>(value.ptr())->tp_flags & Py_TPFLAGS_IS_ABSTRACT)) return none();
    return call_kw(get(lookup("_pytest.unittest", "UnitTestCase"_n), "from_parent"_n), {a[0]},
                   {{"name"_n, a[1]}, {"obj"_n, value}});
}

}  // namespace

bool is_unittest_skipped(handle value) { return truth(get_or(value, "__unittest_skip__"_n, Py_False)); }

object skip_at_item(handle reason) {
    return call_kw(known<"_pytest.outcomes", "Skipped">(), {reason}, {{"_use_item_location"_n, Py_True}});
}

void define_unit_test_case(Module& m) {
    m.def("pytest_pycollect_makeitem", "collector, name, obj", make_item);
    m.cls("UnitTestCase", {known<"_pytest.python", "Class">()})
        .attr("nofuncargs", Py_True)
        .def("newinstance", "self", [](Args a) { return call_method(a[0], "obj"_n, "runTest"_n); })
        .generator("collect", "self", collect)
        .def("_register_unittest_setup_class_fixture", "self, cls", register_class_fixture)
        .def("_register_unittest_skip_fixture", "self, cls", register_skip_fixture)
        .def("_register_unittest_setup_method_fixture", "self, cls", register_method_fixture)
        .make();
}

}  // namespace fastest::builtin
