// The import hook: a meta path finder and loader that rewrites conftests, test files, files of the command line and
// marked modules.

#include "engine/rewrite/hook.h"
#include "engine/collect/session.h"
#include "engine/hooks/tracing.h"
#include "engine/py/facades.h"
#include "engine/py/finally.h"
#include "engine/py/library_files.h"
#include "engine/py/module.h"
#include "engine/py/pathlib_path.h"
#include "engine/py/system_path.h"
#include "engine/rewrite/functions.h"
#include "engine/rewrite/rewriter.h"
#include "os/paths.h"

namespace fastest::rewrite {

using py::Args;

namespace {

const char* kModule = "_pytest.assertion.rewrite";

object state_of(handle hook) {
    object key = py::facade(kModule, "assertstate_key"_n);
    return py::item(py::get(py::get(hook, "config"_n), "stash"_n), key);
}

/// `state.trace("".join(parts))`; the text is not made when nobody reads it.
template <class... Parts>
void trace(handle state, const Parts&... parts) {
    object tracer = py::get(state, "trace"_n);
    if (!hooks::traces_nothing(tracer)) py::call(tracer, py::strcat(parts...));
}

bool has_separator(std::string_view text) { return text.find('/') != std::string_view::npos; }

bool matches_pattern(handle pattern, handle path) {
    return py::truth(py::call(py::facade(kModule, "fnmatch_ex"_n), pattern, path));
}

/// Not by collect's matcher: what that leaves to fnmatch would be imported from here, again and again.
bool matches_name(std::string_view pattern, std::string_view name);

/// fnmatch's bracket expression at pattern[at] (after '['); moves `at` behind it. A bracket without end is a plain '['.
bool matches_bracket(std::string_view pattern, std::size_t& at, char character) {
    std::size_t end = at;
    if (end < pattern.size() && pattern[end] == '!') ++end;
    if (end < pattern.size() && pattern[end] == ']') ++end;
    while (end < pattern.size() && pattern[end] != ']') ++end;
    if (end >= pattern.size()) return character == '[';
    bool negated = pattern[at] == '!', found = false;
    for (std::size_t i = at + (negated ? 1 : 0); i < end; ++i) {
        if (i + 2 < end && pattern[i + 1] == '-') {
            found |= pattern[i] <= character && character <= pattern[i + 2];
            i += 2;
        } else {
            found |= pattern[i] == character;
        }
    }
    at = end + 1;
    return found != negated;
}

bool matches_name(std::string_view pattern, std::string_view name) {
    std::size_t at = 0, in = 0, star = std::string_view::npos, resume = 0;
    while (in < name.size()) {
        std::size_t next = at + 1;
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            resume = in;
            continue;
        }
        bool ok = at < pattern.size() &&
                  (pattern[at] == '?' ||
                   (pattern[at] == '[' ? matches_bracket(pattern, next, name[in]) : pattern[at] == name[in]));
        if (ok) {
            at = next;
            ++in;
        } else if (star != std::string_view::npos) {
            at = star + 1;
            in = ++resume;
        } else {
            return false;
        }
    }
    while (at < pattern.size() && pattern[at] == '*') ++at;
    return at == pattern.size();
}

bool is_ascii(std::string_view text) {
    for (char c : text)
        if (static_cast<unsigned char>(c) >= 0x80) return false;
    return true;
}

/// Whether a file name matches a pattern of `python_files` that has no folder in it.
bool file_matches(handle pattern, std::string_view name, handle full_path) {
    if (!py::is_str(pattern)) return matches_pattern(pattern, full_path);
    std::string text = py::text(pattern);
    if (has_separator(text) || !is_ascii(text) || !is_ascii(name)) return matches_pattern(pattern, full_path);
    return matches_name(text, name);
}

std::string last_part(const std::string& text, char separator) { return text.substr(text.rfind(separator) + 1); }

object module_file(const std::string& name) {
    std::string path = name;
    for (char& c : path)
        if (c == '.') c = '/';
    return py::str(path + ".py");
}

std::string stem(const std::string& file) {
    std::size_t dot = file.rfind('.');
    return dot == std::string::npos || dot == 0 ? file : file.substr(0, dot);
}

// --- construction -----------------------------------------------------------------------------

object init(Args a) {
    handle self = a[0], config = a[1];
    py::set(self, "config"_n, config);
    object patterns;
    try {
        patterns = py::call_method(config, "getini"_n, "python_files"_n);
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
        patterns = py::list_of(py::str("test_*.py"), py::str("*_test.py"));
    }
    py::set(self, "fnpats"_n, patterns);
    py::set(self, "session"_n, Py_None);
    py::set(self, "_rewritten_names"_n, py::new_dict());
    py::set(self, "_must_rewrite"_n, py::check(PySet_New(nullptr)));
    py::set(self, "_writing_pyc"_n, Py_False);
    py::set(self, "_basenames_to_check_rewrite"_n, py::check(PySet_New(py::list_of(py::str("conftest")).ptr())));
    py::set(self, "_marked_for_rewrite_cache"_n, py::new_dict());
    py::set(self, "_session_paths_checked"_n, Py_False);
    return py::none();
}

object set_session(Args a) {
    py::set(a[0], "session"_n, a[1]);
    py::set(a[0], "_session_paths_checked"_n, Py_False);
    return py::none();
}

// --- finding ----------------------------------------------------------------------------------

void learn_initial_paths(handle self) {
    object session = py::get(self, "session"_n);
    if (py::is_none(session) || py::truth(py::get(self, "_session_paths_checked"_n))) return;
    py::set(self, "_session_paths_checked"_n, Py_True);
    object names = py::get(self, "_basenames_to_check_rewrite"_n);
    for (object path : py::each(py::get(session, "_initialpaths"_n)))
        py::call_method(names, "add"_n, py::str(stem(last_part(py::text_of(path), '/'))));
}

object early_rewrite_bailout(Args a) {
    handle self = a[0], name = a[1], state = a[2];
    learn_initial_paths(self);
    std::string dotted = py::text(name);
    std::string base = last_part(dotted, '.');
    if (py::contains(py::get(self, "_basenames_to_check_rewrite"_n), py::str(base))) return py::boolean(false);
    object path;
    for (object pattern : py::each(py::get(self, "fnpats"_n))) {
        if (!py::is_str(pattern) || has_separator(py::text(pattern))) return py::boolean(false);
        if (!path.is_valid()) path = module_file(dotted);
        if (file_matches(pattern, base + ".py", path)) return py::boolean(false);
    }
    if (py::truth(py::call_method(self, "_is_marked_for_rewrite"_n, name, state))) return py::boolean(false);
    trace(state, "early skip of rewriting module: ", dotted);
    return py::boolean(true);
}

object should_rewrite(Args a) {
    handle self = a[0], name = a[1], file = a[2], state = a[3];
    std::string path = py::text(file);
    std::string base = last_part(path, '/');
    if (base == "conftest.py") {
        trace(state, "rewriting conftest file: ", py::repr_of(file));
        return py::boolean(true);
    }
    object session = py::get(self, "session"_n);
    if (!py::is_none(session)) {
        // Not by `os.path`: users' guards against blocking calls tell pytest's import hook by its frames, which we have
        // not.
        object absolute = py::str(os::absolute(path));
        std::optional<bool> known = collect::is_initial_path(session, absolute);
        if (known ? *known
                  : py::truth(py::call_method(session, "isinitpath"_n, py::call(py::system_path(), absolute)))) {
            trace(state, "matched test file (was specified on cmdline): ", py::repr_of(file));
            return py::boolean(true);
        }
    }
    for (object pattern : py::each(py::get(self, "fnpats"_n))) {
        if (!file_matches(pattern, base, file)) continue;
        trace(state, "matched test file ", py::repr_of(file));
        return py::boolean(true);
    }
    return py::call_method(self, "_is_marked_for_rewrite"_n, name, state);
}

object is_marked(Args a) {
    handle self = a[0], name = a[1], state = a[2];
    object known = py::get(self, "_marked_for_rewrite_cache"_n);
    if (object answer = py::dict_get(known, name); answer.is_valid()) return answer;
    std::string text = py::text(name);
    bool found = false;
    for (object marked : py::each(py::get(self, "_must_rewrite"_n))) {
        std::string prefix = py::text(marked);
        if (text != prefix && !text.starts_with(prefix + ".")) continue;
        trace(state, "matched marked file ", py::repr_of(name), " (from ", py::repr_of(marked), ")");
        found = true;
        break;
    }
    py::dict_set(known, name, py::boolean(found));
    return py::boolean(found);
}

/// Whether a module is about to be imported without which the hook itself could not answer. Users may have taken all of
/// them out of `sys.modules`.
bool is_needed_here(handle name) {
    std::string text = py::text(name);
    if (text != "_pytest" && !text.starts_with("_pytest.")) return false;
    object module = py::dict_get(PyImport_GetModuleDict(), py::str(kModule));
    return !module.is_valid() || py::is_none(py::get_or(module, "assertstate_key"_n, Py_None));
}

object find_spec(Args a) {
    handle self = a[0], name = a[1];
    if (is_needed_here(name)) return py::none();
    if (py::truth(py::get(self, "_writing_pyc"_n))) return py::none();
    object state = state_of(self);
    if (py::truth(py::call_method(self, "_early_rewrite_bailout"_n, name, state))) return py::none();
    trace(state, "find_module called for: ", name);
    object spec = py::call(py::get(self, "_find_spec"_n), name, a[2]);
    if (py::is_none(spec)) return py::none();
    object file = py::get(spec, "origin"_n);
    if (py::is_none(file)) return py::none();
    object external = py::import_module("_frozen_importlib_external");
    if (!py::is_instance(py::get(spec, "loader"_n), py::get(external, "SourceFileLoader"_n))) return py::none();
    if (!py::truth(py::call(py::lookup("os.path", "exists"_n), file))) return py::none();
    if (!py::truth(py::call_method(self, "_should_rewrite"_n, name, file, state))) return py::none();
    return py::call_method_kw(
        external, "spec_from_file_location"_n, {name, file},
        {{"loader"_n, self}, {"submodule_search_locations"_n, py::get(spec, "submodule_search_locations"_n)}});
}

// --- loading ----------------------------------------------------------------------------------

bool is_ours(handle function, py::Body body) {
    return py::is_native_function(function) && py::function_spec(function).body == body;
}

/// The path of a source's pyc, as a str where nobody but the engine sees it, else as a Path.
object pyc_path(handle source, const object& reader) {
    object tail = py::facade(kModule, "PYC_TAIL"_n);
    object folder_of = py::facade(kModule, "get_cache_dir"_n);
    std::string path = py::text(py::path_str(source));
    std::string name = last_part(path, '/');
    std::string file = name.substr(0, name.size() < 3 ? 0 : name.size() - 3) + py::text(tail);
    bool plain = is_ours(folder_of, &get_cache_dir) && is_ours(reader, &read_pyc) && has_separator(path) &&
                 !py::truth(py::lookup("sys", "pycache_prefix"_n));
    if (plain) return py::str(path.substr(0, path.size() - name.size()) + "__pycache__/" + file);
    return py::check(PyNumber_TrueDivide(py::call(folder_of, source).ptr(), py::str(file).ptr()));
}

/// A function of the facade that writes the cache. Tools that guard functions of `os` in code that may not block
/// (blockbuster) know its frame by name, so it is called as Python where one of them is replaced.
object cache_function(handle name) {
    object module = py::import_module(kModule);
    bool guarded = !py::has_builtin_functions({"mkdir"_n, "replace"_n});
    if (!guarded && py::is_untouched(module)) return py::get(py::room("assertion_rewrite"), name);
    return py::get(module, name);
}

object rewrite_and_cache(handle self, handle source, object pyc, const object& state) {
    trace(state, "rewriting ", py::repr_of(source));
    object made = py::call(py::facade(kModule, "_rewrite_test"_n), source, py::get(self, "config"_n));
    object hash = py::item(made, py::integer(0)), code = py::item(made, py::integer(1));
    if (py::truth(py::lookup("sys", "dont_write_bytecode"_n))) return code;
    object folder = py::call(py::facade(kModule, "get_cache_dir"_n), source);
    if (!py::truth(py::call(cache_function("try_makedirs"_n), folder))) {
        trace(state, "read only directory: ", folder);
        return code;
    }
    if (py::is_str(pyc)) pyc = py::call(py::system_path(), pyc);
    py::set(self, "_writing_pyc"_n, Py_True);
    py::finally([&] { py::call(cache_function("_write_pyc"_n), state, code, hash, pyc); },
                [&] { py::set(self, "_writing_pyc"_n, Py_False); });
    return code;
}

/// Whether the module has run already; then this raises what it raised, or has the module gone if it took itself out of
/// `sys.modules`.
bool has_run(handle hook, handle module) {
    object attributes = py::get(hook, "__dict__"_n), caught = py::dict_get(attributes, "_caught"_n);
    if (!caught.is_valid() || !py::equal(PyTuple_GET_ITEM(caught.ptr(), 0), py::get(module, "__name__"_n)))
        return false;
    py::check(PyDict_DelItem(attributes.ptr(), "_caught"_n.ptr()));
    handle error = PyTuple_GET_ITEM(caught.ptr(), 1);
    if (!py::is_none(error)) py::raise_exception(error);
    py::call_method(py::lookup("sys", "modules"_n), "pop"_n, py::get(module, "__name__"_n), Py_None);
    return true;
}

object exec_module(Args a) {
    if (has_run(a[0], a[1])) return py::none();
    object origin = py::get(py::get(a[1], "__spec__"_n), "origin"_n);
    execute_module(a[0], a[1], py::call(py::system_path(), origin));
    return py::none();
}

// --- marking ----------------------------------------------------------------------------------

object mark_rewrite(Args a) {
    handle self = a[0];
    object modules = py::lookup("sys", "modules"_n), rewritten = py::get(self, "_rewritten_names"_n);
    object names = py::check(PySet_New(a[1].ptr()));
    for (object name : py::each(names)) {
        if (!py::contains(modules, name) || py::contains(rewritten, name)) continue;
        object module = py::item(modules, name);
        object doc = py::get_or(module, "__doc__"_n, Py_None);
        if (py::is_str(doc) && Rewriter::disabled_by(doc)) continue;
        if (py::is_instance(py::get_or(module, "__loader__"_n, Py_None), py::type_of(self))) continue;
        py::call_method(self, "_warn_already_imported"_n, name);
    }
    py::call_method(py::get(self, "_must_rewrite"_n), "update"_n, a[1]);
    py::call_method(py::get(self, "_marked_for_rewrite_cache"_n), "clear"_n);
    return py::none();
}

object warn_already_imported(Args a) {
    object category = py::facade("_pytest.warning_types", "PytestAssertRewriteWarning"_n);
    object warning = py::call(category, py::strcat("Module already imported so cannot be rewritten; ", a[1]));
    // Of the four frames between pytest and whoever marks a module there is none here; `issue_config_time_warning`
    // counts itself.
    py::call_method_kw(py::get(a[0], "config"_n), "issue_config_time_warning"_n, {warning},
                       {{"stacklevel"_n, py::integer(2)}});
    return py::none();
}

object get_data(Args a) {
    object file = py::call(py::lookup("io", "open"_n), a[1], py::str("rb"));
    object content = py::call_method(file, "read"_n);
    py::call_method(file, "close"_n);
    return content;
}

object get_resource_reader(Args a) {
    object modules = py::lookup("sys", "modules"_n);
    object namespace_ = py::call_kw(py::lookup("types", "SimpleNamespace"_n), {},
                                    {{"path"_n, py::item(py::get(a[0], "_rewritten_names"_n), a[1])}});
    return py::call(py::lookup("importlib.readers", "FileReader"_n), namespace_);
}

object nothing(Args) { return py::none(); }

/// The facade's function that calls `exec`, when a tool that measures code (slipcover) has given it a body that calls
/// something else. Null when rewritten modules run as usual.
object other_way_to_run() {
    object module = py::dict_get(PyImport_GetModuleDict(), py::str(kModule));
    if (!module.is_valid() || py::is_untouched(module)) return {};
    object function = py::get_or(module, "_run"_n, Py_None);
    if (!PyFunction_Check(function.ptr())) return {};
    object called = py::get(PyFunction_GET_CODE(function.ptr()), "co_names"_n);
    return py::contains(called, "exec"_n) ? object() : function;
}

void run_code(handle code, handle names) {
    if (object other = other_way_to_run(); other.is_valid())
        py::call(other, code, names);
    else
        py::check(PyEval_EvalCode(code.ptr(), names.ptr(), names.ptr()));
}

}  // namespace

void execute_module(handle self, handle module, object source) {
    object state = state_of(self);
    py::set_item(py::get(self, "_rewritten_names"_n), py::get(module, "__name__"_n), source);
    object reader = py::facade(kModule, "_read_pyc"_n);
    object pyc = pyc_path(source, reader);
    object code = py::call(reader, source, pyc, py::get(state, "trace"_n));
    if (py::is_none(code)) {
        code = rewrite_and_cache(self, source, pyc, state);
    } else {
        trace(state, "found cached rewritten pyc for ", source);
    }
    object names = py::get(module, "__dict__"_n);
    if (!py::dict_get(names, "__builtins__"_n).is_valid()) py::dict_set(names, "__builtins__"_n, PyEval_GetBuiltins());
    run_code(code, names);
}

void raise_at_next_load(handle hook, handle name, handle exception) {
    py::dict_set(py::get(hook, "__dict__"_n), "_caught"_n, py::tuple_of(name, exception));
}

void define_hook(py::Module& m) {
    object finder = py::get(py::import_module("_frozen_importlib_external"), "PathFinder"_n);
    m.cls("AssertionRewritingHook")
        .doc("Meta path finder and loader that rewrites the asserts of test modules, conftests and plugins.")
        .def("__init__", "self, config", &init)
        .def("set_session", "self, session", &set_session)
        .attr("_find_spec", py::get(finder, "find_spec"_n))
        .def("find_spec", "self, name, path=None, target=None", &find_spec)
        .def("create_module", "self, spec", &nothing)
        .def("exec_module", "self, module", &exec_module)
        .def("invalidate_caches", "self", &nothing)
        .def("_early_rewrite_bailout", "self, name, state", &early_rewrite_bailout)
        .def("_should_rewrite", "self, name, fn, state", &should_rewrite)
        .def("_is_marked_for_rewrite", "self, name, state", &is_marked)
        .def("mark_rewrite", "self, *names", &mark_rewrite,
             "Rewrite these modules and the modules in them when they are imported.")
        .def("_warn_already_imported", "self, name", &warn_already_imported)
        .def("get_data", "self, pathname", &get_data, "The bytes of a file (PEP 302).")
        .def("get_resource_reader", "self, name", &get_resource_reader)
        .make();
    define_quick_load(m.get("AssertionRewritingHook"));
}

}  // namespace fastest::rewrite
