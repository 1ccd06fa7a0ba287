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

/// The node types that the rewriter looks at or makes, and the shared context and operator objects. Constants of the
/// interpreter.
struct Ast {
    PyTypeObject *Assert, *Assign, *Attribute, *BinOp, *BoolOp, *Call, *Compare, *Constant, *Expr, *If, *Import,
        *ImportFrom, *Name, *NamedExpr, *Module, *Starred, *Subscript, *Tuple, *List, *Dict, *UnaryOp, *alias, *Or, *Is,
        *IsNot, *AST, *expr;
    PyTypeObject *FunctionDef, *AsyncFunctionDef, *ClassDef;
    object load, store, conjunction, negation;

    static const Ast& get();

    bool is(handle node, PyTypeObject* type) const {
        return Py_TYPE(node.ptr()) == type || PyType_IsSubtype(Py_TYPE(node.ptr()), type);
    }
    /// The symbol of a comparison, binary or unary operator node; "?" for an unknown one.
    const char* symbol(handle operation) const;
    /// Whether a node type is one of the statements without a body.
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

/// A field of a node; AttributeError when it has none.
object read(handle node, handle name);

/// Where a statement or expression stands in the source; null for what a node does not say.
struct Location {
    object lineno, col_offset, end_lineno, end_col_offset;

    static Location of(handle node);
    /// The point where it begins.
    Location start() const { return {lineno, col_offset, lineno, col_offset}; }
};

/// Who will see the nodes that are made.
enum class Audience { anyone, compiler };

class NodeMaker {
public:
    explicit NodeMaker(Audience audience) : light_(audience == Audience::compiler) {}
    object make(PyTypeObject* type, const Location& place, std::initializer_list<Field> fields) const;
    object name(handle text, handle context, const Location& place) const;
    object constant(handle value, const Location& place) const;
    /// The rewriter will not ask again for the exact type of this expression.
    void finish(handle expression) const;

private:
    bool light_;
};

}  // namespace fastest::rewrite
