// The Python face of the pretty-printer.

#include "engine/explain/pprint_methods.h"
#include "engine/py/module.h"

namespace fastest::explain {

using py::Args;
using py::borrow;
using py::handle;
using py::object;
using namespace py::literals;

namespace {

class Collected : public PieceSink {
public:
    void piece(handle text) override { py::append(list, text); }
    object list = py::new_list();
};

/// Collects until there are enough lines or characters; 0 means no bound.
class Bounded : public PieceSink {
public:
    Bounded(Py_ssize_t max_lines, Py_ssize_t max_chars) : max_lines_(max_lines), max_chars_(max_chars) {}
    void piece(handle text) override {
        py::append(list, text);
        chars_ += PyUnicode_GET_LENGTH(text.ptr());
        if (max_lines_) lines_ += PyUnicode_Count(text.ptr(), newline_.ptr(), 0, PY_SSIZE_T_MAX);
        if ((max_lines_ && lines_ >= max_lines_) || (max_chars_ && chars_ >= max_chars_)) throw Enough();
    }
    object list = py::new_list();

private:
    Py_ssize_t max_lines_, max_chars_, lines_ = 0, chars_ = 0;
    object newline_ = py::str("\n");
};

object joined(handle pieces) { return py::check(PyUnicode_Join(py::str("").ptr(), pieces.ptr())); }

object lines_of(handle self, handle value, Py_ssize_t max_lines, Py_ssize_t max_chars) {
    object context = py::check(PySet_New(nullptr));
    Bounded sink(max_lines, max_chars);
    try {
        PrettyPrinting(self).format(value, {0, 0, context, 0}, sink);
    } catch (const PieceSink::Enough&) {
    }
    return py::check(PyUnicode_Splitlines(joined(sink.list).ptr(), 0));
}

PrettyPrinting::Place place_of(const Args& a, std::size_t from) {
    return {static_cast<Py_ssize_t>(py::to_int(a[from])), static_cast<Py_ssize_t>(py::to_int(a[from + 1])), a[from + 2],
            static_cast<Py_ssize_t>(py::to_int(a[from + 3]))};
}

object iterator_over(const object& list) { return py::check(PyObject_GetIter(list.ptr())); }

template <NativeMethod Method>
object method(Args a) {
    Collected sink;
    (PrettyPrinting(a[0]).*Method)(a[1], place_of(a, 2), sink);
    return iterator_over(sink.list);
}

struct Entry {
    const char* name;
    py::Body body;
    NativeMethod method;
};

using P = PrettyPrinting;
#define FASTEST_ENTRY(name, member) Entry{name, &method<&P::member>, &P::member}
constexpr const Entry kEntries[] = {
    FASTEST_ENTRY("_pprint_dict", dict),
    FASTEST_ENTRY("_pprint_dict_with_cls", dict_with_class),
    FASTEST_ENTRY("_pprint_list", list),
    FASTEST_ENTRY("_pprint_tuple", tuple),
    FASTEST_ENTRY("_pprint_set", set),
    FASTEST_ENTRY("_pprint_str", str),
    FASTEST_ENTRY("_pprint_bytes", bytes),
    FASTEST_ENTRY("_pprint_bytearray", bytearray),
    FASTEST_ENTRY("_pprint_mappingproxy", mapping_proxy),
    FASTEST_ENTRY("_pprint_simplenamespace", simple_namespace),
    FASTEST_ENTRY("_pprint_default_dict", default_dict),
    FASTEST_ENTRY("_pprint_counter", counter),
    FASTEST_ENTRY("_pprint_chain_map", chain_map),
    FASTEST_ENTRY("_pprint_deque", deque),
    FASTEST_ENTRY("_pprint_dataclass", dataclass),
    FASTEST_ENTRY("_pprint_user_dict", user_data),
    FASTEST_ENTRY("_pprint_user_list", user_data),
    FASTEST_ENTRY("_pprint_user_string", user_data),
    FASTEST_ENTRY("_format", format),
    FASTEST_ENTRY("_format_items", items),
    FASTEST_ENTRY("_format_dict_items", dict_items),
    FASTEST_ENTRY("_format_namespace_items", namespace_items),
};
#undef FASTEST_ENTRY

object init(Args a) {
    if (py::to_int(a[1]) < 0) py::raise(PyExc_ValueError, "indent must be >= 0");
    if (!py::is_none(a[3]) && py::to_int(a[3]) <= 0) py::raise(PyExc_ValueError, "depth must be > 0");
    if (!py::truth(a[2])) py::raise(PyExc_ValueError, "width must be != 0");
    py::set(a[0], "_depth"_n, a[3]);
    py::set(a[0], "_indent_per_level"_n, a[1]);
    py::set(a[0], "_width"_n, a[2]);
    return py::none();
}

object pformat(Args a) {
    object context = py::check(PySet_New(nullptr));
    Collected sink;
    PrettyPrinting(a[0]).format(a[1], {0, 0, context, 0}, sink);
    return joined(sink.list);
}

object pformat_lines(Args a) {
    auto bound = [](handle value) { return py::is_none(value) ? 0 : static_cast<Py_ssize_t>(py::to_int(value)); };
    if (py::is_none(a[2]) && py::is_none(a[3]))
        return py::check(PyUnicode_Splitlines(py::call_method(a[0], "pformat"_n, a[1]).ptr(), 0));
    return lines_of(a[0], a[1], bound(a[2]), bound(a[3]));
}

object repr_method(Args a) {
    object context = py::check(PySet_New(a[2].ptr()));
    return py::call_method(a[0], "_safe_repr"_n, a[1], context, py::get(a[0], "_depth"_n), a[3]);
}

/// The table is keyed by the types' `__repr__`, found in modules that are imported in every Python that formats such objects.
object make_dispatch(handle printer) {
    struct Row {
        const char* module;
        const char* type;
        const char* method;
    };
    static constexpr Row kRows[] = {
        {"builtins", "dict", "_pprint_dict"},           {"collections", "OrderedDict", "_pprint_dict_with_cls"},
        {"builtins", "list", "_pprint_list"},           {"builtins", "tuple", "_pprint_tuple"},
        {"builtins", "set", "_pprint_set"},             {"builtins", "frozenset", "_pprint_set"},
        {"builtins", "str", "_pprint_str"},             {"builtins", "bytes", "_pprint_bytes"},
        {"builtins", "bytearray", "_pprint_bytearray"}, {"types", "MappingProxyType", "_pprint_mappingproxy"},
        {"types", "SimpleNamespace", "_pprint_simplenamespace"},
        {"collections", "defaultdict", "_pprint_default_dict"},
        {"collections", "Counter", "_pprint_counter"},  {"collections", "ChainMap", "_pprint_chain_map"},
        {"collections", "deque", "_pprint_deque"},      {"collections", "UserDict", "_pprint_user_dict"},
        {"collections", "UserList", "_pprint_user_list"},
        {"collections", "UserString", "_pprint_user_string"},
    };
    object table = py::new_dict();
    for (const Row& row : kRows) {
        object type = py::lookup(row.module, py::str(row.type));
        py::dict_set(table, py::get(type, "__repr__"_n), py::get(printer, py::str(row.method)));
    }
    return table;
}

// --- order ------------------------------------------------------------------------------------

object safe_key_less(Args a) {
    object left = py::get(a[0], "obj"_n), right = py::get(a[1], "obj"_n);
    try {
        return py::check(PyObject_RichCompare(left.ptr(), right.ptr(), Py_LT));
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_TypeError)) throw;
    }
    auto key = [](const object& value) {
        return py::tuple_of(py::to_str(py::type_of(value)), py::check(PyLong_FromVoidPtr(value.ptr())));
    };
    return py::check(PyObject_RichCompare(key(left).ptr(), key(right).ptr(), Py_LT));
}

object safe_key_init(Args a) {
    py::set(a[0], "obj"_n, a[1]);
    return py::none();
}

object by_safe_key(const char* function, std::initializer_list<handle> args) {
    object call = function[0] == 's' ? py::lookup("builtins", "sorted"_n) : py::lookup("heapq", "nsmallest"_n);
    return py::call_kw(call, args, {{"key"_n, py::global<"pprint", "_safe_key">()}});
}

}  // namespace

NativeMethod native_method(handle function) {
    if (!py::is_native_function(function)) return nullptr;
    const py::FunctionSpec& spec = py::function_spec(function);
    for (const Entry& entry : kEntries)
        if (entry.body == spec.body && spec.name == entry.name) return entry.method;
    return nullptr;
}

object call_python_function(handle function, handle self, handle value, const PrettyPrinting::Place& place) {
    return py::call(function, self, value, py::integer(place.indent), py::integer(place.allowance), place.context,
                    py::integer(place.level));
}

object call_python_method(handle self, handle name, handle value, const PrettyPrinting::Place& place) {
    return py::call_method(self, name, value, py::integer(place.indent), py::integer(place.allowance), place.context,
                           py::integer(place.level));
}

void drain(object pieces, PieceSink& sink) {
    for (object piece : py::each(pieces)) sink.piece(piece);
}

object sorted_safely(handle values) { return by_safe_key("sorted", {values}); }

object smallest_safely(handle values, Py_ssize_t count) {
    object most = py::integer(count);
    return by_safe_key("nsmallest", {most, values});
}

object pretty_lines(handle value, Py_ssize_t max_lines, Py_ssize_t max_chars) {
    object printer = py::call(py::global<"pprint", "PrettyPrinter">());
    return lines_of(printer, value, max_lines, max_chars);
}

FASTEST_MODULE(pprint, "_pytest._io.pprint") {
    m.cls("_safe_key").slots({"obj"}).def("__init__", "self, obj", &safe_key_init).def("__lt__", "self, other", &safe_key_less).make();
    m.def("_safe_tuple", "t", [](Args a) {
        handle key = py::global<"pprint", "_safe_key">();
        return py::tuple_of(py::call(key, py::item(a[0], py::integer(0))), py::call(key, py::item(a[0], py::integer(1))));
    });
    m.def("_recursion", "object", [](Args a) { return recursion_text(a[0]); });
    m.def("_wrap_bytes_repr", "object, width, allowance", [](Args a) {
        return iterator_over(wrapped_bytes(a[0], static_cast<Py_ssize_t>(py::to_int(a[1])), static_cast<Py_ssize_t>(py::to_int(a[2]))));
    });
    py::ClassBuilder printer = m.cls("PrettyPrinter");
    printer.doc("Formats containers with one element a line.")
        .def("__init__", "self, indent=4, width=80, depth=None", &init)
        .def("pformat", "self, object", &pformat)
        .def("pformat_lines", "self, object, *, max_lines=None, max_chars=None", &pformat_lines)
        .def("_repr", "self, object, context, level", &repr_method)
        .def("_safe_repr", "self, object, context, maxlevels, level",
             [](Args a) { return flat_repr(a[0], a[1], a[2], a[3], static_cast<Py_ssize_t>(py::to_int(a[4]))); });
    for (const Entry& entry : kEntries)
        printer.def(entry.name, std::string_view(entry.name).ends_with("_items") ? "self, items, indent, allowance, context, level"
                                                                                 : "self, object, indent, allowance, context, level",
                    entry.body);
    object type = printer.make();
    py::set(type, "_dispatch"_n, make_dispatch(type));
}

}  // namespace fastest::explain
