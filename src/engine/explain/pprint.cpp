#include "engine/explain/pprint.h"

#include "base/text.h"
#include "engine/explain/pprint_methods.h"
#include "engine/py/module.h"
#include "engine/py/recursion.h"

namespace fastest::explain {

using py::borrow;
using py::handle;
using py::object;
using namespace py::literals;

namespace {

object class_name_of(handle value) { return py::get(py::get(value, "__class__"_n), "__name__"_n); }

object id_of(handle value) { return py::check(PyLong_FromVoidPtr(value.ptr())); }

object recursion_mark(handle value) {
    object name = py::get(py::type_of(value), "__name__"_n);
    return py::strcat("<Recursion on ", name, " with id=", id_of(value), ">");
}

bool is_laid_out_dataclass(handle value) {
    if (PyType_Check(value.ptr())) return false;
    object type = borrow(py::type_of(value));
    if (!py::has(type, "__dataclass_fields__"_n)) return false;
    if (!py::truth(py::get(py::get(value, "__dataclass_params__"_n), "repr"_n))) return false;
    object wrapped = py::try_get(py::get(value, "__repr__"_n), "__wrapped__"_n);
    return wrapped.is_valid() && py::contains(py::get(wrapped, "__qualname__"_n), py::str("__create_fn__"));
}

/// Whether `type(self).name` is the engine's method (and no instance attribute hides it).
bool is_own_method(handle self, handle name) {
    handle own_class = py::global<"pprint", "PrettyPrinter">();
    if (!py::type_of(self).is(own_class)) {
        object found = py::get(py::type_of(self), name);
        if (!found.is(py::get(own_class, name))) return false;
    }
    object attributes = py::try_get(self, "__dict__"_n);
    return !attributes.is_valid() || !py::contains(attributes, name);
}

/// While it lives, the object counts as one that contains what is being formatted.
class Inside {
public:
    Inside(handle context, object id) : context_(context), id_(std::move(id)) {
        py::check(PySet_Add(context_.ptr(), id_.ptr()));
    }
    ~Inside() {
        PyObject *type, *value, *traceback;
        PyErr_Fetch(&type, &value, &traceback);
        if (PySet_Discard(context_.ptr(), id_.ptr()) < 0) PyErr_Clear();
        PyErr_Restore(type, value, traceback);
    }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

private:
    handle context_;
    object id_;
};

bool is_scalar(handle value) {
    PyObject* raw = value.ptr();
    return PyUnicode_CheckExact(raw) || PyBytes_CheckExact(raw) || PyByteArray_CheckExact(raw) ||
           PyFloat_CheckExact(raw) || PyComplex_CheckExact(raw) || PyLong_CheckExact(raw) || PyBool_Check(raw) ||
           raw == Py_None;
}

bool has_repr_of(handle value, PyTypeObject* type) {
    return PyType_IsSubtype(Py_TYPE(value.ptr()), type) && Py_TYPE(value.ptr())->tp_repr == type->tp_repr;
}

}  // namespace

PrettyPrinting::PrettyPrinting(handle self)
    : self_(self),
      dispatch_(py::get(self, "_dispatch"_n)),
      format_is_ours_(is_own_method(self, "_format"_n)),
      repr_is_ours_(is_own_method(self, "_repr"_n)),
      indent_(static_cast<Py_ssize_t>(py::to_int(py::get(self, "_indent_per_level"_n)))),
      width_(static_cast<Py_ssize_t>(py::to_int(py::get(self, "_width"_n)))),
      depth_(py::get(self, "_depth"_n)) {}

std::string PrettyPrinting::new_line(Py_ssize_t indent) const {
    return "\n" + std::string(static_cast<std::size_t>(std::max<Py_ssize_t>(indent, 0)), ' ');
}

void PrettyPrinting::format(handle value, const Place& place, PieceSink& sink) {
    if (!format_is_ours_) return drain(call_python_method(self_, "_format"_n, value, place), sink);
    py::Recursion level("");
    object id = id_of(value);
    if (py::contains(place.context, id)) return sink.piece(recursion_mark(value));
    object shower = py::dict_get(dispatch_, py::get(py::type_of(value), "__repr__"_n));
    Place inner = place;
    ++inner.level;
    if (shower.is_valid()) {
        Inside inside(place.context, id);
        if (NativeMethod method = native_method(shower)) return (this->*method)(value, inner, sink);
        return drain(call_python_function(shower, self_, value, inner), sink);
    }
    if (is_laid_out_dataclass(value)) {
        Inside inside(place.context, id);
        return dataclass(value, inner, sink);
    }
    sink.piece(repr(value, place));
}

// --- containers -------------------------------------------------------------------------------

void PrettyPrinting::items(handle values, const Place& place, PieceSink& sink) {
    if (py::length(values) == 0) return;
    Place inner{place.indent + indent_, 1, place.context, place.level};
    object line = py::str(new_line(inner.indent)), comma = py::str(",");
    for (object value : py::each(values)) {
        sink.piece(line);
        format(value, inner, sink);
        sink.piece(comma);
    }
    write(sink, new_line(place.indent));
}

void PrettyPrinting::dict_items(handle pairs, const Place& place, PieceSink& sink) {
    if (py::length(pairs) == 0) return;
    Place inner{place.indent + indent_, 1, place.context, place.level};
    object line = py::str(new_line(inner.indent)), comma = py::str(","), colon = py::str(": ");
    for (object pair : py::each(pairs)) {
        object key = py::item(pair, py::integer(0)), value = py::item(pair, py::integer(1));
        sink.piece(line);
        sink.piece(repr(key, place));
        sink.piece(colon);
        format(value, inner, sink);
        sink.piece(comma);
    }
    write(sink, new_line(place.indent));
}

void PrettyPrinting::namespace_items(handle pairs, const Place& place, PieceSink& sink) {
    if (py::length(pairs) == 0) return;
    Py_ssize_t indent = place.indent + indent_;
    object line = py::str(new_line(indent)), comma = py::str(","), equals = py::str("=");
    for (object pair : py::each(pairs)) {
        object key = py::item(pair, py::integer(0)), value = py::item(pair, py::integer(1));
        sink.piece(line);
        sink.piece(key);
        sink.piece(equals);
        if (py::contains(place.context, id_of(value)))
            write(sink, "...");
        else
            format(value, {indent + py::length(key) + 1, 1, place.context, place.level}, sink);
        sink.piece(comma);
    }
    write(sink, new_line(place.indent));
}

void PrettyPrinting::dict(handle value, const Place& place, PieceSink& sink) {
    write(sink, "{");
    dict_items(py::to_list(py::call_method(value, "items"_n)), place, sink);
    write(sink, "}");
}

void PrettyPrinting::dict_with_class(handle value, const Place& place, PieceSink& sink) {
    if (py::length(value) == 0) return sink.piece(py::repr_of(value));
    sink.piece(py::strcat(class_name_of(value), "("));
    dict(value, place, sink);
    write(sink, ")");
}

void PrettyPrinting::list(handle value, const Place& place, PieceSink& sink) {
    write(sink, "[");
    items(value, place, sink);
    write(sink, "]");
}

void PrettyPrinting::tuple(handle value, const Place& place, PieceSink& sink) {
    write(sink, "(");
    items(value, place, sink);
    write(sink, ")");
}

void PrettyPrinting::set(handle value, const Place& place, PieceSink& sink) {
    if (py::length(value) == 0) return sink.piece(py::repr_of(value));
    bool plain = py::get(value, "__class__"_n).is(py::type_object(PySet_Type));
    sink.piece(plain ? py::str("{") : py::strcat(class_name_of(value), "({"));
    items(sorted_safely(value), place, sink);
    write(sink, plain ? "}" : "})");
}

void PrettyPrinting::mapping_proxy(handle value, const Place& place, PieceSink& sink) {
    write(sink, "mappingproxy(");
    format(py::call_method(value, "copy"_n), place, sink);
    write(sink, ")");
}

void PrettyPrinting::simple_namespace(handle value, const Place& place, PieceSink& sink) {
    bool plain = py::type_of(value).is(py::lookup("types", "SimpleNamespace"_n));
    object name = plain ? py::str("namespace") : class_name_of(value);
    sink.piece(py::strcat(name, "("));
    namespace_items(py::to_list(py::call_method(py::get(value, "__dict__"_n), "items"_n)), place, sink);
    write(sink, ")");
}

void PrettyPrinting::default_dict(handle value, const Place& place, PieceSink& sink) {
    object factory = repr(py::get(value, "default_factory"_n), place);
    sink.piece(py::strcat(class_name_of(value), "(", factory, ", "));
    dict(value, place, sink);
    write(sink, ")");
}

void PrettyPrinting::counter(handle value, const Place& place, PieceSink& sink) {
    sink.piece(py::strcat(class_name_of(value), "("));
    if (py::truth(value)) {
        write(sink, "{");
        dict_items(py::call_method(value, "most_common"_n), place, sink);
        write(sink, "}");
    }
    write(sink, ")");
}

void PrettyPrinting::chain_map(handle value, const Place& place, PieceSink& sink) {
    object maps = py::get(value, "maps"_n);
    Py_ssize_t count = py::length(maps);
    if (count == 0 || (count == 1 && py::length(py::item(maps, py::integer(0))) == 0))
        return sink.piece(py::repr_of(value));
    sink.piece(py::strcat(class_name_of(value), "("));
    items(maps, place, sink);
    write(sink, ")");
}

void PrettyPrinting::deque(handle value, const Place& place, PieceSink& sink) {
    sink.piece(py::strcat(class_name_of(value), "("));
    object most = py::get(value, "maxlen"_n);
    if (!py::is_none(most)) sink.piece(py::strcat("maxlen=", most, ", "));
    write(sink, "[");
    items(value, {place.indent, place.allowance + 1, place.context, place.level}, sink);
    write(sink, "])");
}

void PrettyPrinting::user_data(handle value, const Place& place, PieceSink& sink) {
    format(py::get(value, "data"_n), {place.indent, place.allowance, place.context, place.level - 1}, sink);
}

void PrettyPrinting::dataclass(handle value, const Place& place, PieceSink& sink) {
    object pairs = py::new_list();
    for (object field : py::each(py::call(py::lookup("dataclasses", "fields"_n), value))) {
        if (!py::truth(py::get(field, "repr"_n))) continue;
        object name = py::get(field, "name"_n);
        py::append(pairs, py::tuple_of(name, py::get(value, name)));
    }
    sink.piece(py::strcat(class_name_of(value), "("));
    namespace_items(pairs, place, sink);
    write(sink, ")");
}

// --- texts ------------------------------------------------------------------------------------

// Splits a line into words with the blanks behind them and puts as many into a chunk as fit.
Py_ssize_t PrettyPrinting::long_line_parts(handle line, bool last_line, Py_ssize_t width, Py_ssize_t allowance,
                                           handle chunks) {
    Py_ssize_t size = PyUnicode_GET_LENGTH(line.ptr()), start = 0, at = 0;
    object current;
    auto space = [&](Py_ssize_t i) { return base::is_space(PyUnicode_READ_CHAR(line.ptr(), i)); };
    while (at < size) {
        Py_ssize_t begin = at;
        while (at < size && !space(at)) ++at;
        while (at < size && space(at)) ++at;
        if (at >= size && last_line) width -= allowance;
        object candidate = py::check(PyUnicode_Substring(line.ptr(), start, at));
        if (py::length(py::repr_of(candidate)) > width) {
            if (begin > start)
                py::append(chunks, py::repr_of(py::check(PyUnicode_Substring(line.ptr(), start, begin))));
            start = begin;
        }
    }
    if (start < size) py::append(chunks, py::repr_of(py::check(PyUnicode_Substring(line.ptr(), start, size))));
    return size;
}

void PrettyPrinting::str(handle value, const Place& place, PieceSink& sink) {
    if (py::length(value) == 0) return sink.piece(py::repr_of(value));
    bool outermost = place.level == 1;
    Py_ssize_t indent = place.indent + (outermost ? 1 : 0), allowance = place.allowance + (outermost ? 1 : 0);
    Py_ssize_t width = width_ - indent;
    object lines = py::check(PyUnicode_Splitlines(value.ptr(), 1)), chunks = py::new_list(), shown;
    Py_ssize_t count = py::length(lines);
    for (Py_ssize_t i = 0; i < count; ++i) {
        handle line = PyList_GET_ITEM(lines.ptr(), i);
        shown = py::repr_of(line);
        bool last = i + 1 == count;
        if (py::length(shown) <= width - (last ? allowance : 0))
            py::append(chunks, shown);
        else
            long_line_parts(line, last, width, allowance, chunks);
    }
    if (py::length(chunks) == 1) return sink.piece(shown);
    if (outermost) write(sink, "(");
    object next_line = py::str(new_line(indent));
    bool first = true;
    for (object chunk : py::each(chunks)) {
        if (!first) sink.piece(next_line);
        first = false;
        sink.piece(chunk);
    }
    if (outermost) write(sink, ")");
}

void PrettyPrinting::bytes(handle value, const Place& place, PieceSink& sink) {
    if (py::length(value) <= 4) return sink.piece(py::repr_of(value));
    bool outermost = place.level == 1;
    Py_ssize_t indent = place.indent + (outermost ? 1 : 0), allowance = place.allowance + (outermost ? 1 : 0);
    if (outermost) write(sink, "(");
    bool first = true;
    for (object chunk : py::each(wrapped_bytes(value, width_ - indent, allowance))) {
        write(sink, first ? std::string() : new_line(indent));
        first = false;
        sink.piece(chunk);
    }
    if (outermost) write(sink, ")");
}

void PrettyPrinting::bytearray(handle value, const Place& place, PieceSink& sink) {
    write(sink, "bytearray(");
    bytes(py::check(PyBytes_FromObject(value.ptr())),
          {place.indent + 10, place.allowance + 1, place.context, place.level + 1}, sink);
    write(sink, ")");
}

// --- one line reprs ---------------------------------------------------------------------------

object PrettyPrinting::repr(handle value, const Place& place) {
    if (!repr_is_ours_) return py::call_method(self_, "_repr"_n, value, place.context, py::integer(place.level));
    if (is_scalar(value)) return py::repr_of(value);
    object context = py::check(PySet_New(place.context.ptr()));
    return py::call_method(self_, "_safe_repr"_n, value, context, depth_, py::integer(place.level));
}

object flat_repr(handle self, handle value, handle context, handle most_levels, Py_ssize_t level) {
    if (is_scalar(value)) return py::repr_of(value);
    bool is_dict = has_repr_of(value, &PyDict_Type), is_list = has_repr_of(value, &PyList_Type);
    if (!is_dict && !is_list && !has_repr_of(value, &PyTuple_Type)) return py::repr_of(value);
    Py_ssize_t size = py::length(value);
    std::string open = is_dict   ? "{"
                       : is_list ? "["
                                 : "(",
                close = is_dict     ? "}"
                        : is_list   ? "]"
                        : size == 1 ? ",)"
                                    : ")";
    if (size == 0) return py::str(open + close);
    if (py::truth(most_levels) && level >= py::to_int(most_levels)) return py::str(open + "..." + close);
    object id = id_of(value);
    if (py::contains(context, id)) return recursion_mark(value);
    Inside inside(context, id);
    object parts = py::new_list(), next = py::integer(level + 1);
    auto show = [&](handle part) { return py::call_method(self, "_safe_repr"_n, part, context, most_levels, next); };
    if (is_dict) {
        for (object pair : py::each(py::to_list(py::call_method(value, "items"_n)))) {
            object key = show(py::item(pair, py::integer(0)));
            py::append(parts, py::strcat(key, ": ", show(py::item(pair, py::integer(1)))));
        }
    } else {
        for (object part : py::each(value)) py::append(parts, show(part));
    }
    return py::strcat(open, py::check(PyUnicode_Join(py::str(", ").ptr(), parts.ptr())), close);
}

object wrapped_bytes(handle value, Py_ssize_t width, Py_ssize_t allowance) {
    object chunks = py::new_list();
    Py_ssize_t size = py::length(value), last = size / 4 * 4, start = 0;
    for (Py_ssize_t at = 0; at < size; at += 4) {
        Py_ssize_t end = std::min(at + 4, size);
        if (at == last) width -= allowance;
        object candidate = py::check(PySequence_GetSlice(value.ptr(), start, end));
        if (py::length(py::repr_of(candidate)) <= width) continue;
        if (at > start) py::append(chunks, py::repr_of(py::check(PySequence_GetSlice(value.ptr(), start, at))));
        start = at;
    }
    if (start < size) py::append(chunks, py::repr_of(py::check(PySequence_GetSlice(value.ptr(), start, size))));
    return chunks;
}

object recursion_text(handle value) { return recursion_mark(value); }

}  // namespace fastest::explain
