#include "engine/nodes/nodeid.h"
#include "engine/py/collector.h"

namespace fastest::nodes {
namespace {

using py::Args;

handle nodeid_class() { return py::global<"nodeid", "NodeId">(); }

bool is_nodeid(handle value) {
    return PyObject_TypeCheck(value.ptr(), reinterpret_cast<PyTypeObject*>(nodeid_class().ptr()));
}

/// `names` joined by "::" with the bracketed params behind.
std::string tail_text(handle names, handle params) {
    std::string out;
    bool first = true;
    for (object name : py::each(names)) {
        if (!first) out += "::";
        first = false;
        out += py::text(name);
    }
    if (!py::is_none(params)) out += py::cat("[", params, "]");
    return out;
}

void refuse_parametrized(handle nodeid, const char* method, const char* consequence) {
    if (!py::is_none(py::get(nodeid, "params"_n)))
        py::raise(PyExc_ValueError, py::cat("cannot call .", method, "() on a parameterised id ", py::repr_of(nodeid),
                                            "; only collector ids (params=None) can ", consequence));
}

object allocate(handle type) {
    static PyObject* no_args = PyTuple_New(0);
    return py::check(PyBaseObject_Type.tp_new(reinterpret_cast<PyTypeObject*>(type.ptr()), no_args, nullptr));
}

object make(handle type, handle path, handle names, handle params) {
    object made = allocate(type);
    py::set_raw(made, "path"_n, path);
    py::set_raw(made, "names"_n, names);
    py::set_raw(made, "params"_n, params);
    py::untrack(made);  // texts only
    return made;
}

/// A path may contain "[", so brackets count only behind the first "::"; inside them "::" does not separate.
object parse(handle type, handle nodeid) {
    if (!py::is_str(nodeid)) py::call_method(nodeid, "partition"_n, py::str("::"));  // says what is wrong with it
    std::string text = py::text(nodeid);
    std::size_t separator = text.find("::");
    object path = py::str(std::string_view(text).substr(0, separator));
    object names = py::new_list();
    object params = py::none();
    if (separator != std::string::npos) {
        std::string_view rest = std::string_view(text).substr(separator + 2);
        if (std::size_t bracket = rest.find('['); bracket != std::string_view::npos) {
            std::string_view inside = rest.substr(bracket + 1);
            if (inside.ends_with(']')) inside.remove_suffix(1);
            params = py::str(inside);
            rest = rest.substr(0, bracket);
        }
        while (true) {
            std::size_t next = rest.find("::");
            py::append(names, py::str(rest.substr(0, next)));
            if (next == std::string_view::npos) break;
            rest.remove_prefix(next + 2);
        }
    }
    object made = type.is(nodeid_class()) ? make(type, path, py::to_tuple(names), params)
                                          : py::call_kw(type, {}, {{"path"_n, path}, {"names"_n, py::to_tuple(names)}, {"params"_n, params}});
    py::set_raw(made, "_str_cache"_n, nodeid);
    return made;
}

object rest_of(handle nodeid) {
    object names = py::get(nodeid, "names"_n);
    if (!py::truth(names)) return py::none();
    return py::str(tail_text(names, py::get(nodeid, "params"_n)));
}

/// For pickle and copy: slots of a frozen class need raw assignment.
object get_state(Args a) {
    object state = py::new_list();
    for (handle name : {"path"_n, "names"_n, "params"_n}) py::append(state, py::get(a[0], name));
    py::append(state, py::get_or(a[0], "_str_cache"_n, Py_None));
    return state;
}

object set_state(Args a) {
    handle names[] = {"path"_n, "names"_n, "params"_n, "_str_cache"_n};
    std::size_t index = 0;
    for (object value : py::each(a[1]))
        if (index < std::size(names)) py::set_raw(a[0], names[index++], value);
    return py::none();
}

}  // namespace

object make_nodeid(handle path, handle names, handle params) { return make(nodeid_class(), path, names, params); }

object coerce_nodeid(handle nodeid) {
    return is_nodeid(nodeid) ? py::borrow(nodeid) : py::call_method(nodeid_class(), "parse"_n, nodeid);
}

object child_nodeid(handle nodeid, handle name) {
    refuse_parametrized(nodeid, "child", "have children");
    object names = py::get(nodeid, "names"_n);
    object longer = py::check(PySequence_Concat(names.ptr(), py::tuple_of(name).ptr()));
    return make_nodeid(py::get(nodeid, "path"_n), longer, Py_None);
}

object nodeid_with_params(handle nodeid, handle params) {
    refuse_parametrized(nodeid, "with_params", "be parameterised");
    return make_nodeid(py::get(nodeid, "path"_n), py::get(nodeid, "names"_n), params);
}

object nodeid_text(handle nodeid) {
    object known = py::try_get(nodeid, "_str_cache"_n);
    if (known.is_valid() && !py::is_none(known)) return known;
    std::string text = py::text(py::get(nodeid, "path"_n));
    object names = py::get(nodeid, "names"_n);
    if (py::truth(names)) text += "::";
    text += tail_text(names, py::get(nodeid, "params"_n));
    object made = py::str(text);
    py::set_raw(nodeid, "_str_cache"_n, made);
    return made;
}

}  // namespace fastest::nodes

FASTEST_MODULE(nodeid, "_pytest.nodeid") {
    using namespace fastest;
    using namespace fastest::nodes;
    using py::Args;
    m.cls("NodeId")
        .doc("Where a node stands in the collection tree: path relative to rootdir, names, raw parametrization.")
        .slots({"path", "names", "params", "_str_cache"})
        .dataclass("*, path, names=(), params=None", {.frozen = true})
        .classmethod("parse", "cls, nodeid", [](Args a) { return parse(a[0], a[1]); },
                     "The parts of a node id's text; `str()` of the result gives the text back.")
        .def("__str__", "self", [](Args a) { return nodeid_text(a[0]); })
        .prop("rest", [](Args a) { return rest_of(a[0]); }, nullptr,
              "The text behind the first `::`, or None when there are no names.")
        .def("child", "self, name", [](Args a) { return child_nodeid(a[0], a[1]); })
        .def("with_params", "self, params", [](Args a) { return nodeid_with_params(a[0], a[1]); })
        .def("__getstate__", "self", get_state)
        .def("__setstate__", "self, state", set_state)
        .make();
    m.def("coerce_node_id", "nodeid", [](Args a) { return coerce_nodeid(a[0]); });
}
