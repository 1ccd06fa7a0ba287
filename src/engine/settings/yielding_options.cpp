// Options that pytest does not have, whose names plugins are free to take.

#include "engine/settings/argparsing.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::handle;
using py::object;

/// From the argparse parser, if there is one.
void withdraw_action(handle argument) {
    object action = py::try_get(argument, "_made_action"_n);
    if (!action.is_valid()) return;
    object container = py::get(action, "container"_n), by_name = py::get(container, "_option_string_actions"_n);
    py::call_method(container, "_remove_action"_n, action);
    for (object name : py::each(py::get(action, "option_strings"_n))) py::call_method(by_name, "pop"_n, name, Py_None);
}

void withdraw(handle parser, handle argument) {
    withdraw_action(argument);
    object index = py::get(parser, "_index"_n), dests = py::get(parser, "_opt2dest"_n);
    for (object name : py::each(py::call_method(argument, "names"_n))) {
        py::dict_remove(index, name);
        py::dict_remove(dests, name);
    }
    py::call_method(py::get(parser, "_arguments"_n), "remove"_n, argument);
    py::call_method(py::get(py::get(argument, "_group"_n), "options"_n), "remove"_n, argument);
}

}  // namespace

void add_yielding_option(handle group, std::initializer_list<const char*> names,
                         std::initializer_list<py::Keyword> keywords) {
    object strings = py::new_list(), given = py::new_dict();
    for (const char* name : names) py::append(strings, py::str(name));
    for (const py::Keyword& keyword : keywords) py::dict_set(given, keyword.name, keyword.value);
    py::call_ex(py::get(group, "addoption"_n), py::to_tuple(strings), given);
    py::set(py::item(py::get(group, "options"_n), py::integer(-1)), "_yields"_n, Py_True);
}

void make_room(handle parser, handle names) {
    object index = py::try_get(parser, "_index"_n);
    if (!index.is_valid()) return;
    for (object name : py::each(names)) {
        object argument = py::dict_get(index, name);
        if (argument.is_valid() && py::has(argument, "_yields"_n)) withdraw(parser, argument);
    }
}

}  // namespace fastest::settings
