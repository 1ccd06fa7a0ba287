#include "engine/rewrite/rewriter.h"

#include <algorithm>

#include "engine/py/record.h"
#include "engine/rewrite/shape.h"

namespace fastest::rewrite {
namespace {

object import_as(handle module, handle name, const Location& place) {
    const Ast& ast = Ast::get();
    NodeMaker nodes(Audience::anyone);
    object alias = nodes.make(ast.alias, place, {{"name"_n, module}, {"asname"_n, name}});
    return nodes.make(ast.Import, place, {{"names"_n, py::list_of(alias)}});
}

/// Of a function that of its first decorator; not so of an asynchronous one or a class, as in pytest.
object first_line(handle statement) {
    const Ast& ast = Ast::get();
    object decorators = ast.is(statement, ast.FunctionDef) ? py::try_get(statement, "decorator_list"_n) : object();
    bool decorated = decorators.is_valid() && py::truth(decorators);
    return py::get(decorated ? py::item(decorators, py::integer(0)) : borrow(statement), "lineno"_n);
}

}  // namespace

void RewriteOptions::learn_from(std::string_view source) {
    auto mentions = [&](std::string_view word) {
        return source.empty() || source.find(word) != std::string_view::npos;
    };
    may_assign = mentions(":=");
    names_the_error = mentions("AssertionError");
    names_may_be_listed = mentions("locals") || mentions("vars") || mentions("dir(");
}

Rewriter::Rewriter(const RewriteOptions& options) : ast_(Ast::get()), options_(options), nodes_(options.audience) {}

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
    object line = first_line(statement), column = py::integer(0);
    Location place{line, column, line, column};
    visit_body(body, Scope{});
    object imports = py::list_of(import_as("builtins"_n, "@py_builtins"_n, place),
                                 import_as("_pytest.assertion.rewrite"_n, "@pytest_ar"_n, place));
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
    if (type == ast_.ClassDef) return visit_body(read(statement, "body"_n), Scope{true, true, false});
    if (type == ast_.FunctionDef || type == ast_.AsyncFunctionDef)
        return visit_body(read(statement, "body"_n), Scope{false, scope.mangles, true});
    for (handle name : {"body"_n, "handlers"_n, "orelse"_n, "finalbody"_n, "cases"_n})
        if (object field = py::try_get(statement, name); field.is_valid()) visit_body(field, scope);
}

// --- asserts ----------------------------------------------------------------------------------

void Rewriter::warn_about_tuple(handle statement) {
    object test = read(statement, "test"_n);
    if (!ast_.is(test, ast_.Tuple) || py::length(py::get(test, "elts"_n)) == 0) return;
    object category = py::lookup("_pytest.warning_types", "PytestAssertRewriteWarning"_n);
    object warning = py::call(category, py::str("assertion is always true, perhaps remove parentheses?"));
    py::call_kw(
        py::lookup("warnings", "warn_explicit"_n), {warning},
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

object Rewriter::engine_call(handle name, const object& args, const Location& place) {
    // A method call is placed where the attribute ends: the attribute stands at the first line, so that the call does,
    // too.
    Location point = place.start();
    object module = nodes_.name("@pytest_ar"_n, ast_.load, point);
    object function = nodes_.make(ast_.Attribute, point, {{"value"_n, module}, {"attr"_n, name}, {"ctx"_n, ast_.load}});
    return nodes_.make(ast_.Call, place, {{"func"_n, function}, {"args"_n, args}, {"keywords"_n, py::new_list()}});
}

object Rewriter::failure(const object& message, const object& shape, const Location& place) {
    object what = nodes_.constant(shape, place);
    bool has_message = !py::is_none(message), reported = options_.passed_sources.is_valid();
    if (has_message && (reported || !ast_.is(message, ast_.Constant))) {
        // What is compared is shown as it is before the message is evaluated, the rest as it is after.
        what = engine_call(reported ? "_explain_whole"_n : "_explain_parts"_n, py::list_of(what), place);
    }
    object args = py::list_of(what);
    if (options_.names_the_error) args = py::list_of(nodes_.name("AssertionError"_n, ast_.load, place), what);
    if (has_message) py::append(args, message);
    return engine_call(options_.names_the_error ? "_fail_as"_n : "_fail"_n, args, place);
}

void Rewriter::rewrite_assert(handle statement, Scope scope, std::vector<object>& result) {
    warn_about_tuple(statement);
    scope_ = scope;
    places_ = 0;
    constants_.clear();
    Location place = Location::of(statement);
    Part part = visit(read(statement, "test"_n), false);
    object shape = finished_shape(std::move(part.shape));
    object failing = failure(read(statement, "msg"_n), shape, place);
    // Not `expression or failing`: where the two ways of that meet stands an instruction without a line, after which
    // tracers would be told of this line once more.
    object failed = nodes_.make(ast_.UnaryOp, place, {{"op"_n, ast_.negation}, {"operand"_n, part.expression}});
    object then = py::list_of(nodes_.make(ast_.Expr, place, {{"value"_n, failing}}));
    result.push_back(nodes_.make(ast_.If, place, {{"test"_n, failed}, {"body"_n, then}, {"orelse"_n, py::new_list()}}));
    if (options_.passed_sources.is_valid()) {
        object source = nodes_.constant(py::item(options_.passed_sources, place.lineno), place);
        object args = py::list_of(nodes_.constant(shape, place), nodes_.constant(place.lineno, place), source);
        result.push_back(nodes_.make(ast_.Expr, place, {{"value"_n, engine_call("_report_pass"_n, args, place)}}));
    }
    if (places_ == 0) return;
    object targets = py::new_list();
    for (int at = 0; at < places_; ++at) py::append(targets, nodes_.name(name_of_place(at), ast_.store, place));
    result.push_back(nodes_.make(
        ast_.Assign, place,
        {{"targets"_n, targets}, {"value"_n, nodes_.constant(Py_None, place)}, {"type_comment"_n, Py_None}}));
}

}  // namespace fastest::rewrite
