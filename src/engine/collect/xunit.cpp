// xunit-style set-up: `setup_module`, `setup_function`, `setup_class`, `setup_method` and their teardowns run as autouse
// fixtures, so that they take their place among the other fixtures. The teardown is a finalizer that is added once the set-up
// has succeeded, as the rest of a generator fixture would be.

#include "engine/collect/python_nodes.h"

namespace fastest::collect {
namespace {

using py::Args;

object im_func(handle function) { return py::call(py::lookup("_pytest.compat", "getimfunc"_n), function); }

/// One call of `function(argument)` as a finalizer.
void call_at_end(handle request, handle function, handle argument) {
    object finish = py::make_function("finish", "", [](Args a) {
        call_with_optional_argument(py::item(a.closure(), py::integer(0)), py::item(a.closure(), py::integer(1)));
        return py::none();
    }, py::tuple_of(function, argument));
    py::call_method(request, "addfinalizer"_n, finish);
}

/// The fixtures' closures are (set-up, teardown), each a function or None; for methods the names of those.
handle before(const Args& a) { return PyTuple_GET_ITEM(a.closure().ptr(), 0); }
handle after(const Args& a) { return PyTuple_GET_ITEM(a.closure().ptr(), 1); }

object run_around(handle request, handle set_up, handle tear_down, handle argument) {
    if (!py::is_none(set_up)) call_with_optional_argument(set_up, argument);
    if (!py::is_none(tear_down)) call_at_end(request, tear_down, argument);
    return py::none();
}

object module_fixture(Args a) { return run_around(a[0], before(a), after(a), py::get(a[0], "module"_n)); }

object function_fixture(Args a) {
    if (!py::is_none(py::get(a[0], "instance"_n))) return py::none();  // a method: setup_method's business
    return run_around(a[0], before(a), after(a), py::get(a[0], "function"_n));
}

object class_fixture(Args a) {
    auto plain = [](handle function) { return py::is_none(function) ? py::none() : im_func(function); };
    return run_around(a[0], plain(before(a)), plain(after(a)), py::get(a[0], "cls"_n));
}

/// The teardown is looked up on the instance when it runs.
object finish_method(Args a) {
    handle instance = PyTuple_GET_ITEM(a.closure().ptr(), 0), name = PyTuple_GET_ITEM(a.closure().ptr(), 1),
           method = PyTuple_GET_ITEM(a.closure().ptr(), 2);
    call_with_optional_argument(py::get(instance, name), method);
    return py::none();
}

object method_fixture(Args a) {
    object instance = py::get(a[0], "instance"_n), method = py::get(a[0], "function"_n);
    if (!py::is_none(before(a))) call_with_optional_argument(py::get(instance, "setup_method"_n), method);
    if (!py::is_none(after(a)))
        py::call_method(a[0], "addfinalizer"_n,
                        py::make_function("finish", "", finish_method, py::tuple_of(instance, "teardown_method"_n, method)));
    return py::none();
}

struct XunitFixture {
    const char* owner;
    const char* function_name;
    const char* scope;
    py::Body body;
};

void register_around(handle node, const XunitFixture& fixture, handle suffix_attribute, handle set_up_names,
                     handle tear_down_names) {
    object holder = py::get(node, "obj"_n);
    object set_up = first_plain_function(holder, set_up_names), tear_down = first_plain_function(holder, tear_down_names);
    if (py::is_none(set_up) && py::is_none(tear_down)) return;
    auto spec = std::make_shared<const py::FunctionSpec>(fixture.function_name, py::Signature("request"), fixture.body);
    object function = py::make_function(std::move(spec), py::tuple_of(set_up, tear_down), "_pytest.python",
                                        py::cat(fixture.owner, "._register_", std::string_view(fixture.function_name).substr(6),
                                                ".<locals>.", fixture.function_name));
    py::call_kw(py::lookup("_pytest.fixtures", "register_fixture"_n), {},
                {{"name"_n, py::strcat("_", fixture.function_name, "_", py::get(holder, suffix_attribute))},
                 {"func"_n, function},
                 {"node"_n, node},
                 {"scope"_n, py::str(fixture.scope)},
                 {"autouse"_n, Py_True}});
}

}  // namespace

object first_plain_function(handle holder, handle names) {
    for (object name : py::each(names)) {
        object found = py::try_get(holder, name);
        if (!found.is_valid() || py::is_none(found)) continue;
        if (py::is_none(py::call(py::lookup("_pytest.fixtures", "getfixturemarker"_n), found))) return found;
    }
    return py::none();
}

void call_with_optional_argument(handle function, handle argument) {
    long long count = py::to_int(py::get(py::get(function, "__code__"_n), "co_argcount"_n));
    if (PyMethod_Check(function.ptr())) --count;
    if (count)
        py::call(function, argument);
    else
        py::call(function);
}

void register_module_setup(handle node) {
    register_around(node, {"Module", "xunit_setup_module_fixture", "module", module_fixture}, "__name__"_n,
                    py::tuple_of("setUpModule"_n, "setup_module"_n), py::tuple_of("tearDownModule"_n, "teardown_module"_n));
}

void register_function_setup(handle node) {
    register_around(node, {"Module", "xunit_setup_function_fixture", "function", function_fixture}, "__name__"_n,
                    py::tuple_of("setup_function"_n), py::tuple_of("teardown_function"_n));
}

void register_class_setup(handle node) {
    register_around(node, {"Class", "xunit_setup_class_fixture", "class", class_fixture}, "__qualname__"_n,
                    py::tuple_of("setup_class"_n), py::tuple_of("teardown_class"_n));
}

void register_method_setup(handle node) {
    register_around(node, {"Class", "xunit_setup_method_fixture", "function", method_fixture}, "__qualname__"_n,
                    py::tuple_of("setup_method"_n), py::tuple_of("teardown_method"_n));
}

void define_xunit(py::Module& m) {
    m.def("_get_first_non_fixture_func", "obj, names", [](Args a) { return first_plain_function(a[0], a[1]); });
    m.def("_call_with_optional_argument", "func, arg", [](Args a) {
        call_with_optional_argument(a[0], a[1]);
        return py::none();
    });
}

}  // namespace fastest::collect
