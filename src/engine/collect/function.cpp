// `Function`: a test function or method, once per parameter set.

#include "engine/collect/plain_function.h"
#include "engine/collect/python_nodes.h"
#include "engine/collect/test_call.h"
#include "engine/fixtures/closure.h"
#include "engine/fixtures/request.h"
#include "engine/nodes/node.h"
#include "engine/py/error.h"

namespace fastest::collect {
namespace {

using py::Args;

handle not_set() { return py::known<"_pytest.compat", "NOTSET">(); }

/// Order matters: marks, then the function's attributes, then what the caller gave.
void fill_keywords(handle self, handle obj, handle given) {
    object own = nodes::own_markers_of(self);
    object attributes = py::get(obj, "__dict__"_n);
    bool more = !py::is_none(given) && py::truth(given);
    if (!py::truth(own) && !py::truth(attributes) && !more) return;
    object keywords = py::get(self, "keywords"_n);
    object pairs = py::new_list();
    for (object mark : py::each(own)) py::append(pairs, py::tuple_of(py::get(mark, "name"_n), mark));
    py::call_method(keywords, "update"_n, pairs);
    py::call_method(keywords, "update"_n, attributes);
    if (more) py::call_method(keywords, "update"_n, given);
}

object make_id(handle parent, handle base_name, handle callspec) {
    object id = py::call_method(py::get(parent, "id"_n), "child"_n, base_name);
    object params = py::none();
    if (!py::is_none(callspec) && py::truth(py::get(callspec, "_idlist"_n))) params = py::get(callspec, "id"_n);
    return py::call_method(id, "with_params"_n, params);
}

/// `value or fallback`.
object either(handle value, handle fallback) { return py::borrow(py::truth(value) ? value : fallback); }

object init(Args a) {
    handle self = a[0], name = a[1], parent = a[2], config = a[3], callspec = a[4], keywords = a[6], session = a[7],
           originalname = a[9];
    object original = either(originalname, name);
    object base = py::new_dict();
    py::dict_set(base, "config"_n, config);
    py::dict_set(base, "session"_n, session);
    py::dict_set(base, "nodeid"_n, make_id(parent, original, callspec));
    nodes::call_super(py::global<"python", "Function">(), self, "__init__"_n, py::tuple_of(name, parent), base);
    if (handle callobj = a[5]; callobj.is_valid() && callobj.ptr() != not_set().ptr()) {
        py::set(self, "_obj"_n, callobj);
        py::set(self, "_instance"_n, py::get_or(callobj, "__self__"_n, Py_None));
    }
    py::set(self, "originalname"_n, original);

    object obj = py::get(self, "obj"_n);
    object own = py::get(self, "own_markers"_n);
    py::call_method(own, "extend"_n, unpacked_marks(obj));
    if (py::truth(callspec)) {
        py::set(self, "callspec"_n, callspec);
        py::call_method(own, "extend"_n, py::get(callspec, "marks"_n));
    }
    fill_keywords(self, obj, keywords);

    object info = py::borrow(a[8]);
    if (py::is_none(info))
        info = py::call_method(py::get(py::get(self, "session"_n), "_fixturemanager"_n), "getfixtureinfo"_n, self, obj,
                               py::get(self, "cls"_n));
    py::set(self, "_fixtureinfo"_n, info);
    py::set(self, "fixturenames"_n, py::get(info, "names_closure"_n));
    return py::call_method(self, "_initrequest"_n);
}

/// The request and the values are made when they are asked for.
object init_request(Args a) {
    nodes::Node* node = nodes::require_node(a[0]);
    for (nodes::Field which : {nodes::kRequest, nodes::kFuncargs}) {
        nodes::set_field(node, which, handle());
        node->pending |= nodes::pending_flag(which);
    }
    return py::none();
}

PyObject* read_fixture_info(PyObject* self, void*) {
    return py::guard([&]() -> object {
        auto* node = reinterpret_cast<nodes::Node*>(self);
        if (!node->refs[nodes::kFixtureInfo]) {
            PyErr_SetObject(PyExc_AttributeError, "_fixtureinfo"_n.ptr());
            throw nb::python_error();
        }
        if (node->pending & nodes::kSharedFixtureInfo) {
            object own = fixtures::copied_info(nodes::field(node, nodes::kFixtureInfo));
            node->pending &= static_cast<unsigned char>(~nodes::kSharedFixtureInfo);
            nodes::set_field(node, nodes::kFixtureInfo, own);
        }
        return py::borrow(nodes::field(node, nodes::kFixtureInfo));
    });
}

// --- the object and its instance ----------------------------------------------------------------------------------

bool is_in_class(handle parent) { return py::is_instance(parent, py::global<"python", "Class">()); }

object read_instance(Args a) {
    if (object known = py::try_get(a[0], "_instance"_n); known.is_valid()) return known;
    object made = is_in_class(nodes::parent_of(a[0])) ? py::call_method(a[0], "_getinstance"_n) : py::none();
    py::set(a[0], "_instance"_n, made);
    return py::get(a[0], "_instance"_n);
}

object make_instance(Args a) {
    object parent = nodes::parent_of(a[0]);
    return is_in_class(parent) ? py::call_method(parent, "newinstance"_n) : py::none();
}

// --- failures -----------------------------------------------------------------------------------------------------

/// All entries but the first and the last in short style.
object shorten_middle(handle traceback) {
    Py_ssize_t count = py::length(traceback);
    if (count <= 2) return py::borrow(traceback);
    object entries = py::new_list();
    for (Py_ssize_t i = 0; i < count; ++i) {
        object entry = py::item(traceback, py::integer(i));
        bool edge = i == 0 || i == count - 1;
        py::append(entries, edge ? entry : py::call_method(entry, "with_repr_style"_n, py::str("short")));
    }
    return py::call(py::lookup("_pytest._code", "Traceback"_n), entries);
}

object traceback_filter(Args a) {
    handle self = a[0], excinfo = a[1];
    object traceback = py::get(excinfo, "traceback"_n);
    object config = py::get(self, "config"_n);
    if (!py::has(self, "_obj"_n) || py::truth(nodes::option_of(config, "fulltrace"_n, Py_False))) return traceback;
    object function = py::call(py::lookup("_pytest.compat", "get_real_func"_n), py::get(self, "obj"_n));
    object code = py::call_method(py::lookup("_pytest._code", "Code"_n), "from_function"_n, function);
    object path = py::get(code, "path"_n);
    object kept = py::call_method_kw(traceback, "cut"_n, {},
                                     {{"path"_n, path}, {"firstlineno"_n, py::get(code, "firstlineno"_n)}});
    if (py::equal(kept, traceback)) kept = py::call_method_kw(kept, "cut"_n, {}, {{"path"_n, path}});
    if (py::equal(kept, traceback)) {
        kept = py::call_method(kept, "filter"_n, py::lookup("_pytest._code.code", "filter_traceback"_n));
        if (!py::truth(kept)) kept = traceback;
    }
    kept = py::call_method(kept, "filter"_n, excinfo);
    if (py::equal(nodes::option_of(config, "tbstyle"_n, "auto"_n), "auto"_n)) return shorten_middle(kept);
    return kept;
}

object repr_failure(Args a) {
    object style = nodes::option_of(py::get(a[0], "config"_n), "tbstyle"_n, "auto"_n);
    if (py::equal(style, "auto"_n)) style = py::str("long");
    return py::call_kw(py::get(a[0], "_repr_failure_py"_n), {a[1]}, {{"style"_n, style}});
}

object from_parent(Args a) {
    py::dict_set(a[2], "parent"_n, a[1]);
    return nodes::call_super(py::global<"python", "Function">(), a[0], "from_parent"_n, py::tuple_of(), a[2]);
}

object refuse_to_run(Args) {
    py::raise(PyExc_RuntimeError, "function definitions are not supposed to be run as tests");
}

}  // namespace

object object_of_function(handle self) {
    object holder = py::get(self, "instance"_n);
    if (py::is_none(holder)) {
        object parent = nodes::parent_of(self);
        if (py::is_none(parent)) py::raise(PyExc_AssertionError, "");
        holder = obj_of(parent);
    }
    return py::get(holder, py::get(self, "originalname"_n));
}

void define_function(py::Module& m) {
    using nodes::member_descriptor;
    object function =
        m.cls("Function", {m.get("PyobjMixin"), py::global<"nodes", "Item">()})
            .doc("A test function or method, with one set of parameters.")
            .attr("_ALLOW_MARKERS", Py_False)
            .attr("_instance",
                  nodes::pending_descriptor("_instance", nodes::kInstance,
                                            [](handle self) { return py::call_method(self, "_getinstance"_n); }))
            .attr("callspec", member_descriptor("callspec", nodes::kCallspec))
            .attr("_fixtureinfo", nodes::lazy_descriptor("_fixtureinfo", nodes::kFixtureInfo, read_fixture_info))
            .attr("fixturenames",
                  nodes::pending_descriptor(
                      "fixturenames", nodes::kFixtureNames,
                      [](handle self) { return py::get(py::get(self, "_fixtureinfo"_n), "names_closure"_n); }))
            .attr("originalname", member_descriptor("originalname", nodes::kOriginalName))
            .attr("funcargs",
                  nodes::pending_descriptor("funcargs", nodes::kFuncargs, [](handle) { return py::new_dict(); }))
            .attr("_request", nodes::pending_descriptor("_request", nodes::kRequest, fixtures::make_top_request))
            .def("__init__",
                 "self, name, parent, config=None, callspec=None, callobj=_pytest.compat.NOTSET, keywords=None, "
                 "session=None, "
                 "fixtureinfo=None, originalname=None",
                 init)
            .classmethod("from_parent", "cls, parent, **kw", from_parent, "The public constructor.")
            .def("_initrequest", "self", init_request)
            .prop(
                "function",
                [](Args a) { return py::call(py::lookup("_pytest.compat", "getimfunc"_n), py::get(a[0], "obj"_n)); },
                nullptr, "The plain Python function.")
            .prop("instance", read_instance)
            .def("_getinstance", "self", make_instance)
            .def("_getobj", "self", [](Args a) { return object_of_function(a[0]); })
            .prop("_pyfuncitem", [](Args a) { return py::borrow(a[0]); })
            .def(
                "runtest", "self",
                [](Args a) {
                    object hook = py::get(py::get(a[0], "ihook"_n), "pytest_pyfunc_call"_n);
                    py::call_named<"pyfuncitem">(hook, a[0]);
                    return py::none();
                },
                "Run the test function.")
            .def("setup", "self",
                 [](Args a) {
                     py::call_method(py::get(a[0], "_request"_n), "_fillfixtures"_n);
                     return py::none();
                 })
            .def("_traceback_filter", "self, excinfo", traceback_filter)
            .def("repr_failure", "self, excinfo", repr_failure)
            .make();
    m.cls("FunctionDefinition", {function})
        .doc("The function that a set of Function items comes from; it is not run.")
        .def("runtest", "self", refuse_to_run)
        .def("setup", "self", refuse_to_run)
        .make();
    remember_function_methods(function);
    remember_test_methods(function);
}

}  // namespace fastest::collect
