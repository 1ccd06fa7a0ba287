// What is deprecated: the texts of all deprecation warnings, and the guard of private constructors.

#include "engine/py/module.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::object;

struct Deprecation {
    const char* name;
    const char* text;
};

const Deprecation kDeprecations[] = {
    {"PASTEBIN",
     "The --pastebin option is deprecated. The functionality is now available in an external plugin package, pytest-pastebin.\n"
     "See https://docs.pytest.org/en/stable/deprecations.html#the-pastebin-option"},
    {"YIELD_FIXTURE", "@pytest.yield_fixture is deprecated.\nUse @pytest.fixture instead; they are the same."},
    {"TERMINAL_WRITE_LINE_BYTES",
     "Passing bytes to TerminalReporter.write_line() is deprecated, pass a str instead.\n"
     "See https://docs.pytest.org/en/stable/deprecations.html#terminalreporter-write-line-bytes"},
    {"HOOK_LEGACY_MARKING",
     "The hook{type} {fullname} uses old-style configuration options (marks or attributes).\n"
     "Please use the pytest.hook{type}({hook_opts}) decorator instead\n"
     " to configure the hooks.\n"
     " See https://docs.pytest.org/en/latest/deprecations.html#configuring-hook-specs-impls-using-markers"},
    {"PARAMETRIZE_NON_COLLECTION_ITERABLE",
     "Passing a non-Collection iterable to parametrize is deprecated.\n"
     "Test: {nodeid}, argvalues type: {type_name}\n"
     "Please convert to a list or tuple.\n"
     "See https://docs.pytest.org/en/stable/deprecations.html#parametrize-iterators"},
    {"CONFIG_INICFG",
     "config.inicfg is deprecated, use config.getini() to access configuration values instead.\n"
     "See https://docs.pytest.org/en/stable/deprecations.html#config-inicfg"},
    {"CONSOLE_MAIN",
     "pytest.console_main() is deprecated and will be removed in pytest 10.\n"
     "It was never intended for programmatic use; use pytest.main() instead.\n"
     "See https://docs.pytest.org/en/stable/deprecations.html#console-main"},
    {"FIXTURE_GETFIXTUREVALUE_DURING_TEARDOWN",
     "Calling request.getfixturevalue(\"{argname}\") during teardown is deprecated.\n"
     "Please request the fixture before teardown begins, either by declaring it in the fixture signature or by calling "
     "request.getfixturevalue() before the fixture yields.\n"
     "See https://docs.pytest.org/en/stable/deprecations.html#dynamic-fixture-request-during-teardown"},
    {"MONKEYPATCH_LEGACY_NAMESPACE_PACKAGES",
     "monkeypatch.syspath_prepend() called with pkg_resources legacy namespace packages detected.\n"
     "Legacy namespace packages (using pkg_resources.declare_namespace) are deprecated.\n"
     "Please use native namespace packages (PEP 420) instead.\n"
     "See https://docs.pytest.org/en/stable/deprecations.html#monkeypatch-fixup-namespace-packages"},
    {"FIXTURE_BASEID_DEPRECATED", "Passing baseid to FixtureDef is deprecated. Pass node instead for fixture scoping."},
    {"FIXTURE_NODEID_DEPRECATED",
     "Passing nodeid to _register_fixture is deprecated. Pass node instead for fixture scoping."},
    {"PARSEFACTORIES_NODEID_DEPRECATED",
     "Passing nodeid string to parsefactories is deprecated. Use parsefactories(holder=obj, node=node) instead."},
    {"FIXTUREDEF_HAS_LOCATION_DEPRECATED",
     "FixtureDef.has_location is deprecated and will be removed in pytest 10. See "
     "https://docs.pytest.org/en/stable/deprecations.html#fixturedef-has-location-deprecated"},
    {"CLASS_FIXTURE_INSTANCE_METHOD",
     "{scope}-scoped fixtures defined as instance methods are deprecated.\n"
     "Instance attributes set in the {fixturename!r} fixture will NOT be visible to test methods,\n"
     "as each test gets a new instance while the fixture runs only once per class.\n"
     "Use a @classmethod decorator below @pytest.fixture and set attributes on cls instead.\n"
     "See https://docs.pytest.org/en/stable/deprecations.html#class-scoped-fixture-as-instance-method"},
    {"CALLSPEC2_RENAMED",
     "_pytest.python.CallSpec2 has been renamed to CallSpec.\n"
     "The CallSpec2 alias will be removed in pytest 10.\n"
     "Update imports to use CallSpec instead.\n"
     "See https://docs.pytest.org/en/stable/deprecations.html#callspec2-renamed"},
};

const char kIniString[] =
    "Passing a value that is not a string to a 'string'-typed ini option is deprecated.\n"
    "In a future version this will raise a TypeError, matching the behavior of the corresponding TOML config path.\n"
    "If your plugin intentionally accepts non-string values, declare an explicit type (e.g. type=\"args\") instead of "
    "relying on the implicit string default.";

/// Native callers have no frame, so the nearest Python frame is the user's.
object check_ispytest(Args a) {
    if (py::truth(a[0])) return py::none();
    object warning = py::call_method(py::facade("_pytest.deprecated", "PRIVATE"_n), "format"_n);
    py::call_kw(py::lookup("warnings", "warn"_n), {warning}, {{"stacklevel"_n, py::integer(1)}});
    return py::none();
}

FASTEST_MODULE(deprecated, "_pytest.deprecated") {
    object unformatted = py::get(py::room("warning_types"), "UnformattedWarning"_n);
    object removed = py::get(py::room("warning_types"), "PytestRemovedIn10Warning"_n);
    for (const Deprecation& deprecation : kDeprecations)
        m.attr(deprecation.name, py::call(unformatted, removed, py::str(deprecation.text)));
    m.attr("PRIVATE", py::call(unformatted, py::get(py::room("warning_types"), "PytestDeprecationWarning"_n),
                               py::str("A private pytest class or function was used.")));
    m.attr("INI_STRING_TYPE_NON_STR_VALUE", py::call(removed, py::str(kIniString)));
    object merged = py::check(PySet_New(py::list_of(py::str("pytest_catchlog"), py::str("pytest_capturelog"),
                                                    py::str("pytest_faulthandler"), py::str("pytest_subtests")).ptr()));
    m.attr("DEPRECATED_EXTERNAL_PLUGINS", merged);
    m.def("check_ispytest", "ispytest", check_ispytest, "Warns when a private class is made by others than pytest.");
}

}  // namespace
}  // namespace fastest::settings
