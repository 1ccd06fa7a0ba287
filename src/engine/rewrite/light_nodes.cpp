#include "engine/rewrite/light_nodes.h"

#include <vector>

#include "engine/py/record.h"

namespace fastest::rewrite {
namespace {

/// What instances of ast's types begin with: `__dict__` and weak references. A light node leaves them empty.
struct Inherited {
    PyObject_HEAD;
    PyObject* dict;
    PyObject* weak_references;
};

struct LightType {
    PyTypeObject* original = nullptr;
    PyTypeObject* light = nullptr;
    PyTypeObject* quick = nullptr;     // the same layout as the original
    std::array<PyObject*, 3> names{};  // of the fields; interned, kept by ast
};

struct LightNode {
    Inherited base;
    PyObject *first, *second, *third;
    PyObject *lineno, *col_offset, *end_lineno, *end_col_offset;
    const LightType* type;
    static constexpr auto refs() {
        return std::array{&LightNode::first,      &LightNode::second,     &LightNode::third,         &LightNode::lineno,
                          &LightNode::col_offset, &LightNode::end_lineno, &LightNode::end_col_offset};
    }
};

struct ConsumedModule {
    Inherited base;
    PyObject* body;
    static constexpr auto refs() { return std::array{&ConsumedModule::body}; }
};

bool fits(PyTypeObject* original) {
    return original->tp_basicsize <= static_cast<Py_ssize_t>(sizeof(Inherited)) && original->tp_itemsize == 0 &&
           original->tp_dictoffset == offsetof(Inherited, dict);
}

PyObject* known_field(LightNode* node, PyObject* name) noexcept {
    if (name == "lineno"_n.ptr()) return node->lineno;
    if (name == "col_offset"_n.ptr()) return node->col_offset;
    if (name == "end_lineno"_n.ptr()) return node->end_lineno;
    if (name == "end_col_offset"_n.ptr()) return node->end_col_offset;
    const auto& names = node->type->names;
    return name == names[0] ? node->first : name == names[1] ? node->second : name == names[2] ? node->third : nullptr;
}

PyObject* light_get(PyObject* self, PyObject* name) noexcept {
    if (name == "__class__"_n.ptr()) return py::share(reinterpret_cast<PyObject*>(Py_TYPE(self)));
    if (PyObject* found = known_field(reinterpret_cast<LightNode*>(self), name)) return py::share(found);
    return PyObject_GenericGetAttr(self, name);
}

PyObject* quick_get(PyObject* self, PyObject* name) noexcept {
    if (name == "__class__"_n.ptr()) return py::share(reinterpret_cast<PyObject*>(Py_TYPE(self)));
    PyObject* dict = reinterpret_cast<Inherited*>(self)->dict;
    PyObject* found = dict ? PyDict_GetItemWithError(dict, name) : nullptr;
    if (found) return py::share(found);
    return PyErr_Occurred() ? nullptr : PyObject_GenericGetAttr(self, name);
}

PyObject* consumed_get(PyObject* self, PyObject* name) noexcept {
    PyObject* body = reinterpret_cast<ConsumedModule*>(self)->body;
    if (name == "body"_n.ptr()) return py::share(body);
    if (name != "type_ignores"_n.ptr()) return PyObject_GenericGetAttr(self, name);
    // The field after `body`: all statements have been read.
    if (PyList_SetSlice(body, 0, PyList_GET_SIZE(body), nullptr) < 0) return nullptr;
    return PyList_New(0);
}

template <class T>
PyTypeObject* light_type(PyTypeObject* original, getattrofunc get) {
    return py::make_record<T>("fastest.LightNode", nullptr, {{Py_tp_getattro, reinterpret_cast<void*>(get)}}, 0,
                              original);
}

PyTypeObject* quick_type(PyTypeObject* original) {
    PyType_Slot slots[] = {{Py_tp_getattro, reinterpret_cast<void*>(&quick_get)}, {0, nullptr}};
    PyType_Spec spec{"fastest.QuickNode", static_cast<int>(original->tp_basicsize), 0,
                     Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots};
    object type = py::check(PyType_FromSpecWithBases(&spec, reinterpret_cast<PyObject*>(original)));
    return reinterpret_cast<PyTypeObject*>(type.release().ptr());
}

std::vector<LightType> make_light_types() {
    const Ast& ast = Ast::get();
    std::vector<LightType> types;
    for (PyTypeObject* original :
         {ast.Name, ast.Constant, ast.Attribute, ast.Call, ast.NamedExpr, ast.Compare, ast.BoolOp, ast.Expr, ast.If,
          ast.Assign, ast.Subscript, ast.UnaryOp, ast.BinOp, ast.List, ast.Tuple, ast.Dict}) {
        object names = py::get(reinterpret_cast<PyObject*>(original), "_fields"_n);
        LightType made{original, nullptr, nullptr, {}};
        if (!fits(original) || PyTuple_GET_SIZE(names.ptr()) > 3) continue;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names.ptr()); ++i)
            made.names[static_cast<std::size_t>(i)] = PyTuple_GET_ITEM(names.ptr(), i);
        made.light = light_type<LightNode>(original, &light_get);
        made.quick = quick_type(original);
        types.push_back(made);
    }
    return types;
}

const LightType* light_form(PyTypeObject* original) {
    static const std::vector<LightType>* types = new std::vector<LightType>(make_light_types());
    for (const LightType& type : *types)
        if (type.original == original) return &type;
    return nullptr;
}

object new_light(PyTypeObject* type) {
    object made = py::check(type->tp_alloc(type, 0));
    PyObject_GC_UnTrack(made.ptr());  // nothing refers back to it
    return made;
}

}  // namespace

object make_light_node(PyTypeObject* original, const Location& place, std::initializer_list<Field> fields) {
    const LightType* type = light_form(original);
    if (!type) return {};
    object made = new_light(type->light);
    auto* node = py::as_record<LightNode>(made);
    node->type = type;
    node->lineno = py::share(place.lineno);
    node->col_offset = py::share(place.col_offset);
    node->end_lineno = py::share(place.end_lineno);
    node->end_col_offset = py::share(place.end_col_offset);
    PyObject** values[] = {&node->first, &node->second, &node->third};
    for (const Field& field : fields)
        for (std::size_t i = 0; i < type->names.size(); ++i)
            if (type->names[i] == field.name.ptr()) *values[i] = py::share(field.value);
    return made;
}

void quicken(handle node) {
    if (const LightType* type = light_form(Py_TYPE(node.ptr()))) py::retype(node, type->quick);
}

object make_consumed_module(handle statements) {
    static PyTypeObject* type =
        fits(Ast::get().Module) ? light_type<ConsumedModule>(Ast::get().Module, &consumed_get) : nullptr;
    if (!type) return {};
    object made = new_light(type);
    py::as_record<ConsumedModule>(made)->body = py::share(statements);
    return made;
}

}  // namespace fastest::rewrite
