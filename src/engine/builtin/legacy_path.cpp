// The plugin `legacypath`: py.path.local beside pathlib in fixtures and attributes.

#include "engine/builtin/legacy_testdir.h"
#include "engine/fixtures/notices.h"
#include "engine/py/system_path.h"

namespace fastest::builtin {

using namespace py;

object legacy_path(handle path) { return call(facade("_pytest.legacypath", "legacy_path"_n), path); }

namespace {

object own(handle name) { return facade("_pytest.legacypath", name); }
object legacy_text(handle value) { return legacy_path(to_str(value)); }

object cache_makedir(Args a) { return legacy_path(call_method(a[0], "mkdir"_n, a[1])); }
object path_of(Args a) { return legacy_path(get(a[0], "path"_n)); }
object startpath_of(Args a) { return legacy_path(get(a[0], "startpath"_n)); }
object invocation_dir_of(Args a) { return legacy_text(get(get(a[0], "invocation_params"_n), "dir"_n)); }
object rootdir_of(Args a) { return legacy_text(get(a[0], "rootpath"_n)); }
object inifile_of(Args a) {
    object path = get(a[0], "inipath"_n);
    return truth(path) ? legacy_text(path) : none();
}

object set_node_path(Args a) {
    set(a[0], "path"_n, call(system_path(), a[1]));
    return none();
}

/// The ini type "pathlist". self, name, type, value
object unknown_ini_type(Args a) {
    if (!equal(a[2], str("pathlist"))) {
        object message = strcat("unknown configuration type: ", a[2]);
        raise_exception(call(PyExc_ValueError, message, a[3]));
    }
    object inipath = get(a[0], "inipath"_n);
    if (is_none(inipath)) raise(PyExc_AssertionError, "");
    object directory = get(inipath, "parent"_n), paths = new_list();
    object values = is_str(a[3]) ? call(lookup("shlex", "split"_n), a[3]) : borrow(a[3]);
    for (object value : each(values)) append(paths, legacy_text(call_method(directory, "joinpath"_n, value)));
    return paths;
}

// --- hooks ------------------------------------------------------------------------------------

object undone_at_end(handle config) {
    object patch = call(facade("_pytest.monkeypatch", "MonkeyPatch"_n));
    call_method(config, "add_cleanup"_n, get(patch, "undo"_n));
    return patch;
}

object property_of(handle getter, handle setter = Py_None) {
    return call(type_object(PyProperty_Type), own(getter), is_none(setter) ? none() : own(setter));
}

object load_initial_conftests(Args a) {
    object patch = undone_at_end(a[0]);
    auto put = [&](const char* module, handle cls, handle name, handle value) {
        call_method_kw(patch, "setattr"_n, {facade(module, cls), name, value}, {{"raising"_n, Py_False}});
    };
    put("_pytest.cacheprovider", "Cache"_n, "makedir"_n, own("Cache_makedir"_n));
    put("_pytest.fixtures", "FixtureRequest"_n, "fspath"_n, property_of("FixtureRequest_fspath"_n));
    put("_pytest.terminal", "TerminalReporter"_n, "startdir"_n, property_of("TerminalReporter_startdir"_n));
    put("_pytest.config", "Config"_n, "invocation_dir"_n, property_of("Config_invocation_dir"_n));
    put("_pytest.config", "Config"_n, "rootdir"_n, property_of("Config_rootdir"_n));
    put("_pytest.config", "Config"_n, "inifile"_n, property_of("Config_inifile"_n));
    put("_pytest.main", "Session"_n, "startdir"_n, property_of("Session_startdir"_n));
    put("_pytest.config", "Config"_n, "_getini_unknown_type"_n, own("Config__getini_unknown_type"_n));
    put("_pytest.nodes", "Node"_n, "fspath"_n, property_of("Node_fspath"_n, "Node_fspath_set"_n));
    return none();
}

object configure(Args a) {
    object plugins = get(a[0], "pluginmanager"_n);
    if (!truth(call_method(plugins, "has_plugin"_n, str("tmpdir")))) return none();
    object patch = undone_at_end(a[0]);
    object factory = try_get(a[0], "_tmp_path_factory"_n);
    if (factory.is_valid()) {
        object legacy = call_kw(own("TempdirFactory"_n), {factory}, {{"_ispytest"_n, Py_True}});
        call_method_kw(patch, "setattr"_n, {a[0], "_tmpdirhandler"_n, legacy}, {{"raising"_n, Py_False}});
    }
    call_method(plugins, "register"_n, call(own("LegacyTmpdirPlugin"_n)), str("legacypath-tmpdir"));
    return none();
}

object plugin_registered(Args a) {
    object pytester = call_method(a[1], "get_plugin"_n, str("pytester"));
    if (!pytester.is(a[0]) || truth(call_method(a[1], "has_plugin"_n, str("legacypath-pytester")))) return none();
    call_method(a[1], "register"_n, call(own("LegacyTestdirPlugin"_n)), str("legacypath-pytester"));
    return none();
}

void define_factory(Module& m) {
    m.cls("TempdirFactory")
        .dataclass("_tmppath_factory", {.init = false})
        .attr("__final__", Py_True)
        .doc("A TempPathFactory that gives ``py.path.local`` objects.")
        .def("__init__", "self, tmppath_factory, *, _ispytest=False",
             [](Args a) {
                 fixtures::check_ispytest(a[2]);
                 set(a[0], "_tmppath_factory"_n, a[1]);
                 return none();
             })
        .def(
            "mktemp", "self, basename, numbered=True",
            [](Args a) {
                object made = call_method(get(a[0], "_tmppath_factory"_n), "mktemp"_n, a[1], a[2]);
                return legacy_path(call_method(made, "resolve"_n));
            },
            "TempPathFactory.mktemp, as ``py.path.local``.")
        .def(
            "getbasetemp", "self",
            [](Args a) {
                object base = call_method(get(a[0], "_tmppath_factory"_n), "getbasetemp"_n);
                return legacy_path(call_method(base, "resolve"_n));
            },
            "TempPathFactory.getbasetemp, as ``py.path.local``.")
        .make();
}

FASTEST_MODULE(legacypath, "_pytest.legacypath") {
    m.later({"Testdir"}, define_testdir);
    define_factory(m);
    m.def("Cache_makedir", "self, name", cache_makedir, "``mkdir``, as ``py.path.local``.");
    m.def("FixtureRequest_fspath", "self", path_of, "(deprecated) The path of the test module.");
    m.def("TerminalReporter_startdir", "self", startpath_of, "Where pytest was started; better use ``startpath``.");
    m.def("Config_invocation_dir", "self", invocation_dir_of,
          "Where pytest was started; better use ``invocation_params.dir``.");
    m.def("Config_rootdir", "self", rootdir_of, "The rootdir; better use ``rootpath``.");
    m.def("Config_inifile", "self", inifile_of, "The configuration file; better use ``inipath``.");
    m.def("Session_startdir", "self", startpath_of, "Where pytest was started; better use ``startpath``.");
    m.def("Config__getini_unknown_type", "self, name, type, value", unknown_ini_type);
    m.def("Node_fspath", "self", path_of, "(deprecated) ``path``, as ``py.path.local``.");
    m.def("Node_fspath_set", "self, value", set_node_path);
    m.hook("pytest_load_initial_conftests", "early_config", load_initial_conftests, {.tryfirst = true});
    m.hook("pytest_configure", "config", configure);
    m.hook("pytest_plugin_registered", "plugin, manager", plugin_registered);
}

}  // namespace
}  // namespace fastest::builtin
