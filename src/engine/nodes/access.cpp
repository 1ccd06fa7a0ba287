// Reading nodes from C++: the field where nothing hides it, else the Python attribute.

#include "engine/nodes/node.h"
#include "engine/nodes/nodeid.h"

namespace fastest::nodes {
namespace {

bool is_kind(handle node, handle type) {
    if (PyType_IsSubtype(Py_TYPE(node.ptr()), reinterpret_cast<PyTypeObject*>(type.ptr()))) return true;
    return !is_node(node) && py::is_instance(node, type);
}

/// The node as its C object where its keywords can be read from the fields.
const Node* with_plain_keywords(handle node) {
    const Node* raw = as_node(node);
    PyTypeObject* type = Py_TYPE(node.ptr());
    if (!raw || !reads_field(type, kKeywords) || !reads_field(type, kName) || !reads_field(type, kParent)) return nullptr;
    handle keywords = field(raw, kKeywords);
    handle keywords_class = py::known<"_pytest.mark.structures", "NodeKeywords">();
    bool plain = !keywords.is_valid() || py::type_of(keywords).is(keywords_class);
    return plain ? raw : nullptr;
}

}  // namespace

object name_of(handle node) { return read_field(node, kName, "name"_n); }
object parent_of(handle node) { return read_field(node, kParent, "parent"_n); }
object config_of(handle node) { return read_field(node, kConfig, "config"_n); }
object session_of(handle node) { return read_field(node, kSession, "session"_n); }
object path_of(handle node) { return read_field(node, kPath, "path"_n); }
object own_markers_of(handle node) { return read_field(node, kOwnMarkers, "own_markers"_n); }
object keywords_of(handle node) { return read_field(node, kKeywords, "keywords"_n); }
object stash_of(handle node) { return read_field(node, kStash, "stash"_n); }
object id_of(handle node) { return py::get(node, "id"_n); }
object nodeid_of(handle node) { return py::get(node, "nodeid"_n); }
object ihook_of(handle node) { return py::get(node, "ihook"_n); }

object keyword_names_of(handle node, handle value) {
    object names = py::new_dict();
    auto add_all = [&](handle keys) {
        PyObject *key, *unused;
        for (Py_ssize_t at = 0; PyDict_Next(keys.ptr(), &at, &key, &unused);) py::dict_set(names, key, value);
    };
    object current = py::borrow(node);
    while (!py::is_none(current)) {
        const Node* raw = with_plain_keywords(current);
        if (!raw) {
            for (object name : py::each(py::get(current, "keywords"_n))) py::dict_set(names, name, value);
            return names;
        }
        if (handle keywords = field(raw, kKeywords); keywords.is_valid()) {
            add_all(py::get(keywords, "_markers"_n));
        } else {
            py::dict_set(names, field(raw, kName), value);
            if (handle pending = field(raw, kPendingKeywords); pending.is_valid()) add_all(pending);
        }
        current = parent_of(current);
    }
    return names;
}

std::optional<std::vector<KeywordNames::Source>> KeywordNames::sources() const {
    std::vector<Source> found;
    for (handle current = node_; !current.is_none();) {
        const Node* raw = with_plain_keywords(current);
        if (!raw) return {};
        handle keywords = field(raw, kKeywords), names = field(raw, kPendingKeywords);
        object markers;
        if (keywords.is_valid()) names = markers = py::get(keywords, "_markers"_n);
        if (names.is_valid() && !PyDict_CheckExact(names.ptr())) return {};
        found.push_back({keywords.ptr(), names.ptr(), names.is_valid() ? PyDict_GET_SIZE(names.ptr()) : 0});
        current = field(raw, kParent);
        if (!current.is_valid()) return {};
    }
    return found;
}

object KeywordNames::make(handle value) {
    std::optional<std::vector<Source>> now = sources();
    if (!now) return keyword_names_of(node_, value);
    if (!made_.is_valid() || !value_.is(value) || *now != made_from_) {
        made_ = keyword_names_of(node_, value);
        value_ = value;
        made_from_ = std::move(*now);
    }
    return py::check(PyDict_Copy(made_.ptr()));
}

object option_of(handle config, handle name, handle fallback) {
    return py::call_method(config, "getoption"_n, name, fallback);
}

bool is_item(handle node) { return is_kind(node, py::global<"nodes", "Item">()); }
bool is_collector(handle node) { return is_kind(node, py::global<"nodes", "Collector">()); }

object call_super(handle after, handle self, handle name, handle args, handle kwargs) {
    object proxy = py::call(py::type_object(PySuper_Type), after, self);
    return py::call_ex(py::get(proxy, name), args, kwargs);
}

}  // namespace fastest::nodes
