#include "engine/rewrite/ast_nodes.h"

#include "engine/rewrite/light_nodes.h"

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
    Assert = type("Assert"), Assign = type("Assign"), Attribute = type("Attribute"), BinOp = type("BinOp"),
    BoolOp = type("BoolOp");
    Call = type("Call"), Compare = type("Compare"), Constant = type("Constant"), Expr = type("Expr"), If = type("If");
    Import = type("Import"), ImportFrom = type("ImportFrom"), Name = type("Name"), NamedExpr = type("NamedExpr");
    Module = type("Module"), Starred = type("Starred"), Subscript = type("Subscript"), Tuple = type("Tuple"),
    List = type("List"), Dict = type("Dict"), UnaryOp = type("UnaryOp");
    alias = type("alias"), Or = type("Or"), Is = type("Is"), IsNot = type("IsNot"), AST = type("AST"),
    expr = type("expr");
    FunctionDef = type("FunctionDef"), AsyncFunctionDef = type("AsyncFunctionDef"), ClassDef = type("ClassDef");
    load = instance_of(module, "Load"), store = instance_of(module, "Store");
    conjunction = instance_of(module, "And"), negation = instance_of(module, "Not");
    symbols_ = {{{type("Eq"), "=="},   {type("NotEq"), "!="},     {type("In"), "in"},       {type("NotIn"), "not in"},
                 {type("Is"), "is"},   {type("IsNot"), "is not"}, {type("Lt"), "<"},        {type("LtE"), "<="},
                 {type("Gt"), ">"},    {type("GtE"), ">="},       {type("Not"), "not "},    {type("USub"), "-"},
                 {type("UAdd"), "+"},  {type("Invert"), "~"},     {type("Add"), "+"},       {type("Sub"), "-"},
                 {type("Mult"), "*"},  {type("Div"), "/"},        {type("FloorDiv"), "//"}, {type("Mod"), "%"},
                 {type("Pow"), "**"},  {type("MatMult"), "@"},    {type("LShift"), "<<"},   {type("RShift"), ">>"},
                 {type("BitOr"), "|"}, {type("BitXor"), "^"},     {type("BitAnd"), "&"},    {nullptr, nullptr}}};
    leaves_ = py::check(PyFrozenSet_New(nullptr));
    for (const char* name : {"Expr", "Assign", "AugAssign", "AnnAssign", "Return", "Delete", "Raise", "Import",
                             "ImportFrom", "Global", "Nonlocal", "Pass", "Break", "Continue"})
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
    return "?";
}

bool Ast::is_leaf(PyTypeObject* type) const { return py::contains(leaves_, reinterpret_cast<PyObject*>(type)); }

namespace {

PyObject* dict_of(handle node) {
    PyObject** slot = _PyObject_GetDictPtr(node.ptr());
    return slot ? *slot : nullptr;
}

object make_plain_node(PyTypeObject* type, const Location& place, std::initializer_list<Field> fields) {
    object node = py::check(type->tp_alloc(type, 0));
    object dict = py::new_dict();
    for (const Field& field : fields) py::dict_set(dict, field.name, field.value);
    const Field location[] = {{"lineno"_n, place.lineno},
                              {"col_offset"_n, place.col_offset},
                              {"end_lineno"_n, place.end_lineno},
                              {"end_col_offset"_n, place.end_col_offset}};
    for (const Field& field : location)
        if (field.value.is_valid()) py::dict_set(dict, field.name, field.value);
    if (PyObject** slot = _PyObject_GetDictPtr(node.ptr())) {
        object previous = nb::steal(*slot);
        *slot = dict.release().ptr();
    } else {
        py::set(node, "__dict__"_n, dict);
    }
    return node;
}

}  // namespace

object read(handle node, handle name) {
    if (PyObject* dict = dict_of(node))
        if (object found = py::dict_get(dict, name); found.is_valid()) return found;
    return py::get(node, name);
}

Location Location::of(handle node) {
    PyObject* dict = dict_of(node);
    auto field = [&](handle name) {
        object found = dict ? py::dict_get(dict, name) : object();
        return found.is_valid() ? found : py::try_get(node, name);
    };
    return {field("lineno"_n), field("col_offset"_n), field("end_lineno"_n), field("end_col_offset"_n)};
}

object NodeMaker::make(PyTypeObject* type, const Location& place, std::initializer_list<Field> fields) const {
    if (light_)
        if (object node = make_light_node(type, place, fields); node.is_valid()) return node;
    return make_plain_node(type, place, fields);
}

void NodeMaker::finish(handle expression) const {
    if (light_) quicken(expression);
}

object NodeMaker::name(handle text, handle context, const Location& place) const {
    return make(Ast::get().Name, place, {{"id"_n, text}, {"ctx"_n, context}});
}

object NodeMaker::constant(handle value, const Location& place) const {
    return make(Ast::get().Constant, place, {{"value"_n, value}, {"kind"_n, Py_None}});
}

}  // namespace fastest::rewrite
