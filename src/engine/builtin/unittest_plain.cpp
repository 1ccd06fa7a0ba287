#include "engine/builtin/unittest_plain.h"

#include <string_view>

#include "engine/collect/siblings.h"
#include "engine/fixtures/manager.h"
#include "engine/py/short_cut.h"

namespace fastest::builtin {
namespace {

ShortCut g_plain_names{"unittest.plain_names",
                       "The names of a TestCase class's tests are found without unittest's loader. Seen by patches of "
                       "the loader, and by classes "
                       "with a metaclass."};

ShortCut g_plain_items{
    "unittest.plain_items",
    "TestCaseFunctions are filled natively, and their instances of the TestCase made when they are asked for. Seen by "
    "patches "
    "and subclasses of TestCaseFunction and Function, patches of the fixture manager, and by TestCase classes with a "
    "constructor, metaclass or __getattribute__ of their own."};

py::OwnMethod g_get_instance;  // a constant: the engine's own function

PyTypeObject* as_type(handle value) { return reinterpret_cast<PyTypeObject*>(value.ptr()); }

/// Whether it is the function of this name that a module of the standard library defines.
bool is_from(handle function, const char* module, handle name) {
    if (!function.is_valid() || !PyFunction_Check(function.ptr())) return false;
    object home = imported(module);
    return home.is_valid() && PyFunction_GetGlobals(function.ptr()) == PyModule_GetDict(home.ptr()) &&
           equal(get(function, "__name__"_n), name);
}

bool looks_up_plainly(handle cls) {
    return Py_TYPE(cls.ptr()) == &PyType_Type && as_type(cls)->tp_getattro == PyObject_GenericGetAttr &&
           as_type(cls)->tp_new == PyBaseObject_Type.tp_new;
}

bool method_is_from(handle cls, handle name, const char* module) {
    return is_from(_PyType_Lookup(as_type(cls), name.ptr()), module, name);
}

/// Whether `unittest.TestLoader()` does what the standard library's does.
bool loader_is_plain(handle loader) {
    return PyType_Check(loader.ptr()) && looks_up_plainly(loader) &&
           method_is_from(loader, "__init__"_n, "unittest.loader") &&
           method_is_from(loader, "getTestCaseNames"_n, "unittest.loader") &&
           PyUnicode_CheckExact(get(loader, "testMethodPrefix"_n).ptr()) &&
           is_none(get(loader, "testNamePatterns"_n)) &&
           is_from(get(loader, "sortTestMethodsUsing"_n), "unittest.util", "three_way_cmp"_n);
}

/// Adds the names with this prefix to a set; false when not all names are str.
bool add_names(handle namespace_, handle prefix, handle found) {
    PyObject *name, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(namespace_.ptr(), &at, &name, &value)) {
        if (!PyUnicode_CheckExact(name)) return false;
        Py_ssize_t begins = PyUnicode_Tailmatch(name, prefix.ptr(), 0, PY_SSIZE_T_MAX, -1);
        if (begins > 0) check(PySet_Add(found.ptr(), name));
    }
    return true;
}

/// `dir(cls)` less the names without the prefix; null when `dir` must be asked.
object names_with_prefix(handle cls, handle prefix) {
    object found = check(PySet_New(nullptr));
    PyObject* bases = as_type(cls)->tp_mro;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); ++i) {
        object names = version::type_dict(PyTuple_GET_ITEM(bases, i));
        if (!names.is_valid() || !add_names(names, prefix, found)) return {};
    }
    object sorted = to_list(found);
    check(PyList_Sort(sorted.ptr()));
    return sorted;
}

bool has_session_with_short_cuts(handle collector) {
    const nodes::Node* node = nodes::as_node(collector);
    if (!node || !nodes::reads_field(Py_TYPE(collector.ptr()), nodes::kSession)) return false;
    handle session = nodes::field(node, nodes::kSession);
    return session.is_valid() && nodes::short_cuts(session);
}

bool has_fields(handle collector) {
    for (nodes::Field which : {nodes::kConfig, nodes::kPath, nodes::kSession})
        if (!nodes::field(nodes::as_node(collector), which).is_valid() ||
            !nodes::reads_field(Py_TYPE(collector.ptr()), which))
            return false;
    return true;
}

bool case_functions_are_plain() {
    handle type = global<"unittest", "TestCaseFunction">();
    return collect::is_made_as_functions_are(type) && g_get_instance.found_in(as_type(type)) &&
           as_type(type)->tp_getattro == PyObject_GenericGetAttr;
}

/// Whether items for this class's methods may be made natively.
bool makes_plain_items(handle collector, handle cls) {
    if (!type_of(collector).is(global<"unittest", "UnitTestCase">()) || !has_session_with_short_cuts(collector) ||
        !has_fields(collector) || !PyType_Check(cls.ptr()))
        return false;
    object manager = get(nodes::session_of(collector), "_fixturemanager"_n);
    return looks_up_plainly(cls) && !(as_type(cls)->tp_flags & Py_TPFLAGS_IS_ABSTRACT) &&
           method_is_from(cls, "__init__"_n, "unittest.case") && case_functions_are_plain() &&
           fixtures::finds_by_itself(manager) && collect::marks_are_alike(collector);
}

bool has_attributes(handle function) {
    PyObject** attributes = _PyObject_GetDictPtr(function.ptr());
    return attributes && *attributes && PyDict_GET_SIZE(*attributes) > 0;
}

}  // namespace

void remember_case_function(handle type) { g_get_instance.remember(type, "_getinstance"); }

object plain_method_names(handle collector, handle cls) {
    object loader = lookup("unittest", "TestLoader"_n);
    if (!g_plain_names.take(has_session_with_short_cuts(collector) && PyType_Check(cls.ptr()) &&
                            Py_TYPE(cls.ptr()) == &PyType_Type && loader_is_plain(loader)))
        return {};
    object names = names_with_prefix(cls, get(loader, "testMethodPrefix"_n));
    if (!names.is_valid()) return {};
    object found = new_list();
    for (object name : each(names))
        if (PyCallable_Check(get(cls, name).ptr())) append(found, name);
    return found;
}

PlainCase::PlainCase(handle collector, handle cls)
    : collector_(borrow(collector)),
      cls_(borrow(cls)),
      usable_(g_plain_items.take(makes_plain_items(collector, cls))) {}

object PlainCase::item(handle name) {
    if (!usable_) return {};
    handle function = _PyType_Lookup(as_type(cls_), name.ptr());
    if (!function.is_valid() || !PyFunction_Check(function.ptr()) || has_attributes(function)) return {};
    object item = collect::make_bare_method(global<"unittest", "TestCaseFunction">(), collector_, name, function);
    if (!fixtureinfo_.is_valid()) {
        object manager = get(nodes::session_of(collector_), "_fixturemanager"_n);
        fixtureinfo_ = call_method(manager, "getfixtureinfo"_n, item, function, cls_);
    }
    collect::share_fixture_info(item, fixtureinfo_);
    return item;
}

}  // namespace fastest::builtin
