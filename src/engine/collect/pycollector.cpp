// `PyCollector`: which names of a module or class are tests, and the nodes made of them.

#include "engine/collect/python_nodes.h"

namespace fastest::collect {
namespace {

using py::Args;

handle module_class() { return py::global<"python", "Module">(); }

bool matches_option(handle collector, handle option, handle name) {
    std::string text = py::text(name);
    for (object pattern : py::each(py::call_method(py::get(collector, "config"_n), "getini"_n, option))) {
        std::string wanted = py::text(pattern);
        if (text.starts_with(wanted)) return true;
        if (wanted.find_first_of("*?[") != std::string::npos && fnmatch(name, pattern)) return true;
    }
    return false;
}

object safe_attribute(handle obj, handle name, handle fallback) {
    return py::call(py::lookup("_pytest.compat", "safe_getattr"_n), obj, name, fallback);
}

/// Only a true True counts: some objects answer any attribute with something truthy.
bool asks_to_be_test(handle obj) { return safe_attribute(obj, "__test__"_n, Py_False).is(Py_True); }

bool named_or_marked(handle collector, handle filter, handle obj, handle name) {
    return py::truth(py::call_method(collector, filter, name)) || py::truth(py::call_method(collector, "isnosetest"_n, obj));
}

object is_test_function(Args a) {
    object obj = py::borrow(a[1]);
    if (!named_or_marked(a[0], "funcnamefilter"_n, obj, a[2])) return py::boolean(false);
    bool wrapped = PyObject_TypeCheck(obj.ptr(), &PyStaticMethod_Type) || PyObject_TypeCheck(obj.ptr(), &PyClassMethod_Type);
    if (wrapped) obj = safe_attribute(obj, "__func__"_n, Py_False);
    if (!PyCallable_Check(obj.ptr())) return py::boolean(false);
    return py::boolean(py::is_none(py::call(py::lookup("_pytest.fixtures", "getfixturemarker"_n), obj)));
}

/// `inspect.isabstract(obj)`.
bool is_abstract(handle obj) {
    if (!PyType_Check(obj.ptr())) return py::truth(py::call(py::lookup("inspect", "isabstract"_n), obj));
    return PyType_GetFlags(reinterpret_cast<PyTypeObject*>(obj.ptr())) & Py_TPFLAGS_IS_ABSTRACT;
}

object is_test_class(Args a) {
    return py::boolean(named_or_marked(a[0], "classnamefilter"_n, a[1], a[2]) && !is_abstract(a[1]));
}

/// The namespaces to search: the object's own, then for a class those of its bases. Dicts are read instead of attributes, as
/// descriptors would run.
object namespaces_of(handle obj) {
    object found = py::list_of(py::get_or(obj, "__dict__"_n, py::new_dict()));
    if (PyType_Check(obj.ptr()))
        for (object base : py::each(py::get(obj, "__mro__"_n))) py::append(found, py::get(base, "__dict__"_n));
    return found;
}

bool comes_from_elsewhere(handle collector, handle obj) {
    if (!PyFunction_Check(obj.ptr()) && !PyType_Check(obj.ptr())) return false;
    object here = py::get(py::call_method(collector, "_getobj"_n), "__name__"_n);
    return !py::equal(py::get(obj, "__module__"_n), here);
}

struct Scan {
    handle collector;
    object hook;
    object ignored;
    object seen;
    bool only_own;  // leave out what a module imported
};

/// The nodes for the names of one namespace that were not seen before.
object collect_namespace(const Scan& scan, handle names) {
    object made = py::new_list();
    // A snapshot: hooks may change the namespace.
    for (object pair : py::each(py::to_list(py::call_method(names, "items"_n)))) {
        handle name = PyTuple_GET_ITEM(pair.ptr(), 0), obj = PyTuple_GET_ITEM(pair.ptr(), 1);
        if (py::contains(scan.ignored, name) || py::contains(scan.seen, name)) continue;
        py::check(PySet_Add(scan.seen.ptr(), name.ptr()));
        if (scan.only_own && comes_from_elsewhere(scan.collector, obj)) continue;
        object result = py::call_named<"collector", "name", "obj">(scan.hook, scan.collector, name, obj);
        if (py::is_none(result)) continue;
        if (PyList_Check(result.ptr()))
            py::call_method(made, "extend"_n, result);
        else
            py::append(made, result);
    }
    return made;
}

object collect(Args a) {
    handle self = a[0];
    object obj = obj_of(self);
    if (!py::truth(py::get_or(obj, "__test__"_n, Py_True))) return py::new_list();
    object config = py::get(py::get(self, "session"_n), "config"_n);
    bool imported_too = py::truth(py::call_method(config, "getini"_n, "collect_imported_tests"_n));
    Scan scan{self, py::get(py::get(self, "ihook"_n), "pytest_pycollect_makeitem"_n),
              py::lookup("_pytest.python", "IGNORED_ATTRIBUTES"_n), py::check(PySet_New(nullptr)),
              !imported_too && py::is_instance(self, module_class())};
    std::vector<object> groups;
    for (object names : py::each(namespaces_of(obj))) groups.push_back(collect_namespace(scan, names));
    object result = py::new_list();
    // What is inherited comes first, each class in the order of definition.
    for (auto group = groups.rbegin(); group != groups.rend(); ++group) py::call_method(result, "extend"_n, *group);
    return result;
}

py::Generator genfunctions(py::OwnedArgs a) {
    for (object item : py::each(generate_functions(a[0], a[1], a[2]))) co_yield item;
    co_return py::none();
}

object closest_object(handle node, handle type) {
    object found = py::call_method(node, "getparent"_n, type);
    return py::is_none(found) ? found : py::get(found, "obj"_n);
}

object function_of(handle collector, handle name, handle fixtureinfo, handle callspec = handle()) {
    handle type = py::global<"python", "Function">();
    if (!callspec.is_valid())
        return py::call_kw(py::get(type, "from_parent"_n), {collector}, {{"name"_n, name}, {"fixtureinfo"_n, fixtureinfo}});
    object id = py::get(callspec, "id"_n);
    object full_name = py::truth(py::get(callspec, "_idlist"_n)) ? py::strcat(name, "[", id, "]") : py::borrow(name);
    object keywords = py::new_dict();
    py::dict_set(keywords, id, Py_True);
    return py::call_kw(py::get(type, "from_parent"_n), {collector},
                       {{"name"_n, full_name},
                        {"callspec"_n, callspec},
                        {"fixtureinfo"_n, fixtureinfo},
                        {"keywords"_n, keywords},
                        {"originalname"_n, name}});
}

}  // namespace

object generate_functions(handle collector, handle name, handle function) {
    object module_node = py::call_method(collector, "getparent"_n, module_class());
    if (py::is_none(module_node)) py::raise(PyExc_AssertionError, "");
    object module = py::get(module_node, "obj"_n);
    object cls = closest_object(collector, py::global<"python", "Class">());
    if (!py::truth(cls)) cls = py::none();

    object definition = py::call_kw(py::get(py::global<"python", "FunctionDefinition">(), "from_parent"_n), {collector},
                                    {{"name"_n, name}, {"callobj"_n, function}});
    object fixtureinfo = py::get(definition, "_fixtureinfo"_n);
    object metafunc = py::call_kw(py::lookup("_pytest.python", "Metafunc"_n), {},
                                  {{"definition"_n, definition},
                                   {"fixtureinfo"_n, fixtureinfo},
                                   {"config"_n, py::get(collector, "config"_n)},
                                   {"cls"_n, cls},
                                   {"module"_n, module},
                                   {"_ispytest"_n, Py_True}});
    object extra = py::new_list();
    if (object own = py::try_get(module, "pytest_generate_tests"_n); own.is_valid()) py::append(extra, own);
    if (!py::is_none(cls) && py::has(cls, "pytest_generate_tests"_n))
        py::append(extra, py::get(py::call(cls), "pytest_generate_tests"_n));
    object arguments = py::new_dict();
    py::dict_set(arguments, "metafunc"_n, metafunc);
    py::call_method(py::get(py::get(collector, "ihook"_n), "pytest_generate_tests"_n), "call_extra"_n, extra, arguments);

    object calls = py::get(metafunc, "_calls"_n);
    if (!py::truth(calls)) return py::list_of(function_of(collector, name, fixtureinfo));
    py::call_method(metafunc, "_recompute_direct_params_indices"_n);
    // Parameters given in hooks may hide fixtures that the closure still has.
    py::call_method(fixtureinfo, "prune_dependency_tree"_n);
    object made = py::new_list();
    for (object callspec : py::each(calls)) py::append(made, function_of(collector, name, fixtureinfo, callspec));
    return made;
}

void define_pycollector(py::Module& m) {
    m.cls("PyCollector", {m.get("PyobjMixin"), py::global<"nodes", "Collector">()})
        .doc("Collects the tests among the names of a Python object.")
        .def("funcnamefilter", "self, name",
             [](Args a) { return py::call_method(a[0], "_matches_prefix_or_glob_option"_n, "python_functions"_n, a[1]); })
        .def("isnosetest", "self, obj", [](Args a) { return py::boolean(asks_to_be_test(a[1])); },
             "Whether the object has `__test__ = True`.")
        .def("classnamefilter", "self, name",
             [](Args a) { return py::call_method(a[0], "_matches_prefix_or_glob_option"_n, "python_classes"_n, a[1]); })
        .def("istestfunction", "self, obj, name", is_test_function)
        .def("istestclass", "self, obj, name", is_test_class)
        .def("_matches_prefix_or_glob_option", "self, option_name, name",
             [](Args a) { return py::boolean(matches_option(a[0], a[1], a[2])); })
        .def("collect", "self", collect)
        .generator("_genfunctions", "self, name, funcobj", genfunctions)
        .make();
}

}  // namespace fastest::collect
