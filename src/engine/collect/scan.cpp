#include "engine/collect/scan.h"

#include "engine/collect/plain_function.h"
#include "engine/collect/python_nodes.h"
#include "engine/hooks/native_caller.h"
#include "engine/py/facade_warning.h"
#include "engine/py/python_function.h"
#include "engine/py/short_cut.h"
#include "engine/py/unpack.h"

namespace fastest::collect {
namespace {

std::array<py::OwnMethod, 7> g_filters;  // constants: the engine's own methods

object safe_attribute(handle obj, handle name, handle fallback) {
    return py::call(py::lookup("_pytest.compat", "safe_getattr"_n), obj, name, fallback);
}

bool named_or_marked(handle collector, handle filter, handle obj, handle name) {
    return py::truth(py::call_method(collector, filter, name)) ||
           py::truth(py::call_method(collector, "isnosetest"_n, obj));
}

/// `inspect.isabstract(obj)`.
bool is_abstract(handle obj) {
    if (!PyType_Check(obj.ptr())) return py::truth(py::call(py::lookup("inspect", "isabstract"_n), obj));
    return PyType_GetFlags(reinterpret_cast<PyTypeObject*>(obj.ptr())) & Py_TPFLAGS_IS_ABSTRACT;
}

bool is_test_callable(handle obj) {
    if (PyFunction_Check(obj.ptr())) return true;  // a fixture is no function any more
    if (!PyCallable_Check(obj.ptr())) return false;
    return py::is_none(py::call(py::lookup("_pytest.fixtures", "getfixturemarker"_n), obj));
}

bool comes_from_elsewhere(handle collector, handle obj) {
    if (!PyFunction_Check(obj.ptr()) && !PyType_Check(obj.ptr())) return false;
    object here = py::get(py::call_method(collector, "_getobj"_n), "__name__"_n);
    return !py::equal(py::get(obj, "__module__"_n), here);
}

/// Whether reading `__test__` of the object runs no code and gives nothing.
bool has_no_test_attribute(handle obj) {
    PyTypeObject* type = Py_TYPE(obj.ptr());
    if (type == &PyFunction_Type) {
        object attributes = py::get(obj, "__dict__"_n);
        return !PyDict_GET_SIZE(attributes.ptr()) || !py::dict_get(attributes, "__test__"_n).is_valid();
    }
    if (type == &PyModule_Type) {
        PyObject* names = PyModule_GetDict(obj.ptr());
        object fallback = py::dict_get(names, "__getattr__"_n);
        return !py::dict_get(names, "__test__"_n).is_valid() &&
               (!fallback.is_valid() || py::is_native_function(fallback));
    }
    return type == &PyUnicode_Type || type == &PyLong_Type || type == &PyBool_Type || type == &PyFloat_Type ||
           type == &PyBytes_Type || type == &PyTuple_Type || type == &PyList_Type || type == &PyDict_Type ||
           type == &PySet_Type || type == &PyFrozenSet_Type || type == &PyCFunction_Type || obj.ptr() == Py_None;
}

bool is_plain_function(handle obj) {
    return PyFunction_Check(obj.ptr()) || py::truth(py::call(py::lookup("inspect", "isfunction"_n), obj));
}

bool is_function_below(handle obj) {
    if (is_plain_function(obj)) return true;
    return is_plain_function(py::call(py::lookup("_pytest.compat", "get_real_func"_n), obj));
}

bool is_generator_function(handle obj) {
    if (!PyFunction_Check(obj.ptr())) return py::truth(py::call(py::lookup("inspect", "isgeneratorfunction"_n), obj));
    return py::code_of(obj)->co_flags & CO_GENERATOR;
}

py::ShortCut g_quiet_scan{
    "collect.quiet_scan",
    "Names of a module or class are looked at without calling pytest_pycollect_makeitem and the collector's "
    "filters for each of them. Seen by implementations of that hook, and by collectors that override funcnamefilter, "
    "istestfunction and their like."};

bool filters_are_ours(handle collector) {
    for (const py::OwnMethod& method : g_filters)
        if (!method.found_on(collector)) return false;
    return true;
}

}  // namespace

bool matches_patterns(handle patterns, handle name) {
    std::string text = py::text(name);
    for (object pattern : py::each(patterns)) {
        std::string wanted = py::text(pattern);
        if (text.starts_with(wanted)) return true;
        if (wanted.find_first_of("*?[") != std::string::npos && fnmatch(name, pattern)) return true;
    }
    return false;
}

bool matches_option(handle collector, handle option, handle name) {
    return matches_patterns(py::call_method(py::get(collector, "config"_n), "getini"_n, option), name);
}

/// Only a true True counts: some objects answer any attribute with something truthy.
bool asks_to_be_test(handle obj) { return safe_attribute(obj, "__test__"_n, Py_False).is(Py_True); }

bool is_test_function(handle collector, handle given, handle name) {
    object obj = py::borrow(given);
    if (!named_or_marked(collector, "funcnamefilter"_n, obj, name)) return false;
    bool wrapped =
        PyObject_TypeCheck(obj.ptr(), &PyStaticMethod_Type) || PyObject_TypeCheck(obj.ptr(), &PyClassMethod_Type);
    if (wrapped) obj = safe_attribute(obj, "__func__"_n, Py_False);
    return is_test_callable(obj);
}

bool is_test_class(handle collector, handle obj, handle name) {
    return named_or_marked(collector, "classnamefilter"_n, obj, name) && !is_abstract(obj);
}

namespace {

/// Names and values as they are now.
std::vector<std::pair<object, object>> snapshot(handle names) {
    std::vector<std::pair<object, object>> entries;
    if (PyDict_CheckExact(names.ptr())) {
        PyObject *name, *value;
        for (Py_ssize_t at = 0; PyDict_Next(names.ptr(), &at, &name, &value);)
            entries.emplace_back(py::borrow(name), py::borrow(value));
        return entries;
    }
    for (object pair : py::each(py::to_list(py::call_method(names, "items"_n)))) {
        auto [name, value] = py::unpack<2>(pair);
        entries.emplace_back(name, value);
    }
    return entries;
}

}  // namespace

void refuse_generator(handle name, handle function) {
    if (is_generator_function(function))
        py::call_kw(py::lookup("_pytest.outcomes", "fail"_n),
                    {py::strcat("'yield' keyword is allowed in fixtures, but not in tests (", name, ")")},
                    {{"pytrace"_n, Py_False}});
}

object make_function_items(handle collector, handle name, handle given) {
    object obj = py::get_or(given, "__func__"_n, given);  // unbound methods that mocks keep
    if (!is_function_below(obj)) {
        object place = py::call(py::lookup("_pytest._code.code", "getfslineno"_n), obj);
        object text = py::strcat("cannot collect ", py::repr_of(name), " because it is not a function.");
        py::warn_at(py::call(py::lookup("_pytest.warning_types", "PytestCollectionWarning"_n), text),
                    py::to_str(py::item(place, py::integer(0))),
                    py::integer(py::to_int(py::item(place, py::integer(1))) + 1));
        return py::none();
    }
    if (!py::truth(py::get_or(obj, "__test__"_n, Py_True))) return py::none();
    refuse_generator(name, obj);
    return py::to_list(py::call_method(collector, "_genfunctions"_n, name, obj));
}

void remember_filter_methods(handle pycollector) {
    std::size_t at = 0;
    for (const char* name : {"funcnamefilter", "isnosetest", "classnamefilter", "istestfunction", "istestclass",
                             "_matches_prefix_or_glob_option", "_genfunctions"})
        g_filters[at++].remember(pycollector, name);
}

NamespaceScan::NamespaceScan(handle collector, bool only_own)
    : collector_(py::borrow(collector)),
      hook_(py::get(py::get(collector, "ihook"_n), "pytest_pycollect_makeitem"_n)),
      ignored_(py::lookup("_pytest.python", "IGNORED_ATTRIBUTES"_n)),
      seen_(py::check(PySet_New(nullptr))),
      siblings_(collector),
      only_own_(only_own) {
    const nodes::Node* node = nodes::as_node(collector);
    handle session = node ? nodes::field(node, nodes::kSession) : handle();
    quiet_ = g_quiet_scan.take(session.is_valid() && nodes::short_cuts(session) && filters_are_ours(collector) &&
                               hooks::only_ours(hook_));
    if (quiet_) read_patterns(py::get(collector, "config"_n));
}

void NamespaceScan::read_patterns(handle config) {
    patterns_ = py::call_method(config, "getini"_n, "python_functions"_n);
    for (object pattern : py::each(patterns_)) {
        prefixes_.push_back(py::text(pattern));
        has_globs_ = has_globs_ || prefixes_.back().find_first_of("*?[") != std::string::npos;
    }
}

bool NamespaceScan::is_test_name(handle name) const {
    if (has_globs_ || !PyUnicode_Check(name.ptr()) || !PyUnicode_IS_COMPACT_ASCII(name.ptr()))
        return matches_patterns(patterns_, name);
    std::string_view text(reinterpret_cast<const char*>(PyUnicode_1BYTE_DATA(name.ptr())),
                          static_cast<std::size_t>(PyUnicode_GET_LENGTH(name.ptr())));
    for (const std::string& prefix : prefixes_)
        if (text.starts_with(prefix)) return true;
    return false;
}

/// What the hook's implementations, all of them ours, make of something that is no class.
object NamespaceScan::make_quietly(handle name, handle obj) {
    if (!is_test_name(name) && (has_no_test_attribute(obj) || !asks_to_be_test(obj))) return py::none();
    if (!PyFunction_Check(obj.ptr())) {
        interrupt();
        if (!is_test_function(collector_, obj, name)) return py::none();
        return make_function_items(collector_, name, obj);
    }
    if (object item = siblings_.item(name, obj); item.is_valid()) return item;
    interrupt();
    if (!py::truth(py::get_or(obj, "__test__"_n, Py_True))) return py::none();
    refuse_generator(name, obj);
    return generate_functions(collector_, name, obj, &pause_);
}

object NamespaceScan::make(handle name, handle obj) {
    if (quiet_ && !PyType_Check(obj.ptr()) && (PyFunction_Check(obj.ptr()) || has_no_test_attribute(obj)))
        return make_quietly(name, obj);
    GarbagePause::Break resumed(&pause_);
    interrupt();
    return py::call_named<"collector", "name", "obj">(hook_, collector_, name, obj);
}

void NamespaceScan::interrupt() {
    interrupted_ = true;
    siblings_.forget();
}

object NamespaceScan::collect(handle names) {
    if (quiet_) pause_.begin();
    object made = py::new_list();
    // A snapshot: hooks may change the namespace.
    for (const auto& [name, obj] : snapshot(names)) {
        if (py::contains(ignored_, name) || py::contains(seen_, name)) continue;
        py::check(PySet_Add(seen_.ptr(), name.ptr()));
        if (only_own_ && comes_from_elsewhere(collector_, obj)) continue;
        object result = make(name, obj);
        if (py::is_none(result)) continue;
        if (PyList_Check(result.ptr()))
            py::call_method(made, "extend"_n, result);
        else
            py::append(made, result);
    }
    pause_.end();
    return made;
}

}  // namespace fastest::collect
