// `-k` matches substrings of an item's names, `-m` its marks. The matchers are also Python objects, for plugins.

#include "engine/marks/select.h"

#include <algorithm>

#include "engine/marks/expression.h"
#include "engine/marks/mark.h"
#include "engine/py/short_cut.h"

namespace fastest::marks {
namespace {

using namespace py;

// --- keywords ---------------------------------------------------------------------------------

bool is_keyword_attribute(handle name) {
    std::string word = text(name);
    return !word.starts_with('_') && word != "pytestmark" && word != "cache_parameters";
}

/// All names of an item that `-k` looks at, as a set.
object keyword_names(handle item) {
    object names = check(PySet_New(nullptr));
    auto add = [&](handle name) { check(PySet_Add(names.ptr(), name.ptr())); };
    object session_type = lookup("_pytest.main", "Session"_n), directory_type = lookup("_pytest.nodes", "Directory"_n);
    for (object node : each(call_method(item, "listchain"_n))) {
        if (is_instance(node, session_type)) continue;
        if (is_instance(node, directory_type) && is_instance(get(node, "parent"_n), session_type)) continue;
        add(get(node, "name"_n));
    }
    for (object name : each(call_method(item, "listextrakeywords"_n))) add(name);
    object function = get_or(item, "function"_n, Py_None);
    if (truth(function))
        for (object name : each(get(function, "__dict__"_n)))
            if (is_keyword_attribute(name)) add(name);
    for (object mark : each(call_method(item, "iter_markers"_n))) add(get(mark, "name"_n));
    return names;
}

std::string lowered(handle name) {
    if (PyUnicode_Check(name.ptr()) && PyUnicode_IS_ASCII(name.ptr())) {
        std::string word = text(name);
        for (char& c : word)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        return word;
    }
    return text(call_method(name, "lower"_n));
}

bool any_contains(const std::vector<std::string>& names, const std::string& part) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return name.find(part) != name.npos; });
}

[[noreturn]] void refuse_arguments() {
    raise(lookup("_pytest.config", "UsageError"_n), "Keyword expressions do not support call parameters.");
}

object match_keyword(Args a) {
    if (PyDict_GET_SIZE(a[2].ptr())) refuse_arguments();
    std::string part = lowered(a[1]);
    for (object name : each(get(a[0], "_names"_n)))
        if (lowered(name).find(part) != std::string::npos) return boolean(true);
    return boolean(false);
}

// --- marks ------------------------------------------------------------------------------------

bool mark_has(handle mark, handle arguments) {
    object kwargs = get(mark, "kwargs"_n);
    PyObject *key, *wanted;
    for (Py_ssize_t at = 0; PyDict_Next(arguments.ptr(), &at, &key, &wanted);) {
        object have = steal(PyObject_GetItem(kwargs.ptr(), key));
        if (!have.is_valid()) {
            if (!PyErr_ExceptionMatches(PyExc_KeyError)) throw nb::python_error();
            PyErr_Clear();
            return false;
        }
        if (!truth(check(PyObject_RichCompare(have.ptr(), wanted, Py_EQ)))) return false;
    }
    return true;
}

bool matches_marks(handle marks, handle arguments) {
    for (object mark : each(marks))
        if (!arguments.is_valid() || mark_has(mark, arguments)) return true;
    return false;
}

object marks_by_name(handle marks) {
    object table = call(lookup("collections", "defaultdict"_n), type_object(PyList_Type));
    for (object mark : each(marks)) append(item(table, get(mark, "name"_n)), mark);
    return table;
}

object match_mark(Args a) {
    object marks = dict_get(get(a[0], "own_mark_name_mapping"_n), a[1]);
    return boolean(marks.is_valid() && matches_marks(marks, a[2]));
}

// --- deselection ------------------------------------------------------------------------------

object parse(handle expression, const char* complaint) {
    try {
        return call_method(lookup("_pytest.mark.expression", "Expression"_n), "compile"_n, expression);
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_SyntaxError)) throw;
        object value = borrow(error.value());
        object usage =
            call(lookup("_pytest.config", "UsageError"_n), strcat(complaint, ": ", get(value, "text"_n), ": at column ",
                                                                  get(value, "offset"_n), ": ", get(value, "msg"_n)));
        raise_from(usage, Py_None);
    }
}

/// Keeps the items for which `stays` holds and reports the others.
template <class Stays>
void deselect(handle items, handle config, Stays&& stays) {
    object remaining = new_list(), gone = new_list();
    for (object item : each(items)) append(stays(item) ? remaining : gone, item);
    if (PyList_GET_SIZE(gone.ptr()) == 0) return;
    call_named<"items">(get(get(config, "hook"_n), "pytest_deselected"_n), gone);
    check(PyObject_SetItem(items.ptr(), check(PySlice_New(nullptr, nullptr, nullptr)).ptr(), remaining.ptr()));
}

ShortCut g_bare_items{"marks.bare_items",
                      "Items without marks, attributes or extra keywords of their own are selected by their name and "
                      "what is known of their "
                      "parent. A looker has replaced one of the methods by which these are found."};

/// What items have in common with the siblings before them.
class Siblings {
public:
    Siblings()
        : ours_(lookup("_pytest.compat", "getimfunc"_n).is(global<"compat", "getimfunc">())),
          parent_of_bare_(borrow(global<"python", "_parent_of_bare_item">())) {}

    /// Whether an item is bare; `find(parent)` is called before when the parent is another one than before.
    template <class Find>
    bool know(handle item, Find&& find) {
        object parent = ours_ ? call(parent_of_bare_, item) : none();
        if (!g_bare_items.take(!is_none(parent))) {
            parent_ = object();
            return false;
        }
        if (!parent.is(parent_)) {
            parent_ = object();
            find(parent);
            parent_ = parent;
        }
        return true;
    }

private:
    bool ours_;
    object parent_of_bare_, parent_;
};

std::vector<std::string> lowered_names(handle node) {
    std::vector<std::string> names;
    for (object name : each(keyword_names(node))) names.push_back(lowered(name));
    return names;
}

object deselect_by_keyword(Args a) {
    object wanted = call_method(get(get(a[1], "option"_n), "keyword"_n), "lstrip"_n);
    if (!truth(wanted)) return none();
    object expression = parse(wanted, "Wrong expression passed to '-k'");
    const CompiledExpression& code = *compiled(expression);
    std::vector<std::string> parts;
    for (const object& name : code.names) parts.push_back(lowered(name));
    Siblings siblings;
    std::vector<bool> in_parent(parts.size());
    deselect(a[0], a[1], [&](handle item) {
        bool bare = siblings.know(item, [&](handle parent) {
            std::vector<std::string> names = lowered_names(parent);
            for (std::size_t i = 0; i < parts.size(); ++i) in_parent[i] = any_contains(names, parts[i]);
        });
        std::vector<std::string> names =
            bare ? std::vector<std::string>{lowered(get(item, "name"_n))} : lowered_names(item);
        return code.expression.evaluate([&](std::size_t index) {
            if (code.arguments[index].is_valid()) refuse_arguments();
            return (bare && in_parent[index]) || any_contains(names, parts[index]);
        });
    });
    return none();
}

void validate_names(handle expression, handle config) {
    if (!strict_markers(config)) return;
    object unknown =
        check(PyNumber_Subtract(call_method(expression, "idents"_n).ptr(), registered_names(config).ptr()));
    if (!truth(unknown)) return;
    object names = to_list(unknown);
    check(PyList_Sort(names.ptr()));
    raise(lookup("_pytest.config", "UsageError"_n),
          cat("Unknown marker(s) in '-m' expression: ", call_method(str(", "), "join"_n, names),
              ". Use 'pytest --markers' to see available markers."));
}

object deselect_by_mark(Args a) {
    object wanted = get(get(a[1], "option"_n), "markexpr"_n);
    if (!truth(wanted)) return none();
    object expression = parse(wanted, "Wrong expression passed to '-m'");
    validate_names(expression, a[1]);
    const CompiledExpression& code = *compiled(expression);
    Siblings siblings;
    object table;
    deselect(a[0], a[1], [&](handle item) {
        auto find = [&](handle node) { table = marks_by_name(call_method(node, "iter_markers"_n)); };
        if (!siblings.know(item, find)) find(item);
        return code.expression.evaluate([&](std::size_t index) {
            object marks = dict_get(table, code.names[index]);
            return marks.is_valid() && matches_marks(marks, code.arguments[index]);
        });
    });
    return none();
}

}  // namespace

void define_select(Module& m) {
    m.cls("KeywordMatcher")
        .doc("Matches names that are part of one of an item's names, whatever the case.")
        .slots({"_names"})
        .dataclass("_names")
        .classmethod("from_item", "cls, item", [](Args a) { return call(a[0], keyword_names(a[1])); })
        .def("__call__", "self, subname, /, **kwargs", match_keyword)
        .make();
    m.cls("MarkMatcher")
        .doc("Matches names of marks, with keyword arguments that the mark must have.")
        .slots({"own_mark_name_mapping"})
        .dataclass("own_mark_name_mapping")
        .classmethod("from_markers", "cls, markers", [](Args a) { return call(a[0], marks_by_name(a[1])); })
        .def("__call__", "self, name, /, **kwargs", match_mark)
        .make();
    object ignored = list_of(str("pytestmark"), str("cache_parameters"));
    m.attr("IGNORED_FUNCTION_ATTRIBUTES", check(PyFrozenSet_New(ignored.ptr())));
    m.def("_is_matchable_function_attribute", "name", [](Args a) { return boolean(is_keyword_attribute(a[0])); });
    m.def("_parse_expression", "expr, exc_message", [](Args a) { return parse(a[0], text(a[1]).c_str()); });
    m.def("_validate_marker_names", "expr, config", [](Args a) {
        validate_names(a[0], a[1]);
        return none();
    });
    m.def("deselect_by_keyword", "items, config", deselect_by_keyword);
    m.def("deselect_by_mark", "items, config", deselect_by_mark);
}

}  // namespace fastest::marks
