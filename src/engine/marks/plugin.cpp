// The plugin "mark": its options and hooks.

#include "engine/marks/mark.h"
#include "engine/marks/select.h"
#include "engine/py/ini_choices.h"

namespace fastest::marks {
namespace {

using namespace py;

constexpr const char* kKeywordHelp =
    "Only run tests matching the given keyword expression, e.g. -k 'test_method or test_other', -k 'not (slow or "
    "network)'.\nNames in the expression are matched case-insensitively as substrings of the test's keywords, which "
    "are:\n- its own name, including any parametrization id\n- the names of its class, module and directories\n- the names "
    "of the markers applied to it or to its parents\n- attributes assigned directly to the test function\n- any names in "
    "its 'extra_keyword_matches' set\nUse -m to match marker names exactly, including their arguments.";

object addoption(Args a) {
    handle parser = a[0];
    object group = call_method(parser, "getgroup"_n, str("general"));
    call_method_kw(group, "_addoption"_n, {str("-k")},
                   {{"action"_n, str("store")}, {"dest"_n, str("keyword")}, {"default"_n, str("")},
                    {"metavar"_n, str("EXPRESSION")}, {"help"_n, str(kKeywordHelp)}});
    call_method_kw(group, "_addoption"_n, {str("-m")},
                   {{"action"_n, str("store")}, {"dest"_n, str("markexpr")}, {"default"_n, str("")},
                    {"metavar"_n, str("MARKEXPR")},
                    {"help"_n, str("Only run tests matching given mark expression. For example: -m 'mark1 and not mark2'.")}});
    call_method_kw(group, "addoption"_n, {str("--markers")},
                   {{"action"_n, str("store_true")},
                    {"help"_n, str("show markers (builtin, plugin and per-project ones).")}});
    call_method(parser, "addini"_n, str("markers"), str("Register new markers for test functions"), str("linelist"));
    call_method_kw(parser, "addini"_n, {"empty_parameter_set_mark"_n, str("Default marker for empty parametersets")},
                   {{"type"_n, ini_choices(parser, {"skip", "xfail", "fail_at_collect"})}, {"default"_n, str("skip")}});
    return none();
}

object cmdline_main(Args a) {
    handle config = a[0];
    if (!truth(get(get(config, "option"_n), "markers"_n))) return none();
    call_method(config, "_do_configure"_n);
    object writer = call(lookup("_pytest.config", "create_terminal_writer"_n), config);
    for (object marker : each(call_method(config, "_iter_registered_markers"_n))) {
        call_method_kw(writer, "write"_n, {strcat("@pytest.mark.", get(marker, "signature"_n), ":")},
                       {{"bold"_n, Py_True}});
        object description = get(marker, "description"_n);
        call_method(writer, "line"_n, truth(description) ? strcat(" ", description) : str(""));
        call_method(writer, "line"_n);
    }
    call_method(config, "_ensure_unconfigure"_n);
    return integer(0);
}

object modifyitems(Args a) {
    call(lookup("_pytest.mark", "deselect_by_keyword"_n), a[0], a[1]);
    call(lookup("_pytest.mark", "deselect_by_mark"_n), a[0], a[1]);
    return none();
}

object configure(Args a) {
    object generator = borrow(mark_generator());
    set_item(get(a[0], "stash"_n), global<"mark", "old_mark_config_key">(), get(generator, "_config"_n));
    set(generator, "_config"_n, a[0]);
    call_method(a[0], "getini"_n, "empty_parameter_set_mark"_n);  // complain about a bad value now, not while collecting
    return none();
}

object unconfigure(Args a) {
    set(mark_generator(), "_config"_n,
        call_method(get(a[0], "stash"_n), "get"_n, global<"mark", "old_mark_config_key">(), Py_None));
    return none();
}

}  // namespace

FASTEST_MODULE(mark, "_pytest.mark") {
    m.def("param", "*values, marks=(), id=None",
          [](Args a) {
              object keywords = new_dict();
              dict_set(keywords, "marks"_n, a[1]);
              dict_set(keywords, "id"_n, a[2]);
              return call_ex(get(global<"mark_structures", "ParameterSet">(), "param"_n), a[0], keywords);
          },
          "One set of values for a parametrize call.\n\n:param values: the values, in the order of the names.\n:param marks: "
          "a mark or a collection of marks for the tests that get this set.\n:param id: the set's part of the test id, or "
          "pytest.HIDDEN_PARAM for none.");
    m.attr("old_mark_config_key", call(global<"stash", "StashKey">()));
    define_select(m);
    m.hook("pytest_addoption", "parser", addoption);
    m.hook("pytest_cmdline_main", "config", cmdline_main, {.tryfirst = true});
    m.hook("pytest_collection_modifyitems", "items, config", modifyitems);
    m.hook("pytest_configure", "config", configure);
    m.hook("pytest_unconfigure", "config", unconfigure);
}

}  // namespace fastest::marks
