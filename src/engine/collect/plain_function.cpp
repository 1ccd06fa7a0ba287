#include "engine/collect/plain_function.h"

#include "engine/collect/python_nodes.h"
#include "engine/fixtures/definition.h"
#include "engine/nodes/shelter.h"

namespace fastest::collect {
namespace {

using nodes::Node;

// What takes part in making and reading a function, by the class that defines it.
constexpr const char* kOfFunction[] = {"__init__", "__new__", "from_parent", "_initrequest",
                                       "obj",      "_getobj", "instance",    "_ALLOW_MARKERS"};
constexpr const char* kOfItem[] = {"__init__", "_check_item_and_collector_diamond_inheritance"};
constexpr const char* kOfNode[] = {"__init__", "from_parent"};
constexpr const char* kOfMeta[] = {"__call__", "_create"};

// Constants: the engine's own functions.
py::OwnMethods<std::size(kOfFunction)> g_of_function;
py::OwnMethods<std::size(kOfItem)> g_of_item;
py::OwnMethods<std::size(kOfNode)> g_of_node;
py::OwnMethods<std::size(kOfMeta)> g_of_meta;
py::OwnMethod g_get_instance, g_new_instance;

PyTypeObject* as_type(handle type) { return reinterpret_cast<PyTypeObject*>(type.ptr()); }

/// Whether instances of a class of functions are made and read as the engine defined it, however they find the instance
/// that a method is bound to.
bool is_made_as_ours(handle type) {
    return g_of_function.found_in(as_type(type)) && g_of_item.found_in(as_type(py::global<"nodes", "Item">())) &&
           g_of_node.found_in(as_type(py::global<"nodes", "Node">())) && g_of_meta.found_in(Py_TYPE(type.ptr()));
}

bool functions_are_ours(handle type) { return is_made_as_ours(type) && g_get_instance.found_in(as_type(type)); }

/// A class whose instances come into being and give attributes without Python code of its own.
bool is_plain_class(handle obj) {
    if (!PyType_Check(obj.ptr())) return false;
    auto* type = reinterpret_cast<PyTypeObject*>(obj.ptr());
    return Py_TYPE(obj.ptr())->tp_call == PyType_Type.tp_call && type->tp_new == PyBaseObject_Type.tp_new &&
           type->tp_init == PyBaseObject_Type.tp_init && type->tp_getattro == PyObject_GenericGetAttr &&
           !(type->tp_flags & Py_TPFLAGS_IS_ABSTRACT);
}

bool in_module(handle module, handle name, handle function) {
    return PyDict_GetItemWithError(PyModule_GetDict(module.ptr()), name.ptr()) == function.ptr();
}

/// Marks of a function as `get_unpacked_marks` gives them; null when there are none.
object marks_of(handle function) {
    object attributes = py::get(function, "__dict__"_n);
    if (!PyDict_GET_SIZE(attributes.ptr()) || !py::dict_get(attributes, "pytestmark"_n).is_valid()) return {};
    return unpacked_marks(function);
}

void set(Node* node, nodes::Field which, handle value) { nodes::set_field(node, which, value); }

/// Own marks, and what `keywords` will hold beside the name: marks, the function's attributes, the parameters' id.
void fill_marks(Node* node, const FunctionParts& parts) {
    FunctionMarks made;
    if (!parts.marks) made = marks_of_function(parts.function);
    const FunctionMarks& known = parts.marks ? *parts.marks : made;
    object callspec_marks = parts.callspec.is_valid() ? py::get(parts.callspec, "marks"_n) : object();
    bool more_marks = callspec_marks.is_valid() && py::truth(callspec_marks);
    if (known.own.is_valid() || more_marks) {
        object own = known.own.is_valid() ? py::to_list(known.own) : py::new_list();
        if (more_marks) py::call_method(own, "extend"_n, callspec_marks);
        set(node, nodes::kOwnMarkers, own);
    }
    if (!known.keywords.is_valid() && !parts.callspec.is_valid()) return;
    object keywords =
        known.keywords.is_valid() && !more_marks ? py::check(PyDict_Copy(known.keywords.ptr())) : py::new_dict();
    if (more_marks) {
        for (object mark : py::each(node->refs[nodes::kOwnMarkers]))
            py::dict_set(keywords, py::get(mark, "name"_n), mark);
        py::check(PyDict_Update(keywords.ptr(), py::get(parts.function, "__dict__"_n).ptr()));
    }
    if (parts.callspec.is_valid())
        py::dict_set(keywords, parts.id.is_valid() ? py::borrow(parts.id) : py::get(parts.callspec, "id"_n), Py_True);
    set(node, nodes::kPendingKeywords, keywords);
}

void fill_place(Node* node, const FunctionParts& parts) {
    set(node, nodes::kName, parts.name);
    set(node, nodes::kOriginalName, parts.original);
    set(node, nodes::kParent, parts.collector);
    set(node, nodes::kConfig, nodes::config_of(parts.collector));
    set(node, nodes::kSession, nodes::session_of(parts.collector));
    set(node, nodes::kPath, nodes::path_of(parts.collector));
    if (parts.callspec.is_valid()) set(node, nodes::kCallspec, parts.callspec);
    node->pending |= nodes::kPendingId | nodes::kPendingRequest | nodes::kPendingFuncargs;
}

void fill_fixtures(handle item, const FunctionParts& parts) {
    auto* node = reinterpret_cast<Node*>(item.ptr());
    object info = py::borrow(parts.fixtureinfo);
    if (!info.is_valid()) {
        object manager = py::get(nodes::field(node, nodes::kSession), "_fixturemanager"_n);
        info = py::call_method(manager, "getfixtureinfo"_n, item, parts.function, py::get(item, "cls"_n));
    }
    set(node, nodes::kFixtureInfo, info);
    set(node, nodes::kFixtureNames, py::get(info, "names_closure"_n));
}

bool is_in_class(handle collector) {
    return Py_TYPE(collector.ptr()) == reinterpret_cast<PyTypeObject*>(py::global<"python", "Class">().ptr());
}

void fill_object(Node* node, const FunctionParts& parts) {
    if (is_in_class(parts.collector)) {
        node->pending |= nodes::kPendingObject | nodes::kPendingInstance;
    } else {
        set(node, nodes::kObj, parts.function);
        set(node, nodes::kInstance, Py_None);
    }
}

bool has_parametrize_mark(handle item) {
    for (object node = py::borrow(item); !py::is_none(node); node = nodes::parent_of(node)) {
        const Node* raw = nodes::as_node(node);
        if (raw && !raw->refs[nodes::kOwnMarkers] && nodes::reads_field(Py_TYPE(node.ptr()), nodes::kOwnMarkers))
            continue;
        for (object mark : py::each(nodes::own_markers_of(node)))
            if (py::equal(py::get_or(mark, "name"_n, Py_None), "parametrize"_n)) return true;
    }
    return false;
}

bool has_params(handle definitions) {
    for (object definition : py::each(definitions))
        if (!py::is_none(fixtures::params_of(definition))) return true;
    return false;
}

}  // namespace

FunctionMarks marks_of_function(handle function) {
    object own = marks_of(function), attributes = py::get(function, "__dict__"_n);
    if (!own.is_valid() && PyDict_GET_SIZE(attributes.ptr()) == 0) return {};
    object keywords = py::new_dict();
    if (own.is_valid())
        for (object mark : py::each(own)) py::dict_set(keywords, py::get(mark, "name"_n), mark);
    py::check(PyDict_Update(keywords.ptr(), attributes.ptr()));
    return {own, keywords};
}

bool has_fixture_with_params(handle fixtureinfo) {
    object table = py::get(fixtureinfo, "name2fixturedefs"_n);
    if (!py::truth(table)) return false;
    if (PyDict_CheckExact(table.ptr())) {
        PyObject *name, *chain;
        for (Py_ssize_t at = 0; PyDict_Next(table.ptr(), &at, &name, &chain);)
            if (has_params(chain)) return true;
        return false;
    }
    for (object definitions : py::each(py::call_method(table, "values"_n)))
        if (has_params(definitions)) return true;
    return false;
}

void remember_function_methods(handle function) {
    g_of_function.remember(function, kOfFunction);
    g_of_item.remember(py::global<"nodes", "Item">(), kOfItem);
    g_of_node.remember(py::global<"nodes", "Node">(), kOfNode);
    g_of_meta.remember(py::type_of(function), kOfMeta);
    g_get_instance.remember(function, "_getinstance");
    g_new_instance.remember(py::global<"python", "Class">(), "newinstance");
}

bool holds_plain_functions(handle collector) {
    if (!nodes::is_node(collector)) return false;
    if (!functions_are_ours(py::global<"python", "Function">()) ||
        !functions_are_ours(py::global<"python", "FunctionDefinition">()))
        return false;
    const Node* node = nodes::as_node(collector);
    if (!nodes::field(node, nodes::kSession).is_valid() || !nodes::short_cuts(nodes::field(node, nodes::kSession)))
        return false;
    handle obj = nodes::field(node, nodes::kObj);
    if (!obj.is_valid()) return false;
    if (is_in_class(collector)) return g_new_instance.found_on(collector) && is_plain_class(obj);
    return PyModule_CheckExact(obj.ptr()) &&
           Py_TYPE(collector.ptr()) == reinterpret_cast<PyTypeObject*>(py::global<"python", "Module">().ptr());
}

bool is_plain_function_of(handle collector, handle name, handle function) {
    if (!PyFunction_Check(function.ptr()) || !holds_plain_functions(collector)) return false;
    handle obj = nodes::field(nodes::as_node(collector), nodes::kObj);
    if (is_in_class(collector))
        return _PyType_Lookup(reinterpret_cast<PyTypeObject*>(obj.ptr()), name.ptr()) == function.ptr();
    return in_module(obj, name, function);
}

object make_bare_function(handle collector, handle name, handle function) {
    object item = nodes::allocate_concrete_node(py::global<"python", "Function">());
    auto* node = reinterpret_cast<Node*>(item.ptr());
    fill_place(node, {collector, name, name, function, {}, {}});
    fill_object(node, {collector, name, name, function, {}, {}});
    return item;
}

object make_bare_method(handle type, handle collector, handle name, handle function) {
    object item = nodes::allocate_concrete_node(type);
    auto* node = reinterpret_cast<Node*>(item.ptr());
    fill_place(node, {collector, name, name, function, {}, {}});
    node->pending |= nodes::kPendingObject | nodes::kPendingInstance;
    return item;
}

bool is_made_as_functions_are(handle type) {
    return is_made_as_ours(type) && !(as_type(type)->tp_flags & Py_TPFLAGS_IS_ABSTRACT);
}

void share_fixture_info(handle item, handle fixtureinfo) {
    auto* node = reinterpret_cast<Node*>(item.ptr());
    set(node, nodes::kFixtureInfo, fixtureinfo);
    node->pending |= nodes::kSharedFixtureInfo | nodes::kPendingFixtureNames;
}

object make_plain_function(const FunctionParts& parts) {
    object item = nodes::allocate_node(py::global<"python", "Function">());
    auto* node = reinterpret_cast<Node*>(item.ptr());
    fill_place(node, parts);
    fill_object(node, parts);
    fill_marks(node, parts);
    fill_fixtures(item, parts);
    nodes::Shelter::if_begun(nodes::field(node, nodes::kSession)).hide_item(item);
    return item;
}

object make_plain_definition(const FunctionParts& parts) {
    object item = nodes::allocate_node(py::global<"python", "FunctionDefinition">());
    auto* node = reinterpret_cast<Node*>(item.ptr());
    fill_place(node, parts);
    set(node, nodes::kObj, parts.function);
    set(node, nodes::kInstance, Py_None);
    fill_marks(node, parts);
    fill_fixtures(item, parts);
    return item;
}

bool has_no_parameters(handle item) {
    return !has_parametrize_mark(item) &&
           !has_fixture_with_params(nodes::field(reinterpret_cast<Node*>(item.ptr()), nodes::kFixtureInfo));
}

}  // namespace fastest::collect
