#pragma once
// XML elements with ElementTree's attributes (`tag`, `attrib`, `text`, children), and their text form, without importing it.

#include "engine/run/known.h"

namespace fastest::builtin {

using namespace run;

struct XmlAttribute {
    const char* name;
    handle value;
};

/// A new element; attributes in this order.
object xml_element(handle tag, std::initializer_list<XmlAttribute> attributes = {});
void xml_append(handle element, handle child);

/// Appends a text as it stands in an attribute or between tags.
void escape_xml(std::string& out, std::string_view text, bool attribute);

/// The element as ElementTree writes it. Children may be ElementTree's own elements.
void write_xml(std::string& out, handle element);

/// `str(value)` with characters that XML cannot hold shown as `#x08`.
object xml_visible(handle value);

void define_xml_element(Module& m);

}  // namespace fastest::builtin
