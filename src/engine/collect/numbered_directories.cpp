// Directories PREFIX0, PREFIX1, ... with lock files, a link to the newest, and removal of old ones.

#include <functional>

#include "engine/collect/paths.h"
#include "engine/py/library_files.h"
#include "engine/py/pathlib_path.h"
#include "engine/py/short_cut.h"
#include "engine/py/unimported.h"
#include "os/files.h"
#include "os/paths.h"

namespace fastest::collect {
namespace {

using py::Args;

constexpr int kTries = 10;

py::ShortCut g_list_natively{
    "collect.list_natively",
    "The folder of the last runs is listed, and dead links in it removed, without a Path for each entry. Seen by "
    "patches of Path.glob, Path.iterdir and what they call, and of os."};

object ours(handle name) { return py::lookup("_pytest.pathlib", name); }
object os_function(handle name) { return py::lookup("os", name); }

/// Runs a call; false when it raised an error of this class.
bool attempt(handle error_class, const std::function<void()>& call) {
    try {
        call();
        return true;
    } catch (nb::python_error& error) {
        if (!error.matches(error_class)) throw;
        return false;
    }
}

py::Generator find_prefixed(py::OwnedArgs a) {
    object prefix = py::call_method(a[1], "lower"_n);
    for (object entry : py::each(py::call(os_function("scandir"_n), a[0])))
        if (py::truth(py::call_method(py::call_method(py::get(entry, "name"_n), "lower"_n), "startswith"_n, prefix)))
            co_yield entry;
    co_return py::none();
}

object suffix_of(handle entry, handle prefix) {
    return py::check(PySequence_GetSlice(py::get(entry, "name"_n).ptr(), py::length(prefix), PY_SSIZE_T_MAX));
}

py::Generator extract_suffixes(py::OwnedArgs a) {
    for (object entry : py::each(a[0])) co_yield suffix_of(entry, a[1]);
    co_return py::none();
}

py::Generator find_suffixes(py::OwnedArgs a) {
    object entries = py::call(ours("find_prefixed"_n), a[0], a[1]);
    for (object entry : py::each(entries)) co_yield suffix_of(entry, a[1]);
    co_return py::none();
}

/// An int, which may be longer than C's; -1 for a text that is none.
object number_of(handle text) {
    object number;
    attempt(PyExc_ValueError, [&] { number = py::call(py::type_object(PyLong_Type), text); });
    return number.is_valid() ? number : py::integer(-1);
}

bool is_greater(handle number, handle other) {
    return py::truth(py::check(PyObject_RichCompare(number.ptr(), other.ptr(), Py_GT)));
}

object highest_number(handle root, handle prefix) {
    object highest = py::integer(-1);
    for (object suffix : py::each(py::call(ours("find_suffixes"_n), root, prefix)))
        if (object number = number_of(suffix); is_greater(number, highest)) highest = number;
    return highest;
}

/// Points `root/name` to a directory. Best effort: several processes may do it at once.
object force_symlink(Args a) {
    object link = py::call_method(a[0], "joinpath"_n, a[1]);
    attempt(PyExc_OSError, [&] { py::call_method(link, "unlink"_n); });
    attempt(PyExc_Exception, [&] { py::call_method(link, "symlink_to"_n, a[2]); });
    return py::none();
}

object make_numbered(handle root, handle prefix, handle mode) {
    for (int tries = 0; tries < kTries; ++tries) {
        object number = py::check(PyNumber_Add(highest_number(root, prefix).ptr(), py::integer(1).ptr()));
        object path = py::call_method(root, "joinpath"_n, py::strcat(prefix, number));
        if (!attempt(PyExc_Exception, [&] { py::call_method_kw(path, "mkdir"_n, {}, {{"mode"_n, mode}}); })) continue;
        py::call(ours("_force_symlink"_n), root, py::strcat(prefix, "current"), path);
        return path;
    }
    py::raise(PyExc_OSError,
              py::cat("could not create numbered dir with prefix ", prefix, " in ", root, " after ", kTries, " tries"));
}

// --- locks --------------------------------------------------------------------------------------------------------

object lock_path(handle path) { return py::call_method(path, "joinpath"_n, py::str(".lock")); }

object create_lock(Args a) {
    object lock = py::call(ours("get_lock_path"_n), a[0]);
    long long flags = 0;
    for (handle flag : {"O_WRONLY"_n, "O_CREAT"_n, "O_EXCL"_n}) flags |= py::to_int(os_function(flag));
    object descriptor;
    try {
        descriptor = py::call(os_function("open"_n), py::to_str(lock), py::integer(flags), py::integer(0644));
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_FileExistsError)) throw;
        py::Handling handling(error);
        py::raise_from(py::call(PyExc_OSError, py::strcat("cannot create lockfile in ", a[0])), error.value());
    }
    object pid = py::call_method(py::to_str(py::call(os_function("getpid"_n))), "encode"_n);
    py::call(os_function("write"_n), descriptor, pid);
    py::call(os_function("close"_n), descriptor);
    if (!is_file(lock)) py::raise(PyExc_OSError, "lock path got renamed after successful creation");
    return lock;
}

/// A forked child must leave the parent's lock alone.
object remove_own_lock(Args a) {
    object path = a.given(0) ? py::borrow(a[0]) : py::item(a.closure(), py::integer(0));
    object owner = a.given(1) ? py::borrow(a[1]) : py::item(a.closure(), py::integer(1));
    if (py::equal(py::call(os_function("getpid"_n)), owner))
        attempt(PyExc_OSError, [&] { py::call_method(path, "unlink"_n); });
    return py::none();
}

object register_lock_removal(Args a) {
    object pid = py::call(os_function("getpid"_n));
    object cleanup = py::make_function("cleanup_on_exit", "lock_path=..., original_pid=...", remove_own_lock,
                                       py::tuple_of(a[0], pid));
    return py::call(a[1], cleanup);
}

// --- removal ------------------------------------------------------------------------------------------------------

/// `uuid.uuid4()` as text.
object random_name() {
    if (!py::does_without("uuid")) return py::to_str(py::call(py::lookup("uuid", "uuid4"_n)));
    object random = py::call(os_function("urandom"_n), py::integer(16));
    std::string bytes(PyBytes_AsString(random.ptr()), 16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);  // RFC 9562, version 4
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    std::string name;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        constexpr char kDigits[] = "0123456789abcdef";
        auto byte = static_cast<unsigned char>(bytes[i]);
        if (i == 4 || i == 6 || i == 8 || i == 10) name += '-';
        name += {kDigits[byte >> 4], kDigits[byte & 15]};
    }
    return py::str(name);
}

object maybe_delete(Args a) {
    object path = py::call(ours("ensure_extended_length_path"_n), a[0]);
    object lock;
    auto unlock = [&] {
        if (lock.is_valid()) attempt(PyExc_OSError, [&] { py::call_method(lock, "unlink"_n); });
    };
    try {
        attempt(PyExc_OSError, [&] {
            lock = py::call(ours("create_cleanup_lock"_n), path);
            object name = py::strcat("garbage-", random_name());
            object garbage = py::call_method(py::get(path, "parent"_n), "joinpath"_n, name);
            py::call_method(path, "rename"_n, garbage);
            py::call(ours("rm_rf"_n), garbage);
        });
    } catch (const nb::python_error&) {
        unlock();
        throw;
    }
    unlock();
    return py::none();
}

/// Nobody has it locked, or the lock is too old to mean anything (then it is removed).
object ensure_deletable(Args a) {
    if (py::truth(py::call_method(a[0], "is_symlink"_n))) return py::boolean(false);
    object lock = py::call(ours("get_lock_path"_n), a[0]);
    bool locked = false;
    if (!attempt(PyExc_OSError, [&] { locked = is_file(lock); })) return py::boolean(false);
    if (!locked) return py::boolean(true);
    object made;
    if (!attempt(PyExc_Exception, [&] { made = py::get(py::call_method(lock, "stat"_n), "st_mtime"_n); }))
        return py::boolean(false);
    if (py::to_double(made) >= py::to_double(a[1])) return py::boolean(false);
    return py::boolean(attempt(PyExc_OSError, [&] { py::call_method(lock, "unlink"_n); }));
}

object try_cleanup(Args a) {
    if (py::truth(py::call(ours("ensure_deletable"_n), a[0], a[1])))
        py::call(ours("maybe_delete_a_numbered_dir"_n), a[0]);
    return py::none();
}

py::Generator candidates(py::OwnedArgs a) {
    object newest_to_delete = py::check(PyNumber_Subtract(highest_number(a[0], a[1]).ptr(), a[2].ptr()));
    object entries = py::call(ours("find_prefixed"_n), a[0], a[1]);
    for (object entry : py::each(entries))
        if (!is_greater(number_of(suffix_of(entry, a[1])), newest_to_delete)) co_yield py::call(path_class(), entry);
    co_return py::none();
}

/// The names in a folder that pathlib would list by the system's functions; nothing where somebody could see that.
std::optional<std::vector<std::string>> list_natively(handle folder) {
    std::optional<std::string> text = py::plain_path_text(folder);
    bool plain = text && !py::believes_in_lookers() &&
                 py::has_library_methods(folder, {"glob"_n, "iterdir"_n, "is_symlink"_n, "resolve"_n, "exists"_n,
                                              "unlink"_n, "stat"_n, "lstat"_n}) &&
                 py::has_builtin_functions({"scandir"_n, "listdir"_n, "unlink"_n, "stat"_n, "lstat"_n, "readlink"_n});
    return g_list_natively.take(plain) ? os::list_folder(*text) : std::nullopt;
}

/// The paths of the folder with a name that starts so, as `Path.glob` gives them for letters and one star.
object starting_with(handle folder, std::string_view start) {
    std::optional<std::vector<std::string>> names = list_natively(folder);
    if (!names) return py::to_list(py::call_method(folder, "glob"_n, py::str(py::cat(start, "*"))));
    object paths = py::new_list();
    for (const std::string& name : *names)
        if (name.starts_with(start)) py::append(paths, py::path_below(folder, py::fs_str(name)));
    return paths;
}

/// The same without a Path for each entry. False when it found something that it leaves to the other.
bool remove_dead_links_natively(handle folder) {
    std::optional<std::vector<std::string>> names = list_natively(folder);
    if (!names) return false;
    std::string text = py::fs_text(folder);
    for (const std::string& name : *names) {
        std::string path = os::join(text, name);
        std::optional<bool> dead = os::is_dead_link(path);
        if (!dead || (*dead && !os::remove_file(path))) return false;
    }
    return true;
}

object remove_dead_links(Args a) {
    if (remove_dead_links_natively(a[0])) return py::none();
    for (object entry : py::each(py::call_method(a[0], "iterdir"_n))) {
        if (!py::truth(py::call_method(entry, "is_symlink"_n))) continue;
        if (!py::truth(py::call_method(py::call_method(entry, "resolve"_n), "exists"_n)))
            py::call_method(entry, "unlink"_n);
    }
    return py::none();
}

object cleanup_numbered(Args a) {
    handle root = a[0];
    if (!py::truth(py::call_method(root, "exists"_n))) return py::none();
    object clean = ours("try_cleanup"_n);
    for (object path : py::each(py::call(ours("cleanup_candidates"_n), root, a[1], a[2]))) py::call(clean, path, a[3]);
    for (object path : py::each(starting_with(root, "garbage-"))) py::call(clean, path, a[3]);
    py::call(ours("cleanup_dead_symlinks"_n), root);
    return py::none();
}

object make_with_cleanup(Args a) {
    handle root = a[0], prefix = a[1], mode = a[2], keep = a[3], timeout = a[4], registration = a[5];
    object last_error;
    for (int tries = 0; tries < kTries; ++tries) {
        object path;
        try {
            path = py::call(ours("make_numbered_dir"_n), root, prefix, mode);
            if (py::truth(keep))
                py::call(ours("register_cleanup_lock_removal"_n), py::call(ours("create_cleanup_lock"_n), path),
                         registration);
        } catch (nb::python_error& error) {
            if (!error.matches(PyExc_Exception)) throw;
            last_error = py::borrow(error.value());
            continue;
        }
        object made = py::get(py::call_method(path, "stat"_n), "st_mtime"_n);
        object dead_before = py::check(PyNumber_Subtract(made.ptr(), timeout.ptr()));
        py::call(registration, ours("cleanup_numbered_dir"_n), root, prefix, keep, dead_before);
        return path;
    }
    py::raise_exception(last_error);
}

}  // namespace

void define_numbered_directories(py::Module& m) {
    m.attr("LOCK_TIMEOUT", py::integer(60 * 60 * 24 * 3));
    m.def("get_lock_path", "path", [](Args a) { return lock_path(a[0]); });
    m.generator("find_prefixed", "root, prefix", find_prefixed);
    m.generator("extract_suffixes", "iter, prefix", extract_suffixes);
    m.generator("find_suffixes", "root, prefix", find_suffixes);
    m.def("parse_num", "maybe_num", [](Args a) { return number_of(a[0]); });
    m.def("_force_symlink", "root, target, link_to", force_symlink);
    m.def(
        "make_numbered_dir", "root, prefix, mode=448", [](Args a) { return make_numbered(a[0], a[1], a[2]); },
        "Make the directory with the next number behind `prefix`.");
    m.def("create_cleanup_lock", "p", create_lock);
    m.def("register_cleanup_lock_removal", "lock_path, register", register_lock_removal);
    m.def("maybe_delete_a_numbered_dir", "path", maybe_delete);
    m.def("ensure_deletable", "path, consider_lock_dead_if_created_before", ensure_deletable);
    m.def("try_cleanup", "path, consider_lock_dead_if_created_before", try_cleanup);
    m.generator("cleanup_candidates", "root, prefix, keep", candidates);
    m.def("cleanup_dead_symlinks", "root", remove_dead_links);
    m.def("cleanup_numbered_dir", "root, prefix, keep, consider_lock_dead_if_created_before", cleanup_numbered);
    m.def("make_numbered_dir_with_cleanup", "*, root, prefix, mode, keep, lock_timeout, register", make_with_cleanup,
          "Make a numbered directory with a lock, and have old ones removed when the run ends.");
}

}  // namespace fastest::collect
