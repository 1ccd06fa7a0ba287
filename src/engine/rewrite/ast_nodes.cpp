#include "engine/rewrite/ast_nodes.h"

namespace fastest::rewrite {
namespace {

PyTypeObject* type_named(handle module, const char* name) {
    PyObject* type = PyObject_GetAttrString(module.ptr(), name);
    if (!type) throw nb::python_error();
    return reinterpret_cast<PyTypeObject*>(type);  // kept: types of the interpreter
}

object instance_of(handle module, const char* name) {
    return py::call(py::steal(PyObject_GetAttrString(module.ptr(), name)));
}

}  // namespace

Ast::Ast() {
    object module = py::import_module("_ast");
    auto type = [&](const char* name) { return type_named(module, name); };
    Assert = type("Assert"), Assign = type("Assign"), Attribute = type("Attribute"), BinOp = type("BinOp"), BoolOp = type("BoolOp");
    Call = type("Call"), Compare = type("Compare"), Constant = type("Constant"), Expr = type("Expr"), If = type("If");
    Import = type("Import"), ImportFrom = type("ImportFrom"), Name = type("Name"), NamedExpr = type("NamedExpr");
    Raise = type("Raise"), Starred = type("Starred"), Subscript = type("Subscript"), Tuple = type("Tuple"), UnaryOp = type("UnaryOp");
    alias = type("alias"), Or = type("Or"), AST = type("AST"), expr = type("expr");
    FunctionDef = type("FunctionDef"), AsyncFunctionDef = type("AsyncFunctionDef"), ClassDef = type("ClassDef");
    load = instance_of(module, "Load"), store = instance_of(module, "Store");
    conjunction = instance_of(module, "And"), negation = instance_of(module, "Not");
    symbols_ = {{{type("Eq"), "=="},     {type("NotEq"), "!="},    {type("In"), "in"},      {type("NotIn"), "not in"},
                 {type("Is"), "is"},     {type("IsNot"), "is not"}, {type("Lt"), "<"},      {type("LtE"), "<="},
                 {type("Gt"), ">"},      {type("GtE"), ">="},      {type("Not"), "not "},   {type("USub"), "-"},
                 {type("UAdd"), "+"},    {type("Invert"), "~"},    {type("Add"), "+"},      {type("Sub"), "-"},
                 {type("Mult"), "*"},    {type("Div"), "/"},       {type("FloorDiv"), "//"}, {type("Mod"), "%"},
                 {type("Pow"), "**"},    {type("MatMult"), "@"},   {type("LShift"), "<<"},  {type("RShift"), ">>"},
                 {type("BitOr"), "|"},   {type("BitXor"), "^"},    {type("BitAnd"), "&"},   {nullptr, nullptr}}};
    leaves_ = py::check(PyFrozenSet_New(nullptr));
    for (const char* name : {"Expr", "Assign", "AugAssign", "AnnAssign", "Return", "Delete", "Raise", "Import", "ImportFrom", "Global",
                             "Nonlocal", "Pass", "Break", "Continue"})
        py::check(PySet_Add(leaves_.ptr(), reinterpret_cast<PyObject*>(type(name))));
}

const Ast& Ast::get() {
    static const Ast* table = new Ast();
    return *table;
}

const char* Ast::symbol(handle operation) const {
    for (const auto& [type, symbol] : symbols_)
        if (type == Py_TYPE(operation.ptr())) return symbol;
    for (const auto& [type, symbol] : symbols_)
        if (type && PyType_IsSubtype(Py_TYPE(operation.ptr()), type)) return symbol;
    return nullptr;
}

bool Ast::is_leaf(PyTypeObject* type) const { return py::contains(leaves_, reinterpret_cast<PyObject*>(type)); }

namespace {

void copy_location(handle place, handle dict) {
    PyObject** known = _PyObject_GetDictPtr(place.ptr());
    for (handle name : {"lineno"_n, "col_offset"_n, "end_lineno"_n, "end_col_offset"_n}) {
        object value = known && *known ? py::dict_get(*known, name) : py::try_get(place, name);
        if (value.is_valid()) py::dict_set(dict, name, value);
    }
}

}  // namespace

object make_node(PyTypeObject* type, handle place, std::initializer_list<Field> fields) {
    object node = py::check(type->tp_alloc(type, 0));
    object dict = py::new_dict();
    for (const Field& field : fields) py::dict_set(dict, field.name, field.value);
    copy_location(place, dict);
    if (PyObject** slot = _PyObject_GetDictPtr(node.ptr())) {
        object previous = nb::steal(*slot);
        *slot = dict.release().ptr();
    } else {
        py::set(node, "__dict__"_n, dict);
    }
    return node;
}

object make_name(std::string_view name, handle context, handle place) {
    PyObject* text = PyUnicode_FromStringAndSize(name.data(), static_cast<Py_ssize_t>(name.size()));
    if (!text) throw nb::python_error();
    PyUnicode_InternInPlace(&text);
    return make_node(Ast::get().Name, place, {{"id"_n, py::steal(text)}, {"ctx"_n, context}});
}

object make_constant(handle value, handle place) {
    return make_node(Ast::get().Constant, place, {{"value"_n, value}, {"kind"_n, Py_None}});
}

}  // namespace fastest::rewrite
