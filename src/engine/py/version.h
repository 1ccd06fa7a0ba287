#pragma once
// The only place that knows how CPython 3.10 to 3.14 differ. Everything here exists on all of them.

#include "engine/py/name.h"

namespace fastest::py::version {

// What Python's own library does.

/// `namedtuple._replace` raises TypeError for a name that is no field; ValueError before.
inline constexpr bool kReplaceRaisesTypeError = PY_VERSION_HEX >= 0x030D0000;
/// What stands in braces in an f-string may have the string's own quotes.
inline constexpr bool kNestsQuotes = PY_VERSION_HEX >= 0x030C0000;
/// `inspect.markcoroutinefunction`: what is no coroutine function by its code may be marked as one.
inline constexpr bool kHasMarkedCoroutines = PY_VERSION_HEX >= 0x030C0000;
/// `inspect.unwrap` does not look behind a class.
inline constexpr bool kUnwrapStopsAtClasses = PY_VERSION_HEX >= 0x030D0000;
/// Annotations are evaluated when they are read, and `inspect.signature` can give them as strings.
inline constexpr bool kHasLazyAnnotations = PY_VERSION_HEX >= 0x030E0000;
/// `typing.assert_never`.
inline constexpr bool kHasAssertNever = PY_VERSION_HEX >= 0x030B0000;
/// Any attribute of urllib's HTTPError that is not there may raise KeyError.
inline constexpr bool kHttpErrorRaisesKeyError = PY_VERSION_HEX < 0x030C0000;
/// Later versions of it pair the lines of `difflib.ndiff` within a window.
inline constexpr bool kMayPairNearbyLines = PY_VERSION_HEX >= 0x030C0000;
/// `functools.update_wrapper` copies five attributes; later versions copy more.
inline constexpr bool kWrapperCopiesMore = PY_VERSION_HEX >= 0x030C0000;
/// The keyword of `shutil.rmtree` for a function that is told of errors.
inline constexpr const char* kRmtreeHandler = PY_VERSION_HEX >= 0x030C0000 ? "onexc" : "onerror";
/// argparse's `parse_known_intermixed_args` loses arguments.
inline constexpr bool kIntermixedLosesArguments =
    PY_VERSION_HEX < 0x030C08F0 || (PY_VERSION_HEX >= 0x030D0000 && PY_VERSION_HEX < 0x030D01F0);
/// The module that reads TOML.
inline constexpr const char* kTomlReader = PY_VERSION_HEX >= 0x030B0000 ? "tomllib" : "tomli";
/// pdb's post mortem takes an exception; a traceback before.
inline constexpr bool kPostMortemTakesException = PY_VERSION_HEX >= 0x030D0000;
/// Filters of `warnings` may belong to a context, so that only `catch_warnings` itself can replace them.
inline constexpr bool kHasContextFilters = PY_VERSION_HEX >= 0x030E0000;
/// unittest reports subtests only at the end of the test.
inline constexpr bool kSubtestsComeAtEnd = PY_VERSION_HEX < 0x030B0000;
/// Native calls are counted apart from Python's, against a limit of their own that is made for small frames.
inline constexpr bool kCountsNativeCallsApart = PY_VERSION_HEX >= 0x030C0000;
/// `sys.last_exc`.
inline constexpr bool kHasLastExc = PY_VERSION_HEX >= 0x030C0000;
/// "too many values to unpack" says how many there were, for tuples and lists.
inline constexpr bool kUnpackingTellsCount = PY_VERSION_HEX >= 0x030E0000;
/// The module that `ExceptionGroup` and `BaseExceptionGroup` are in.
inline constexpr const char* kGroupsModule = PY_VERSION_HEX >= 0x030B0000 ? "builtins" : "exceptiongroup";

// How the interpreter is asked.

/// Looks an attribute up without raising AttributeError: 1 found, 0 absent, -1 another error is set.
inline int optional_attribute(PyObject* object, PyObject* name, PyObject** result) {
#if PY_VERSION_HEX >= 0x030D0000
    return PyObject_GetOptionalAttr(object, name, result);
#else
    return _PyObject_LookupAttr(object, name, result);
#endif
}

/// The exception that is being handled (`sys.exc_info()[1]`), or null. Owned.
inline object handled_exception() {
#if PY_VERSION_HEX >= 0x030B0000
    return steal(PyErr_GetHandledException());
#else
    PyObject *type, *value, *traceback;
    PyErr_GetExcInfo(&type, &value, &traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    if (value == Py_None) Py_CLEAR(value);
    return steal(value);
#endif
}

/// Makes `exception` (or null) the one that is being handled.
inline void set_handled_exception(handle exception) {
#if PY_VERSION_HEX >= 0x030B0000
    PyErr_SetHandledException(exception.ptr());
#else
    if (!exception.ptr()) {
        PyErr_SetExcInfo(nullptr, nullptr, nullptr);
        return;
    }
    PyObject* type = reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr()));
    Py_INCREF(type);
    Py_INCREF(exception.ptr());
    PyErr_SetExcInfo(type, exception.ptr(), PyException_GetTraceback(exception.ptr()));
#endif
}

/// The dict of a class itself (`vars(type)` without its proxy); null when it has none to be had. Owned.
inline object type_dict(handle type) {
#if PY_VERSION_HEX >= 0x030C0000
    return steal(PyType_GetDict(reinterpret_cast<PyTypeObject*>(type.ptr())));
#else
    return borrow(reinterpret_cast<PyTypeObject*>(type.ptr())->tp_dict);
#endif
}

/// The code object's tuple of local names (`co_varnames`). Owned.
inline object code_varnames(handle code) {
#if PY_VERSION_HEX >= 0x030B0000
    return steal(PyCode_GetVarnames(reinterpret_cast<PyCodeObject*>(code.ptr())));
#else
    return steal(PyObject_GetAttrString(code.ptr(), "co_varnames"));
#endif
}

/// A number that changes whenever the class or one of its bases does; 0 when it has none.
inline unsigned class_version(const PyTypeObject* type) {
#if PY_VERSION_HEX < 0x030D0000
    if (!(type->tp_flags & Py_TPFLAGS_VALID_VERSION_TAG)) return 0;
#endif
    return type->tp_version_tag;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
/// A number that changes whenever something is put into the dict, replaced or removed; 0 when it has none.
inline unsigned long long dict_version([[maybe_unused]] handle dict) {
#if PY_VERSION_HEX < 0x030E0000
    return reinterpret_cast<PyDictObject*>(dict.ptr())->ma_version_tag;
#else
    return 0;
#endif
}
#pragma GCC diagnostic pop

/// Where an instruction stands in the source: lines from 1, columns in bytes from 0; -1 for what the code object does
/// not tell.
struct Location {
    int line = -1, end_line = -1, column = -1, end_column = -1;
};
inline Location locate([[maybe_unused]] handle code, [[maybe_unused]] int instruction) {
    Location place;
#if PY_VERSION_HEX >= 0x030B0000
    PyCode_Addr2Location(reinterpret_cast<PyCodeObject*>(code.ptr()), instruction, &place.line, &place.column,
                         &place.end_line, &place.end_column);
#endif
    return place;
}

/// Gives a code object that nobody else has yet its `co_qualname`, where there is one (3.11).
inline void set_qualified_name([[maybe_unused]] PyCodeObject* code, [[maybe_unused]] object name) {
#if PY_VERSION_HEX >= 0x030B0000
    Py_SETREF(code->co_qualname, name.release().ptr());
#endif
}

/// The local variables of the running Python frame, as `locals()`. Owned; null with an error set.
inline object frame_locals() {
#if PY_VERSION_HEX >= 0x030D0000
    return steal(PyEval_GetFrameLocals());
#else
    return borrow(PyEval_GetLocals());
#endif
}

}  // namespace fastest::py::version
