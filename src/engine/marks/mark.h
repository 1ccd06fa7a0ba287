#pragma once
// Marks and what is done with them, for the other rooms' native code. All of it is also reachable from Python under
// `_pytest.mark.structures`.

#include "engine/py/module.h"

namespace fastest::marks {

/// A new `Mark`. `kwargs` is a dict, `args` a tuple.
py::object make_mark(py::handle name, py::handle args, py::handle kwargs);
bool is_mark(py::handle value);
/// A new `MarkDecorator` around a mark.
py::object make_decorator(py::handle mark);
bool is_decorator(py::handle value);

/// The list of Marks that are stored on a function, class or module (`get_unpacked_marks`).
py::object unpacked_marks(py::handle target, bool consider_mro = true);
/// Appends the Marks of an iterable of Marks and MarkDecorators to a list; TypeError for other things.
void append_normalized(py::handle list, py::handle marks);
/// Puts a mark on a function or class; `fail()`s for a fixture.
void store_mark(py::handle target, py::handle mark);

/// Whether marks must be registered; and the names of those that are, as a set.
bool strict_markers(py::handle config);
py::object registered_names(py::handle config);

/// `pytest.mark`.
py::handle mark_generator();
/// Issues a warning of a category, where the caller wants it to be.
using IssueWarning = void(py::handle category, std::string_view message);
/// `getattr(generator, name)`; that the mark is unknown is told by `issue`.
py::object decorator_of(py::handle generator, py::handle name, IssueWarning& issue);
/// `pytest.HIDDEN_PARAM`.
py::handle hidden_param();
/// `pytest.mark.<name>(**kwargs)` for an existing parameter set without values; reads the ini value.
py::object empty_parameter_set_mark(py::handle config, py::handle argnames, py::handle function);

/// The names in `argnames` as a sequence, and whether single values are to be wrapped in tuples.
struct ArgumentNames {
    py::object names;
    bool force_tuple;
};
ArgumentNames parse_argument_names(py::handle argnames);
bool is_parameter_set(py::handle value);
py::object make_parameter_set(py::handle values, py::handle marks, py::handle id);

void define_marks(py::Module& m);
void define_generator(py::Module& m);
void define_parameter_set(py::Module& m);
void define_keywords(py::Module& m);

}  // namespace fastest::marks
