#pragma once
// The parser of options and its parts, in pieces that live in several files.

#include "engine/py/module.h"

namespace fastest::settings {

/// The argparse parser behind a `Parser`, made when it is first needed.
py::object argparse_parser(py::handle parser);
/// The same, or null when it was not needed yet.
py::object existing_argparse_parser(py::handle parser);

/// Adds an option of the engine's own to a group. It makes room when a plugin declares an option of the same name.
void add_yielding_option(py::handle group, std::initializer_list<const char*> names,
                         std::initializer_list<py::Keyword> keywords);
/// Takes the yielding options away that have one of these names.
void make_room(py::handle parser, py::handle names);

void define_namespace(py::Module& m);
void define_actions(py::Module& m);
void define_argument(py::Module& m);
void define_option_group(py::Module& m);
void define_parser(py::Module& m);

}  // namespace fastest::settings
