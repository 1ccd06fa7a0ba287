#pragma once
// The rewriter: edits a module's tree in place so that a failing assert can be explained.
//
//     assert f(x) == y, message
// becomes
//     (@py_assert0 := f(x)) == y or @pytest_ar._fail(@pytest_ar._explain_parts(SHAPE), message)
//     @py_assert0 = None
//
// Values are kept by assignment expressions, the failing branch is one native call that raises, and its text is made
// from SHAPE (shape.h) and the values in the frame. What costs is not this work but the compiler's reading of each node
// that is made, so the form has as few as there can be. An assert statement would have fewer, but Python shows what it
// raises at its expression (3.11 and later) and leaves it out under -O; pytest does neither.

#include <string>
#include <string_view>
#include <vector>

#include "engine/rewrite/ast_nodes.h"

namespace fastest::rewrite {

struct RewriteOptions {
    object module_path;  // str or None: for warnings
    object
        passed_sources;  // dict line -> source of the asserted expression; null when passing asserts are not reported
    bool may_assign = true;  // whether the source may contain assignment expressions
    bool names_the_error =
        true;  // whether the source mentions AssertionError, and so may give the name another meaning
    bool names_may_be_listed =
        true;  // whether the source may list local names: then each comparison leaves one, as in pytest
    Audience audience = Audience::anyone;

    /// What the text of a module's source says; for an empty one anything may be.
    void learn_from(std::string_view source);
};

class Rewriter {
public:
    explicit Rewriter(const RewriteOptions& options);
    void run(handle module);

    /// Whether a module's docstring asks not to be rewritten.
    static bool disabled_by(handle docstring);

private:
    struct Scope {
        bool in_class_body = false;
        bool mangles = false;  // somewhere inside a class: names of the form __x are changed by the compiler
        bool in_function = false;
    };
    /// An expression to be put in the place of the visited one, and its shape.
    struct Part {
        object expression;
        std::string shape;
    };

    void visit_statement(handle statement, Scope scope);
    void visit_body(handle statements, Scope scope);
    void rewrite_assert(handle statement, Scope scope, std::vector<object>& after);
    /// The call that raises.
    object failure(const object& message, const object& shape, const Location& place);
    object engine_call(handle name, const object& args, const Location& place);
    void warn_about_tuple(handle statement);

    Part visit(handle node, bool want_value);
    Part visit_by_type(handle node, bool want_value);
    Part visit_name(handle node);
    Part visit_assignment(handle node, bool want_value);
    Part visit_constant(handle node);
    Part visit_attribute(handle node);
    Part visit_call(handle node);
    Part visit_unary(handle node, bool want_value);
    Part visit_binary(handle node, bool want_value);
    Part visit_boolean(handle node, bool want_value);
    Part visit_comparison(handle node, bool want_value);
    Part visit_chain(handle node, const std::vector<Part>& operands);
    /// A part of a larger expression; a name that `later` parts assign is captured before they do.
    Part visit_operand(handle node, const std::vector<handle>& later, bool want_value);
    Part visit_compared(handle node, bool by_identity, const std::vector<handle>& later);
    object visit_argument(handle node, const std::vector<handle>& later, std::string& shape);

    int new_place();
    const object& name_of_place(int place);
    bool keeps_a_name() const;
    object capture(handle expression, int place);
    /// An expression as it is, whose value is kept.
    Part captured(handle node);
    object again(const Part& part, handle original);
    bool assigned_in(handle name, const std::vector<handle>& nodes);
    object finished_shape(std::string text);

    const Ast& ast_;
    const RewriteOptions& options_;
    NodeMaker nodes_;
    Scope scope_;
    int places_ = 0;
    std::vector<object> constants_, place_names_;
};

}  // namespace fastest::rewrite
