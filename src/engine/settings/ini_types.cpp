#include "engine/settings/ini_types.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

constexpr const char* kTags[] = {"string", "paths", "pathlist", "args", "linelist", "bool", "int", "float"};

handle type_object(PyTypeObject& type) { return reinterpret_cast<PyObject*>(&type); }

/// The tag of a str or a plain Python type, or null.
object plain_tag(handle type) {
    if (type.is(type_object(PyUnicode_Type))) return py::str("string");
    if (type.is(type_object(PyBool_Type))) return py::str("bool");
    if (type.is(type_object(PyLong_Type))) return py::str("int");
    if (type.is(type_object(PyFloat_Type))) return py::str("float");
    if (!py::is_str(type)) return {};
    for (const char* tag : kTags)
        if (PyUnicode_CompareWithASCIIString(type.ptr(), tag) == 0) return py::str(tag);
    return {};
}

/// `typing` when it is loaded: before that, nobody can have made a Literal or a Union.
object loaded_typing() { return py::dict_get(PyImport_GetModuleDict(), "typing"_n); }

object origin_of(handle type) {
    object typing = loaded_typing();
    return typing.is_valid() ? py::call(py::get(typing, "get_origin"_n), type) : py::none();
}

bool is_union(handle type) {
    if (py::is_instance(type, py::lookup("types", "UnionType"_n))) return true;
    object typing = loaded_typing();
    return typing.is_valid() && origin_of(type).is(py::get(typing, "Union"_n));
}

object member(handle name, handle type) {
    if (is_ini_literal(type)) return py::borrow(type);
    if (object tag = plain_tag(type); tag.is_valid()) return tag;
    object typing = loaded_typing();
    if (typing.is_valid() && origin_of(type).is(py::get(typing, "Literal"_n))) {
        object choices = py::get(type, "__args__"_n);
        for (object choice : py::each(choices))
            if (!py::is_str(choice))
                py::raise(PyExc_ValueError, py::cat("invalid type for ini option ", py::repr_of(name),
                                                    ": Literal choices must be strings, got ", py::repr_of(choices)));
        return py::call(py::global<"argparsing", "_IniLiteral">(), choices);
    }
    std::string tags;
    for (const char* tag : kTags) tags += py::cat("'", tag, "', ");
    py::raise(PyExc_ValueError,
              py::cat("invalid type for ini option ", py::repr_of(name), ": ", py::repr_of(type), " (expected one of ", tags,
                      "one of the types str, bool, int, float, a union of these types such as `int | str`, or a `Literal` "
                      "of strings)"));
}

object tag_table() {
    object table = py::new_dict();
    for (const char* tag : kTags) py::dict_set(table, py::str(tag), py::str(tag));
    py::dict_set(table, type_object(PyUnicode_Type), py::str("string"));
    py::dict_set(table, type_object(PyBool_Type), py::str("bool"));
    py::dict_set(table, type_object(PyLong_Type), py::str("int"));
    py::dict_set(table, type_object(PyFloat_Type), py::str("float"));
    return table;
}

}  // namespace

bool is_ini_literal(handle type) { return py::is_instance(type, py::global<"argparsing", "_IniLiteral">()); }

object normalize_ini_type(handle name, handle type) {
    if (py::is_none(type)) return py::str("string");
    if (PyTuple_Check(type.ptr())) return py::borrow(type);  // already normalized: builtin plugins give unions so
    if (!py::is_str(type) && !PyType_Check(type.ptr()) && is_union(type)) {
        object members = py::new_list();
        for (object part : py::each(py::get(type, "__args__"_n))) py::append(members, member(name, part));
        return py::to_tuple(members);
    }
    return member(name, type);
}

std::string ini_type_text(handle type) {
    if (is_ini_literal(type)) {
        std::string text;
        for (object choice : py::each(py::get(type, "choices"_n))) text += py::cat(text.empty() ? "" : " | ", py::repr_of(choice));
        return text;
    }
    if (!PyTuple_Check(type.ptr())) return py::text_of(type);
    std::string text;
    for (object part : py::each(type)) text += py::cat(text.empty() ? "" : " | ", ini_type_text(part));
    return text;
}

object default_of_ini_type(handle type) {
    std::string tag = py::is_str(type) ? py::text(type) : std::string();
    if (tag == "paths" || tag == "pathlist" || tag == "args" || tag == "linelist") return py::new_list();
    if (tag == "bool") return py::boolean(false);
    if (tag == "int") return py::integer(0);
    if (tag == "float") return py::real(0.0);
    return py::str("");
}

void define_ini_types(py::Module& m) {
    m.cls("_IniLiteral")
        .dataclass("choices", {.frozen = true})
        .doc("The choices of an option whose type is a Literal.")
        .make();
    m.attr("_INI_TYPES", tag_table());
    m.def("_ini_type_to_member", "name, type_", [](Args a) { return member(a[0], a[1]); });
    m.def("_ini_type_to_tag", "name, type_", [](Args a) { return member(a[0], a[1]); });
    m.def("_ini_type_repr", "type", [](Args a) { return py::str(ini_type_text(a[0])); });
    m.def("get_ini_default_for_type", "type", [](Args a) { return default_of_ini_type(a[0]); });
}

}  // namespace fastest::settings
