// The rewriter's visits of expressions: what is captured, and how each kind is shown.

#include <algorithm>

#include "engine/rewrite/rewriter.h"
#include "engine/rewrite/shape.h"

namespace fastest::rewrite {
namespace {

constexpr Py_ssize_t kLongestInlineText = 64;

std::string identifier(handle node) { return py::text(read(node, "id"_n)); }

bool is_mangled(std::string_view name) { return name.starts_with("__") && !name.ends_with("__"); }

bool contains_assignment_to(handle node, handle name) {
    const Ast& ast = Ast::get();
    if (PyList_Check(node.ptr())) {
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(node.ptr()); ++i)
            if (contains_assignment_to(PyList_GET_ITEM(node.ptr(), i), name)) return true;
        return false;
    }
    if (!ast.is(node, ast.AST)) return false;
    if (ast.is(node, ast.NamedExpr) && py::equal(read(read(node, "target"_n), "id"_n), name)) return true;
    for (object field : py::each(read(node, "_fields"_n)))
        if (object value = py::try_get(node, field); value.is_valid() && contains_assignment_to(value, name))
            return true;
    return false;
}

/// Whether the compiler would warn of the constant as an operand of `is`.
bool is_no_identity(handle constant) {
    object value = read(constant, "value"_n);
    return !value.is(Py_None) && !PyBool_Check(value.ptr()) && !value.is(Py_Ellipsis);
}

bool compares_identity(handle operators) {
    const Ast& ast = Ast::get();
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(operators.ptr()); ++i)
        if (PyTypeObject* type = Py_TYPE(PyList_GET_ITEM(operators.ptr(), i)); type == ast.Is || type == ast.IsNot)
            return true;
    return false;
}

std::vector<handle> items_of(handle list) {
    if (!PyList_Check(list.ptr())) py::raise(PyExc_TypeError, "a field of an expression must be a list");
    std::vector<handle> items;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list.ptr()); ++i) items.push_back(PyList_GET_ITEM(list.ptr(), i));
    return items;
}

std::vector<handle> rest_of(const std::vector<handle>& items, std::size_t from) {
    return {items.begin() + static_cast<std::ptrdiff_t>(std::min(from, items.size())), items.end()};
}

void replace(handle list, std::size_t index, object value) {
    py::check(PyList_SetItem(list.ptr(), static_cast<Py_ssize_t>(index), value.release().ptr()));
}

}  // namespace

// --- places -----------------------------------------------------------------------------------

int Rewriter::new_place() { return places_++; }

const object& Rewriter::name_of_place(int place) {
    while (place >= static_cast<int>(place_names_.size()))
        place_names_.push_back(place_name(static_cast<int>(place_names_.size())));
    return place_names_[static_cast<std::size_t>(place)];
}

bool Rewriter::keeps_a_name() const { return options_.names_may_be_listed || !scope_.in_function; }

object Rewriter::capture(handle expression, int place) {
    Location location = Location::of(expression);
    object target = nodes_.name(name_of_place(place), ast_.store, location);
    return nodes_.make(ast_.NamedExpr, location, {{"target"_n, target}, {"value"_n, expression}});
}

bool Rewriter::assigned_in(handle name, const std::vector<handle>& nodes) {
    if (!options_.may_assign) return false;
    return std::any_of(nodes.begin(), nodes.end(), [&](handle node) { return contains_assignment_to(node, name); });
}

// --- visits -----------------------------------------------------------------------------------

Rewriter::Part Rewriter::visit(handle node, bool want_value) {
    Part part = visit_by_type(node, want_value);
    nodes_.finish(node);
    return part;
}

Rewriter::Part Rewriter::visit_by_type(handle node, bool want_value) {
    PyTypeObject* type = Py_TYPE(node.ptr());
    if (type == ast_.Name) return visit_name(node);
    if (type == ast_.Constant) return visit_constant(node);
    if (type == ast_.Attribute) return visit_attribute(node);
    if (type == ast_.Call) return visit_call(node);
    if (type == ast_.Compare) return visit_comparison(node, want_value);
    if (type == ast_.UnaryOp) return visit_unary(node, want_value);
    if (type == ast_.BinOp) return visit_binary(node, want_value);
    if (type == ast_.BoolOp) return visit_boolean(node, want_value);
    if (type == ast_.NamedExpr) return visit_assignment(node, want_value);
    return captured(node);
}

Rewriter::Part Rewriter::visit_name(handle node) {
    std::string name = identifier(node);
    bool hidden = scope_.in_class_body || (scope_.mangles && is_mangled(name));
    if (!hidden) return {borrow(node), "n" + name + ";"};
    int place = new_place();
    return {capture(node, place), "m" + name + ";" + place_field(place)};
}

Rewriter::Part Rewriter::visit_assignment(handle node, bool want_value) {
    std::string name = identifier(read(node, "target"_n));
    bool hidden = scope_.in_class_body || (scope_.mangles && is_mangled(name));
    if (!hidden && !want_value) return {borrow(node), "n" + name + ";"};
    int place = new_place();
    return {capture(node, place), (hidden ? "m" : "x") + name + ";" + place_field(place)};
}

Rewriter::Part Rewriter::visit_constant(handle node) {
    object value = read(node, "value"_n);
    if (value.is(Py_None)) return {borrow(node), "N"};
    if (value.is(Py_True)) return {borrow(node), "T"};
    if (value.is(Py_False)) return {borrow(node), "F"};
    if (PyLong_CheckExact(value.ptr())) {
        int overflow = 0;
        long long number = PyLong_AsLongLongAndOverflow(value.ptr(), &overflow);
        if (!overflow) return {borrow(node), "i" + std::to_string(number) + ";"};
    }
    if (PyUnicode_CheckExact(value.ptr()) && PyUnicode_GET_LENGTH(value.ptr()) <= kLongestInlineText) {
        std::string text = py::text(value);
        return {borrow(node), "s" + std::to_string(text.size()) + ";" + text};
    }
    constants_.push_back(value);
    return {borrow(node), "c" + std::to_string(constants_.size() - 1) + ";"};
}

Rewriter::Part Rewriter::visit_attribute(handle node) {
    Part value = visit(read(node, "value"_n), false);
    py::set(node, "value"_n, value.expression);
    int place = new_place();
    return {capture(node, place), "a" + place_field(place) + py::text(read(node, "attr"_n)) + ";" + value.shape};
}

Rewriter::Part Rewriter::visit_unary(handle node, bool want_value) {
    Part operand = visit(read(node, "operand"_n), false);
    py::set(node, "operand"_n, operand.expression);
    int place = want_value ? new_place() : kNoPlace;
    return {want_value ? capture(node, place) : borrow(node),
            "u" + place_field(place) + ast_.symbol(read(node, "op"_n)) + ";" + operand.shape};
}

Rewriter::Part Rewriter::visit_binary(handle node, bool want_value) {
    object right_node = read(node, "right"_n);
    Part left = visit_operand(read(node, "left"_n), {right_node}, false);
    Part right = visit(right_node, false);
    py::set(node, "left"_n, left.expression);
    py::set(node, "right"_n, right.expression);
    int place = want_value ? new_place() : kNoPlace;
    return {want_value ? capture(node, place) : borrow(node),
            "b" + place_field(place) + ast_.symbol(read(node, "op"_n)) + ";" + left.shape + right.shape};
}

object Rewriter::visit_argument(handle node, const std::vector<handle>& later, std::string& shape) {
    if (ast_.is(node, ast_.Starred)) {
        Part part = visit(read(node, "value"_n), false);
        py::set(node, "value"_n, part.expression);
        shape += "s" + part.shape;
        return borrow(node);
    }
    Part part = visit_operand(node, later, false);
    shape += "p" + part.shape;
    return part.expression;
}

Rewriter::Part Rewriter::visit_call(handle node) {
    object args = read(node, "args"_n), keywords = read(node, "keywords"_n);
    std::vector<handle> parts = items_of(args);
    for (handle keyword : items_of(keywords)) parts.push_back(keyword);
    object callee = read(node, "func"_n);
    // The compiler warns of a constant that is called where it stands.
    Part function = ast_.is(callee, ast_.Constant) ? captured(callee) : visit_operand(callee, parts, false);
    py::set(node, "func"_n, function.expression);
    std::string shape;
    std::size_t count = static_cast<std::size_t>(PyList_GET_SIZE(args.ptr()));
    for (std::size_t i = 0; i < parts.size(); ++i) {
        std::vector<handle> later = options_.may_assign ? rest_of(parts, i + 1) : std::vector<handle>();
        if (i < count) {
            replace(args, i, visit_argument(parts[i], later, shape));
            continue;
        }
        object name = read(parts[i], "arg"_n);
        Part value = visit_operand(read(parts[i], "value"_n), later, false);
        shape += (py::is_none(name) ? std::string("d") : "k" + py::text(name) + ";") + value.shape;
        py::set(parts[i], "value"_n, value.expression);
    }
    int place = new_place();
    return {capture(node, place),
            "f" + place_field(place) + std::to_string(parts.size()) + ";" + function.shape + shape};
}

Rewriter::Part Rewriter::visit_operand(handle node, const std::vector<handle>& later, bool want_value) {
    if (ast_.is(node, ast_.Name) && assigned_in(read(node, "id"_n), later)) return captured(node);
    return visit(node, want_value);
}

Rewriter::Part Rewriter::captured(handle node) {
    int place = new_place();
    return {capture(node, place), "v" + place_field(place)};
}

// --- and, or ----------------------------------------------------------------------------------

Rewriter::Part Rewriter::visit_boolean(handle node, bool want_value) {
    object values = read(node, "values"_n);
    std::vector<handle> operands = items_of(values);
    std::string shape;
    for (std::size_t i = 0; i < operands.size(); ++i) {
        bool last = i + 1 == operands.size();
        Part part;
        if (!last && ast_.is(operands[i], ast_.NamedExpr)) {
            part = captured(operands[i]);
        } else {
            part = visit_operand(operands[i], rest_of(operands, i + 1), !last);
        }
        shape += part.shape;
        replace(values, i, part.expression);
    }
    int place = want_value ? new_place() : kNoPlace;
    bool is_or = ast_.is(read(node, "op"_n), ast_.Or);
    return {want_value ? capture(node, place) : borrow(node),
            (is_or ? "o" : "&") + place_field(place) + std::to_string(operands.size()) + ";" + shape};
}

// --- comparisons ------------------------------------------------------------------------------

/// Constants that are asked for identity are captured, as in pytest: the compiler warns of them where they stand.
Rewriter::Part Rewriter::visit_compared(handle node, bool by_identity, const std::vector<handle>& later) {
    if (by_identity && ast_.is(node, ast_.Constant) && is_no_identity(node)) return captured(node);
    return visit_operand(node, later, true);
}

Rewriter::Part Rewriter::visit_comparison(handle node, bool want_value) {
    object comparators = read(node, "comparators"_n), operators = read(node, "ops"_n);
    std::vector<handle> nodes = items_of(comparators);
    std::vector<Part> operands;
    int places_before = places_;
    if (nodes.empty() || !PyList_Check(operators.ptr()) || std::ssize(nodes) != PyList_GET_SIZE(operators.ptr()))
        py::raise(PyExc_ValueError, "a comparison must have as many operators as operands behind them");
    bool by_identity = compares_identity(operators);
    operands.push_back(visit_compared(read(node, "left"_n), by_identity, nodes));
    for (std::size_t i = 0; i < nodes.size(); ++i)
        operands.push_back(visit_compared(nodes[i], by_identity, rest_of(nodes, i + 1)));
    if (nodes.size() > 1) return visit_chain(node, operands);
    py::set(node, "left"_n, operands[0].expression);
    replace(comparators, 0, operands[1].expression);
    bool keep = want_value || options_.passed_sources.is_valid() || (places_ == places_before && keeps_a_name());
    int place = keep ? new_place() : kNoPlace;
    std::string shape = "q" + place_field(place) + "1;" + ast_.symbol(PyList_GET_ITEM(operators.ptr(), 0)) + ";" +
                        place_field(place) + operands[0].shape + operands[1].shape;
    return {keep ? capture(node, place) : borrow(node), shape};
}

object Rewriter::again(const Part& part, handle original) {
    Location location = Location::of(original);
    if (ast_.is(part.expression, ast_.NamedExpr) && !part.expression.is(original)) {
        object target = read(part.expression, "target"_n);
        return nodes_.name(read(target, "id"_n), ast_.load, location);
    }
    if (ast_.is(original, ast_.Constant)) return nodes_.constant(read(original, "value"_n), location);
    return nodes_.name(read(original, "id"_n), ast_.load, location);
}

// pytest evaluates all operands of a chain and all its comparisons, then `and`s the results. As one expression:
// `(@r0 := a < (@v := f()), @r1 := @v < c, @r0 and @r1)[2]`.
Rewriter::Part Rewriter::visit_chain(handle node, const std::vector<Part>& operands) {
    object operators = read(node, "ops"_n);
    std::vector<handle> originals = items_of(read(node, "comparators"_n));
    Location location = Location::of(node);
    object elements = py::new_list(), results = py::new_list();
    std::string fields, shapes = operands[0].shape;
    object left = operands[0].expression;
    for (std::size_t i = 0; i < originals.size(); ++i) {
        object operation = borrow(PyList_GET_ITEM(operators.ptr(), static_cast<Py_ssize_t>(i)));
        object comparison = nodes_.make(ast_.Compare, location,
                                        {{"left"_n, left},
                                         {"ops"_n, py::list_of(operation)},
                                         {"comparators"_n, py::list_of(operands[i + 1].expression)}});
        int place = new_place();
        py::append(elements, capture(comparison, place));
        py::append(results, nodes_.name(name_of_place(place), ast_.load, location));
        fields += std::string(ast_.symbol(operation)) + ";" + place_field(place);
        shapes += operands[i + 1].shape;
        if (i + 1 < originals.size()) left = again(operands[i + 1], originals[i]);
    }
    py::append(elements, nodes_.make(ast_.BoolOp, location, {{"op"_n, ast_.conjunction}, {"values"_n, results}}));
    object tuple = nodes_.make(ast_.Tuple, location, {{"elts"_n, elements}, {"ctx"_n, ast_.load}});
    object index = nodes_.constant(py::integer(static_cast<long long>(originals.size())), location);
    object whole =
        nodes_.make(ast_.Subscript, location, {{"value"_n, tuple}, {"slice"_n, index}, {"ctx"_n, ast_.load}});
    int place = new_place();
    return {capture(whole, place), "q" + place_field(place) + std::to_string(originals.size()) + ";" + fields + shapes};
}

}  // namespace fastest::rewrite
