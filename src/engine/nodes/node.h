#pragma once
// The node family's one C layout. Item, Function, Module, Session and the rest are Python classes over `NodeBase`;
// subclasses, ours and users', add no C fields, so that any of them may be combined by multiple inheritance.
//
// `Node` is the raw object. All references that it owns stand in `refs`, any of which may be null: not set yet, not
// made yet (lazy ones), or dropped by the garbage collector. Rooms read nodes by the functions below: they take the
// field while nothing in the node's class hides it, and the Python attribute otherwise, so they work for foreign
// objects as well.

#include <optional>
#include <string>
#include <vector>

#include "engine/py/module.h"

namespace fastest::nodes {

using py::handle;
using py::object;
using namespace py::literals;

enum Field : std::size_t {
    kDict,
    kName,
    kParent,
    kConfig,
    kSession,
    kPath,
    kId,              // NodeId
    kKeywords,        // lazy: NodeKeywords
    kOwnMarkers,      // lazy: list
    kExtraKeywords,   // lazy: set
    kStash,           // lazy: Stash
    kReportSections,  // items: list, lazy
    kUserProperties,  // items: list, lazy
    kLocation,        // items: tuple, lazy
    kObj,             // Python nodes
    kInstance,        // functions
    kCallspec,
    kFixtureInfo,
    kFixtureNames,
    kOriginalName,
    kFuncargs,
    kRequest,
    kPendingKeywords,  // dict: what goes into `keywords` when they are made
    kNative,           // session: dict of what the engine remembers for its length
    kFieldCount,
};

/// What is to be made of an empty field when somebody asks.
enum Pending : unsigned char {
    kPendingObject = 1,  // `_obj`, an attribute of the instance or the parent's object; the field may hold the function
                         // that is to be bound to the instance
    kPendingInstance = 2,  // `_instance`, by the parent
    kPendingRequest = 4,   // `_request`
    kPendingFuncargs = 8,  // `funcargs`, empty
    kPendingId = 16,       // from the parent's, the original name and the callspec
    kSharedFixtureInfo =
        32,  // `_fixtureinfo` is there, but is to be copied before Python gets it: siblings have it too
    kPendingFixtureNames = 64,  // `fixturenames`, those of `_fixtureinfo`
};
/// The flag that belongs to a field, or 0.
constexpr unsigned char pending_flag(Field which) {
    switch (which) {
        case kObj:
            return kPendingObject;
        case kInstance:
            return kPendingInstance;
        case kRequest:
            return kPendingRequest;
        case kFuncargs:
            return kPendingFuncargs;
        case kId:
            return kPendingId;
        case kFixtureInfo:
            return kSharedFixtureInfo;
        case kFixtureNames:
            return kPendingFixtureNames;
        default:
            return 0;
    }
}

struct Node {
    PyObject_HEAD;
    PyObject* weakrefs;
    unsigned char pending;
    PyObject* refs[kFieldCount];
};

/// The raw heap type `NodeBase`. Made at its first use.
handle node_base();
inline bool is_node(handle value) {
    return PyObject_TypeCheck(value.ptr(), reinterpret_cast<PyTypeObject*>(node_base().ptr()));
}
/// The raw object, or null for anything that is not of the family.
inline Node* as_node(handle value) { return is_node(value) ? reinterpret_cast<Node*>(value.ptr()) : nullptr; }
/// The raw object; TypeError for anything that is not of the family.
Node* require_node(handle value);

inline handle field(const Node* node, Field which) { return node->refs[which]; }
void set_field(Node* node, Field which, handle value);

/// A new instance of a class of the family with all fields empty; `__init__` is not called. TypeError for abstract
/// classes.
object allocate_node(handle type);
/// The same for a class that is known not to be abstract.
object allocate_concrete_node(handle type);
/// Whether reading `name` from instances of this class gives the family's own field.
bool reads_field(PyTypeObject* type, Field which);

/// The field, or the attribute of this name when the field is empty or hidden.
object read_field(handle node, Field which, handle name);

object name_of(handle node);
object parent_of(handle node);  // None for the session
object config_of(handle node);
object session_of(handle node);
object path_of(handle node);
/// The NodeId (`node.id`).
object id_of(handle node);
/// `node.nodeid`, a str.
object nodeid_of(handle node);
/// Its text. Makes no NodeId of an item that has none yet.
std::string nodeid_text_of(handle node);
/// Whether the engine made this item and nobody has asked for its id or set another one yet.
bool has_planned_id(handle node);
/// The parts of the id that such an item gets or got, as texts: path, then "::" and names, then "[params]" or nothing.
struct PlannedId {
    std::string path, names, params;
    Py_ssize_t depth;  // how many names there are
};
PlannedId planned_id(handle node);
/// The same of a NodeId.
PlannedId parts_of_id(handle nodeid);
object own_markers_of(handle node);
object keywords_of(handle node);
/// `dict.fromkeys(node.keywords, value)`, without making keywords that nobody has asked for.
object keyword_names_of(handle node, handle value);
/// The same for one node again and again: made anew only when marks or keywords have been added in the chain of parents.
class KeywordNames {
public:
    explicit KeywordNames(handle node) : node_(node) {}
    /// A new dict.
    object make(handle value);

private:
    /// What the names of one node of the chain come from, and how many there are.
    struct Source {
        PyObject *keywords, *names;
        Py_ssize_t count;
        bool operator==(const Source&) const = default;
    };
    std::optional<std::vector<Source>> sources() const;

    handle node_;
    object made_;
    handle value_;
    std::vector<Source> made_from_;
};
object stash_of(handle node);
/// Whether the node has a stash already: reading one that is not there makes it.
inline bool has_stash(handle node) {
    const Node* own = as_node(node);
    return !own || own->refs[kStash];
}
/// `node.ihook`.
object ihook_of(handle node);
/// `config.getoption(name, default)`.
object option_of(handle config, handle name, handle fallback = Py_None);

bool is_item(handle node);
bool is_collector(handle node);

#ifdef FASTEST_COUNTERS
/// How many nodes are alive.
long live_nodes();
#endif

// The parts of the namespace `nodes`, each defined in a file of its own.
void define_node(py::Module& m);
void define_collectors(py::Module& m);
void define_item(py::Module& m);

/// A descriptor of NodeBase for a class body: a plain member (AttributeError while it is not set), or a lazily made
/// list.
object member_descriptor(const char* name, Field which);
object lazy_list_descriptor(const char* name, Field which);
object lazy_descriptor(const char* name, Field which, getter make);
/// A member that is made by `make(node)` when it is read while its pending flag is set.
object pending_descriptor(const char* name, Field which, object (*make)(handle node));

/// `super(after, self).name(*args, **kwargs)`.
object call_super(handle after, handle self, handle name, handle args, handle kwargs = handle());

}  // namespace fastest::nodes
