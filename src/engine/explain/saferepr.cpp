#include "engine/explain/saferepr.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "engine/py/module.h"
#include "engine/py/short_cut.h"

namespace fastest::explain {

using py::Args;
using py::borrow;
using py::handle;
using py::object;
using namespace py::literals;

namespace {

constexpr Py_ssize_t kDefaultMaxSize = 240;

/// KeyboardInterrupt and SystemExit go through; everything else that a repr raises is shown.
bool must_escape(const nb::python_error& error) {
    return error.matches(PyExc_KeyboardInterrupt) || error.matches(PyExc_SystemExit);
}

object class_name_of(handle value) { return py::get(py::type_of(value), "__name__"_n); }

object repr_or_str(handle value) {
    try {
        return py::repr_of(value);
    } catch (const nb::python_error& error) {
        if (must_escape(error)) throw;
    }
    return py::strcat(class_name_of(value), "(\"", value, "\")");
}

/// The first and last characters with `between` in the middle, `size` characters in all.
object shorten(handle text, Py_ssize_t size, const object& between) {
    Py_ssize_t length = PyUnicode_GET_LENGTH(text.ptr()), gap = PyUnicode_GET_LENGTH(between.ptr());
    Py_ssize_t head = std::max<Py_ssize_t>(0, (size - gap) / 2);
    if (size - gap < 0) head = 0;
    Py_ssize_t tail = std::max<Py_ssize_t>(0, size - gap - head);
    object first = py::check(PyUnicode_Substring(text.ptr(), 0, head));
    object last = py::check(PyUnicode_Substring(text.ptr(), std::max<Py_ssize_t>(0, length - tail), length));
    return py::check(PyUnicode_FromFormat("%U%U%U", first.ptr(), between.ptr(), last.ptr()));
}

object limited(object text, handle maxsize) {
    if (py::is_none(maxsize)) return text;
    Py_ssize_t size = static_cast<Py_ssize_t>(py::to_int(maxsize));
    return PyUnicode_GET_LENGTH(text.ptr()) > size ? shorten(text, size, py::str("...")) : text;
}

/// The limits of a `reprlib.Repr` object, read once.
struct Limits {
    object owner;  // when given, elements are shown by its `repr1`
    object maxsize = py::none();
    object fill = py::str("...");
    long long dict = 4, string = kDefaultMaxSize, list = 6, tuple = 6, set = 6, frozen_set = 6, number = 40;
    long long depth = 6;
};

object repr1(const Limits& limits, handle value, long long level);

object repr_instance(handle value, handle maxsize) {
    object text;
    try {
        text = py::repr_of(value);
    } catch (const nb::python_error& error) {
        if (must_escape(error)) throw;
        py::Handling handling(error);
        text = describe_repr_failure(error.value(), value);
    }
    return limited(text, maxsize);
}

object repr_string(const Limits& limits, handle value) {
    Py_ssize_t most = static_cast<Py_ssize_t>(limits.string), size = PyUnicode_GET_LENGTH(value.ptr());
    object head = size > most ? py::check(PyUnicode_Substring(value.ptr(), 0, most)) : borrow(value);
    object text = py::repr_of(head);
    if (PyUnicode_GET_LENGTH(text.ptr()) <= most) return text;
    Py_ssize_t before = std::max<Py_ssize_t>(0, (most - 3) / 2), after = std::max<Py_ssize_t>(0, most - 3 - before);
    object left = py::check(PyUnicode_Substring(value.ptr(), 0, before));
    object right = py::check(PyUnicode_Substring(value.ptr(), std::max<Py_ssize_t>(0, size - after), size));
    return shorten(py::repr_of(py::check(PyUnicode_Concat(left.ptr(), right.ptr()))), most, limits.fill);
}

object repr_number(const Limits& limits, handle value) {
    object text = py::repr_of(value);
    Py_ssize_t most = static_cast<Py_ssize_t>(limits.number);
    return PyUnicode_GET_LENGTH(text.ptr()) > most ? shorten(text, most, limits.fill) : text;
}

object repr_elements(const Limits& limits, handle values, Py_ssize_t size, long long level, long long most, std::string open,
                     std::string close, bool single_comma = false) {
    if (level <= 0 && size) return py::strcat(open, limits.fill, close);
    object pieces = py::new_list();
    long long count = 0;
    for (object value : py::each(values)) {
        if (count++ >= most) break;
        py::append(pieces, repr1(limits, value, level - 1));
    }
    if (size > most) py::append(pieces, limits.fill);
    if (size == 1 && single_comma) close = "," + close;
    return py::strcat(open, py::check(PyUnicode_Join(py::str(", ").ptr(), pieces.ptr())), close);
}

object sorted_if_possible(handle values) {
    object list = py::to_list(values);
    if (PyList_Sort(list.ptr()) == 0) return list;
    nb::python_error error;
    if (!error.matches(PyExc_Exception)) throw error;
    return py::to_list(values);
}

object repr_mapping(const Limits& limits, handle value, long long level) {
    Py_ssize_t size = py::length(value);
    if (size == 0) return py::str("{}");
    if (level <= 0) return py::strcat("{", limits.fill, "}");
    object pieces = py::new_list();
    long long count = 0;
    for (object key : py::each(value)) {
        if (count++ >= limits.dict) break;
        object shown_key = repr1(limits, key, level - 1);
        py::append(pieces, py::strcat(shown_key, ": ", repr1(limits, py::item(value, key), level - 1)));
    }
    if (size > limits.dict) py::append(pieces, limits.fill);
    return py::strcat("{", py::check(PyUnicode_Join(py::str(", ").ptr(), pieces.ptr())), "}");
}

/// reprlib looks at the name of the type; only Python's own types are shown here, all others by the object or by reprlib.
object repr1(const Limits& limits, handle value, long long level) {
    if (limits.owner.is_valid()) return py::call_method(limits.owner, "repr1"_n, value, py::integer(level));
    PyObject* raw = value.ptr();
    if (PyUnicode_CheckExact(raw)) return repr_string(limits, value);
    if (PyLong_CheckExact(raw)) return repr_number(limits, value);
    if (raw == Py_None || PyBool_Check(raw) || PyFloat_CheckExact(raw)) return py::repr_of(value);
    if (PyList_CheckExact(raw)) return repr_elements(limits, value, PyList_GET_SIZE(raw), level, limits.list, "[", "]");
    if (PyTuple_CheckExact(raw)) return repr_elements(limits, value, PyTuple_GET_SIZE(raw), level, limits.tuple, "(", ")", true);
    if (PyDict_CheckExact(raw)) return repr_mapping(limits, value, level);
    if (PyAnySet_CheckExact(raw)) {
        Py_ssize_t size = PySet_GET_SIZE(raw);
        bool frozen = PyFrozenSet_CheckExact(raw);
        if (size == 0) return py::str(frozen ? "frozenset()" : "set()");
        object sorted = sorted_if_possible(value);
        return repr_elements(limits, sorted, size, level, frozen ? limits.frozen_set : limits.set, frozen ? "frozenset({" : "{",
                             frozen ? "})" : "}");
    }
    return {};
}

/// Whether reprlib would show a value of this type by one of its own methods for another type.
bool known_to_reprlib(handle value) {
    std::string name = py::text(class_name_of(value));
    std::replace(name.begin(), name.end(), ' ', '_');
    for (std::string_view known : {"tuple", "list", "array", "set", "frozenset", "deque", "dict", "str", "int", "instance"})
        if (name == known) return true;
    return false;
}

bool is_plain_tree(handle value, int depth) {
    PyObject* raw = value.ptr();
    if (PyUnicode_CheckExact(raw) || PyLong_CheckExact(raw) || raw == Py_None || PyBool_Check(raw) || PyFloat_CheckExact(raw)) return true;
    if (depth == 0) return true;
    if (PyList_CheckExact(raw) || PyTuple_CheckExact(raw)) {
        Py_ssize_t size = std::min<Py_ssize_t>(6, PySequence_Fast_GET_SIZE(raw));
        for (Py_ssize_t i = 0; i < size; ++i)
            if (!is_plain_tree(PySequence_Fast_GET_ITEM(raw, i), depth - 1)) return false;
        return true;
    }
    if (PyDict_CheckExact(raw)) {
        PyObject *key, *item;
        Py_ssize_t position = 0;
        int count = 0;
        while (PyDict_Next(raw, &position, &key, &item) && count++ < 4)
            if (!is_plain_tree(key, depth - 1) || !is_plain_tree(item, depth - 1)) return false;
        return true;
    }
    return false;
}

object show(handle value, handle maxsize, bool use_ascii, const object& owner) {
    object text;
    try {
        if (use_ascii) {
            text = py::check(PyObject_ASCII(value.ptr()));
        } else {
            text = py::call(py::get(py::lookup("reprlib", "Repr"_n), "repr"_n), owner, value);
        }
    } catch (const nb::python_error& error) {
        if (must_escape(error)) throw;
        py::Handling handling(error);
        text = describe_repr_failure(error.value(), value);
    }
    return limited(text, maxsize);
}

object make_safe_repr(handle maxsize, bool use_ascii) {
    return py::call(py::global<"saferepr", "SafeRepr">(), maxsize, py::boolean(use_ascii));
}

py::ShortCut g_plain_repr{
    "explain.plain_repr",
    "Values made of plain str, int, float, bool, None, list, tuple and dict are shown without SafeRepr and reprlib. "
    "Seen by subclasses of these types and by every other type."};

object safe_repr_of(handle value, handle maxsize, bool use_ascii) {
    bool plain = !use_ascii && is_plain_tree(value, 7);
    if (g_plain_repr.take(plain)) {
        Limits limits;
        limits.maxsize = borrow(maxsize);
        limits.string = py::is_none(maxsize) ? 1'000'000'000 : py::to_int(maxsize);
        try {
            return limited(repr1(limits, value, limits.depth), maxsize);
        } catch (const nb::python_error& error) {
            if (must_escape(error)) throw;  // an int with too many digits: shown below
        }
    }
    bool object_itself = !use_ascii && !PyAnySet_CheckExact(value.ptr()) && !PyList_CheckExact(value.ptr()) &&
                         !PyTuple_CheckExact(value.ptr()) && !PyDict_CheckExact(value.ptr()) && !known_to_reprlib(value);
    if (object_itself) {
        try {
            return repr_instance(value, maxsize);
        } catch (const nb::python_error& error) {  // the description of the error failed, too
            if (must_escape(error)) throw;
            py::Handling handling(error);
            return limited(describe_repr_failure(error.value(), value), maxsize);
        }
    }
    return show(value, maxsize, use_ascii, make_safe_repr(maxsize, use_ascii));
}

// --- Python's view ----------------------------------------------------------------------------

object init(Args a) {
    handle self = a[0];
    py::call(py::get(py::lookup("reprlib", "Repr"_n), "__init__"_n), self);
    py::set(self, "maxstring"_n, py::is_none(a[1]) ? py::integer(1'000'000'000) : borrow(a[1]));
    py::set(self, "maxsize"_n, a[1]);
    py::set(self, "use_ascii"_n, a[2]);
    return py::none();
}

object repr_method(Args a) {
    return show(a[1], py::get(a[0], "maxsize"_n), py::truth(py::get(a[0], "use_ascii"_n)), borrow(a[0]));
}

object repr_instance_method(Args a) {
    if (py::truth(py::get(a[0], "use_ascii"_n))) {
        object text;
        try {
            text = py::check(PyObject_ASCII(a[1].ptr()));
        } catch (const nb::python_error& error) {
            if (must_escape(error)) throw;
            text = describe_repr_failure(error.value(), a[1]);
        }
        return limited(text, py::get(a[0], "maxsize"_n));
    }
    return repr_instance(a[1], py::get(a[0], "maxsize"_n));
}

object repr_dict_method(Args a) {
    Limits limits;
    limits.owner = borrow(a[0]);
    limits.dict = py::to_int(py::get(a[0], "maxdict"_n));
    limits.fill = py::get_or(a[0], "fillvalue"_n, limits.fill);
    return repr_mapping(limits, a[1], py::to_int(a[2]));
}

object ellipsize_function(Args a) { return limited(borrow(a[0]), a[1]); }

object safeformat(Args a) {
    try {
        return py::call(py::lookup("pprint", "pformat"_n), a[0]);
    } catch (const nb::python_error& error) {
        if (must_escape(error) || !error.matches(PyExc_Exception)) throw;
        py::Handling handling(error);
        return describe_repr_failure(error.value(), a[0]);
    }
}

}  // namespace

object describe_repr_failure(handle exception, handle value) {
    object what;
    try {
        what = repr_or_str(exception);
    } catch (const nb::python_error& error) {
        if (must_escape(error)) throw;
        py::Handling handling(error);
        what = py::strcat("unpresentable exception (", repr_or_str(error.value()), ")");
    }
    object name = class_name_of(value);
    char address[32];
    std::snprintf(address, sizeof address, "%llx", static_cast<unsigned long long>(reinterpret_cast<std::uintptr_t>(value.ptr())));
    return py::strcat("<[", what, " raised in repr()] ", name, " object at 0x", std::string_view(address), ">");
}

object safe_repr(handle value, Py_ssize_t maxsize, bool use_ascii) {
    return safe_repr_of(value, maxsize < 0 ? py::none() : py::integer(maxsize), use_ascii);
}

object safe_repr_unlimited(handle value, bool use_ascii) {
    try {
        return use_ascii ? py::check(PyObject_ASCII(value.ptr())) : py::repr_of(value);
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_Exception)) throw;
        py::Handling handling(error);
        return describe_repr_failure(error.value(), value);
    }
}

FASTEST_MODULE(saferepr, "_pytest._io.saferepr") {
    m.attr("DEFAULT_REPR_MAX_SIZE", py::integer(kDefaultMaxSize));
    m.cls("SafeRepr", {py::lookup("reprlib", "Repr"_n)})
        .doc("A reprlib.Repr whose result is never longer than `maxsize` and which shows errors of reprs.")
        .def("__init__", "self, maxsize, use_ascii=False", &init)
        .def("repr", "self, x", &repr_method)
        .def("repr_instance", "self, x, level", &repr_instance_method)
        .def("repr_dict", "self, x, level", &repr_dict_method)
        .make();
    m.def("saferepr", "obj, maxsize=240, use_ascii=False",
          [](Args a) { return safe_repr_of(a[0], a[1], py::truth(a[2])); }, "A size-limited repr that never fails.");
    m.def("saferepr_unlimited", "obj, use_ascii=True",
          [](Args a) { return safe_repr_unlimited(a[0], py::truth(a[1])); }, "A repr that never fails, of any size.");
    m.def("safeformat", "obj", &safeformat);
    m.def("_ellipsize", "s, maxsize", &ellipsize_function);
    m.def("_format_repr_exception", "exc, obj", [](Args a) { return describe_repr_failure(a[0], a[1]); });
    m.def("_try_repr_or_str", "obj", [](Args a) { return repr_or_str(a[0]); });
}

}  // namespace fastest::explain
