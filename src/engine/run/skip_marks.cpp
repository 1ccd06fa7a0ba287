#include "engine/run/skip_marks.h"

#include <algorithm>

#include "engine/nodes/ours.h"
#include "engine/py/frame.h"
#include "engine/run/known.h"

namespace fastest::run {
namespace {

[[noreturn]] void fail_with(const std::vector<std::string>& lines) {
    std::string message;
    for (const std::string& line : lines) message += (&line == &lines.front() ? "" : "\n") + line;
    call_kw(global<"outcomes", "fail">(), {str(message)}, {{"pytrace"_n, Py_False}});
    throw std::logic_error("fail() returned");
}

/// The error as the last lines of a traceback show it, after these lines.
[[noreturn]] void fail_for_error(std::vector<std::string> lines, const nb::python_error& error) {
    Handling handling(error);
    object formatted = call(lookup("traceback", "format_exception_only"_n), error.type(), error.value());
    for (object line : each(formatted)) lines.push_back(text(line));
    fail_with(lines);
}

// --- conditions -------------------------------------------------------------------------------

object condition_namespace(handle item) {
    object space = new_dict(), config = get(item, "config"_n);
    for (const char* name : {"os", "sys", "platform"}) dict_set(space, str(name), import_module(name));
    dict_set(space, "config"_n, config);
    object given = to_list(call_named<"config">(get(get(item, "ihook"_n), "pytest_markeval_namespace"_n), config));
    check(PyList_Reverse(given.ptr()));
    for (object more : each(given)) {
        if (!PyDict_Check(more.ptr()) && !is_instance(more, lookup("collections.abc", "Mapping"_n)))
            raise(PyExc_ValueError,
                  cat("pytest_markeval_namespace() needs to return a dict, got ", repr_of(more)));
        check(PyDict_Update(space.ptr(), more.ptr()));
    }
    if (object function = try_get(item, "obj"_n); function.is_valid())
        check(PyDict_Update(space.ptr(), get(function, "__globals__"_n).ptr()));
    return space;
}

object evaluate_text(handle item, handle mark_name, handle condition) {
    object space = condition_namespace(item);
    std::vector<std::string> head{cat("Error evaluating ", repr_of(mark_name), " condition"), cat("    ", condition)};
    try {
        object code = call_kw(lookup("builtins", "compile"_n), {condition, strcat("<", mark_name, " condition>"), "eval"_n},
                              {{"dont_inherit"_n, Py_True}});
        return call(lookup("builtins", "eval"_n), code, space);
    } catch (const nb::python_error& error) {
        if (error.matches(PyExc_SyntaxError)) {
            ensure_traceback(error.value(), "_pytest.skipping", "evaluate_condition");
            Handling handling(error);
            object offset = get(error.value(), "offset"_n);
            std::size_t blanks = is_none(offset) ? 0 : static_cast<std::size_t>(std::max(0LL, to_int(offset)));
            head.push_back("    " + std::string(blanks, ' ') + "^");
            head.push_back("SyntaxError: invalid syntax");
            fail_with(head);
        }
        if (!error.matches(PyExc_Exception)) throw;
        fail_for_error(head, error);
    }
}

object evaluate_truth(handle mark_name, handle condition) {
    try {
        return boolean(truth(condition));
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_Exception)) throw;
        fail_for_error({cat("Error evaluating ", repr_of(mark_name), " condition as a boolean")}, error);
    }
}

struct Verdict {
    object result;
    object reason;
};

Verdict evaluate_condition(handle item, handle mark, handle condition) {
    object name = get(mark, "name"_n);
    object result = is_str(condition) ? evaluate_text(item, name, condition) : evaluate_truth(name, condition);
    object reason = call_method(get(mark, "kwargs"_n), "get"_n, "reason"_n, Py_None);
    if (is_none(reason)) {
        if (!is_str(condition))
            fail_with({cat("Error evaluating ", repr_of(name),
                           ": you need to specify reason=STRING when using booleans as conditions.")});
        reason = strcat("condition: ", condition);
    }
    return {result, reason};
}

object conditions_of(handle mark) {
    object kwargs = get(mark, "kwargs"_n);
    if (contains(kwargs, "condition"_n)) return tuple_of(item(kwargs, "condition"_n));
    return get(mark, "args"_n);
}

object keyword_or(handle mark, handle name, handle fallback) {
    return call_method(get(mark, "kwargs"_n), "get"_n, name, fallback);
}

/// The reason for which a mark with conditions applies; null when it does not.
object applying_reason(handle node, handle mark) {
    object conditions = conditions_of(mark);
    if (!truth(conditions)) return keyword_or(mark, "reason"_n, str(""));
    for (object condition : each(conditions)) {
        Verdict verdict = evaluate_condition(node, mark, condition);
        if (truth(verdict.result)) return verdict.reason;
    }
    return {};
}

object marks_named(handle node, handle name) {
    return call_kw(get(node, "iter_markers"_n), {}, {{"name"_n, name}});
}

object skip_of(handle mark) {
    try {
        return call_ex(global<"skipping", "Skip">(), get(mark, "args"_n), get(mark, "kwargs"_n));
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_TypeError)) throw;
        raise_from(call(PyExc_TypeError, strcat(error.value(), " - maybe you meant pytest.mark.skipif?")), Py_None);
    }
}

object strict_xfail(handle node, handle mark) {
    object strict = keyword_or(mark, "strict"_n, Py_None);
    object config = get(node, "config"_n);
    if (is_none(strict)) strict = call_method(config, "getini"_n, "strict_xfail"_n);
    if (is_none(strict)) strict = call_method(config, "getini"_n, "strict"_n);
    return strict;
}

bool is_named(handle mark, std::initializer_list<std::string_view> names) {
    object name = try_get(mark, "name"_n);
    if (!name.is_valid() || !is_str(name)) return true;
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(name.ptr(), &size);
    if (!text) throw nb::python_error();
    return std::find(names.begin(), names.end(), std::string_view(text, static_cast<std::size_t>(size))) != names.end();
}

}  // namespace

bool may_have_mark(handle item, std::initializer_list<std::string_view> names) {
    const nodes::Node* node = nodes::as_node(item);
    if (!node || !nodes::walks_marks_as_ours(item)) return true;
    while (true) {
        PyTypeObject* type = Py_TYPE(reinterpret_cast<const PyObject*>(node));
        if (!nodes::reads_field(type, nodes::kOwnMarkers) || !nodes::reads_field(type, nodes::kParent)) return true;
        handle marks = nodes::field(node, nodes::kOwnMarkers);
        if (marks.is_valid() && !PyList_CheckExact(marks.ptr())) return true;
        for (Py_ssize_t i = 0; marks.is_valid() && i < PyList_GET_SIZE(marks.ptr()); ++i)
            if (is_named(PyList_GET_ITEM(marks.ptr(), i), names)) return true;
        handle parent = nodes::field(node, nodes::kParent);
        if (!parent.is_valid() || is_none(parent)) return false;
        node = nodes::as_node(parent);
        if (!node) return true;
    }
}

object evaluate_skip_marks(handle item) {
    if (!may_have_mark(item, {"skip", "skipif"})) return none();
    for (object mark : each(marks_named(item, str("skipif"))))
        if (object reason = applying_reason(item, mark); reason.is_valid())
            return call(global<"skipping", "Skip">(), reason);
    for (object mark : each(marks_named(item, str("skip")))) return skip_of(mark);
    return none();
}

object evaluate_xfail_marks(handle item) {
    if (!may_have_mark(item, {"xfail"})) return none();
    for (object mark : each(marks_named(item, str("xfail")))) {
        object run = keyword_or(mark, "run"_n, Py_True), raises = keyword_or(mark, "raises"_n, Py_None);
        object strict = strict_xfail(item, mark);
        if (object reason = applying_reason(item, mark); reason.is_valid())
            return call(global<"skipping", "Xfail">(), reason, run, strict, raises);
    }
    return none();
}

void define_skip_marks(Module& m) {
    m.def("evaluate_condition", "item, mark, condition", [](Args a) {
        Verdict verdict = evaluate_condition(a[0], a[1], a[2]);
        return tuple_of(verdict.result, verdict.reason);
    });
    m.cls("Skip").doc("The result of skip marks.").attr("reason", str("unconditional skip"))
        .dataclass("reason='unconditional skip'", {.frozen = true})
        .make();
    m.def("evaluate_skip_marks", "item", [](Args a) { return evaluate_skip_marks(a[0]); });
    m.cls("Xfail").doc("The result of xfail marks.").slots({"raises", "reason", "run", "strict"})
        .dataclass("reason, run, strict, raises", {.frozen = true})
        .make();
    m.def("evaluate_xfail_marks", "item", [](Args a) { return evaluate_xfail_marks(a[0]); });
    m.attr("xfailed_key", call(global<"stash", "StashKey">()));
}

}  // namespace fastest::run
