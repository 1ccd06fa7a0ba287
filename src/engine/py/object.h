#pragma once
// Handles and calls: the vocabulary in which the engine talks to Python objects.
//
// `object` owns, `handle` borrows. Every function throws `nb::python_error` when Python raises, unless its
// comment says otherwise. All need the GIL.

#include <string>
#include <string_view>
#include <type_traits>

#include "engine/py/name.h"
#include "engine/py/version.h"

namespace fastest::py {

using namespace literals;

/// Takes the new reference that a C API call gave, or throws what it raised.
inline object check(PyObject* owned) {
    if (!owned) throw nb::python_error();
    return steal(owned);
}
inline void check(int status) {
    if (status < 0) throw nb::python_error();
}

inline object none() { return borrow(Py_None); }
inline object boolean(bool value) { return borrow(value ? Py_True : Py_False); }
inline object integer(long long value) { return check(PyLong_FromLongLong(value)); }
inline object real(double value) { return check(PyFloat_FromDouble(value)); }

// --- text -------------------------------------------------------------------------------------

/// A str from UTF-8; lone surrogates in it are kept.
inline object str(std::string_view text) {
    return check(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogatepass"));
}
/// `str(value)`.
inline object to_str(handle value) { return check(PyObject_Str(value.ptr())); }
inline object repr_of(handle value) { return check(PyObject_Repr(value.ptr())); }
/// A str as UTF-8; lone surrogates in it are kept. TypeError for anything else.
std::string text(handle unicode);
/// `str(value)` as UTF-8.
inline std::string text_of(handle value) { return text(to_str(value)); }

namespace detail {
inline void append(std::string& out, std::string_view part) { out.append(part); }
inline void append(std::string& out, char part) { out.push_back(part); }
inline void append(std::string& out, handle part) { out.append(text_of(part)); }
template <class Int>
requires(std::is_integral_v<Int> && !std::is_same_v<Int, char> &&
         !std::is_same_v<Int, bool>) void append(std::string& out, Int part) {
    out.append(std::to_string(part));
}
}  // namespace detail

/// Joins texts, numbers and `str()` of handles into UTF-8.
template <class... Parts>
std::string cat(const Parts&... parts) {
    std::string out;
    (detail::append(out, parts), ...);
    return out;
}
/// `cat` as a Python str.
template <class... Parts>
object strcat(const Parts&... parts) {
    return str(cat(parts...));
}

// --- raising ----------------------------------------------------------------------------------

/// Raises `type(message)`.
[[noreturn]] void raise(handle type, std::string_view message);
/// `warnings.warn(message, category)`, which may raise; any text that Python may have.
void warn(handle category, std::string_view message);
/// Raises an exception instance, as `raise exception` would (context is set as Python sets it).
[[noreturn]] void raise_exception(handle exception);
/// Raises `exception from cause`.
[[noreturn]] void raise_from(handle exception, handle cause);

/// While it lives, the caught error is "being handled": `sys.exc_info()` gives it and errors raised meanwhile
/// get it as `__context__`, as inside a Python `except` block.
class Handling {
public:
    explicit Handling(const nb::python_error& error) : Handling(error.value()) {}
    explicit Handling(handle exception) : previous_(version::handled_exception()) {
        version::set_handled_exception(exception);
    }
    ~Handling() { version::set_handled_exception(previous_); }
    Handling(const Handling&) = delete;
    Handling& operator=(const Handling&) = delete;

private:
    object previous_;
};

// --- attributes -------------------------------------------------------------------------------

inline object get(handle target, handle name) { return check(PyObject_GetAttr(target.ptr(), name.ptr())); }
/// Null when there is no such attribute; other errors are thrown.
object try_get(handle target, handle name);
/// `getattr(target, name, fallback)`.
inline object get_or(handle target, handle name, handle fallback) {
    object found = try_get(target, name);
    return found.is_valid() ? found : borrow(fallback);
}
inline bool has(handle target, handle name) { return try_get(target, name).is_valid(); }
inline void set(handle target, handle name, handle value) {
    check(PyObject_SetAttr(target.ptr(), name.ptr(), value.ptr()));
}
inline void del(handle target, handle name) { check(PyObject_SetAttr(target.ptr(), name.ptr(), nullptr)); }
/// Sets an attribute past any `__setattr__` of the class (frozen dataclasses).
inline void set_raw(handle target, handle name, handle value) {
    check(PyObject_GenericSetAttr(target.ptr(), name.ptr(), value.ptr()));
}

// --- calls ------------------------------------------------------------------------------------

/// `function(*args)`.
template <class... Args>
object call(handle function, const Args&... args) {
    PyObject* values[sizeof...(Args) + 1] = {nullptr, handle(args).ptr()...};
    return check(
        PyObject_Vectorcall(function.ptr(), values + 1, sizeof...(Args) | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr));
}
/// `target.name(*args)`.
template <class... Args>
object call_method(handle target, handle name, const Args&... args) {
    PyObject* values[sizeof...(Args) + 2] = {nullptr, target.ptr(), handle(args).ptr()...};
    return check(PyObject_VectorcallMethod(name.ptr(), values + 1,
                                           (sizeof...(Args) + 1) | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr));
}

struct Keyword {
    handle name;
    handle value;
};
/// `function(*args, **keywords)`, e.g. `call_kw(f, {a, b}, {{"path"_n, path}})`.
object call_kw(handle function, std::initializer_list<handle> args, std::initializer_list<Keyword> keywords);
/// `function(a=x, b=y)` with the keyword tuple made once: `call_named<"item", "call">(hook, item, call)`. The way to
/// call hooks.
template <FixedString... Names, class... Values>
object call_named(handle function, const Values&... values) {
    static_assert(sizeof...(Names) == sizeof...(Values));
    static PyObject* names = PyTuple_Pack(sizeof...(Names), operator""_n<Names>().ptr()...);
    PyObject* arguments[] = {nullptr, handle(values).ptr()...};
    return check(PyObject_Vectorcall(function.ptr(), arguments + 1, PY_VECTORCALL_ARGUMENTS_OFFSET, names));
}
/// `target.name(*args, **keywords)`.
object call_method_kw(handle target, handle name, std::initializer_list<handle> args,
                      std::initializer_list<Keyword> keywords);
/// `function(*args_tuple, **kwargs_dict)`; the dict may be null.
inline object call_ex(handle function, handle args_tuple, handle kwargs_dict = handle()) {
    return check(PyObject_Call(function.ptr(), args_tuple.ptr(), kwargs_dict.ptr()));
}

// --- tests ------------------------------------------------------------------------------------

inline bool truth(handle value) {
    int result = PyObject_IsTrue(value.ptr());
    check(result);
    return result != 0;
}
inline bool equal(handle left, handle right) {
    int result = PyObject_RichCompareBool(left.ptr(), right.ptr(), Py_EQ);
    check(result);
    return result != 0;
}
inline bool contains(handle container, handle value) {
    int result = PySequence_Contains(container.ptr(), value.ptr());
    check(result);
    return result != 0;
}
/// `isinstance(value, type)`; of abstract base classes the module abc is asked below its Python method.
bool is_instance(handle value, handle type);
inline bool is_subclass(handle value, handle type) {
    int result = PyObject_IsSubclass(value.ptr(), type.ptr());
    check(result);
    return result != 0;
}
inline bool is_str(handle value) { return PyUnicode_Check(value.ptr()); }
inline bool is_none(handle value) { return value.ptr() == Py_None; }
inline Py_ssize_t length(handle value) {
    Py_ssize_t size = PyObject_Size(value.ptr());
    if (size < 0) throw nb::python_error();
    return size;
}
inline long long to_int(handle value) {
    long long result = PyLong_AsLongLong(value.ptr());
    if (result == -1 && PyErr_Occurred()) throw nb::python_error();
    return result;
}
inline double to_double(handle value) {
    double result = PyFloat_AsDouble(value.ptr());
    if (result == -1.0 && PyErr_Occurred()) throw nb::python_error();
    return result;
}

// --- containers -------------------------------------------------------------------------------

inline object new_list() { return check(PyList_New(0)); }
inline object new_dict() { return check(PyDict_New()); }
template <class... Items>
object list_of(const Items&... items) {
    object list = check(PyList_New(0));
    (check(PyList_Append(list.ptr(), handle(items).ptr())), ...);
    return list;
}
template <class... Items>
object tuple_of(const Items&... items) {
    return check(PyTuple_Pack(sizeof...(Items), handle(items).ptr()...));
}
inline void append(handle list, handle item) { check(PyList_Append(list.ptr(), item.ptr())); }
inline object to_list(handle iterable) { return check(PySequence_List(iterable.ptr())); }
inline object to_tuple(handle iterable) { return check(PySequence_Tuple(iterable.ptr())); }

/// The class of a value.
inline handle type_of(handle value) { return reinterpret_cast<PyObject*>(Py_TYPE(value.ptr())); }
/// A type of the interpreter: `type_object(PyLong_Type)`.
inline handle type_object(PyTypeObject& type) { return reinterpret_cast<PyObject*>(&type); }

/// `dict.get(key)` of an exact or derived dict; null when absent.
inline object dict_get(handle dict, handle key) {
    PyObject* found = PyDict_GetItemWithError(dict.ptr(), key.ptr());
    if (!found && PyErr_Occurred()) throw nb::python_error();
    return borrow(found);
}
inline void dict_set(handle dict, handle key, handle value) {
    check(PyDict_SetItem(dict.ptr(), key.ptr(), value.ptr()));
}
/// Removes a key if it is there; says whether it was.
bool dict_remove(handle dict, handle key);
/// `target[key]`.
inline object item(handle target, handle key) { return check(PyObject_GetItem(target.ptr(), key.ptr())); }
inline void set_item(handle target, handle key, handle value) {
    check(PyObject_SetItem(target.ptr(), key.ptr(), value.ptr()));
}

/// Iterates over any iterable, owning each item: `for (object x : py::each(list)) ...`.
class each {
public:
    explicit each(handle iterable) : iterator_(check(PyObject_GetIter(iterable.ptr()))) {}
    struct End {};
    class Cursor {
    public:
        explicit Cursor(handle iterator) : iterator_(iterator) { ++*this; }
        object operator*() const { return value_; }
        Cursor& operator++() {
            value_ = steal(PyIter_Next(iterator_.ptr()));
            if (!value_.is_valid() && PyErr_Occurred()) throw nb::python_error();
            return *this;
        }
        bool operator!=(End) const { return value_.is_valid(); }

    private:
        handle iterator_;
        object value_;
    };
    Cursor begin() const { return Cursor(iterator_); }
    End end() const { return {}; }

private:
    object iterator_;
};

// --- imports ----------------------------------------------------------------------------------

/// `import name`, giving the module itself (also for dotted names).
object import_module(handle name);
/// The same; the name is a literal: its address is remembered.
object import_module(const char* literal);
/// The same for a name that users gave: one that is empty or begins with a dot gets importlib's own error.
object import_as_importlib(handle name);
/// What `sys.modules` has under a name, or null. One that is still being imported by another thread is given as it is.
object loaded_module(handle name);
/// An attribute of an imported module, looked up now, so that users' patches of it are seen.
object lookup(const char* module, handle name);

/// A module if it was imported already; null otherwise.
object imported(const char* name);
/// `isinstance(value, module.name)`, and no for a class of a module that nobody has imported.
bool is_instance_if_imported(handle value, const char* module, handle name);

}  // namespace fastest::py
