#include "engine/collect/siblings.h"

#include "engine/collect/python_nodes.h"
#include "engine/fixtures/manager.h"
#include "engine/hooks/native_caller.h"
#include "engine/nodes/shelter.h"
#include "engine/py/python_function.h"
#include "engine/py/short_cut.h"

namespace fastest::collect {
namespace {

using nodes::Node;

py::ShortCut g_siblings{
    "collect.siblings",
    "What the functions of a module or class have in common (hooks, marks above them, the closure of the fixtures that "
    "their "
    "argument names ask for) is found once for all that have no attributes. A looker is an implementation of "
    "pytest_generate_tests, a mark above them that parametrizes, or a replaced method of Function or FixtureManager."};

bool is_plain_type(handle type) {
    auto* made = reinterpret_cast<PyTypeObject*>(type.ptr());
    return made->tp_getattro == PyObject_GenericGetAttr && !(made->tp_flags & Py_TPFLAGS_IS_ABSTRACT) &&
           !_PyType_Lookup(made, "nofuncargs"_n.ptr());
}

/// Marks that make a difference between siblings, or warn for each of them.
bool matters(handle mark) {
    object name = py::get_or(mark, "name"_n, Py_None);
    if (py::equal(name, "usefixtures"_n)) return !py::truth(py::get(mark, "args"_n));
    return py::equal(name, "parametrize"_n);
}

}  // namespace

bool marks_are_alike(handle collector) {
    for (object node = py::borrow(collector); !py::is_none(node); node = nodes::parent_of(node)) {
        const Node* raw = nodes::as_node(node);
        if (!raw || !nodes::reads_field(Py_TYPE(node.ptr()), nodes::kOwnMarkers)) return false;
        handle marks = nodes::field(raw, nodes::kOwnMarkers);
        if (!marks.is_valid()) continue;
        for (object mark : py::each(marks))
            if (matters(mark)) return false;
    }
    return true;
}

void Siblings::forget() {
    state_ = State::kUnknown;
    visible_.reset();
    infos_.clear();
}

/// Whether a mark above asks for fixtures.
bool Siblings::uses_fixtures() const {
    for (object node = py::borrow(collector_); !py::is_none(node); node = nodes::parent_of(node)) {
        handle marks = nodes::field(nodes::as_node(node), nodes::kOwnMarkers);
        if (!marks.is_valid()) continue;
        for (object mark : py::each(marks))
            if (py::equal(py::get_or(mark, "name"_n, Py_None), "usefixtures"_n)) return true;
    }
    return false;
}

bool Siblings::nobody_parametrizes(handle session) const {
    object hook = py::get(nodes::ihook_of(collector_), "pytest_generate_tests"_n);
    if (!hooks::only_ours(hook) || !marks_are_alike(collector_)) return false;
    object module_node = py::borrow(collector_);
    while (in_class_ && !py::is_none(module_node) && !py::is_instance(module_node, py::global<"python", "Module">())) {
        if (py::has(obj_of(module_node), "pytest_generate_tests"_n)) return false;
        module_node = nodes::parent_of(module_node);
    }
    return session.is_valid() && !py::has(obj_of(module_node), "pytest_generate_tests"_n);
}

bool Siblings::usable() {
    if (state_ == State::kUnknown) state_ = g_siblings.take(find()) ? State::kUsable : State::kNot;
    return state_ == State::kUsable;
}

bool Siblings::find() {
    const Node* node = nodes::as_node(collector_);
    if (!node || !holds_plain_functions(collector_)) return false;
    handle session = nodes::field(node, nodes::kSession);
    for (nodes::Field which : {nodes::kConfig, nodes::kPath})
        if (!nodes::field(node, which).is_valid() || !nodes::reads_field(Py_TYPE(collector_.ptr()), which))
            return false;
    handle obj = nodes::field(node, nodes::kObj);
    in_class_ = PyType_Check(obj.ptr());
    names_ = in_class_ ? nullptr : PyModule_GetDict(obj.ptr());
    manager_ = py::get(session, "_fixturemanager"_n);
    if (!is_plain_type(py::global<"python", "Function">()) || !fixtures::finds_by_itself(manager_) ||
        !nobody_parametrizes(session))
        return false;
    if (!no_names_.is_valid()) no_names_ = py::check(PyTuple_New(0));
    return true;
}

/// Names of the arguments as `getfuncargnames` gives them; null when they take a closer look.
object Siblings::argnames_of(handle function) const {
    PyCodeObject* code = py::code_of(function);
    if (code->co_kwonlyargcount || code->co_posonlyargcount) return {};
    PyObject* defaults = PyFunction_GET_DEFAULTS(function.ptr());
    Py_ssize_t first = in_class_ ? 1 : 0, end = code->co_argcount - (defaults ? PyTuple_GET_SIZE(defaults) : 0);
    if (end <= first) return no_names_;
    object names = py::version::code_varnames(reinterpret_cast<PyObject*>(code));
    return py::check(PyTuple_GetSlice(names.ptr(), first, end));
}

/// Neither its arguments nor marks nor autouse fixtures ask for any.
bool Siblings::asks_for_nothing(handle argnames) const {
    return PyTuple_GET_SIZE(argnames.ptr()) == 0 && !uses_fixtures() && !fixtures::has_autouse(manager_, collector_);
}

const Siblings::Info* Siblings::info_for(handle item, handle function) {
    object argnames = argnames_of(function);
    if (!argnames.is_valid()) return nullptr;
    for (const Info& known : infos_)
        if (known.argnames.is(argnames) || py::equal(known.argnames, argnames)) return &known;
    if (asks_for_nothing(argnames)) {
        infos_.push_back({argnames, fixtures::empty_info(manager_)});
        return &infos_.back();
    }
    if (!visible_) visible_.emplace(manager_, collector_);
    if (object info = visible_->info(argnames); info.is_valid()) {
        infos_.push_back({argnames, has_fixture_with_params(info) ? object() : info});
        return &infos_.back();
    }
    object cls = in_class_ ? py::borrow(nodes::field(nodes::as_node(collector_), nodes::kObj)) : py::none();
    object info = py::call_method(manager_, "getfixtureinfo"_n, item, function, cls);
    if (has_fixture_with_params(info)) info = object();
    infos_.push_back({argnames, info});
    return &infos_.back();
}

object Siblings::item(handle name, handle function) {
    if (!PyFunction_Check(function.ptr()) || py::has_attributes(function) || !usable()) return {};
    if (py::code_of(function)->co_flags & CO_GENERATOR) return {};
    handle obj = nodes::field(nodes::as_node(collector_), nodes::kObj);
    PyObject* found = in_class_ ? _PyType_Lookup(reinterpret_cast<PyTypeObject*>(obj.ptr()), name.ptr())
                                : PyDict_GetItemWithError(names_, name.ptr());
    if (found != function.ptr()) return {};
    object made = make_bare_function(collector_, name, function);
    const Info* info = info_for(made, function);
    if (!info || !info->fixtureinfo.is_valid()) return {};
    share_fixture_info(made, info->fixtureinfo);
    nodes::Shelter::if_begun(nodes::field(nodes::as_node(collector_), nodes::kSession)).hide_item(made);
    return made;
}

}  // namespace fastest::collect
