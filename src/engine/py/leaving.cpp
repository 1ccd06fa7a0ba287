#include "engine/py/leaving.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "engine/py/function.h"
#include "engine/py/generator.h"
#include "engine/py/short_cut.h"
#include "os/environment.h"
#include "os/libraries.h"
#include "os/process.h"

namespace fastest::py {
namespace {

/// Known, and counted, from the first program on whose end is planned.
ShortCut& no_teardown() {
    static ShortCut known{
        "py.no_teardown",
        "The interpreter is not finalized when the program ends: atexit functions run and streams are flushed, but "
        "modules and objects are not freed. Seen by objects with a finalizer or a weak reference's callback, open "
        "files, unfinished generators, other threads, libraries of others, tracers, and programs around the run."};
    return known;
}

constexpr std::array kQuietLibraries{"linux-vdso",  "ld-linux",  "ld-musl",   "libc.",     "libm.",     "libdl.",
                                     "libpthread.", "librt.",    "libutil.",  "libpython", "libgcc_s.", "libffi.",
                                     "libz.",       "liblzma.",  "libbz2.",   "libexpat",  "libuuid.",  "libmpdec.",
                                     "libssl.",     "libcrypto", "libstdc++", "_engine."};
/// Modules of the standard library that do something when an object of theirs is freed, and have no finalizer for it.
constexpr std::array kLoudModules{"_sqlite3", "_gdbm", "_dbm", "_tkinter", "readline", "_curses"};

/// They may be built into the interpreter.
bool has_loud_module() {
    object modules = borrow(PyImport_GetModuleDict());
    return std::ranges::any_of(kLoudModules, [&](const char* name) { return dict_get(modules, str(name)).is_valid(); });
}

bool starts_with_any(std::string_view name, const auto& starts) {
    return std::ranges::any_of(starts, [&](const char* start) { return name.starts_with(start); });
}

bool is_quiet_library(const std::string& path) {
    std::size_t slash = path.rfind('/');
    std::string_view name = std::string_view(path).substr(slash == path.npos ? 0 : slash + 1);
    if (name.empty() || starts_with_any(name, kQuietLibraries)) return true;
    return slash != path.npos && std::string_view(path).substr(0, slash).ends_with("/lib-dynload") &&
           !starts_with_any(name, kLoudModules);
}

/// Only libraries that are known to do nothing when the interpreter frees their objects.
bool knows_all_libraries() {
    auto libraries = os::loaded_libraries();
    return libraries && std::ranges::all_of(*libraries, is_quiet_library);
}

bool is_alone() {
    PyInterpreterState* interpreter = PyInterpreterState_Get();
    PyThreadState* thread = PyInterpreterState_ThreadHead(interpreter);
    return PyInterpreterState_Head() == interpreter && !PyInterpreterState_Next(interpreter) &&
           thread == PyThreadState_Get() && !PyThreadState_Next(thread);
}

bool is_own_file(std::string_view file) {
    return file.ends_with("/fastest/start.py") || file.ends_with("/fastest/__main__.py") ||
           file.ends_with("/fastest/compat/pytest/__main__.py") || file == "<frozen runpy>";
}

bool is_plain_interpreter() {
    object sys = import_module("sys"), flags = get(sys, "flags"_n);
    for (handle flag : {"inspect"_n, "interactive"_n, "verbose"_n})
        if (truth(get(flags, flag))) return false;
    if (os::environment("PYTHONINSPECT") || os::environment("PYTHONMALLOCSTATS") || os::environment("PYTHONDUMPREFS"))
        return false;
    return PyCFunction_CheckExact(get(sys, "exit"_n).ptr()) && is_none(call_method(sys, "gettrace"_n)) &&
           is_none(call_method(sys, "getprofile"_n));
}

/// Looks through all that the collector knows for what would act when it is freed.
class LastLook {
public:
    LastLook() : io_(import_module("_io")), sys_(import_module("sys")) {
        for (handle name : {"__stdin__"_n, "__stdout__"_n, "__stderr__"_n})
            for (object stream = get(sys_, name); stream.is_valid() && !is_none(stream);) {
                streams_.push_back(stream);
                object inner = try_get(stream, "buffer"_n);
                stream = inner.is_valid() ? inner : try_get(stream, "raw"_n);
            }
        for (handle name : {"FileIO"_n, "BufferedReader"_n, "BufferedWriter"_n, "BufferedRandom"_n, "TextIOWrapper"_n})
            files_.push_back(get(io_, name));
        for (handle name : {"BytesIO"_n, "StringIO"_n, "IncrementalNewlineDecoder"_n})
            buffers_.push_back(get(io_, name));
        object modules = borrow(PyImport_GetModuleDict());
        for (const char* name : {"weakref", "_weakrefset"})
            if (object module = dict_get(modules, str(name)); module.is_valid() && PyModule_Check(module.ptr()))
                tidy_.push_back(borrow(PyModule_GetDict(module.ptr())));
    }

    bool finds_nothing() {
        object collector = import_module("gc");
        object every = get(collector, "get_objects"_n);
        if (!PyCFunction_CheckExact(every.ptr()) || length(get(collector, "callbacks"_n)) ||
            to_int(call_method(collector, "get_debug"_n)) || length(get(collector, "garbage"_n)) ||
            to_int(call_method(collector, "get_freeze_count"_n)))
            return false;
        object objects = call(every);
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(objects.ptr()); ++i)
            if (acts(PyList_GET_ITEM(objects.ptr(), i))) return false;
        return true;
    }

private:
    static bool has_finalizer(const PyTypeObject* type) { return type->tp_finalize || type->tp_del; }
    /// The type of `os.scandir`'s results is always there. Its finalizer warns.
    static bool is_directory_listing(const PyTypeObject* type) {
        return std::string_view(type->tp_name) == "posix.ScandirIterator";
    }
    static bool among(const std::vector<object>& known, const void* value) {
        return std::ranges::any_of(known, [&](const object& one) { return one.ptr() == value; });
    }

    bool acts(PyObject* value) {
        PyTypeObject* type = Py_TYPE(value);
        if (has_finalizer(type) && finalizer_acts(value, type)) return true;
        if (PyWeakref_Check(value)) return callback_acts(reinterpret_cast<PyWeakReference*>(value)->wr_callback);
        if (!PyType_Check(value)) return false;
        auto* made = reinterpret_cast<PyTypeObject*>(value);  // its instances may be unknown to the collector
        return (made->tp_flags & Py_TPFLAGS_HEAPTYPE) && !PyType_IS_GC(made) && has_finalizer(made) &&
               !is_directory_listing(made) && !is_generator_type(value);
    }

    bool finalizer_acts(PyObject* value, PyTypeObject* type) {
        if (among(streams_, value) || among(buffers_, type)) return false;
        if (among(files_, type)) return !truth(get(value, "closed"_n));
        if (PyGen_CheckExact(value)) return !is_none(get(value, "gi_frame"_n));
        return true;
    }

    /// What `_abc` and `functools` take dead classes out of their sets with.
    static bool is_tidying(PyObject* callback) {
        PyObject* self = PyCFunction_GET_SELF(callback);
        std::string_view name = reinterpret_cast<PyCFunctionObject*>(callback)->m_ml->ml_name;
        return name == "_destroy" && self && PyWeakref_Check(self);
    }

    bool callback_acts(PyObject* callback) {
        if (!callback || callback == Py_None) return false;
        if (PyCFunction_Check(callback)) return !is_tidying(callback);
        return !(PyFunction_Check(callback) && among(tidy_, PyFunction_GET_GLOBALS(callback)));
    }

    object io_, sys_;
    std::vector<object> streams_, files_, buffers_, tidy_;
};

/// `atexit` functions run in reverse order: whether one that is registered now comes after all that matter. The first
/// is nanobind's, which looks for leaks.
bool comes_last(handle atexit) { return to_int(call_method(atexit, "_ncallbacks"_n)) <= 1; }

/// As the interpreter does: those of now, and those it began with.
void flush_streams() {
    for (const char* name : {"stdout", "stderr", "__stdout__", "__stderr__"}) {
        object stream = borrow(PySys_GetObject(name));
        if (stream.is_valid() && !is_none(stream) && !truth(get(stream, "closed"_n))) call_method(stream, "flush"_n);
    }
}

bool nobody_looks() {
    return is_alone() && is_plain_interpreter() && !has_waiting_generators() && !has_loud_module() &&
           knows_all_libraries() && LastLook().finds_nothing();
}

/// closure: (the list with the exit code, what to call otherwise)
handle part(Args a, Py_ssize_t index) { return PyTuple_GET_ITEM(a.closure().ptr(), index); }

void end_here(handle codes) {
    bool may = length(codes) && PyLong_Check(PyList_GET_ITEM(codes.ptr(), 0)) && nobody_looks();
    if (may) flush_streams();
    no_teardown().take(may);
    record_short_cuts();
    if (may) std::exit(static_cast<int>(PyLong_AsLong(PyList_GET_ITEM(codes.ptr(), 0))));
}

object end_if_nobody_looks(Args a) {
    try {
        end_here(part(a, 0));
    } catch (nb::python_error&) {  // fails again when the interpreter does it, and is told then
        no_teardown().take(false);
        record_short_cuts();
    }
    return call(part(a, 1));
}

}  // namespace

bool is_program() {
    std::string program = os::program_path("");
    if (!std::string_view(program).substr(program.rfind('/') + 1).starts_with("python")) return false;
    for (object frame = borrow(reinterpret_cast<PyObject*>(PyEval_GetFrame())); frame.is_valid() && !is_none(frame);
         frame = get(frame, "f_back"_n))
        if (!is_own_file(text(get(get(frame, "f_code"_n), "co_filename"_n)))) return false;
    return true;
}

object plan_end(handle otherwise) {
#if defined(__SANITIZE_ADDRESS__) || defined(FASTEST_COUNTERS)
    return {};  // there the interpreter's end is looked at
#endif
    object atexit = import_module("atexit");
    if (believes_in_lookers() || !is_program() || !comes_last(atexit)) {
        no_teardown().take(false);
        return {};
    }
    object codes = new_list();
    call_method(atexit, "register"_n,
                make_function("end_if_nobody_looks", "", end_if_nobody_looks, tuple_of(codes, otherwise)));
    return codes;
}

}  // namespace fastest::py
