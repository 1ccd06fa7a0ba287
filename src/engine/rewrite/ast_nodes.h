#pragma once
// Making and reading nodes of Python's `ast`, fast: nodes are allocated directly and their fields put into one dict.

#include <array>
#include <utility>

#include "engine/py/object.h"

namespace fastest::rewrite {

using py::borrow;
using py::handle;
using py::object;
using namespace py::literals;

/// The node types that the rewriter looks at or makes, and the shared context and operator objects. Constants of the interpreter.
struct Ast {
    PyTypeObject *Assert, *Assign, *Attribute, *BinOp, *BoolOp, *Call, *Compare, *Constant, *Expr, *If, *Import, *ImportFrom, *Name,
        *NamedExpr, *Raise, *Starred, *Subscript, *Tuple, *UnaryOp, *alias, *Or, *AST, *expr;
    PyTypeObject *FunctionDef, *AsyncFunctionDef, *ClassDef;
    object load, store, conjunction, negation;

    static const Ast& get();

    bool is(handle node, PyTypeObject* type) const {
        return Py_TYPE(node.ptr()) == type || PyType_IsSubtype(Py_TYPE(node.ptr()), type);
    }
    /// The symbol of a comparison, binary or unary operator node; null for an unknown one.
    const char* symbol(handle operation) const;
    /// Whether a node type is a statement without a body, an expression or something else in which no statement can be.
    bool is_leaf(PyTypeObject* type) const;

private:
    Ast();
    std::array<std::pair<PyTypeObject*, const char*>, 28> symbols_;
    object leaves_;  // frozenset of types
};

struct Field {
    handle name;
    handle value;
};

/// A new node that has the location of `place`.
object make_node(PyTypeObject* type, handle place, std::initializer_list<Field> fields);
object make_name(std::string_view name, handle context, handle place);
object make_constant(handle value, handle place);

}  // namespace fastest::rewrite
