#include "engine/collect/paths.h"

#include "engine/collect/glob.h"
#include "engine/nodes/node.h"
#include "engine/nodes/paths.h"
#include "engine/nodes/skip.h"
#include "engine/py/pathlib_path.h"
#include "engine/py/short_cut.h"
#include "engine/py/system_path.h"

namespace fastest::collect {
namespace {

using py::Args;

object os_function(handle name) { return py::lookup("os", name); }
object os_path_function(handle name) { return py::lookup("os.path", name); }

bool is_true_call(handle target, handle method) { return py::truth(py::call_method(target, method)); }

object separator() { return py::lookup("os", "sep"_n); }

object common_path(handle first, handle second) {
    try {
        return py::call(path_class(), py::call(os_path_function("commonpath"_n),
                                               py::tuple_of(py::to_str(first), py::to_str(second))));
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
        return py::none();
    }
}

object resolve_from_str(Args a) {
    object text = py::call(os_path_function("expandvars"_n), py::call(os_path_function("expanduser"_n), a[0]));
    if (py::truth(py::call(os_path_function("isabs"_n), text))) return py::call(path_class(), text);
    return py::call_method(a[1], "joinpath"_n, text);
}

/// All beginnings of a path's text that end before a separator, the root as the separator itself.
object parts(Args a) {
    object sep = separator();
    std::string text = py::text(a[0]), mark = py::text(sep);
    object found = py::check(PySet_New(nullptr));
    for (std::size_t at = text.find(mark);; at = text.find(mark, at + mark.size())) {
        object start = py::str(std::string_view(text).substr(0, at));
        if (!py::truth(start)) start = sep;
        py::check(PySet_Add(found.ptr(), start.ptr()));
        if (at == std::string::npos) return found;
    }
}

object symlink_or_skip(Args a) {
    try {
        py::call_ex(os_function("symlink"_n), py::tuple_of(a[0], a[1]), a[2]);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_OSError)) throw;
        py::Handling handling(error);
        nodes::skip_from("_pytest.pathlib", "symlink_or_skip", py::strcat("symlinks not supported: ", error.value()));
    }
    return py::none();
}

object safe_exists(Args a) {
    try {
        return py::call_method(a[0], "exists"_n);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ValueError) && !error.matches(PyExc_OSError)) throw;
        return py::boolean(false);
    }
}

/// File systems without file ids give 0: then nothing is known, and the answer is no.
object samefile_nofollow(Args a) {
    object first = py::call_method(a[0], "lstat"_n), second = py::call_method(a[1], "lstat"_n);
    for (handle stat : {handle(first), handle(second)})
        if (!py::truth(py::get(stat, "st_ino"_n))) return py::boolean(false);
    return py::call(os_path_function("samestat"_n), first, second);
}

object extended_length(Args a) {
    std::string text = py::text(a[0]);
    if (text.starts_with("\\\\?\\")) return py::borrow(a[0]);
    if (text.starts_with("\\\\")) return py::str("\\\\?\\UNC\\" + text.substr(2));
    return py::str("\\\\?\\" + text);
}

object ensure_extended_length_path(Args a) {
    if (!py::text(py::lookup("sys", "platform"_n)).starts_with("win32")) return py::borrow(a[0]);
    object resolved = py::to_str(py::call_method(a[0], "resolve"_n));
    return py::call(path_class(), py::call(py::lookup("_pytest.pathlib", "get_extended_length_path_str"_n), resolved));
}

}  // namespace

object path_class() { return py::borrow(py::system_path()); }

object as_path(handle value) {
    return py::is_instance(value, py::pathlib_path()) ? py::borrow(value) : py::call(path_class(), value);
}

std::string system_text(handle path) {
    object bytes = py::check(PyUnicode_EncodeFSDefault(py::path_str(path).ptr()));
    return {PyBytes_AS_STRING(bytes.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr()))};
}

object join_path(handle path, handle name) { return py::check(PyNumber_TrueDivide(path.ptr(), name.ptr())); }

object absolute_path(handle path) { return py::call(path_class(), py::call(os_path_function("abspath"_n), path)); }

bool is_file(handle path) { return is_true_call(path, "is_file"_n); }
bool is_directory(handle path) { return is_true_call(path, "is_dir"_n); }

py::ShortCut g_simple_globs{
    "collect.simple_globs",
    "Patterns of letters and stars are matched without the module fnmatch. Seen by patches of that module, and by "
    "other patterns."};

bool fnmatch(handle name, handle pattern) {
    std::optional<bool> quick;
    if (py::is_str(name) && py::is_str(pattern)) quick = match_simple_glob(py::text(pattern), py::text(name));
    if (g_simple_globs.take(quick.has_value())) return *quick;
    return py::truth(py::call(py::lookup("fnmatch", "fnmatch"_n), name, pattern));
}

bool matches_glob(handle pattern_given, handle path_given) {
    object path = py::is_instance(path_given, py::known<"pathlib", "PurePath">())
                      ? py::borrow(path_given)
                      : py::call(py::known<"pathlib", "PurePath">(), path_given);
    std::string pattern = py::text(pattern_given), mark = py::text(separator());
    bool has_separator = pattern.find(mark) != std::string::npos;
    if (!has_separator && mark != "/" && pattern.find('/') != std::string::npos) {
        for (char& c : pattern)
            if (c == '/') c = mark[0];
        has_separator = true;
    }
    if (!has_separator) return fnmatch(py::get(path, "name"_n), py::str(pattern));
    object text = py::str(pattern);
    if (is_true_call(path, "is_absolute"_n) && !py::truth(py::call(os_path_function("isabs"_n), text)))
        text = py::str("*" + mark + pattern);
    return fnmatch(py::to_str(path), text);
}

object best_relative_path(handle directory, handle dest) {
    for (handle path : {directory, dest})
        if (!py::is_instance(path, py::pathlib_path())) py::raise(PyExc_AssertionError, "");
    if (py::equal_paths(dest, directory)) return py::lookup("os", "curdir"_n);
    if (object below = nodes::relative_text(dest, directory); below.is_valid()) return below;
    object base = common_path(directory, dest);
    if (py::is_none(base)) return py::to_str(dest);
    object up = py::lookup("os", "pardir"_n);
    object steps = py::new_list();
    Py_ssize_t levels = py::length(py::get(py::call_method(directory, "relative_to"_n, base), "parts"_n));
    for (Py_ssize_t i = 0; i < levels; ++i) py::append(steps, up);
    for (object part : py::each(py::get(py::call_method(dest, "relative_to"_n, base), "parts"_n)))
        py::append(steps, part);
    return py::call_ex(os_path_function("join"_n), py::to_tuple(steps));
}

void define_paths(py::Module& m) {
    m.def(
        "absolutepath", "path", [](Args a) { return absolute_path(a[0]); },
        "An absolute, normalised path; symbolic links stay.");
    m.def("commonpath", "path1, path2", [](Args a) { return common_path(a[0], a[1]); });
    m.def("bestrelpath", "directory, dest", [](Args a) { return best_relative_path(a[0], a[1]); });
    m.def("fnmatch_ex", "pattern, path", [](Args a) { return py::boolean(matches_glob(a[0], a[1])); });
    m.def("resolve_from_str", "input, rootpath", resolve_from_str);
    m.def("parts", "s", parts);
    m.def("symlink_or_skip", "src, dst, **kwargs", symlink_or_skip);
    m.def("safe_exists", "p", safe_exists);
    m.def("samefile_nofollow", "p1, p2", samefile_nofollow);
    m.def("get_extended_length_path_str", "path", extended_length);
    m.def("ensure_extended_length_path", "path", ensure_extended_length_path);
}

}  // namespace fastest::collect

FASTEST_MODULE(pathlib, "_pytest.pathlib") {
    using namespace fastest;
    collect::define_paths(m);
    collect::define_scanning(m);
    collect::define_module_names(m);
    collect::define_imports(m);
    collect::define_removal(m);
    collect::define_numbered_directories(m);
}
