// The plugin `assertion`: options, the hook's installation, and what asserts see of the running test.

#include "engine/explain/compare.h"
#include "engine/explain/hinted_explanation.h"
#include "engine/explain/truncate.h"
#include "engine/hooks/native_caller.h"
#include "engine/hooks/quiet.h"
#include "engine/nodes/node.h"
#include "engine/py/facades.h"
#include "engine/py/ini_choices.h"
#include "engine/py/module.h"

namespace fastest::rewrite {

using py::Args;
using py::Generator;
using py::handle;
using py::object;
using py::OwnedArgs;
using namespace py::literals;

namespace {

const char* kUtil = "_pytest.assertion.util";
const char* kRewrite = "_pytest.assertion.rewrite";

object state_or_none(handle config) {
    return py::call_method(py::get(config, "stash"_n), "get"_n, py::facade(kRewrite, "assertstate_key"_n), Py_None);
}

// --- options ----------------------------------------------------------------------------------

/// Types of ini values, as our own parser keeps them or, for any other parser, as typing spells them.
struct IniTypes {
    object number_or_text, diff_style;

    explicit IniTypes(handle parser) : diff_style(py::ini_choices(parser, {"ndiff", "block"})) {
        bool ours = py::type_of(parser).is(py::global<"argparsing", "Parser">());
        if (ours) {
            number_or_text = py::tuple_of(py::str("int"), py::str("string"));
        } else {
            number_or_text =
                py::check(PyNumber_Or(py::type_object(PyLong_Type).ptr(), py::type_object(PyUnicode_Type).ptr()));
        }
    }
};

void add_ini(handle parser, const char* name, const char* help, handle type, handle fallback) {
    py::call_method_kw(parser, "addini"_n, {py::str(name)},
                       {{"type"_n, type}, {"default"_n, fallback}, {"help"_n, py::str(help)}});
}

object addoption(Args a) {
    handle parser = a[0];
    object group = py::call_method(parser, "getgroup"_n, py::str("debugconfig"));
    py::call_method_kw(
        group, "addoption"_n, {py::str("--assert")},
        {{"action"_n, py::str("store")},
         {"dest"_n, py::str("assertmode")},
         {"choices"_n, py::tuple_of(py::str("rewrite"), py::str("plain"))},
         {"default"_n, py::str("rewrite")},
         {"metavar"_n, py::str("MODE")},
         {"help"_n, py::str("Control assertion debugging tools.\n'plain' performs no assertion debugging.\n"
                            "'rewrite' (the default) rewrites assert statements in test modules on import to "
                            "provide assert expression information.")}});
    IniTypes types(parser);
    add_ini(parser, "enable_assertion_pass_hook",
            "Enables the pytest_assertion_pass hook. Make sure to delete any previously generated pyc cache files.",
            py::str("bool"), Py_False);
    add_ini(parser, "truncation_limit_lines", "Set threshold of LINES after which truncation will take effect",
            types.number_or_text, Py_None);
    add_ini(parser, "truncation_limit_chars", "Set threshold of CHARS after which truncation will take effect",
            types.number_or_text, Py_None);
    add_ini(parser, "assertion_text_diff_style", "Choose how pytest renders diffs for string equality assertions",
            types.diff_style, py::str("ndiff"));
    object config_class = py::facade("_pytest.config", "Config"_n);
    py::call_method_kw(
        config_class, "_add_verbosity_ini"_n, {parser, py::get(config_class, "VERBOSITY_ASSERTIONS"_n)},
        {{"help"_n, py::str("Specify a verbosity level for assertions, overriding the main level. Higher levels "
                            "will provide more detailed explanation when an assertion fails.")}});
    return py::none();
}

object configure(Args a) {
    py::call_method(a[0], "getini"_n,
                    py::str("assertion_text_diff_style"));  // a wrong value is an error now, not at the first failure
    return py::none();
}

// --- the hook ---------------------------------------------------------------------------------

object register_assert_rewrite(Args a) {
    for (object name : py::each(a[0]))
        if (!py::is_str(name))
            py::raise(PyExc_TypeError, py::cat("expected module names as *args, got ", py::repr_of(a[0]), " instead"));
    object hook_class = py::facade(kRewrite, "AssertionRewritingHook"_n);
    for (object finder : py::each(py::lookup("sys", "meta_path"_n))) {
        if (!py::is_instance(finder, hook_class)) continue;
        py::call_ex(py::get(finder, "mark_rewrite"_n), a[0]);
        break;
    }
    return py::none();
}

object undo_installation(Args a) {
    object state = state_or_none(a.closure());
    object hook = py::is_none(state) ? py::none() : py::get(state, "hook"_n);
    object path = py::lookup("sys", "meta_path"_n);
    if (!py::is_none(hook) && py::contains(path, hook)) py::call_method(path, "remove"_n, hook);
    return py::none();
}

object install_importhook(Args a) {
    handle config = a[0];
    object state = py::call(py::facade("_pytest.assertion", "AssertionState"_n), config, py::str("rewrite"));
    py::set_item(py::get(config, "stash"_n), py::facade(kRewrite, "assertstate_key"_n), state);
    object hook = py::call(py::facade(kRewrite, "AssertionRewritingHook"_n), config);
    py::set(state, "hook"_n, hook);
    py::call_method(py::lookup("sys", "meta_path"_n), "insert"_n, py::integer(0), hook);
    py::call_method(state, "trace"_n, py::str("installed rewrite import hook"));
    py::call_method(config, "add_cleanup"_n, py::make_function("undo", "", &undo_installation, config));
    return hook;
}

object state_init(Args a) {
    py::set(a[0], "mode"_n, a[2]);
    object root = py::get(py::get(a[1], "trace"_n), "root"_n);
    py::set(a[0], "trace"_n, py::call_method(root, "get"_n, py::str("assertion")));
    py::set(a[0], "hook"_n, Py_None);
    return py::none();
}

void tell_hook(handle session, handle told) {
    object state = state_or_none(py::get(session, "config"_n));
    if (!py::truth(state)) return;
    object hook = py::get(state, "hook"_n);
    if (!py::is_none(hook)) py::call_method(hook, "set_session"_n, told);
}

object collection(Args a) {
    tell_hook(a[0], a[0]);
    return py::none();
}

object session_finish(Args a) {
    tell_hook(a[0], Py_None);
    return py::none();
}

// --- during a test ----------------------------------------------------------------------------

object replaced(handle text, const char* from, const char* to) {
    return py::check(PyUnicode_Replace(text.ptr(), py::str(from).ptr(), py::str(to).ptr(), -1));
}

// Asks the plugins for an explanation: the first that is not empty, cut, its line breaks escaped for the layout.
object compare_by_hook(Args a) {
    handle item = a.closure();
    object config = py::get(item, "config"_n);
    object hook = py::get(py::get(item, "ihook"_n), "pytest_assertrepr_compare"_n);
    for (object answer : py::each(py::call_named<"config", "op", "left", "right">(hook, config, a[0], a[1], a[2]))) {
        if (!py::truth(answer)) continue;
        object kept =
            py::call(py::facade("_pytest.assertion.truncate", "materialize_with_truncation"_n), answer, config);
        if (!py::truth(kept)) continue;
        object lines = py::new_list();
        for (object line : py::each(kept)) py::append(lines, replaced(line, "\n", "\\n"));
        object text = py::check(PyUnicode_Join(py::str("\n~").ptr(), lines.ptr()));
        object mode = py::call_method(config, "getvalue"_n, py::str("assertmode"));
        return py::equal(mode, py::str("rewrite")) ? replaced(text, "%", "%%") : text;
    }
    return py::none();
}

object tell_pass(Args a) {
    handle item = a.closure();
    object hook = py::get(py::get(item, "ihook"_n), "pytest_assertion_pass"_n);
    py::call_named<"item", "lineno", "orig", "expl">(hook, item, a[0], a[1], a[2]);
    return py::none();
}

/// Puts the functions for one item into `_pytest.assertion.util`, and the former ones back at the end.
class ItemFunctions {
public:
    explicit ItemFunctions(handle item) : ItemFunctions(item, Comparison{}) {
        object hook = py::get(py::get(item, "ihook"_n), "pytest_assertion_pass"_n);
        if (py::truth(py::call_method(hook, "get_hookimpls"_n)))
            py::set_state(util_, "_assertion_pass"_n,
                          py::make_function("call_assertion_pass_hook", "lineno, orig, expl", &tell_pass, item));
    }
    /// The function that compares alone: nobody wants to hear of passing asserts.
    struct Comparison {};
    ItemFunctions(handle item, Comparison)
        : util_(py::import_module(kUtil)),
          compare_(py::member(util_, "_reprcompare"_n)),
          pass_(py::member(util_, "_assertion_pass"_n)) {
        static const std::shared_ptr<const py::FunctionSpec> spec = std::make_shared<py::FunctionSpec>(py::FunctionSpec{
            .name = "callbinrepr", .signature = py::Signature("op, left, right"), .body = &compare_by_hook, .doc = {}});
        py::set_state(util_, "_reprcompare"_n, py::make_function(spec, item));
        py::set_state(util_, "_config"_n, nodes::config_of(item));
    }
    ~ItemFunctions() {
        PyObject *type, *value, *traceback;
        PyErr_Fetch(&type, &value, &traceback);
        restore("_reprcompare"_n, compare_);
        restore("_assertion_pass"_n, pass_);
        restore("_config"_n, Py_None);
        PyErr_Restore(type, value, traceback);
    }
    ItemFunctions(const ItemFunctions&) = delete;
    ItemFunctions& operator=(const ItemFunctions&) = delete;

private:
    void restore(handle name, handle value) noexcept {
        try {
            py::set_state(util_, name, value);
        } catch (nb::python_error&) {  // a module of somebody else's that refuses
        }
    }

    object util_, compare_, pass_;
};

/// Like the general path, but for items whose passing asserts nobody wants to hear of.
class QuietFunctions final : public hooks::QuietPart {
public:
    explicit QuietFunctions(hooks::QuietRun& run) : run_(run) {}

    bool plain(handle) override {
        object caller = py::get(py::get(nodes::config_of(run_.session()), "hook"_n), "pytest_assertion_pass"_n);
        return PyObject_TypeCheck(caller.ptr(), hooks::caller_type()) && !hooks::Implementations(handle(caller)).size();
    }
    void begin(handle item) override { functions_.emplace(item, ItemFunctions::Comparison{}); }
    void end(handle) override { functions_.reset(); }

private:
    hooks::QuietRun& run_;
    std::optional<ItemFunctions> functions_;
};

std::unique_ptr<hooks::QuietPart> quiet_functions(handle, hooks::QuietRun& run) {
    return std::make_unique<QuietFunctions>(run);
}

Generator runtest_protocol(OwnedArgs a) {
    ItemFunctions functions(a[0]);
    object result = co_yield py::none();
    co_return result;
}

// --- comparisons ------------------------------------------------------------------------------

object assertrepr_compare(Args a) {
    handle config = a[0];
    object highlighter;
    if (py::truth(py::call_method(py::get(config, "pluginmanager"_n), "has_plugin"_n, py::str("terminalreporter"))))
        highlighter = py::get(py::call_method(config, "get_terminal_writer"_n), "_highlight"_n);
    else
        highlighter = py::facade(kUtil, "dummy_highlighter"_n);
    object kind = py::try_get(config, "VERBOSITY_ASSERTIONS"_n);
    if (!kind.is_valid()) kind = py::str("assertions");
    object budget = explain::make_budget(explain::comparison_budget(config));
    object verbose = py::call_method(config, "get_verbosity"_n, kind);
    object lines = py::call_kw(
        py::facade(kUtil, "assertrepr_compare"_n), {},
        {{"op"_n, a[1]},
         {"left"_n, a[2]},
         {"right"_n, a[3]},
         {"verbose"_n, verbose},
         {"highlighter"_n, highlighter},
         {"assertion_text_diff_style"_n, py::call_method(config, "getini"_n, py::str("assertion_text_diff_style"))},
         {"truncation_budget"_n, budget}});
    object shown =
        explain::wants_hints(config)
            ? explain::hinted_explanation(config, {a[1], a[2], a[3], py::to_int(verbose), highlighter}, lines)
            : py::call(py::facade("_pytest.assertion.truncate", "materialize_with_truncation"_n), lines, config);
    return py::truth(shown) ? shown : py::none();
}

object nothing(Args) { return py::none(); }

}  // namespace

FASTEST_MODULE(assertion, "_pytest.assertion") {
    m.cls("RewriteHook").def("mark_rewrite", "self, *names", &nothing).make();
    m.cls("DummyRewriteHook")
        .doc("Does nothing, where modules are not rewritten.")
        .def("mark_rewrite", "self, *names", &nothing)
        .make();
    m.cls("AssertionState")
        .doc("The plugin's state for one configuration.")
        .def("__init__", "self, config, mode", &state_init)
        .make();
    m.def("register_assert_rewrite", "*names", &register_assert_rewrite,
          "Rewrite the asserts of these modules, and of modules in these packages, when they are imported.\n\n"
          "Call it before the import, for instance in a plugin package's `__init__.py`.\n\n"
          ":param names: module names.\n:raises TypeError: if a name is not a str.");
    m.def("install_importhook", "config", &install_importhook);
    m.hook("pytest_addoption", "parser", &addoption);
    m.hook("pytest_configure", "config", &configure);
    m.hook("pytest_collection", "session", &collection);
    hooks::plays_quietly(m.wrapper("pytest_runtest_protocol", "item", &runtest_protocol, {.tryfirst = true}),
                         quiet_functions);
    m.hook("pytest_sessionfinish", "session", &session_finish);
    m.hook("pytest_assertrepr_compare", "config, op, left, right", &assertrepr_compare);
}

}  // namespace fastest::rewrite
