#include "engine/rewrite/explanation.h"

#include "engine/py/module.h"

namespace fastest::rewrite {
namespace {

object frame_locals() {
    object locals = py::version::frame_locals();
    if (!locals.is_valid()) throw nb::python_error();
    return locals;
}

object mapping_get(handle mapping, handle key) {
    if (PyDict_CheckExact(mapping.ptr())) return py::dict_get(mapping, key);
    PyObject* found = PyObject_GetItem(mapping.ptr(), key.ptr());
    if (!found) {
        if (!PyErr_ExceptionMatches(PyExc_KeyError)) throw nb::python_error();
        PyErr_Clear();
    }
    return py::steal(found);
}

bool is_logical(const ShapeNode& node) { return node.kind == 'q' || node.kind == '&' || node.kind == 'o'; }

}  // namespace

Explanation::Explanation(handle shape) : root_(parse_shape(shape)), locals_(frame_locals()) {
    if (PyObject* globals = PyEval_GetGlobals()) globals_ = borrow(globals);
    if (PyObject* builtins = PyEval_GetBuiltins()) builtins_ = borrow(builtins);
    if (globals_.is_valid()) module_ = py::dict_get(globals_, "@pytest_ar"_n);
    if (!module_.is_valid()) module_ = py::import_module("_pytest.assertion.rewrite");
    text_ = describe(root_, outer_);
}

object Explanation::engine(handle name) { return py::get(module_, name); }

// --- values -----------------------------------------------------------------------------------

object Explanation::place_value(int place) {
    object found = mapping_get(locals_, place_name(place));
    return found.is_valid() ? found : py::none();
}

object Explanation::name_value(const std::string& name, bool* local) {
    object key = py::str(name);
    object found = mapping_get(locals_, key);
    if (local) *local = found.is_valid();
    if (!found.is_valid() && globals_.is_valid()) found = py::dict_get(globals_, key);
    if (!found.is_valid() && builtins_.is_valid()) found = mapping_get(builtins_, key);
    if (!found.is_valid()) py::raise(PyExc_NameError, "name '" + name + "' is not defined");
    return found;
}

object Explanation::value(const ShapeNode& node) {
    if (node.constant.is_valid()) return node.constant;
    if (node.kind == 'n') return name_value(node.text, nullptr);
    return place_value(node.place);
}

// --- showing ----------------------------------------------------------------------------------

std::string Explanation::show_later(const ShapeNode& node, Context& context) {
    std::string key = "py" + std::to_string(keys_++);
    context.shown.push_back({key, &node, {}});
    return "%(" + key + ")s";
}

std::string Explanation::show_text(object text, Context& context) {
    std::string key = "py" + std::to_string(keys_++);
    context.shown.push_back({key, nullptr, std::move(text)});
    return "%(" + key + ")s";
}

object Explanation::show(const ShapeNode& node) {
    object shown;
    bool by_name = node.kind == 'n' || node.kind == 'm' || node.kind == 'x';
    if (!by_name) return py::call(engine("_saferepr"_n), value(node));
    bool local = false;
    if (node.kind == 'm') {
        shown = place_value(node.place);
        local = mapping_get(locals_, py::str(node.text)).is_valid();
    } else {
        shown = name_value(node.text, &local);
    }
    if (!local && !py::truth(py::call(engine("_should_repr_global_name"_n), shown))) return py::str(node.text);
    return py::call(engine("_saferepr"_n), shown);
}

object Explanation::format(handle text, Context& context) {
    object values = py::new_dict();
    for (Shown& shown : context.shown) {
        if (shown.node) shown.text = show(*shown.node);
        py::dict_set(values, py::str(shown.key), shown.text);
    }
    return py::check(PyNumber_Remainder(text.ptr(), values.ptr()));
}

object Explanation::finish() { return format(py::str(text_), outer_); }

object Explanation::finish_with(handle prefix) {
    return format(py::check(PyUnicode_Concat(prefix.ptr(), py::str(text_).ptr())), outer_);
}

// --- descriptions -----------------------------------------------------------------------------

std::string Explanation::with_result(const ShapeNode& node, std::string text, Context& context) {
    std::string key = show_later(node, context);
    return key + "\n{" + key + " = " + text + "\n}";
}

std::string Explanation::describe(const ShapeNode& node, Context& context) {
    switch (node.kind) {
        case 'a': return with_result(node, describe(node.children[0], context) + "." + node.text, context);
        case 'f': return describe_call(node, context);
        case 'u': return node.text + describe(node.children[0], context);
        case 'b': {
            std::string left = describe(node.children[0], context), right = describe(node.children[1], context);
            return "(" + left + " " + (node.text == "%" ? "%%" : node.text) + " " + right + ")";
        }
        case 'q': return describe_comparison(node, context);
        case '&':
        case 'o': return describe_boolean(node, context);
        default: return show_later(node, context);
    }
}

std::string Explanation::describe_call(const ShapeNode& node, Context& context) {
    std::string text = describe(node.children[0], context) + "(";
    for (std::size_t i = 0; i < node.roles.size(); ++i) {
        if (i) text += ", ";
        switch (node.roles[i]) {
            case 's': text += "*"; break;
            case 'd': text += "**"; break;
            case 'k': text += node.keywords[i] + "="; break;
            default: break;
        }
        text += describe(node.children[i + 1], context);
    }
    return with_result(node, text + ")", context);
}

std::string Explanation::describe_operand(const ShapeNode& node, Context& context) {
    std::string text = describe(node, context);
    return is_logical(node) ? "(" + text + ")" : text;
}

std::string Explanation::describe_comparison(const ShapeNode& node, Context& context) {
    Context inner;
    object symbols = py::new_list(), results = py::new_list(), texts = py::new_list(), values = py::new_list();
    std::string left = describe_operand(node.children[0], inner);
    for (std::size_t i = 0; i < node.symbols.size(); ++i) {
        std::string right = describe_operand(node.children[i + 1], inner);
        py::append(symbols, py::str(node.symbols[i]));
        py::append(texts, py::str(left + " " + node.symbols[i] + " " + right));
        left = right;
        py::append(results, node.results[i] == kNoPlace ? py::boolean(false) : place_value(node.results[i]));
    }
    for (const ShapeNode& operand : node.children) py::append(values, value(operand));
    object text = py::call(engine("_call_reprcompare"_n), py::to_tuple(symbols), py::to_tuple(results), py::to_tuple(texts),
                           py::to_tuple(values));
    return show_text(format(text, inner), context);
}

std::string Explanation::describe_boolean(const ShapeNode& node, Context& context) {
    object texts = py::new_list();
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        Context inner;
        std::string text = describe(node.children[i], inner);
        py::append(texts, format(py::str(text), inner));
        bool last = i + 1 == node.children.size();
        if (!last && py::truth(value(node.children[i])) != (node.kind == '&')) break;
    }
    object text = py::call(engine("_format_boolop"_n), texts, py::boolean(node.kind == 'o'));
    Context nothing;
    return show_text(format(text, nothing), context);
}

}  // namespace fastest::rewrite
