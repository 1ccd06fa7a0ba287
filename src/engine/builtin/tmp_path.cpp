// Temporary directories of tests: the factory, the fixture's two halves, and which directories are kept.

#include "engine/fixtures/notices.h"
#include "engine/hooks/quiet.h"
#include "engine/nodes/node.h"
#include "engine/py/finally.h"
#include "engine/py/fork.h"
#include "engine/py/ini_choices.h"
#include "engine/py/library_files.h"
#include "engine/py/short_cut.h"
#include "engine/py/system_path.h"
#include "engine/py/temporary_root.h"
#include "engine/py/unimported.h"
#include "os/files.h"

namespace fastest::builtin {
namespace {

using namespace py;
using fixtures::check_ispytest;

constexpr int kPrivate = 0700;
constexpr long long kFileType = 0170000, kLink = 0120000;  // of st_mode, as Python gives it on every platform
constexpr int kMakeTries = 20;                             // names tried before giving up
constexpr int kListAfter = 10;                             // failures after which the directory is listed once

object own(handle name) { return facade("_pytest.tmpdir", name); }
object make_path(handle text) { return call(system_path(), text); }
object join(handle path, handle name) { return call_method(path, "joinpath"_n, name); }
void make_private(handle path) { call_method_kw(path, "mkdir"_n, {}, {{"mode"_n, integer(kPrivate)}}); }

void remove_tree(handle path) { call_kw(own("rmtree"_n), {path}, {{"ignore_errors"_n, Py_True}}); }

// --- the factory ------------------------------------------------------------------------------

/// self, given_basetemp, retention_count, retention_policy, trace, basetemp, _ispytest
object init_factory(Args a) {
    check_ispytest(a[6]);
    object given = none();
    if (!is_none(a[1])) given = make_path(call(lookup("os.path", "abspath"_n), to_str(a[1])));
    set(a[0], "_given_basetemp"_n, given);
    set(a[0], "_trace"_n, a[4]);
    set(a[0], "_retention_count"_n, a[2]);
    set(a[0], "_retention_policy"_n, a[3]);
    set(a[0], "_basetemp"_n, a[5]);
    set(a[0], "_next_number"_n, new_dict());
    CleanUp(a[0]).begin();
    return none();
}

object exit_stack(Args a) { return CleanUp(a[0]).stack(); }

object set_exit_stack(Args a) {
    CleanUp(a[0]).set_stack(a[1]);
    return none();
}

/// cls, config, _ispytest
object factory_from_config(Args a) {
    check_ispytest(a[2]);
    object count = call(type_object(PyLong_Type), call_method(a[1], "getini"_n, str("tmp_path_retention_count")));
    if (to_int(count) < 0)
        raise(PyExc_ValueError, cat("tmp_path_retention_count must be >= 0. Current input: ", count, "."));
    object policy = call_method(a[1], "getini"_n, str("tmp_path_retention_policy"));
    object trace = call_method(get(a[1], "trace"_n), "get"_n, str("tmpdir"));
    return call_named<"given_basetemp", "trace", "retention_count", "retention_policy", "_ispytest">(
        a[0], get(get(a[1], "option"_n), "basetemp"_n), trace, count, policy, Py_True);
}

ShortCut g_plain_basename{"builtin.plain_basename",
                          "That a name of letters is one in the factory's directory is seen without resolving its path "
                          "in Python. Seen by patches of "
                          "Path.resolve, os.path.realpath and os.lstat, and by names and directories with links, "
                          "slashes or other letters than ASCII."};

/// Whether paths are resolved as Python does.
bool resolves_as_python(handle path) {
    object real_path = lookup("os.path", "realpath"_n);
    return has_library_methods(path, {"resolve"_n}) && PyFunction_Check(real_path.ptr()) &&
           text_of(get(real_path, "__module__"_n)) == "posixpath" && has_builtin_functions({"lstat"_n});
}

bool is_plain_ascii(handle text) { return PyUnicode_CheckExact(text.ptr()) && PyUnicode_IS_ASCII(text.ptr()); }

/// Whether the path of a name in a directory surely resolves to one in that directory.
bool stays_inside(handle base, handle name) {
    object folder = to_str(base);
    if (!is_plain_ascii(name) || !is_plain_ascii(folder) || !resolves_as_python(base)) return false;
    std::string own = text(name), path = text(folder);
    if (own.empty() || own == "." || own == ".." || own.find_first_of(std::string_view("/\0", 2)) != std::string::npos)
        return false;
    return os::is_real(path) && !os::is_link(path + "/" + own);
}

object ensure_relative(handle self, handle basename) {
    object normal = call(lookup("os.path", "normpath"_n), basename);
    object base = call_method(self, "getbasetemp"_n);
    if (g_plain_basename.take(stays_inside(base, normal))) return normal;
    object parent = get(call_method(join(base, normal), "resolve"_n), "parent"_n);
    if (!equal(parent, base)) raise(PyExc_ValueError, cat(normal, " is not a normalized and relative path"));
    return normal;
}

/// The number behind the highest name with that prefix.
long long after_listed(handle base, handle prefix) {
    long long highest = -1;
    for (object suffix : each(call(own("find_suffixes"_n), base, prefix)))
        highest = std::max(highest, to_int(call(own("parse_num"_n), suffix)));
    return highest + 1;
}

object make_counted(handle self, handle prefix) {
    object base = call_method(self, "getbasetemp"_n);
    object counters = get(self, "_next_number"_n), key = call_method(prefix, "lower"_n);
    object next = dict_get(counters, key);
    long long number = next.is_valid() ? to_int(next) : 0;
    for (int failures = 1;; ++failures, ++number) {
        if (failures == kListAfter + 1) number = std::max(number, after_listed(base, prefix));
        object path = join(base, strcat(prefix, number));
        try {
            make_private(path);
        } catch (nb::python_error& error) {
            if (!error.matches(PyExc_OSError)) throw;
            if (failures < kMakeTries) continue;
            Handling handling(error);
            raise_from(call(PyExc_OSError, strcat("could not create numbered dir with prefix ", prefix, " in ", base,
                                                  " after ", kMakeTries, " tries")),
                       error.value());
        }
        dict_set(counters, key, integer(number + 1));
        call(own("_force_symlink"_n), base, strcat(prefix, "current"), path);
        return path;
    }
}

/// self, basename, numbered
object mktemp(Args a) {
    object basename = call_method(a[0], "_ensure_relative_to_basetemp"_n, a[1]);
    object path;
    if (truth(a[2])) {
        path = call_method(a[0], "_make_counted_dir"_n, basename);
    } else {
        path = join(call_method(a[0], "getbasetemp"_n), basename);
        make_private(path);
    }
    call(get(a[0], "_trace"_n), str("mktemp"), path);
    return path;
}

// --- the base directory -----------------------------------------------------------------------

object make_given(handle given) {
    if (truth(call_method(given, "exists"_n))) call(own("rm_rf"_n), given);
    make_private(given);
    return call_method(given, "resolve"_n);
}

void make_shared_root(handle root) {
    call_method_kw(root, "mkdir"_n, {}, {{"mode"_n, integer(kPrivate)}, {"exist_ok"_n, Py_True}});
}

/// The name is predictable and its parent shared: nobody else may own it or have put a link there, nor be able to look
/// in.
void secure_root(handle root) {
    object uid = call(own("get_user_id"_n));
    if (is_none(uid)) return;
    bool can_refuse_links = contains(lookup("os", "supports_follow_symlinks"_n), lookup("os", "stat"_n));
    object status = call_method_kw(root, "stat"_n, {}, {{"follow_symlinks"_n, can_refuse_links ? Py_False : Py_True}});
    long long mode = to_int(get(status, "st_mode"_n));
    if ((mode & kFileType) == kLink)
        raise(PyExc_OSError, cat("The temporary directory ", root, " is a symbolic link. Fix this and try again."));
    if (!equal(get(status, "st_uid"_n), uid))
        raise(PyExc_OSError,
              cat("The temporary directory ", root, " is not owned by the current user. Fix this and try again."));
    if (mode & 077) call_method(root, "chmod"_n, integer(mode & ~077LL));
}

/// Closure: the factory.
object close_factory(Args a) {
    CleanUp clean_up(a.closure());
    py::finally([&] { clean_up.run(); }, [&] { clean_up.begin(); });
    return none();
}

/// Closure: what `atexit` calls.
object unregister_close(Args a) { return call(lookup("atexit", "unregister"_n), a.closure()); }

/// function, *args, **kwargs; closure: the factory.
object register_cleanup(Args a) {
    object arguments = check(PySequence_Concat(tuple_of(a[0]).ptr(), a[1].ptr()));
    CleanUp(a.closure()).add(call_ex(lookup("_functools", "partial"_n), arguments, a[2]));
    return none();
}

object make_numbered(handle self) {
    object from_env = call_method(lookup("os", "environ"_n), "get"_n, str("PYTEST_DEBUG_TEMPROOT"));
    CleanUp clean_up(self);
    if (!truth(from_env)) from_env = temporary_root(clean_up);
    object shared = call_method(make_path(from_env), "resolve"_n);
    object user = call(own("get_user"_n));
    object root = join(shared, strcat("pytest-of-", truth(user) ? user : str("unknown")));
    try {
        make_shared_root(root);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_OSError)) throw;
        Handling handling(error);
        root = join(shared, str("pytest-of-unknown"));
        make_shared_root(root);
    }
    secure_root(root);
    object keep = get(self, "_retention_count"_n);
    if (text_of(get(self, "_retention_policy"_n)) == "none") keep = integer(0);
    object close = make_function("close", "", close_factory, self);
    object made = call_named<"prefix", "root", "keep", "lock_timeout", "mode", "register">(
        own("make_numbered_dir_with_cleanup"_n), str("pytest-"), root, keep, own("LOCK_TIMEOUT"_n), integer(kPrivate),
        make_function("register", "function, *args, **kwargs", register_cleanup, self));
    call(lookup("atexit", "register"_n), close);
    clean_up.add(make_function("forget_close", "", unregister_close, close));
    return made;
}

object getbasetemp(Args a) {
    object known = get(a[0], "_basetemp"_n);
    if (!is_none(known)) return known;
    object given = get(a[0], "_given_basetemp"_n);
    object made = is_none(given) ? make_numbered(a[0]) : make_given(given);
    set(a[0], "_basetemp"_n, made);
    call(get(a[0], "_trace"_n), str("new basetemp"), made);
    return made;
}

/// `getpass.getuser()`.
/// Source: https://docs.python.org/3/library/getpass.html#getpass.getuser
object user_name() {
    if (!does_without("getpass")) return call(lookup("getpass", "getuser"_n));
    for (const char* name : {"LOGNAME", "USER", "LNAME", "USERNAME"})
        if (object value = call_method(lookup("os", "environ"_n), "get"_n, str(name)); truth(value)) return value;
    return item(call(lookup("pwd", "getpwuid"_n), call(lookup("os", "getuid"_n))), integer(0));
}

object get_user(Args) {
    try {
        return user_name();
    } catch (nb::python_error& error) {
        if (error.matches(PyExc_ImportError) || error.matches(PyExc_OSError) || error.matches(PyExc_KeyError))
            return none();
        throw;
    }
}

// --- the fixture ------------------------------------------------------------------------------

bool is_word(Py_UCS4 c) { return c == '_' || Py_UNICODE_ISALNUM(c); }

/// A directory named after the test: what is no word character becomes `_`, 30 characters at most.
object make_for_test(handle request, handle factory) {
    object name = get(get(request, "node"_n), "name"_n);
    Py_ssize_t size = std::min<Py_ssize_t>(length(name), 30);
    object safe = check(PyUnicode_Substring(name.ptr(), 0, size));
    for (Py_ssize_t i = 0; i < size; ++i) {
        if (is_word(PyUnicode_READ_CHAR(safe.ptr(), i))) continue;
        std::string replaced;
        for (Py_ssize_t k = 0; k < size; ++k) {
            object c = check(PyUnicode_Substring(safe.ptr(), k, k + 1));
            replaced += is_word(PyUnicode_READ_CHAR(safe.ptr(), k)) ? text(c) : "_";
        }
        safe = str(replaced);
        break;
    }
    return call_method_kw(factory, "mktemp"_n, {safe}, {{"numbered"_n, Py_True}});
}

/// After the test: its directory goes when only those of failed tests are kept. request, factory, path
object end_for_test(Args a) {
    object stash = get(get(a[0], "node"_n), "stash"_n), key = own("tmppath_result_key"_n);
    object results = call_method(stash, "setdefault"_n, key, new_dict());
    bool passed = truth(call_method(results, "get"_n, str("call"), Py_True));
    if (passed && text_of(get(a[1], "_retention_policy"_n)) == "failed") remove_tree(a[2]);
    check(PyObject_DelItem(stash.ptr(), key.ptr()));
    return none();
}

// --- hooks ------------------------------------------------------------------------------------

object add_options(Args a) {
    call_method_kw(a[0], "addini"_n, {str("tmp_path_retention_count")},
                   {{"help"_n, str("How many sessions should we keep the `tmp_path` directories, according to "
                                   "`tmp_path_retention_policy`.")},
                    {"default"_n, integer(3)},
                    {"type"_n, check(PyNumber_Or(type_object(PyLong_Type).ptr(), type_object(PyUnicode_Type).ptr()))}});
    call_method_kw(
        a[0], "addini"_n, {str("tmp_path_retention_policy")},
        {{"help"_n, str("Controls which directories created by the `tmp_path` fixture are kept around, based on "
                        "test outcome.")},
         {"type"_n, ini_choices(a[0], {"all", "failed", "none"})},
         {"default"_n, str("all")}});
    return none();
}

/// Ahead of a fork: making a given base directory removes what is there, so it is made once for both. Closure: the
/// factory.
object make_given_now(Args a) {
    if (!is_none(get(a.closure(), "_given_basetemp"_n))) call_method(a.closure(), "getbasetemp"_n);
    return none();
}

/// In a forked child: the base directory and its lock are the parent's to remove. Closure: the factory.
object leave_to_parent(Args a) {
    handle factory = a.closure();
    call_method(get(factory, "_exit_stack"_n), "pop_all"_n);
    if (object base = get(factory, "_basetemp"_n); !is_none(base)) set(factory, "_given_basetemp"_n, base);
    return none();
}

object configure(Args a) {
    object patch = call(facade("_pytest.monkeypatch", "MonkeyPatch"_n));
    call_method(a[0], "add_cleanup"_n, get(patch, "undo"_n));
    object factory = call_method_kw(own("TempPathFactory"_n), "from_config"_n, {a[0]}, {{"_ispytest"_n, Py_True}});
    call_method_kw(patch, "setattr"_n, {a[0], "_tmp_path_factory"_n, factory}, {{"raising"_n, Py_False}});
    on_fork(a[0], make_function("before_fork", "config", make_given_now, factory),
            make_function("after_fork", "config", leave_to_parent, factory));
    return none();
}

object session_finish(Args a) {
    object factory = get(get(a[0], "config"_n), "_tmp_path_factory"_n);
    object base = get(factory, "_basetemp"_n);
    if (is_none(base)) return none();
    bool clean = equal(a[1], integer(0)) && text_of(get(factory, "_retention_policy"_n)) == "failed" &&
                 is_none(get(factory, "_given_basetemp"_n));
    if (clean && truth(call_method(base, "is_dir"_n))) remove_tree(base);
    if (truth(call_method(base, "is_dir"_n))) call(own("cleanup_dead_symlinks"_n), base);
    CleanUp clean_up(factory);
    py::finally([&] { clean_up.run(); }, [&] { clean_up.begin(); });
    return none();
}

Generator keep_result(OwnedArgs a) {
    object report = co_yield none();
    if (!nodes::has_stash(a[0]) && truth(get(report, "passed"_n)))
        co_return report;  // what nothing noted counts as passed
    object results = call_method(get(a[0], "stash"_n), "setdefault"_n, own("tmppath_result_key"_n), new_dict());
    set_item(results, get(report, "when"_n), get(report, "passed"_n));
    co_return report;
}

class QuietResults final : public hooks::QuietPart {
public:
    bool wants_report(handle item, hooks::Phase phase) override {
        if (!nodes::has_stash(item)) return false;
        object results = call_method(nodes::stash_of(item), "setdefault"_n, own("tmppath_result_key"_n), new_dict());
        set_item(results, hooks::name_of(phase), Py_True);
        return false;
    }
};

std::unique_ptr<hooks::QuietPart> quiet_results(handle, hooks::QuietRun&) { return std::make_unique<QuietResults>(); }

void define_factory(Module& m) {
    m.cls("TempPathFactory")
        .dataclass("_given_basetemp, _trace, _basetemp, _retention_count, _retention_policy", {.init = false})
        .attr("__final__", Py_True)
        .doc("Makes temporary directories below a common base directory.")
        .def("__init__",
             "self, given_basetemp, retention_count, retention_policy, trace, basetemp=None, *, _ispytest=False",
             init_factory)
        .prop("_exit_stack", exit_stack, set_exit_stack)
        .classmethod("from_config", "cls, config, *, _ispytest=False", factory_from_config)
        .def("_ensure_relative_to_basetemp", "self, basename", [](Args a) { return ensure_relative(a[0], a[1]); })
        .def("mktemp", "self, basename, numbered=True", mktemp,
             "Makes a directory.\n\n    :param basename: its name, a relative path.\n    :param numbered: whether a "
             "number "
             "is added to make the name unique.\n    :returns: the :class:`pathlib.Path` of it.")
        .def("_make_counted_dir", "self, prefix", [](Args a) { return make_counted(a[0], a[1]); })
        .def("getbasetemp", "self", getbasetemp, "The base directory; it is made when it is first asked for.")
        .make();
}

FASTEST_MODULE(tmpdir, "_pytest.tmpdir") {
    define_factory(m);
    m.attr("tmppath_result_key", call(lookup("_pytest.stash", "StashKey"_n)));
    m.def("get_user", "", get_user, "The name of the user, None when it cannot be had.");
    m.def("_mk_tmp", "request, factory", [](Args a) { return make_for_test(a[0], a[1]); });
    m.def("end_tmp_path", "request, factory, path", end_for_test);
    m.def("pytest_addoption", "parser", add_options);
    m.def("pytest_configure", "config", configure);
    m.def("pytest_sessionfinish", "session, exitstatus", session_finish);
    hooks::plays_quietly(m.wrapper("pytest_runtest_makereport", "item, call", keep_result, {.tryfirst = true}),
                         quiet_results);
}

}  // namespace
}  // namespace fastest::builtin
