// The plugin "skipping": skip and xfail marks, `--runxfail`, the outcomes xfailed and xpassed.

#include "engine/hooks/quiet.h"
#include "engine/nodes/node.h"
#include "engine/run/known.h"
#include "engine/run/skip_marks.h"

namespace fastest::run {
namespace {

handle key() { return global<"skipping", "xfailed_key">(); }

bool runs_xfail(handle item) { return truth(get(get(get(item, "config"_n), "option"_n), "runxfail"_n)); }

object remembered(handle item) {
    return nodes::has_stash(item) ? call_method(nodes::stash_of(item), "get"_n, key(), Py_None) : none();
}

/// An item without a stash needs none for remembering that no mark applies: `get` gives None either way.
void remember(handle item, handle xfailed) {
    if (!is_none(xfailed) || nodes::has_stash(item)) set_item(nodes::stash_of(item), key(), xfailed);
}

/// Evaluates the xfail marks again unless one has applied already: the test may have added one.
object refreshed(handle item) {
    object found = remembered(item);
    if (!is_none(found)) return found;
    found = call(lookup("_pytest.skipping", "evaluate_xfail_marks"_n), item);
    remember(item, found);
    return found;
}

void refuse_to_run(handle item, handle xfailed, const char* hook) {
    if (is_none(xfailed) || runs_xfail(item) || truth(get(xfailed, "run"_n))) return;
    object error = call_kw(global<"outcomes", "XFailed">(), {strcat("[NOTRUN] ", get(xfailed, "reason"_n))},
                           {{"pytrace"_n, Py_False}});
    raise_from_facade(error, "_pytest.skipping", hook, 1);
}

object setup(Args a) {
    handle item = a[0];
    object skipped = call(lookup("_pytest.skipping", "evaluate_skip_marks"_n), item);
    if (!is_none(skipped)) {
        object error = call_kw(global<"outcomes", "Skipped">(), {get(skipped, "reason"_n)},
                               {{"_use_item_location"_n, Py_True}});
        raise_from_facade(error, "_pytest.skipping", "pytest_runtest_setup", 1);
    }
    object xfailed = call(lookup("_pytest.skipping", "evaluate_xfail_marks"_n), item);
    remember(item, xfailed);
    refuse_to_run(item, xfailed, "pytest_runtest_setup");
    return none();
}

Generator runtest_call(OwnedArgs a) {
    handle item = a[0];
    refuse_to_run(item, refreshed(item), "pytest_runtest_call");
    object result;
    std::optional<nb::python_error> failure;
    try {
        result = co_yield none();
    } catch (nb::python_error& error) {
        failure.emplace(std::move(error));
    }
    if (failure) {
        Handling handling(*failure);
        refreshed(item);
        throw std::move(*failure);
    }
    refreshed(item);
    co_return result;
}

/// Items without such marks. A test may still give itself an xfail mark.
class QuietSkipping final : public hooks::QuietPart {
public:
    bool plain(handle item) override { return !may_have_mark(item, {"skip", "skipif", "xfail"}); }

    void enter(handle item, hooks::Phase phase) override {
        if (phase == hooks::Phase::kCall && is_marked(item)) refuse_to_run(item, refreshed(item), "pytest_runtest_call");
    }
    void leave(handle item, hooks::Phase phase, bool) override {
        if (phase == hooks::Phase::kCall && is_marked(item)) refreshed(item);
    }
    bool wants_report(handle item, hooks::Phase) override { return is_marked(item) || !is_none(remembered(item)); }

private:
    static bool is_marked(handle item) { return may_have_mark(item, {"xfail"}); }
};

std::unique_ptr<hooks::QuietPart> quiet_skipping(handle, hooks::QuietRun&) { return std::make_unique<QuietSkipping>(); }

// --- reports ----------------------------------------------------------------------------------

bool was_expected(handle raises, handle exception) {
    if (is_none(raises)) return true;
    if (PyType_Check(raises.ptr()) || PyTuple_Check(raises.ptr())) return is_instance(exception, raises);
    return is_instance(raises, lookup("_pytest.raises", "AbstractRaises"_n)) &&
           truth(call_method(raises, "matches"_n, exception));
}

/// An item with an xfail mark that applies has neither been skipped nor called pytest.xfail().
void judge(handle report, handle call_info, handle xfailed) {
    object excinfo = get(call_info, "excinfo"_n), reason = get(xfailed, "reason"_n);
    if (!is_none(excinfo)) {
        bool expected = was_expected(get(xfailed, "raises"_n), get(excinfo, "value"_n));
        set(report, "outcome"_n, str(expected ? "skipped" : "failed"));
        if (expected) set(report, "wasxfail"_n, reason);
    } else if (equal(get(call_info, "when"_n), "call"_n)) {
        bool strict = truth(get(xfailed, "strict"_n));
        set(report, "outcome"_n, str(strict ? "failed" : "passed"));
        if (strict)
            set(report, "longrepr"_n, strcat("[XPASS(strict)] ", reason));
        else
            set(report, "wasxfail"_n, reason);
    }
}

Generator makereport(OwnedArgs a) {
    object report = co_yield none();
    handle item = a[0], call_info = a[1];
    if (runs_xfail(item)) co_return report;
    object xfailed = remembered(item), excinfo = get(call_info, "excinfo"_n);
    if (!is_none(excinfo) && is_instance(get(excinfo, "value"_n), global<"outcomes", "XFailed">())) {
        object msg = get(get(excinfo, "value"_n), "msg"_n);
        if (is_none(msg)) assertion_failed();
        set(report, "wasxfail"_n, msg);
        set(report, "outcome"_n, str("skipped"));
    } else if (!is_none(xfailed) && !truth(get(report, "skipped"_n))) {
        judge(report, call_info, xfailed);
    }
    co_return report;
}

object teststatus(Args a) {
    if (!has(a[0], "wasxfail"_n)) return none();
    if (truth(get(a[0], "skipped"_n))) return tuple_of(str("xfailed"), str("x"), str("XFAIL"));
    if (truth(get(a[0], "passed"_n))) return tuple_of(str("xpassed"), str("X"), str("XPASS"));
    return none();
}

// --- configuration ----------------------------------------------------------------------------

object addoption(Args a) {
    object group = call_method(a[0], "getgroup"_n, str("general"));
    call_method_kw(group, "addoption"_n, {str("--runxfail")},
                   {{"action"_n, str("store_true")},
                    {"dest"_n, "runxfail"_n},
                    {"default"_n, Py_False},
                    {"help"_n, str("Report the results of xfail tests as if they were not marked")}});
    call_method_kw(a[0], "addini"_n,
                   {"strict_xfail"_n, str("Default for the strict parameter of xfail markers when not given explicitly "
                                          "(default: False) (alias: xfail_strict)")},
                   {{"type"_n, str("bool")}, {"default"_n, Py_None}, {"aliases"_n, list_of(str("xfail_strict"))}});
    return none();
}

/// With --runxfail, pytest.xfail() does nothing until the configuration ends.
void disable_xfail(handle config) {
    object pytest = import_module("pytest");
    object restore = make_function(
        "restore_xfail", "", [](Args a) {
            set(import_module("pytest"), "xfail"_n, a.closure());
            return none();
        },
        get(pytest, "xfail"_n));
    call_method(config, "add_cleanup"_n, restore);
    object nothing = make_function("nop", "*args, **kwargs", [](Args) { return none(); });
    set(nothing, "Exception"_n, global<"outcomes", "XFailed">());
    set(pytest, "xfail"_n, nothing);
}

object configure(Args a) {
    handle config = a[0];
    if (truth(get(get(config, "option"_n), "runxfail"_n))) disable_xfail(config);
    for (const char* line :
         {"skip(reason=None): skip the given test function with an optional reason. Example: skip(reason=\"no way of "
          "currently testing this\") skips the test.",
          "skipif(condition, ..., *, reason=...): skip the given test function if any of the conditions evaluate to True. "
          "Example: skipif(sys.platform == 'win32') skips the test if we are on the win32 platform. See "
          "https://docs.pytest.org/en/stable/reference/reference.html#pytest-mark-skipif",
          "xfail(condition, ..., *, reason=..., run=True, raises=None, strict=strict_xfail): mark the test function as an "
          "expected failure if any of the conditions evaluate to True. Optionally specify a reason for better reporting and "
          "run=False if you don't even want to execute the test function. If only specific exception(s) are expected, you "
          "can list them in raises, and if the test fails in other ways, it will be reported as a true failure. See "
          "https://docs.pytest.org/en/stable/reference/reference.html#pytest-mark-xfail"})
        call_method(config, "addinivalue_line"_n, "markers"_n, str(line));
    return none();
}

}  // namespace

FASTEST_MODULE(skipping, "_pytest.skipping") {
    define_skip_marks(m);
    m.hook("pytest_addoption", "parser", addoption);
    m.hook("pytest_configure", "config", configure);
    fastest::hooks::plays_quietly(m.hook("pytest_runtest_setup", "item", setup, {.tryfirst = true}), quiet_skipping);
    fastest::hooks::plays_quietly(m.wrapper("pytest_runtest_call", "item", runtest_call), quiet_skipping);
    fastest::hooks::plays_quietly(m.wrapper("pytest_runtest_makereport", "item, call", makereport), quiet_skipping);
    fastest::hooks::plays_quietly(m.hook("pytest_report_teststatus", "report", teststatus), fastest::hooks::idle_part);
}

}  // namespace fastest::run
