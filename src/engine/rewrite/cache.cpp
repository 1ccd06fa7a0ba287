// The cache of rewritten modules: pyc files of their own, valid while the source's hash is the same (PEP 552, checked
// hash).

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "engine/py/module.h"
#include "engine/py/pathlib_path.h"
#include "engine/py/short_cut.h"
#include "engine/py/with.h"
#include "engine/rewrite/functions.h"
#include "os/files.h"

#include <marshal.h>  // needs Python.h before it

namespace fastest::rewrite {

using py::Args;
using py::handle;
using py::object;
using namespace py::literals;

namespace {

constexpr std::size_t kHeaderSize = 16;
constexpr char kCheckedHash[4] = {3, 0, 0, 0};
const char* kModule = "_pytest.assertion.rewrite";

void put_magic(char* out) {
    auto magic = static_cast<std::uint32_t>(PyImport_GetMagicNumber());
    for (int i = 0; i < 4; ++i) out[i] = static_cast<char>((magic >> (8 * i)) & 0xFF);
}

/// A whole file; null with errno set when it cannot be read.
object read_file(handle path) {
    std::optional<std::string> content = os::read_file(py::fs_text(path));
    if (!content) return {};
    return py::check(PyBytes_FromStringAndSize(content->data(), static_cast<Py_ssize_t>(content->size())));
}

nb::python_error os_error(handle path) {
    PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, path.ptr());
    return nb::python_error();
}

object hash_of(handle source) {
    object imp = py::import_module("_imp");
    return py::call_method(imp, "source_hash"_n, py::integer(PyImport_GetMagicNumber()), source);
}

/// Whether trees go from Python's own parser to our rewriter to Python's own compiler.
bool nobody_looks_at_trees(handle compile) {
    bool own = PyCFunction_CheckExact(compile.ptr()) && py::equal(py::get(compile, "__name__"_n), "compile"_n) &&
               py::get(compile, "__self__"_n).is(py::import_module("builtins"));
    object rewriter = py::facade(kModule, "rewrite_asserts"_n);
    if (!own || !py::is_native_function(rewriter) || py::function_spec(rewriter).body != &rewrite_asserts) return false;
    return !py::believes_in_lookers();
}

py::ShortCut g_private_tree{
    "rewrite.private_tree",
    "A test module is rewritten with nodes made for the compiler only, and its tree is freed before it is compiled. "
    "Seen by patches of rewrite_asserts and of builtins.compile."};

/// Keeps the garbage collector out while a tree of hundreds of thousands of nodes lives.
class NoCollection {
public:
    NoCollection() : was_enabled_(PyGC_Disable()) {}
    ~NoCollection() {
        if (was_enabled_) PyGC_Enable();
    }
    NoCollection(const NoCollection&) = delete;
    NoCollection& operator=(const NoCollection&) = delete;

private:
    int was_enabled_;
};

}  // namespace

object read_pyc(Args a) {
    handle source = a[0], trace = a[2];
    auto refuse = [&](std::string_view why) {
        if (a.given(2)) py::call(trace, py::strcat("_read_pyc(", source, "): ", why));
        return py::none();
    };
    object content = read_file(a[1]);
    if (!content.is_valid()) return py::none();
    object text = read_file(source);
    if (!text.is_valid()) return refuse(py::cat("OSError ", os_error(py::to_str(source)).value()));
    const char* data = PyBytes_AS_STRING(content.ptr());
    auto size = static_cast<std::size_t>(PyBytes_GET_SIZE(content.ptr()));
    if (size < kHeaderSize) return refuse("invalid pyc (too short)");
    char magic[4];
    put_magic(magic);
    if (std::memcmp(data, magic, 4) != 0) return refuse("invalid pyc (bad magic number)");
    if (std::memcmp(data + 4, kCheckedHash, 4) != 0) return refuse("invalid pyc (unsupported flags)");
    object hash = hash_of(text);
    if (std::memcmp(data + 8, PyBytes_AS_STRING(hash.ptr()), 8) != 0) return refuse("out of date");
    object code =
        py::steal(PyMarshal_ReadObjectFromString(data + kHeaderSize, static_cast<Py_ssize_t>(size - kHeaderSize)));
    if (!code.is_valid()) {
        nb::python_error error;
        if (!error.matches(PyExc_Exception)) throw error;
        return refuse(py::cat("marshal.load error ", error.value()));
    }
    if (!PyCode_Check(code.ptr())) return refuse("not a code object");
    return py::call(py::facade(kModule, "_fix_code_filename"_n), code, py::path_str(source));
}

object write_pyc_file(Args a) {
    char header[kHeaderSize - 8];
    put_magic(header);
    std::memcpy(header + 4, kCheckedHash, 4);
    py::call_method(a[0], "write"_n, py::check(PyBytes_FromStringAndSize(header, sizeof header)));
    py::call_method(a[0], "write"_n, py::check(PySequence_GetSlice(a[1].ptr(), 0, 8)));
    py::call_method(a[0], "write"_n, py::check(PyMarshal_WriteObjectToString(a[2].ptr(), Py_MARSHAL_VERSION)));
    return py::none();
}

object write_pyc(Args a) {
    handle state = a[0], code = a[1], hash = a[2], pyc = a[3];
    object os = py::import_module("os");
    object temporary = py::strcat(pyc, ".", py::call_method(os, "getpid"_n));
    try {
        object file = py::call(py::lookup("io", "open"_n), temporary, py::str("wb"));
        try {
            py::call(py::facade(kModule, "_write_pyc_fp"_n), file, hash, code);
        } catch (const nb::python_error&) {
            py::call_method(file, "close"_n);
            throw;
        }
        py::call_method(file, "close"_n);
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_OSError)) throw;
        py::call_method(
            state, "trace"_n,
            py::strcat("error writing pyc file at ", temporary, ": errno=", py::get(error.value(), "errno"_n)));
        return py::boolean(false);
    }
    try {
        py::call_method(os, "replace"_n, temporary, pyc);
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_OSError)) throw;
        py::call_method(state, "trace"_n, py::strcat("error writing pyc file at ", pyc, ": ", error.value()));
        return py::boolean(false);
    }
    return py::boolean(true);
}

/// The tree of a source. Users see the frame of `ast.parse` in what it raises, so an error is raised again by that;
/// the warnings that come before it have been given.
object parse(handle compile, handle source, handle path) {
    try {
        return py::call_kw(compile, {source, path, py::str("exec"), py::integer(0x400 /* PyCF_ONLY_AST */)},
                           {{"dont_inherit"_n, Py_True}});
    } catch (const nb::python_error& first) {
        auto again = [&] { return py::call_kw(py::lookup("ast", "parse"_n), {source}, {{"filename"_n, path}}); };
        try {
            py::with(py::call(py::lookup("warnings", "catch_warnings"_n)), [&](handle) {
                py::call(py::lookup("warnings", "simplefilter"_n), py::str("ignore"));
                return again();
            });
        } catch (const nb::python_error& second) {
            if (py::equal(py::to_str(first.value()), py::to_str(second.value()))) throw;
        }
        return again();  // the first error was a warning
    }
}

object rewrite_test(Args a) {
    object path = py::to_str(a[0]);
    object source = read_file(a[0]);
    if (!source.is_valid()) throw os_error(path);
    object hash = hash_of(source);
    handle builtins = PyEval_GetBuiltins();
    object compile = py::dict_get(builtins, "compile"_n);
    NoCollection quiet;
    object tree = parse(compile, source, path);
    if (g_private_tree.take(nobody_looks_at_trees(compile))) {
        tree = rewritten_for_compiler(tree, source, path, a[1]);
    } else {
        py::call(py::facade(kModule, "rewrite_asserts"_n), tree, source, path, a[1]);
    }
    object code = py::call_kw(compile, {tree, path, py::str("exec")}, {{"dont_inherit"_n, Py_True}});
    tree = object();
    return py::tuple_of(hash, code);
}

object get_cache_dir(Args a) {
    object prefix = py::lookup("sys", "pycache_prefix"_n);
    handle make_path = py::pathlib_path();
    if (!py::truth(prefix))
        return py::check(PyNumber_TrueDivide(py::get(a[0], "parent"_n).ptr(), py::str("__pycache__").ptr()));
    object parts = py::check(PySequence_GetSlice(py::get(a[0], "parts"_n).ptr(), 1, -1));
    object folder = py::call_ex(make_path, py::to_tuple(parts));
    return py::check(PyNumber_TrueDivide(py::call(make_path, prefix).ptr(), folder.ptr()));
}

object try_makedirs(Args a) {
    try {
        py::call_method_kw(py::import_module("os"), "makedirs"_n, {a[0]}, {{"exist_ok"_n, Py_True}});
    } catch (const nb::python_error& error) {
        if (error.matches(PyExc_FileNotFoundError) || error.matches(PyExc_NotADirectoryError) ||
            error.matches(PyExc_FileExistsError) || error.matches(PyExc_PermissionError))
            return py::boolean(false);
        if (!error.matches(PyExc_OSError)) throw;
        object number = py::get(error.value(), "errno"_n);
        if (!PyLong_Check(number.ptr())) throw;
        long long code = py::to_int(number);
        if (code != EROFS && code != ENOSYS) throw;
        return py::boolean(false);
    }
    return py::boolean(true);
}

// --- moved sources ----------------------------------------------------------------------------

object fix_code_filename(Args a) {
    if (py::equal(py::get(a[0], "co_filename"_n), a[1])) return py::borrow(a[0]);
    object fix = py::facade(kModule, "_imp_fix_co_filename"_n);
    if (py::is_none(fix)) return py::call(py::facade(kModule, "_replace_code_filenames"_n), a[0], a[1]);
    py::call(fix, a[0], a[1]);
    return py::borrow(a[0]);
}

object replace_code_filenames(Args a) {
    object constants = py::new_list();
    for (object constant : py::each(py::get(a[0], "co_consts"_n))) {
        bool nested = PyCode_Check(constant.ptr());
        py::append(constants,
                   nested ? py::call(py::facade(kModule, "_replace_code_filenames"_n), constant, a[1]) : constant);
    }
    return py::call_method_kw(a[0], "replace"_n, {},
                              {{"co_filename"_n, a[1]}, {"co_consts"_n, py::to_tuple(constants)}});
}

}  // namespace fastest::rewrite
