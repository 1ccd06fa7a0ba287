#pragma once
// One command line option as the native parser knows it.
//
// A spec is a tuple, so that Python's collector sees through it; `Argument._spec` holds it. It describes what
// `argparse.add_argument` would have made of the same call. Options that need more than this have no spec: they are
// argparse's.

#include "engine/py/object.h"

namespace fastest::settings {

enum class ActionKind { kStore, kStoreConst, kAppend, kAppendConst, kExtend, kCount, kCustom };

class OptionSpec {
public:
    explicit OptionSpec(py::handle tuple) : tuple_(tuple) {}

    py::handle names() const { return at(0); }     // list of option strings
    py::handle dest() const { return at(1); }
    ActionKind kind() const { return static_cast<ActionKind>(PyLong_AsLong(at(2).ptr())); }
    py::handle nargs() const { return at(3); }     // None, an int or "?", "*", "+"
    py::handle constant() const { return at(4); }
    py::handle fallback() const { return at(5); }  // the default
    py::handle type() const { return at(6); }      // None or a callable
    py::handle choices() const { return at(7); }   // None or a container
    bool required() const { return at(8).ptr() == Py_True; }
    py::handle action() const { return at(9); }    // the action object of kCustom
    py::handle given_names() const { return at(10); }  // as given to addoption
    py::handle given() const { return at(11); }        // the keywords given to addoption

    py::handle tuple() const { return tuple_; }
    bool takes_arguments() const;

private:
    py::handle at(Py_ssize_t index) const { return PyTuple_GET_ITEM(tuple_.ptr(), index); }
    py::handle tuple_;
};

/// The spec of an `addoption` call, or null when argparse itself is needed for it. `known` maps the option strings in use.
py::object make_spec(py::handle names, py::handle keywords, py::handle known);

/// argparse's rule for the name under which a value is kept.
std::string default_dest(py::handle names);

}  // namespace fastest::settings
