// `PyCollector`: which names of a module or class are tests, and the nodes made of them.

#include <optional>

#include "engine/collect/plain_function.h"
#include "engine/collect/python_nodes.h"
#include "engine/collect/scan.h"
#include "engine/fixtures/manager.h"
#include "engine/hooks/native_caller.h"
#include "engine/py/short_cut.h"

namespace fastest::collect {
namespace {

using py::Args;

/// The namespaces to search: the object's own, then for a class those of its bases. Dicts are read instead of
/// attributes, as descriptors would run.
object namespaces_of(handle obj) {
    object found = py::list_of(py::get_or(obj, "__dict__"_n, py::new_dict()));
    if (PyType_Check(obj.ptr()))
        for (object base : py::each(py::get(obj, "__mro__"_n))) {
            bool plain = Py_IS_TYPE(base.ptr(), &PyType_Type);
            py::append(found, plain ? py::version::type_dict(base) : py::get(base, "__dict__"_n));
        }
    if (PyType_Check(obj.ptr()) && Py_IS_TYPE(obj.ptr(), &PyType_Type))
        py::check(PyList_SetItem(found.ptr(), 0, py::version::type_dict(obj).release().ptr()));
    return found;
}

object collect(Args a) {
    handle self = a[0];
    object obj = obj_of(self);
    if (!py::truth(py::get_or(obj, "__test__"_n, Py_True))) return py::new_list();
    object config = py::get(py::get(self, "session"_n), "config"_n);
    bool imported_too = py::truth(py::call_method(config, "getini"_n, "collect_imported_tests"_n));
    NamespaceScan scan(self, !imported_too && py::is_instance(self, module_class()));
    std::vector<object> groups;
    object first;
    for (object names : py::each(namespaces_of(obj))) {
        bool again = names.is(first) && scan.was_quiet();  // a class's own namespace stands first in its MRO, too
        groups.push_back(again ? py::new_list() : scan.collect(names));
        if (!first.is_valid()) first = names;
    }
    object result = py::new_list();
    // What is inherited comes first, each class in the order of definition.
    for (auto group = groups.rbegin(); group != groups.rend(); ++group) py::call_method(result, "extend"_n, *group);
    return result;
}

py::Generator genfunctions(py::OwnedArgs a) {
    for (object item : py::each(generate_functions(a[0], a[1], a[2]))) co_yield item;
    co_return py::none();
}

py::ShortCut g_plain_function{
    "collect.plain_function",
    "Function and FunctionDefinition of a plain function are filled natively, without from_parent and __init__. "
    "Seen by patches and subclasses of Function, Item and Node, and by classes with a metaclass, a "
    "constructor or a __getattribute__ of their own."};

/// Items for one function while its collector is gone through.
class FunctionMaker {
public:
    FunctionMaker(handle collector, handle name, handle function)
        : collector_(collector),
          name_(name),
          function_(function),
          plain_(g_plain_function.take(is_plain_function_of(collector, name, function))) {}

    bool is_plain() const { return plain_; }

    /// A null fixtureinfo: found out by the definition.
    object definition(handle fixtureinfo) const {
        try {
            if (plain_) return make_plain_definition({collector_, name_, name_, function_, {}, fixtureinfo});
        } catch (const nb::python_error& error) {
            if (!error.matches(PyExc_TypeError)) throw;  // `_create` has its own answer to it
        }
        return py::call_kw(py::get(py::global<"python", "FunctionDefinition">(), "from_parent"_n), {collector_},
                           {{"name"_n, name_}, {"callobj"_n, function_}});
    }

    /// Without parameters. A null fixtureinfo: found out by the item.
    object function(handle fixtureinfo) const {
        if (plain_) return make_plain_function({collector_, name_, name_, function_, {}, fixtureinfo});
        return py::call_kw(from_parent(), {collector_}, {{"name"_n, name_}, {"fixtureinfo"_n, fixtureinfo}});
    }

    object function(handle fixtureinfo, handle callspec) const {
        object id = py::get(callspec, "id"_n);
        bool has_id = py::truth(py::get(callspec, "_idlist"_n));
        object full_name = has_id ? py::strcat(name_, "[", id, "]") : py::borrow(name_);
        if (plain_)
            return make_plain_function({collector_, full_name, name_, function_, callspec, fixtureinfo, id, &marks()});
        object keywords = py::new_dict();
        py::dict_set(keywords, id, Py_True);
        return py::call_kw(from_parent(), {collector_},
                           {{"name"_n, full_name},
                            {"callspec"_n, callspec},
                            {"fixtureinfo"_n, fixtureinfo},
                            {"keywords"_n, keywords},
                            {"originalname"_n, name_}});
    }

private:
    const FunctionMarks& marks() const {
        if (!marks_) marks_ = marks_of_function(function_);
        return *marks_;
    }

    static object from_parent() { return py::get(py::global<"python", "Function">(), "from_parent"_n); }

    handle collector_, name_, function_;
    bool plain_;
    mutable std::optional<FunctionMarks> marks_;
};

/// `pytest_generate_tests` of the module and of the class.
object own_generators(handle module, handle cls) {
    object extra = py::new_list();
    if (object own = py::try_get(module, "pytest_generate_tests"_n); own.is_valid()) py::append(extra, own);
    if (!py::is_none(cls) && py::has(cls, "pytest_generate_tests"_n))
        py::append(extra, py::get(py::call(cls), "pytest_generate_tests"_n));
    return extra;
}

object call_specs(handle collector, handle definition, handle module, handle cls, handle hook) {
    object metafunc = py::call_kw(py::lookup("_pytest.python", "Metafunc"_n), {},
                                  {{"definition"_n, definition},
                                   {"fixtureinfo"_n, py::get(definition, "_fixtureinfo"_n)},
                                   {"config"_n, py::get(collector, "config"_n)},
                                   {"cls"_n, cls},
                                   {"module"_n, module},
                                   {"_ispytest"_n, Py_True}});
    object extra = own_generators(module, cls);
    object arguments = py::new_dict();
    py::dict_set(arguments, "metafunc"_n, metafunc);
    py::call_method(hook, "call_extra"_n, extra, arguments);
    object calls = py::get(metafunc, "_calls"_n);
    if (py::truth(calls)) py::call_method(metafunc, "_recompute_direct_params_indices"_n);
    return calls;
}

py::ShortCut g_no_definition{
    "collect.no_definition",
    "A function that nothing and nobody could parametrize gets no FunctionDefinition and no Metafunc. Seen by "
    "implementations of pytest_generate_tests, in plugins, modules and classes, and by fixture managers with methods "
    "of "
    "their own."};

/// Whether nobody sees that the manager is asked once more for a function that turns out to have parameters.
bool asks_own_manager(handle collector) {
    return fixtures::finds_by_itself(py::get(py::get(collector, "session"_n), "_fixturemanager"_n));
}

/// A function without a definition of its own; null after a TypeError, which the general way answers in its own words.
object quick_function(const FunctionMaker& maker) {
    try {
        return maker.function(handle());
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_TypeError)) throw;
        return {};
    }
}

}  // namespace

object generate_functions(handle collector, handle name, handle function, GarbagePause* pause) {
    object module_node = py::call_method(collector, "getparent"_n, module_class());
    if (py::is_none(module_node)) py::raise(PyExc_AssertionError, "");
    object module = py::get(module_node, "obj"_n);
    object cls = closest_object(collector, py::global<"python", "Class">());
    if (!py::truth(cls)) cls = py::none();
    object hook = py::get(py::get(collector, "ihook"_n), "pytest_generate_tests"_n);

    FunctionMaker maker(collector, name, function);
    bool nobody_parametrizes =
        maker.is_plain() && hooks::only_ours(hook) && !py::has(module, "pytest_generate_tests"_n) &&
        (py::is_none(cls) || !py::has(cls, "pytest_generate_tests"_n)) && asks_own_manager(collector);
    object found;  // what the manager says of the function, which may warn: it is asked once
    if (g_no_definition.take(nobody_parametrizes)) {
        object item = quick_function(maker);
        if (item.is_valid() && has_no_parameters(item)) return py::list_of(item);
        if (item.is_valid()) found = py::get(item, "_fixtureinfo"_n);
    }
    GarbagePause::Break resumed(pause);
    object definition = maker.definition(found);
    object fixtureinfo = py::get(definition, "_fixtureinfo"_n);
    object calls = call_specs(collector, definition, module, cls, hook);
    if (!py::truth(calls)) return py::list_of(maker.function(fixtureinfo));
    // Parameters given in hooks may hide fixtures that the closure still has.
    py::call_method(fixtureinfo, "prune_dependency_tree"_n);
    object made = py::new_list();
    for (object callspec : py::each(calls)) py::append(made, maker.function(fixtureinfo, callspec));
    return made;
}

void define_pycollector(py::Module& m) {
    m.cls("PyCollector", {m.get("PyobjMixin"), py::global<"nodes", "Collector">()})
        .doc("Collects the tests among the names of a Python object.")
        .def("funcnamefilter", "self, name",
             [](Args a) {
                 return py::call_method(a[0], "_matches_prefix_or_glob_option"_n, "python_functions"_n, a[1]);
             })
        .def(
            "isnosetest", "self, obj", [](Args a) { return py::boolean(asks_to_be_test(a[1])); },
            "Whether the object has `__test__ = True`.")
        .def("classnamefilter", "self, name",
             [](Args a) { return py::call_method(a[0], "_matches_prefix_or_glob_option"_n, "python_classes"_n, a[1]); })
        .def("istestfunction", "self, obj, name",
             [](Args a) { return py::boolean(is_test_function(a[0], a[1], a[2])); })
        .def("istestclass", "self, obj, name", [](Args a) { return py::boolean(is_test_class(a[0], a[1], a[2])); })
        .def("_matches_prefix_or_glob_option", "self, option_name, name",
             [](Args a) { return py::boolean(matches_option(a[0], a[1], a[2])); })
        .def("collect", "self", collect)
        .generator("_genfunctions", "self, name, funcobj", genfunctions)
        .make();
    remember_filter_methods(m.get("PyCollector"));
}

}  // namespace fastest::collect
