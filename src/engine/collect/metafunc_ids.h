#pragma once
// Ids of parameter sets: from what the user gives, else from the values, else from the argument names.

#include "engine/py/module.h"

namespace fastest::collect {

/// All that ids of one `parametrize` call depend on; the fields of `_pytest.python.IdMaker`.
class ParameterIds {
public:
    ParameterIds(py::handle argnames, py::handle sets, py::handle idfn, py::handle ids, py::handle config,
                 py::handle nodeid);

    /// pytest: IdMaker.make_unique_parameterset_ids
    py::object unique();
    /// The same before duplicates are told apart.
    py::object resolved();

    py::object of_value_in_set(py::handle value, py::handle argname, Py_ssize_t index);
    /// These give None when they know no id.
    py::object from_function(py::handle value, py::handle argname, Py_ssize_t index);
    py::object from_hook(py::handle value, py::handle argname);
    py::object from_value(py::handle value);
    py::object from_long_text(py::handle value, py::handle argname, Py_ssize_t index);
    py::object required(py::handle value, Py_ssize_t index);

    bool strict();
    py::object long_text_strategy();
    std::string error_prefix() const;
    [[noreturn]] void complain_hidden() const;
    py::object escaped(py::handle value);

private:
    bool hook_is_silent();
    [[noreturn]] void complain_duplicates(py::handle ids) const;
    void tell_apart(py::handle ids);
    bool has_config() const;

    py::object argnames_, sets_, idfn_, ids_, config_, nodeid_;
    py::object hook_;
    int raw_text_ = -1;      // whether texts are used unescaped; -1: not asked yet
    int silent_hook_ = -1;
};

/// `val` as it stands in an id: printable ASCII unless the configuration says otherwise. The config may be None.
py::object escaped_by_config(py::handle value, py::handle config);

void define_ids(py::Module& m);
void define_callspec(py::Module& m);

}  // namespace fastest::collect
