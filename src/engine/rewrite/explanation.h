#pragma once
// Explains a failed (or passed) assert from its shape and the frame it runs in.

#include <map>
#include <string>
#include <vector>

#include "engine/rewrite/shape.h"

namespace fastest::rewrite {

using py::borrow;
using py::handle;
using py::object;
using namespace py::literals;

/// One evaluation of a shape in the running Python frame. Values are shown by the functions of `_pytest.assertion.rewrite` as
/// they are now (users patch them). Order, as in pytest: what is compared is explained first, inner comparisons before outer
/// ones; the other values are shown at the end, from left to right.
class Explanation {
public:
    explicit Explanation(handle shape);

    /// Shows what is left; the explanation with its marks, not yet laid out.
    object finish();
    /// `finish()` with the template around it: `prefix` + "%(pyN)s...".
    object finish_with(handle prefix);

private:
    struct Shown {
        std::string key;
        const ShapeNode* node;
        object text;  // when already shown
    };
    /// The values that one `%` operation puts into its template.
    struct Context {
        std::vector<Shown> shown;
    };

    std::string describe(const ShapeNode& node, Context& context);
    std::string describe_operand(const ShapeNode& node, Context& context);
    std::string describe_call(const ShapeNode& node, Context& context);
    std::string describe_comparison(const ShapeNode& node, Context& context);
    std::string describe_boolean(const ShapeNode& node, Context& context);
    std::string with_result(const ShapeNode& node, std::string text, Context& context);
    object format(handle text, Context& context);

    std::string show_later(const ShapeNode& node, Context& context);
    std::string show_text(object text, Context& context);
    object show(const ShapeNode& node);

    object value(const ShapeNode& node);
    object place_value(int place);
    object name_value(const std::string& name, bool* local);
    object engine(handle name);

    ShapeNode root_;
    object locals_, globals_, builtins_, module_;
    Context outer_;
    std::string text_;
    int keys_ = 0;
};

}  // namespace fastest::rewrite
