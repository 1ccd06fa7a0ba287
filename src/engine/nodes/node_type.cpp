// The raw type: allocation, garbage collection, descriptors of its fields.

#include "engine/nodes/node.h"
#include "engine/py/record.h"

namespace fastest::nodes {
namespace {

PyTypeObject* g_type = nullptr;             // made once
PyObject* g_descriptors[kFieldCount] = {};  // made once, for `reads_field`
PyObject* g_field_names[kFieldCount] = {};  // the attribute of each descriptor, interned

#ifdef FASTEST_COUNTERS
long g_live = 0;
#endif

Node* raw(PyObject* self) { return reinterpret_cast<Node*>(self); }

PyObject* node_new(PyTypeObject* type, PyObject*, PyObject*) {
    return py::guard([&] { return allocate_node(reinterpret_cast<PyObject*>(type)); });
}

int node_traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    for (PyObject* reference : raw(self)->refs) Py_VISIT(reference);
    return 0;
}

int node_clear(PyObject* self) {
    for (PyObject*& reference : raw(self)->refs) py::store(reference, handle());
    return 0;
}

void node_dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (raw(self)->weakrefs) PyObject_ClearWeakRefs(self);
    node_clear(self);
#ifdef FASTEST_COUNTERS
    --g_live;
#endif
    type->tp_free(self);
    py::drop(reinterpret_cast<PyObject*>(type));
}

/// What `copy.copy` and pickle need: the class without a call of it, the dict, and the fields by attribute name.
object reduce(py::Args a) {
    Node* node = require_node(a[0]);
    object fields = py::new_dict();
    for (std::size_t i = 0; i < kFieldCount; ++i) {
        if (i == kDict || !g_field_names[i]) continue;
        handle name = g_field_names[i];
        bool read = i != kLocation && reads_field(Py_TYPE(a[0].ptr()), static_cast<Field>(i));
        object value = read ? py::try_get(a[0], name) : py::borrow(field(node, static_cast<Field>(i)));
        if (value.is_valid()) py::dict_set(fields, name, value);
    }
    handle dict = field(node, kDict);
    object dict_state = dict.is_valid() ? py::borrow(dict) : py::none();
    return py::tuple_of(py::lookup("copyreg", "__newobj__"_n), py::tuple_of(py::type_of(a[0])),
                        py::tuple_of(dict_state, fields));
}

PyMemberDef kLayout[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(Node, refs) + kDict * sizeof(PyObject*), READONLY, nullptr},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Node, weakrefs), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

PyGetSetDef kProperties[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

void make_type() {
    PyType_Slot slots[] = {
        {Py_tp_new, reinterpret_cast<void*>(node_new)},
        {Py_tp_dealloc, reinterpret_cast<void*>(node_dealloc)},
        {Py_tp_traverse, reinterpret_cast<void*>(node_traverse)},
        {Py_tp_clear, reinterpret_cast<void*>(node_clear)},
        {Py_tp_members, kLayout},
        {Py_tp_getset, kProperties},
        {0, nullptr},
    };
    PyType_Spec spec{"_pytest.nodes.NodeBase", sizeof(Node), 0,
                     Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE, slots};
    g_type = reinterpret_cast<PyTypeObject*>(py::check(PyType_FromSpec(&spec)).release().ptr());
    py::set(handle(reinterpret_cast<PyObject*>(g_type)), "__reduce_ex__"_n,
            py::make_function("__reduce_ex__", "self, protocol", reduce));
}

std::size_t index_of(void* closure) { return reinterpret_cast<std::size_t>(closure); }

/// Binds the function that waits for it, before the instance changes.
bool bind_object(Node* node) {
    if (!(node->pending & kPendingObject) || !node->refs[kObj] || !node->refs[kInstance]) return true;
    object bound = py::steal(PyMethod_New(node->refs[kObj], node->refs[kInstance]));
    if (!bound.is_valid()) return false;
    node->pending &= static_cast<unsigned char>(~kPendingObject);
    py::store(node->refs[kObj], bound);
    return true;
}

int assign(PyObject* self, PyObject* value, void* closure) {
    if (index_of(closure) == kInstance && !bind_object(raw(self))) return -1;
    PyObject*& place = raw(self)->refs[index_of(closure)];
    unsigned char flag = pending_flag(static_cast<Field>(index_of(closure)));
    bool pending = raw(self)->pending & flag;
    raw(self)->pending &= static_cast<unsigned char>(~flag);
    if (!value && !place && !pending) {
        PyErr_SetObject(PyExc_AttributeError, g_field_names[index_of(closure)]);
        return -1;
    }
    py::store(place, value);
    return 0;
}

PyObject* read_or_make_list(PyObject* self, void* closure) {
    PyObject*& place = raw(self)->refs[index_of(closure)];
    if (!place) place = PyList_New(0);
    return py::share(place);
}

object (*g_makers[kFieldCount])(handle) = {};  // set once, when the descriptors are made

PyObject* read_or_make_pending(PyObject* self, void* closure) {
    auto which = static_cast<Field>(index_of(closure));
    Node* node = raw(self);
    if (which == kObj && !bind_object(node)) return nullptr;
    if (!node->refs[which]) {
        if (!(node->pending & pending_flag(which))) {
            PyErr_SetObject(PyExc_AttributeError, g_field_names[which]);
            return nullptr;
        }
        object made = py::steal(py::guard([&] { return g_makers[which](handle(self)); }));
        if (!made.is_valid()) return nullptr;
        node->pending &= static_cast<unsigned char>(~pending_flag(which));
        py::store(node->refs[which], made);
    }
    return py::share(node->refs[which]);
}

object remember(Field which, const char* name, PyObject* descriptor) {
    g_field_names[which] = PyUnicode_InternFromString(name);
    g_descriptors[which] = descriptor;
    return py::check(py::share(descriptor));
}

}  // namespace

handle node_base() {
    if (!g_type) make_type();
    return reinterpret_cast<PyObject*>(g_type);
}

Node* require_node(handle value) {
    if (Node* node = as_node(value)) return node;
    py::raise(PyExc_TypeError, py::cat("expected a pytest node, got ", py::repr_of(value)));
}

void set_field(Node* node, Field which, handle value) { py::store(node->refs[which], value); }

object allocate_node(handle type) {
    static PyObject* no_args = PyTuple_New(0);
    if (!(reinterpret_cast<PyTypeObject*>(type.ptr())->tp_flags & Py_TPFLAGS_IS_ABSTRACT))
        return allocate_concrete_node(type);
    // object.__new__ refuses abstract classes with Python's own text.
    object made = py::check(PyBaseObject_Type.tp_new(reinterpret_cast<PyTypeObject*>(type.ptr()), no_args, nullptr));
#ifdef FASTEST_COUNTERS
    ++g_live;
#endif
    return made;
}

object allocate_concrete_node(handle type) {
    auto* made = reinterpret_cast<PyTypeObject*>(type.ptr());
    object node = py::check(PyType_GenericAlloc(made, 0));
#ifdef FASTEST_COUNTERS
    ++g_live;
#endif
    return node;
}

bool reads_field(PyTypeObject* type, Field which) {
    if (!g_descriptors[which]) return false;
    return _PyType_Lookup(type, g_field_names[which]) == g_descriptors[which];
}

object read_field(handle node, Field which, handle name) {
    if (Node* known = as_node(node); known && known->refs[which] && reads_field(Py_TYPE(node.ptr()), which))
        return py::borrow(known->refs[which]);
    return py::get(node, name);
}

object member_descriptor(const char* name, Field which) {
    auto* member = new PyMemberDef{
        name, T_OBJECT_EX, static_cast<Py_ssize_t>(offsetof(Node, refs) + which * sizeof(PyObject*)), 0, nullptr};
    node_base();
    return remember(which, name, PyDescr_NewMember(g_type, member));
}

object lazy_descriptor(const char* name, Field which, getter make) {
    auto* property =
        new PyGetSetDef{name, make, assign, nullptr, reinterpret_cast<void*>(static_cast<std::size_t>(which))};
    node_base();
    return remember(which, name, PyDescr_NewGetSet(g_type, property));
}

object lazy_list_descriptor(const char* name, Field which) { return lazy_descriptor(name, which, read_or_make_list); }

object pending_descriptor(const char* name, Field which, object (*make)(handle node)) {
    g_makers[which] = make;
    return lazy_descriptor(name, which, read_or_make_pending);
}

#ifdef FASTEST_COUNTERS
long live_nodes() { return g_live; }
#endif

}  // namespace fastest::nodes
