#include "engine/builtin/cache.h"
#include "engine/builtin/json_text.h"
#include "engine/fixtures/notices.h"
#include "engine/py/system_path.h"
#include "engine/py/with.h"

namespace fastest::builtin {

using namespace py;
using fixtures::check_ispytest;

namespace {

object own(handle name) { return facade("_pytest.cacheprovider", name); }
object make_path(handle text) { return call(system_path(), text); }
object join(handle path, handle name) { return call_method(path, "joinpath"_n, name); }
bool is_directory(handle path) { return truth(call_method(path, "is_dir"_n)); }

// --- the directory ----------------------------------------------------------------------------

void fill_directory(handle path, handle target) {
    object umask = call(lookup("os", "umask"_n), integer(022));
    call(lookup("os", "umask"_n), umask);
    call_method(path, "chmod"_n, integer(0777 & ~to_int(umask)));
    for (object file : each(call_method(own("CACHEDIR_FILES"_n), "items"_n)))
        call_method(join(path, item(file, integer(0))), "write_bytes"_n, item(file, integer(1)));
    call_method(path, "rename"_n, target);
}

/// The directory appears complete or not at all; when another process was quicker, its directory stays.
object make_cachedir(Args a) {
    object parent = get(a[0], "parent"_n);
    call_method_kw(parent, "mkdir"_n, {}, {{"parents"_n, Py_True}, {"exist_ok"_n, Py_True}});
    object path = make_path(
        call_kw(lookup("tempfile", "mkdtemp"_n), {}, {{"prefix"_n, str("pytest-cache-files-")}, {"dir"_n, parent}}));
    try {
        fill_directory(path, a[0]);
    } catch (nb::python_error& error) {
        Handling handling(error);
        call_kw(lookup("shutil", "rmtree"_n), {path}, {{"ignore_errors"_n, Py_True}});
        if (!error.matches(PyExc_OSError)) throw;
        object number = get(error.value(), "errno"_n);
        if (!equal(number, lookup("errno", "ENOTEMPTY"_n)) && !equal(number, lookup("errno", "EEXIST"_n))) throw;
    }
    return none();
}

object cache_dir_from_config(Args a) {
    check_ispytest(a[1]);
    return call(own("resolve_from_str"_n), call_method(a[0], "getini"_n, str("cache_dir")), get(a[0], "rootpath"_n));
}

object clear_cache(Args a) {
    check_ispytest(a[2]);
    for (handle kind : {"_CACHE_PREFIX_DIRS"_n, "_CACHE_PREFIX_VALUES"_n}) {
        object directory = join(a[1], get(a[0], kind));
        if (is_directory(directory)) call(own("rm_rf"_n), directory);
    }
    return none();
}

object cache_for_config(Args a) {
    check_ispytest(a[2]);
    object directory = call_method_kw(a[0], "cache_dir_from_config"_n, {a[1]}, {{"_ispytest"_n, Py_True}});
    if (truth(call_method(a[1], "getoption"_n, str("cacheclear"))) && is_directory(directory))
        call_method_kw(a[0], "clear_cache"_n, {directory}, {{"_ispytest"_n, Py_True}});
    return call_kw(a[0], {directory, a[1]}, {{"_ispytest"_n, Py_True}});
}

/// `base` joined with a name that must not lead out of it.
object join_within(handle base, handle name) {
    object path = make_path(call(lookup("os.path", "normpath"_n), join(base, name)));
    if (!truth(call_method(path, "is_relative_to"_n, base)))
        raise(PyExc_ValueError, cat(repr_of(name), " is not allowed to escape the cache directory"));
    return path;
}

object prefixed(handle self, handle kind) { return join(get(self, "_cachedir"_n), get(self, kind)); }

object value_path(handle self, handle key) {
    return call_method(self, "_join_within"_n, prefixed(self, "_CACHE_PREFIX_VALUES"_n), key);
}

void make_directory(handle self, handle path) {
    call_method(self, "_ensure_cache_dir_and_supporting_files"_n);
    call_method_kw(path, "mkdir"_n, {}, {{"exist_ok"_n, Py_True}, {"parents"_n, Py_True}});
}

object mkdir(Args a) {
    if (length(get(make_path(a[1]), "parts"_n)) > 1)
        raise(PyExc_ValueError, "name is not allowed to contain path separators");
    object path = call_method(a[0], "_join_within"_n, prefixed(a[0], "_CACHE_PREFIX_DIRS"_n), a[1]);
    call_method(a[0], "_mkdir"_n, path);
    return path;
}

// --- values -----------------------------------------------------------------------------------

/// self, fmt, _ispytest, args
object warn(Args a) {
    check_ispytest(a[2]);
    object message = truth(a[3]) ? call_ex(get(a[1], "format"_n), check(PyTuple_New(0)), a[3]) : borrow(a[1]);
    object category = facade("_pytest.warning_types", "PytestCacheWarning"_n);
    call_kw(lookup("warnings", "warn"_n), {call(category, message), get(get(a[0], "_config"_n), "hook"_n)},
            {{"stacklevel"_n, integer(1)}});
    return none();
}

/// self, key, default
object get_value(Args a) {
    object path = call_method(a[0], "_getvaluepath"_n, a[1]);
    try {
        object file = call_method_kw(path, "open"_n, {str("r")}, {{"encoding"_n, str("UTF-8")}});
        object content = with(file, [](handle opened) { return call_method(opened, "read"_n); });
        object value = read_json(text(content));
        return value.is_valid() ? value : call(lookup("json", "loads"_n), content);
    } catch (nb::python_error& error) {
        if (error.matches(PyExc_ValueError) || error.matches(PyExc_OSError)) return borrow(a[2]);
        throw;
    }
}

object json_of(handle value) {
    if (auto text = write_json(value)) return str(*text);
    return call_kw(lookup("json", "dumps"_n), {value}, {{"ensure_ascii"_n, Py_False}, {"indent"_n, integer(2)}});
}

/// What went wrong with the directory or the file; empty when all went well.
std::string write_value(handle self, handle key, handle value) {
    object path = call_method(self, "_getvaluepath"_n, key);
    try {
        call_method(self, "_mkdir"_n, get(path, "parent"_n));
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_OSError)) throw;
        return cat("could not create cache path ", path, ": ", error.value());
    }
    object data = json_of(value);
    try {
        call_method_kw(path, "write_text"_n, {data}, {{"encoding"_n, str("UTF-8")}});
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_OSError)) throw;
        return cat("cache could not write path ", path, ": ", error.value());
    }
    return {};
}

object set_value(Args a) {
    std::string trouble = write_value(a[0], a[1], a[2]);
    if (!trouble.empty()) call_method_kw(a[0], "warn"_n, {str(trouble)}, {{"_ispytest"_n, Py_True}});
    return none();
}

// --- --cache-show -----------------------------------------------------------------------------

object glob_files(handle base, handle glob) {
    object files = new_list();
    for (object path : each(call_method(base, "rglob"_n, glob))) {
        if (!truth(call_method(path, "is_file"_n))) continue;
        object normal = make_path(call(lookup("os.path", "normpath"_n), path));
        if (truth(call_method(normal, "is_relative_to"_n, base))) append(files, path);
    }
    check(PyList_Sort(files.ptr()));
    return files;
}

void show_values(handle tw, handle cache, handle directory, handle glob) {
    object line = get(tw, "line"_n), missing = call(type_object(PyBaseObject_Type));
    call_method(tw, "sep"_n, str("-"), strcat("cache values for ", repr_of(glob)));
    for (object path : each(glob_files(directory, glob))) {
        object key = to_str(call_method(path, "relative_to"_n, directory));
        object value = call_method(cache, "get"_n, key, missing);
        if (value.is(missing)) {
            call(line, strcat(key, " contains unreadable content, will be ignored"));
            continue;
        }
        call(line, strcat(key, " contains:"));
        object shown = call(lookup("pprint", "pformat"_n), value);
        for (object part : each(call_method(shown, "splitlines"_n))) call(line, strcat("  ", part));
    }
}

object cacheshow(Args a) {
    object cache = get(a[0], "cache"_n), base = get(cache, "_cachedir"_n);
    object tw = call(facade("_pytest._io", "TerminalWriter"_n)), line = get(tw, "line"_n);
    call(line, strcat("cachedir: ", base));
    if (!is_directory(base)) {
        call(line, str("cache is empty"));
        return integer(0);
    }
    object glob = item(get(get(a[0], "option"_n), "cacheshow"_n), integer(0));
    if (is_none(glob)) glob = str("*");
    object type = own("Cache"_n);
    show_values(tw, cache, join(base, get(type, "_CACHE_PREFIX_VALUES"_n)), glob);
    object directories = join(base, get(type, "_CACHE_PREFIX_DIRS"_n));
    if (!is_directory(directories)) return integer(0);
    object files = glob_files(directories, glob);
    call_method(tw, "sep"_n, str("-"), strcat("cache directories for ", repr_of(glob)));
    for (object path : each(files))
        call(line, strcat(call_method(path, "relative_to"_n, base), " is a file of length ",
                          get(call_method(path, "stat"_n), "st_size"_n)));
    return integer(0);
}

// --- hooks ------------------------------------------------------------------------------------

void add_option(handle group, std::initializer_list<const char*> names, std::initializer_list<Keyword> options) {
    object flags = new_list(), keywords = new_dict();
    for (const char* name : names) append(flags, str(name));
    for (const Keyword& option : options) dict_set(keywords, option.name, option.value);
    call_ex(get(group, "addoption"_n), to_tuple(flags), keywords);
}

object add_options(Args a) {
    object group = call_method(a[0], "getgroup"_n, str("general")), flag = str("store_true");
    add_option(group, {"--lf", "--last-failed"},
               {{"action"_n, flag},
                {"dest"_n, str("lf")},
                {"help"_n, str("Rerun only the tests that failed at the last run (or all if none failed)")}});
    add_option(
        group, {"--ff", "--failed-first"},
        {{"action"_n, flag},
         {"dest"_n, str("failedfirst")},
         {"help"_n, str("Run all tests, but run the last failures first. This may re-order tests and thus lead to "
                        "repeated fixture setup/teardown.")}});
    add_option(group, {"--nf", "--new-first"},
               {{"action"_n, flag},
                {"dest"_n, str("newfirst")},
                {"help"_n, str("Run tests from new files first, then the rest of the tests sorted by file mtime")}});
    add_option(group, {"--cache-show"},
               {{"action"_n, str("append")},
                {"nargs"_n, str("?")},
                {"dest"_n, str("cacheshow")},
                {"help"_n, str("Show cache contents, don't perform collection or tests. Optional argument: glob "
                               "(default: '*').")}});
    add_option(group, {"--cache-clear"},
               {{"action"_n, flag},
                {"dest"_n, str("cacheclear")},
                {"help"_n, str("Remove all cache contents at start of test run")}});
    object directory = str(".pytest_cache"), environ = lookup("os", "environ"_n);
    if (contains(environ, str("TOX_ENV_DIR")))
        directory = call(lookup("os.path", "join"_n), item(environ, str("TOX_ENV_DIR")), directory);
    call_method_kw(a[0], "addini"_n, {str("cache_dir")},
                   {{"default"_n, directory}, {"help"_n, str("Cache directory path")}});
    add_option(
        group, {"--lfnf", "--last-failed-no-failures"},
        {{"action"_n, str("store")},
         {"dest"_n, str("last_failed_no_failures")},
         {"choices"_n, tuple_of(str("all"), str("none"))},
         {"default"_n, str("all")},
         {"help"_n, str("With ``--lf``, determines whether to execute tests when there are no previously (known) "
                        "failures or when no cached ``lastfailed`` data was found. ``all`` (the default) runs the "
                        "full test suite again. ``none`` just emits a message about no known failures and exits "
                        "successfully.")}});
    return none();
}

object cmdline_main(Args a) {
    object option = get(a[0], "option"_n);
    if (!truth(get(option, "cacheshow"_n)) || truth(get(option, "help"_n))) return none();
    return call(lookup("_pytest.main", "wrap_session"_n), a[0], own("cacheshow"_n));
}

object configure(Args a) {
    set(a[0], "cache"_n, call_method_kw(own("Cache"_n), "for_config"_n, {a[0]}, {{"_ispytest"_n, Py_True}}));
    object plugins = get(a[0], "pluginmanager"_n);
    call_method(plugins, "register"_n, call(own("LFPlugin"_n), a[0]), str("lfplugin"));
    call_method(plugins, "register"_n, call(own("NFPlugin"_n), a[0]), str("nfplugin"));
    return none();
}

object report_header(Args a) {
    bool usual = text_of(call_method(a[0], "getini"_n, str("cache_dir"))) == ".pytest_cache";
    if (usual && to_int(get(get(a[0], "option"_n), "verbose"_n)) <= 0) return none();
    object directory = get(get(a[0], "cache"_n), "_cachedir"_n);
    try {
        directory = call_method(directory, "relative_to"_n, get(a[0], "rootpath"_n));
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
    }
    return strcat("cachedir: ", directory);
}

object file_contents(std::string_view text) {
    return check(PyBytes_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size())));
}

object supporting_files() {
    object files = new_dict();
    dict_set(
        files, str("README.md"),
        file_contents("# pytest cache directory #\n\nThis directory contains data from the pytest's cache plugin,\n"
                      "which provides the `--lf` and `--ff` options, as well as the `cache` fixture.\n\n"
                      "**Do not** commit this to version control.\n\n"
                      "See [the docs](https://docs.pytest.org/en/stable/how-to/cache.html) for more information.\n"));
    dict_set(files, str(".gitignore"), file_contents("# Created by pytest automatically.\n*\n"));
    dict_set(files, str("CACHEDIR.TAG"),
             file_contents("Signature: 8a477f597d28d172789f06886806bc55\n"
                           "# This file is a cache directory tag created by pytest.\n"
                           "# For information about cache directory tags, see:\n"
                           "#\thttps://bford.info/cachedir/spec.html\n"));
    return files;
}

void define_class(Module& m) {
    m.cls("Cache")
        .dataclass("_cachedir, _config", {.repr = false, .init = false})
        .attr("__final__", Py_True)
        .attr("_CACHE_PREFIX_DIRS", str("d"))
        .attr("_CACHE_PREFIX_VALUES", str("v"))
        .doc("Values and directories that are kept between runs.")
        .def("__init__", "self, cachedir, config, *, _ispytest=False",
             [](Args a) {
                 check_ispytest(a[3]);
                 set(a[0], "_cachedir"_n, a[1]);
                 set(a[0], "_config"_n, a[2]);
                 return none();
             })
        .def("__repr__", "self", [](Args) { return object(str("Cache()")); })
        .classmethod("for_config", "cls, config, *, _ispytest=False", cache_for_config)
        .classmethod("clear_cache", "cls, cachedir, _ispytest=False", clear_cache)
        .staticmethod("cache_dir_from_config", "config, *, _ispytest=False", cache_dir_from_config)
        .def("warn", "self, fmt, *, _ispytest=False, **args", warn)
        .def("_mkdir", "self, path",
             [](Args a) {
                 make_directory(a[0], a[1]);
                 return none();
             })
        .staticmethod("_join_within", "base, name", [](Args a) { return join_within(a[0], a[1]); })
        .def("mkdir", "self, name", mkdir,
             "The path of a directory of that name, which is made when it does not exist.\n\n    :param name: without "
             "``/``; contain the name of your plugin or application in it.")
        .def("_getvaluepath", "self, key", [](Args a) { return value_path(a[0], a[1]); })
        .def("get", "self, key, default", get_value,
             "The value stored for a key, or the default when there is none that can be read.\n\n    :param key: names "
             "separated by ``/``, usually beginning with that of your plugin or application.")
        .def(
            "set", "self, key, value", set_value,
            "Stores a value made of basic Python types.\n\n    :param key: names separated by ``/``, usually beginning "
            "with that of your plugin or application.")
        .def("_ensure_cache_dir_and_supporting_files", "self",
             [](Args a) {
                 object directory = get(a[0], "_cachedir"_n);
                 if (!is_directory(directory)) call(own("_make_cachedir"_n), directory);
                 return none();
             })
        .make();
}

}  // namespace

object parse_node_id(handle text) { return call_method(facade("_pytest.nodeid", "NodeId"_n), "parse"_n, text); }

bool writes_cache(handle config) {
    return !truth(call_method(config, "getoption"_n, str("cacheshow"))) && !has(config, "workerinput"_n);
}

void store(handle config, const char* key, handle value, handle plugin, handle facade_function) {
    object cache = get(config, "cache"_n);
    if (type_of(cache).is(global<"cacheprovider", "Cache">()) && write_value(cache, str(key), value).empty()) return;
    call(own(facade_function), config, plugin);
}

void define_cache(Module& m) {
    m.attr("CACHEDIR_FILES", supporting_files());
    define_class(m);
    m.def("_make_cachedir", "target", make_cachedir);
    m.def("cacheshow", "config, session", cacheshow, "Shows what the cache holds.");
    m.def("pytest_addoption", "parser", add_options);
    m.def("pytest_cmdline_main", "config", cmdline_main);
    m.hook("pytest_configure", "config", configure, {.tryfirst = true});
    m.def("pytest_report_header", "config", report_header);
}

FASTEST_MODULE(cacheprovider, "_pytest.cacheprovider") {
    define_cache(m);
    define_last_failed(m);
    define_new_first(m);
}

}  // namespace fastest::builtin
