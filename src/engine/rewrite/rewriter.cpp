#include "engine/rewrite/rewriter.h"

#include <algorithm>

#include "engine/py/record.h"
#include "engine/rewrite/shape.h"

namespace fastest::rewrite {
namespace {

object import_as(const char* module, const char* name, handle line) {
    const Ast& ast = Ast::get();
    object alias = make_node(ast.alias, Py_None, {{"name"_n, py::str(module)}, {"asname"_n, py::str(name)}});
    object statement = make_node(ast.Import, Py_None, {{"names"_n, py::list_of(alias)}});
    for (const object& node : {alias, statement}) {
        py::set(node, "lineno"_n, line);
        py::set(node, "end_lineno"_n, line);
        py::set(node, "col_offset"_n, py::integer(0));
        py::set(node, "end_col_offset"_n, py::integer(0));
    }
    return statement;
}

object engine_function(const char* name, handle place) {
    const Ast& ast = Ast::get();
    object module = make_name("@pytest_ar", ast.load, place);
    return make_node(ast.Attribute, place, {{"value"_n, module}, {"attr"_n, py::str(name)}, {"ctx"_n, ast.load}});
}

object engine_call(const char* name, std::initializer_list<handle> args, handle place) {
    object list = py::new_list();
    for (handle arg : args) py::append(list, arg);
    return make_node(Ast::get().Call, place,
                     {{"func"_n, engine_function(name, place)}, {"args"_n, list}, {"keywords"_n, py::new_list()}});
}

bool has_decorators(handle node) {
    const Ast& ast = Ast::get();
    if (!ast.is(node, ast.FunctionDef) && !ast.is(node, ast.AsyncFunctionDef) && !ast.is(node, ast.ClassDef)) return false;
    object decorators = py::try_get(node, "decorator_list"_n);
    return decorators.is_valid() && PyList_Check(decorators.ptr()) && PyList_GET_SIZE(decorators.ptr()) > 0;
}

object first_line(handle statement) {
    const Ast& ast = Ast::get();
    if (ast.is(statement, ast.FunctionDef) && has_decorators(statement)) {
        object decorators = py::get(statement, "decorator_list"_n);
        return py::get(py::item(decorators, py::integer(0)), "lineno"_n);
    }
    return py::get(statement, "lineno"_n);
}

}  // namespace

Rewriter::Rewriter(const RewriteOptions& options) : ast_(Ast::get()), options_(options) {}

bool Rewriter::disabled_by(handle docstring) { return py::contains(docstring, py::str("PYTEST_DONT_REWRITE")); }

void Rewriter::run(handle module) {
    object body = py::get(module, "body"_n);
    Py_ssize_t count = py::length(body);
    if (count == 0) return;
    // The new imports go after the docstring and the __future__ imports.
    Py_ssize_t position = 0;
    bool expect_docstring = true;
    object statement;
    for (Py_ssize_t i = 0; i < count; ++i) {
        statement = py::item(body, py::integer(i));
        object value = ast_.is(statement, ast_.Expr) ? py::get(statement, "value"_n) : object();
        object text = value.is_valid() && ast_.is(value, ast_.Constant) ? py::get(value, "value"_n) : object();
        if (expect_docstring && text.is_valid() && py::is_str(text)) {
            if (disabled_by(text)) return;
            expect_docstring = false;
        } else if (!(ast_.is(statement, ast_.ImportFrom) && py::equal(py::get(statement, "level"_n), py::integer(0)) &&
                     py::equal(py::get(statement, "module"_n), "__future__"_n))) {
            break;
        }
        ++position;
    }
    object line = first_line(statement);
    visit_body(body, Scope{});
    object imports = py::list_of(import_as("builtins", "@py_builtins", line),
                                 import_as("_pytest.assertion.rewrite", "@pytest_ar", line));
    py::check(PyList_SetSlice(body.ptr(), position, position, imports.ptr()));
}

// --- statements -------------------------------------------------------------------------------

void Rewriter::visit_body(handle statements, Scope scope) {
    if (!PyList_Check(statements.ptr())) return;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(statements.ptr()); ++i) {
        object statement = borrow(PyList_GET_ITEM(statements.ptr(), i));
        if (!ast_.is(statement, ast_.Assert)) {
            visit_statement(statement, scope);
            continue;
        }
        std::vector<object> replacement;
        rewrite_assert(statement, scope, replacement);
        object list = py::new_list();
        for (const object& node : replacement) py::append(list, node);
        py::check(PyList_SetSlice(statements.ptr(), i, i + 1, list.ptr()));
        i += static_cast<Py_ssize_t>(replacement.size()) - 1;
    }
}

void Rewriter::visit_statement(handle statement, Scope scope) {
    PyTypeObject* type = Py_TYPE(statement.ptr());
    if (ast_.is_leaf(type) || !ast_.is(statement, ast_.AST)) return;
    if (type == ast_.ClassDef) return visit_body(py::get(statement, "body"_n), Scope{true, true});
    if (type == ast_.FunctionDef || type == ast_.AsyncFunctionDef)
        return visit_body(py::get(statement, "body"_n), Scope{false, scope.mangles});
    for (handle name : {"body"_n, "handlers"_n, "orelse"_n, "finalbody"_n, "cases"_n})
        if (object field = py::try_get(statement, name); field.is_valid()) visit_body(field, scope);
}

// --- asserts ----------------------------------------------------------------------------------

void Rewriter::warn_about_tuple(handle statement) {
    object test = py::get(statement, "test"_n);
    if (!ast_.is(test, ast_.Tuple) || py::length(py::get(test, "elts"_n)) == 0) return;
    object category = py::lookup("_pytest.warning_types", "PytestAssertRewriteWarning"_n);
    object warning = py::call(category, py::str("assertion is always true, perhaps remove parentheses?"));
    py::call_kw(py::lookup("warnings", "warn_explicit"_n), {warning},
                {{"category"_n, Py_None}, {"filename"_n, options_.module_path}, {"lineno"_n, py::get(statement, "lineno"_n)}});
}

object Rewriter::finished_shape(std::string text) {
    if (constants_.empty()) return py::str(text);
    object shape = py::check(PyTuple_New(static_cast<Py_ssize_t>(constants_.size()) + 1));
    PyTuple_SET_ITEM(shape.ptr(), 0, py::str(text).release().ptr());
    for (std::size_t i = 0; i < constants_.size(); ++i)
        PyTuple_SET_ITEM(shape.ptr(), static_cast<Py_ssize_t>(i) + 1, py::share(constants_[i]));
    return shape;
}

object Rewriter::failure(handle statement, const object& shape) {
    object constant = make_constant(shape, statement);
    object message = py::get(statement, "msg"_n);
    bool reported = options_.passed_sources.is_valid();
    if (py::is_none(message)) return engine_call("_explain", {constant}, statement);
    if (!reported && ast_.is(message, ast_.Constant)) return engine_call("_explain", {constant, message}, statement);
    // Parts that are compared are shown as they are before the message is evaluated, the others as they are after.
    object parts = engine_call(reported ? "_explain_whole" : "_explain_parts", {constant}, statement);
    return engine_call("_explain", {parts, message}, statement);
}

void Rewriter::rewrite_assert(handle statement, Scope scope, std::vector<object>& result) {
    warn_about_tuple(statement);
    scope_ = scope;
    places_ = 0;
    constants_.clear();
    Part part = visit(py::get(statement, "test"_n), false);
    object shape = finished_shape(std::move(part.shape));
    object text = failure(statement, shape);
    object error = make_node(ast_.Call, statement,
                             {{"func"_n, make_name("AssertionError", ast_.load, statement)},
                              {"args"_n, py::list_of(text)},
                              {"keywords"_n, py::new_list()}});
    object raising = make_node(ast_.Raise, statement, {{"exc"_n, error}, {"cause"_n, Py_None}});
    object negated = make_node(ast_.UnaryOp, statement, {{"op"_n, ast_.negation}, {"operand"_n, part.expression}});
    result.push_back(make_node(ast_.If, statement,
                               {{"test"_n, negated}, {"body"_n, py::list_of(raising)}, {"orelse"_n, py::new_list()}}));
    if (options_.passed_sources.is_valid()) {
        object line = py::get(statement, "lineno"_n);
        object source = make_constant(py::item(options_.passed_sources, line), statement);
        object call = engine_call("_report_pass", {make_constant(shape, statement), make_constant(line, statement), source}, statement);
        result.push_back(make_node(ast_.Expr, statement, {{"value"_n, call}}));
    }
    if (places_ == 0) return;
    object targets = py::new_list();
    for (int place = 0; place < places_; ++place)
        py::append(targets, make_node(ast_.Name, statement, {{"id"_n, place_name(place)}, {"ctx"_n, ast_.store}}));
    result.push_back(make_node(ast_.Assign, statement,
                               {{"targets"_n, targets}, {"value"_n, make_constant(Py_None, statement)}, {"type_comment"_n, Py_None}}));
}

}  // namespace fastest::rewrite
