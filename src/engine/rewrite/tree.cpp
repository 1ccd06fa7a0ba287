// Rewriting a tree that is given, and the sources of asserted expressions.

#include <set>

#include "engine/py/recursion.h"
#include "engine/rewrite/functions.h"
#include "engine/rewrite/light_nodes.h"
#include "engine/rewrite/rewriter.h"

namespace fastest::rewrite {

using py::Args;

namespace {

/// Collects the text of one assert's expression, physical line by physical line.
class SourceCollector {
public:
    explicit SourceCollector(handle result) : result_(borrow(result)) {}

    void token(long long type, const object& text, long long row, long long column, const object& line,
               const object& tokenize) {
        auto is = [&](handle name) { return type == py::to_int(py::get(tokenize, name)); };
        bool operation = is("OP"_n);
        std::string symbol = py::text(text);
        if (is("NAME"_n) && symbol == "assert") {
            assert_row_ = row;
            return;
        }
        if (assert_row_ < 0) return;
        if (operation && symbol.size() == 1 && std::string_view("([{").find(symbol) != std::string_view::npos) ++depth_;
        if (operation && symbol.size() == 1 && std::string_view(")]}").find(symbol) != std::string_view::npos) --depth_;
        if (lines_.empty()) return add(py::check(PyUnicode_Substring(line.ptr(), column, PY_SSIZE_T_MAX)), row, column);
        if (depth_ == 0 && operation && symbol == ",") return end_at(row, column, line);
        if (is("NEWLINE"_n) || is("ENDMARKER"_n)) return finish();
        if (!rows_.contains(row)) add(line, row, 0);
    }

private:
    void add(const object& line, long long row, long long offset) {
        lines_.push_back(line);
        rows_.insert(row);
        last_offset_ = offset;
    }
    void end_at(long long row, long long column, const object& line) {
        if (rows_.contains(row))
            lines_.back() = py::check(PyUnicode_Substring(lines_.back().ptr(), 0, column - last_offset_));
        else
            lines_.push_back(py::check(PyUnicode_Substring(line.ptr(), 0, column)));
        finish();
    }
    void finish() {
        object list = py::new_list();
        for (const object& line : lines_) py::append(list, line);
        object text = py::check(PyUnicode_Join(py::str("").ptr(), list.ptr()));
        text = py::call_method(py::call_method(text, "rstrip"_n), "rstrip"_n, py::str("\\"));
        py::dict_set(result_, py::integer(assert_row_), text);
        lines_.clear();
        rows_.clear();
        assert_row_ = -1;
        depth_ = 0;
    }

    object result_;
    std::vector<object> lines_;
    std::set<long long> rows_;
    long long assert_row_ = -1, last_offset_ = 0;
    int depth_ = 0;
};

void collect_tree(handle node, handle list) {
    py::Recursion level(" while traversing a tree");
    const Ast& ast = Ast::get();
    py::append(list, node);
    for (object name : py::each(py::get(node, "_fields"_n))) {
        object field = py::try_get(node, name);
        if (!field.is_valid()) continue;
        if (PyList_Check(field.ptr())) {
            for (object item : py::each(field))
                if (ast.is(item, ast.AST)) collect_tree(item, list);
        } else if (ast.is(field, ast.AST)) {
            collect_tree(field, list);
        }
    }
}

}  // namespace

object assertion_sources(Args a) {
    object result = py::new_dict(), tokenize = py::import_module("tokenize");
    object reader = py::get(py::call(py::lookup("io", "BytesIO"_n), a[0]), "readline"_n);
    SourceCollector collector(result);
    for (object token : py::each(py::call(py::get(tokenize, "tokenize"_n), reader))) {
        object start = py::get(token, "start"_n);
        collector.token(py::to_int(py::get(token, "type"_n)), py::get(token, "string"_n),
                        py::to_int(py::item(start, py::integer(0))), py::to_int(py::item(start, py::integer(1))),
                        py::get(token, "line"_n), tokenize);
    }
    return result;
}

namespace {

void rewrite_in_place(handle tree, handle source, handle path, handle config, Audience audience) {
    RewriteOptions options;
    options.module_path = borrow(path);
    options.audience = audience;
    if (PyBytes_Check(source.ptr()))
        options.learn_from({PyBytes_AS_STRING(source.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(source.ptr()))});
    if (!py::is_none(config) && py::truth(py::call_method(config, "getini"_n, "enable_assertion_pass_hook"_n)))
        options.passed_sources = py::call(py::lookup("_pytest.assertion.rewrite", "_get_assertion_exprs"_n), source);
    Rewriter(options).run(tree);
}

}  // namespace

object rewrite_asserts(Args a) {
    rewrite_in_place(a[0], a[1], a[2], a[3], Audience::anyone);
    return py::none();
}

object rewritten_for_compiler(object& tree, handle source, handle path, handle config) {
    rewrite_in_place(tree, source, path, config, Audience::compiler);
    object consumed = make_consumed_module(read(tree, "body"_n));
    if (!consumed.is_valid()) return tree;
    tree = object();
    return consumed;
}

object traverse_node(Args a) {
    object list = py::new_list();
    collect_tree(a[0], list);
    return py::check(PyObject_GetIter(list.ptr()));
}

object walrus_targets(Args a) {
    const Ast& ast = Ast::get();
    object list = py::new_list(), names = py::check(PySet_New(nullptr));
    for (object node : py::each(a[0])) collect_tree(node, list);
    for (object node : py::each(list))
        if (ast.is(node, ast.NamedExpr))
            py::check(PySet_Add(names.ptr(), py::get(py::get(node, "target"_n), "id"_n).ptr()));
    return names;
}

}  // namespace fastest::rewrite
