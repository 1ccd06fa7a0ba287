#include "engine/builtin/xml_element.h"

#include <cstdio>

namespace fastest::builtin {
namespace {

handle element_class() { return global<"junitxml", "_Element">(); }

object init(Args a) {
    set(a[0], "tag"_n, a[1]);
    object attributes = new_dict();
    if (truth(a[2])) check(PyDict_Update(attributes.ptr(), a[2].ptr()));
    check(PyDict_Update(attributes.ptr(), a[3].ptr()));
    set(a[0], "attrib"_n, attributes);
    set(a[0], "text"_n, Py_None);
    set(a[0], "children"_n, new_list());
    return none();
}

std::string content(handle value) {
    if (!is_str(value))
        raise(PyExc_TypeError, cat("cannot serialize ", repr_of(value), " (type ", Py_TYPE(value.ptr())->tp_name, ")"));
    return text(value);
}

bool legal(Py_UCS4 c) {
    if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
    return c <= 0x7e || (c >= 0x80 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
}

}  // namespace

void escape_xml(std::string& out, std::string_view text, bool attribute) {
    for (char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += attribute ? "&quot;" : "\""; break;
            case '\r': out += attribute ? "&#13;" : "\r"; break;
            case '\n': out += attribute ? "&#10;" : "\n"; break;
            case '\t': out += attribute ? "&#09;" : "\t"; break;
            default: out += c;
        }
    }
}

object xml_element(handle tag, std::initializer_list<XmlAttribute> attributes) {
    object element = bare_instance(element_class()), table = new_dict();
    for (const XmlAttribute& attribute : attributes) dict_set(table, str(attribute.name), attribute.value);
    set(element, "tag"_n, tag);
    set(element, "attrib"_n, table);
    set(element, "text"_n, Py_None);
    set(element, "children"_n, new_list());
    return element;
}

void xml_append(handle element, handle child) { append(get(element, "children"_n), child); }

void write_xml(std::string& out, handle element) {
    std::string tag = content(get(element, "tag"_n));
    out += "<" + tag;
    object attributes = get(element, "attrib"_n);
    for (object name : each(attributes)) {
        out += cat(" ", name, "=\"");
        escape_xml(out, content(item(attributes, name)), true);
        out += '"';
    }
    object text = get(element, "text"_n);
    object children = to_list(element);
    if (!truth(text) && !length(children)) {
        out += " />";
    } else {
        out += '>';
        if (truth(text)) escape_xml(out, content(text), false);
        for (object child : each(children)) write_xml(out, child);
        out += "</" + tag + ">";
    }
    object tail = get_or(element, "tail"_n, Py_None);
    if (truth(tail)) escape_xml(out, content(tail), false);
}

object xml_visible(handle value) {
    object shown = to_str(value);
    Py_ssize_t size = PyUnicode_GET_LENGTH(shown.ptr());
    int kind = PyUnicode_KIND(shown.ptr());
    const void* data = PyUnicode_DATA(shown.ptr());
    object pieces;
    Py_ssize_t done = 0;
    for (Py_ssize_t i = 0; i < size; ++i) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (legal(c)) continue;
        if (!pieces.is_valid()) pieces = new_list();
        append(pieces, check(PyUnicode_Substring(shown.ptr(), done, i)));
        char mark[16];
        std::snprintf(mark, sizeof mark, c <= 0xff ? "#x%02X" : "#x%04X", static_cast<unsigned>(c));
        append(pieces, str(mark));
        done = i + 1;
    }
    if (!pieces.is_valid()) return shown;
    append(pieces, check(PyUnicode_Substring(shown.ptr(), done, size)));
    return call_method(""_n, "join"_n, pieces);
}

void define_xml_element(Module& m) {
    m.cls("_Element")
        .def("__init__", "self, tag, attrib=(), **extra", init)
        .def("append", "self, child",
             [](Args a) {
                 xml_append(a[0], a[1]);
                 return none();
             })
        .def("__iter__", "self", [](Args a) { return check(PyObject_GetIter(get(a[0], "children"_n).ptr())); })
        .def("__len__", "self", [](Args a) { return integer(length(get(a[0], "children"_n))); })
        .def("get", "self, key, default=None", [](Args a) { return call_method(get(a[0], "attrib"_n), "get"_n, a[1], a[2]); })
        .def("set", "self, key, value",
             [](Args a) {
                 set_item(get(a[0], "attrib"_n), a[1], a[2]);
                 return none();
             })
        .make();
}

}  // namespace fastest::builtin
