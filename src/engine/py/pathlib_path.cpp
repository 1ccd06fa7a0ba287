#include "engine/py/pathlib_path.h"

#include <algorithm>
#include <initializer_list>

#include "engine/py/system_path.h"

namespace fastest::py {
namespace {

/// Whether it is of the class that `Path(...)` makes on this system.
bool is_plain(handle path) { return type_of(path).is(system_path()); }

handle class_member(handle path, handle name) { return _PyType_Lookup(Py_TYPE(path.ptr()), name.ptr()); }

/// Whether its text is made by the methods that the class had at first use.
bool has_plain_text(handle path) {
    if (!is_plain(path)) return false;
    static PyObject* const str = borrow(class_member(path, "__str__"_n)).release().ptr();
    static PyObject* const fspath = borrow(class_member(path, "__fspath__"_n)).release().ptr();
    return class_member(path, "__str__"_n).is(str) && class_member(path, "__fspath__"_n).is(fspath);
}

/// The text that a plain path keeps once somebody has asked for it; else null.
object kept_text(handle path) {
    object kept = has_plain_text(path) ? try_get(path, "_str"_n) : object();
    return kept.is_valid() && PyUnicode_CheckExact(kept.ptr()) ? kept : object();
}

/// Whether the system knows the file of this name by the bytes of its UTF-8.
bool is_utf8_to_the_system(handle name, std::string_view utf8) {
    if (PyUnicode_IS_ASCII(name.ptr())) return true;
    object bytes = check(PyUnicode_EncodeFSDefault(name.ptr()));
    return std::string_view(PyBytes_AS_STRING(bytes.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr()))) ==
           utf8;
}

}  // namespace

handle system_path() {
    static PyObject* const made_class = Py_NewRef(type_of(call(pathlib_path())).ptr());
    return made_class;
}

std::optional<std::string> plain_path_text(handle path) {
    object kept = kept_text(path);
    if (!kept.is_valid()) return {};
    std::string utf8 = text(kept);
    return is_utf8_to_the_system(kept, utf8) ? std::optional(std::move(utf8)) : std::nullopt;
}

object path_str(handle path) {
    object kept = kept_text(path);
    return kept.is_valid() ? kept : to_str(path);
}

object path_fspath(handle path) {
    object kept = kept_text(path);
    return kept.is_valid() ? kept : check(PyOS_FSPath(path.ptr()));
}

bool equal_paths(handle path, handle other) {
    object text = kept_text(path), other_text = kept_text(other);
    bool comparable = text.is_valid() && other_text.is_valid() && PyUnicode_GET_LENGTH(text.ptr()) > 0 &&
                      PyUnicode_READ_CHAR(text.ptr(), 0) == '/';
    return equal(comparable ? handle(text) : path, comparable ? handle(other_text) : other);
}

std::string fs_text(handle path) {
    PyObject* bytes = nullptr;
    if (!PyUnicode_FSConverter(path_fspath(path).ptr(), &bytes)) throw nb::python_error();
    object owned = steal(bytes);
    return {PyBytes_AS_STRING(bytes), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes))};
}

object fs_str(std::string_view text) {
    return check(PyUnicode_DecodeFSDefaultAndSize(text.data(), static_cast<Py_ssize_t>(text.size())));
}

namespace {

bool has_members(handle path, std::initializer_list<handle> names) {
    return std::ranges::all_of(names, [&](handle name) { return class_member(path, name).is_valid(); });
}

/// How 3.10 and 3.11 keep paths.
bool keeps_parts(handle path) { return has_members(path, {"_make_child_relpath"_n, "_parts"_n, "_drv"_n, "_root"_n}); }
/// How 3.12 and later ones do: the text is taken apart when somebody asks.
bool keeps_texts(handle path) { return has_members(path, {"_raw_paths"_n, "_tail_cached"_n, "_str"_n}); }

object new_path(handle folder) { return check(PyType_GenericAlloc(Py_TYPE(folder.ptr()), 0)); }

object with_parts(handle folder, handle more) {
    object path = new_path(folder), parts = check(PySequence_Concat(get(folder, "_parts"_n).ptr(), more.ptr()));
    set(path, "_drv"_n, get(folder, "_drv"_n));
    set(path, "_root"_n, get(folder, "_root"_n));
    set(path, "_parts"_n, parts);
    return path;
}

object with_text(handle folder, handle text) {
    object path = new_path(folder);
    set(path, "_raw_paths"_n, list_of(text));
    return path;
}

/// The text in front of what is below a folder.
object start_of_children(handle folder) {
    std::string start = text(path_str(folder));
    if (start == ".") return str("");
    return str(start.ends_with('/') ? start : start + "/");
}

/// The parts of a relative path that pathlib would leave as it is; null for others.
object plain_parts(handle relative) {
    std::string whole = text(relative), bounded = "/" + whole + "/";
    for (std::string_view odd : {"//", "/./", "/../"})
        if (bounded.find(odd) != std::string::npos) return {};
    return check(PyUnicode_Split(relative.ptr(), "/"_n.ptr(), -1));
}

}  // namespace

object path_below(handle folder, handle relative) {
    bool has_parts = is_plain(folder) && keeps_parts(folder), has_texts = is_plain(folder) && keeps_texts(folder);
    object parts = has_parts || has_texts ? plain_parts(relative) : object();
    if (!parts.is_valid()) return check(PyNumber_TrueDivide(folder.ptr(), relative.ptr()));
    object whole = check(PyUnicode_Concat(start_of_children(folder).ptr(), relative.ptr()));
    object path = has_parts ? with_parts(folder, parts) : with_text(folder, whole);
    set(path, "_str"_n, whole);
    return path;
}

}  // namespace fastest::py
