// Hints at fixtures: those that are not found, and those that override others.

#include "engine/extras/hints.h"
#include "engine/extras/unloaded_fixtures.h"
#include "engine/py/module.h"

namespace fastest::extras {
namespace {

constexpr std::size_t kMostOverrides = 3;

std::string argname_of(handle definition) { return text(get(definition, "argname"_n)); }

std::string definition_place(handle config, handle definition) { return place_of(config, get(definition, "func"_n)); }

/// The folder, below the root folder, that two files are in: the place for a common conftest.
std::string common_folder(const std::string& left, const std::string& right) {
    std::string folder;
    for (std::size_t end = left.find('/'); end != std::string::npos; end = left.find('/', end + 1)) {
        std::string longer = left.substr(0, end + 1);
        if (!right.starts_with(longer)) break;
        folder = longer;
    }
    return folder;
}

/// The definitions of a name, wherever they are seen.
object all_definitions(handle node, handle argname) {
    object all = new_list(), manager = get(get(node, "session"_n), "_fixturemanager"_n);
    for (handle table : {"_arg2node2fixturedefs"_n, "_arg2nodeid2fixturedefs"_n}) {
        object by_place = dict_get(get(manager, table), argname);
        if (!by_place.is_valid()) continue;
        for (object definitions : each(call_method(by_place, "values"_n))) call_method(all, "extend"_n, definitions);
    }
    return all;
}

std::string elsewhere_line(const std::string& name, const std::string& file, const std::string& place,
                           const std::string& own) {
    if (file == own) return cat("a fixture '", name, "' is defined in a class (", place, "): move it out of the class");
    return cat("a fixture '", name, "' is defined at ", place, ", which ", own, " does not see: move it to ",
               common_folder(file, own), "conftest.py");
}

std::vector<std::string> known_conftests(const Failure& failure, const std::string& root) {
    object known = dict_get(failure.memory, "conftests"_n);
    if (!known.is_valid()) {
        known = new_list();
        for (const std::string& file : conftest_files(root)) append(known, str(file));
        dict_set(failure.memory, "conftests"_n, known);
    }
    std::vector<std::string> files;
    for (object file : each(known)) files.push_back(text(file));
    return files;
}

/// Definitions of that name which belong to nodes elsewhere, else those in conftest files that are not loaded.
void hint_at_definitions_elsewhere(const Failure& failure, handle item_node, handle argname, Hints& hints) {
    std::string own = shown_path(failure.config, text_of(get(item_node, "path"_n))), name = text(argname);
    object known = all_definitions(item_node, argname);
    for (object definition : each(known)) {
        std::string place = definition_place(failure.config, definition);
        hints.add(elsewhere_line(name, place.substr(0, place.rfind(':')), place, own));
    }
    if (truth(known)) return;
    std::string root = text_of(get(failure.config, "rootpath"_n));
    for (const SourcePlace& found : fixtures_in(root, known_conftests(failure, root), name)) {
        std::string folder = found.path.substr(0, found.path.size() - std::string_view("conftest.py").size());
        if (!own.starts_with(folder))
            hints.add(elsewhere_line(name, found.path, cat(found.path, ":", found.line), own));
    }
}

void hint_at_near_fixtures(const Failure& failure, handle item_node, const std::string& argname, Hints& hints) {
    match::NearestNames nearest(argname);
    offer_fixtures(item_node, nearest);
    std::vector<std::string> found = nearest.found();
    if (found.empty()) return;
    std::string places;
    for (const std::string& name : found) {
        object definition = visible_fixture(item_node, str(name));
        places += (places.empty() ? " (" : ", ") + definition_place(failure.config, definition);
    }
    hints.add(did_you_mean(found) + places + ")");
}

void hint_at_undecorated(const Failure& failure, handle item_node, handle argname, Hints& hints) {
    object module = get_or(item_node, "module"_n, Py_None);
    if (is_none(module)) return;
    object value = dict_get(get(module, "__dict__"_n), argname);
    if (!value.is_valid()) return;
    if (PyFunction_Check(value.ptr()))
        hints.add(cat("'", argname, "' is a function without @pytest.fixture (", place_of(failure.config, value), ")"));
    else if (!PyModule_Check(value.ptr()))
        hints.add(cat("'", argname, "' is a name of the module: leave the parameter out to use it"));
}

void hint_at_self(const std::string& argname, handle item_node, Hints& hints) {
    if (argname != "self" && argname != "cls") return;
    bool in_class = !is_none(get_or(item_node, "cls"_n, Py_None));
    hints.add(in_class ? cat("'", argname, "' is given to methods alone: this one is a static method")
                       : cat("'", argname, "' is given to methods of classes alone: ", get(item_node, "name"_n),
                             " is a function"));
}

/// "which overrides PLACE", "which extends PLACE".
std::string override_line(handle config, handle definitions) {
    Py_ssize_t count = length(definitions);
    object used = item(definitions, integer(count - 1));
    bool extends = contains(get(used, "argnames"_n), get(used, "argname"_n));
    std::string line = cat("fixture '", argname_of(used), "' is that of ", definition_place(config, used), ", which ",
                           extends ? "extends " : "overrides ");
    for (Py_ssize_t i = count - 1; i-- > 0;)
        line += definition_place(config, item(definitions, integer(i))) + (i ? ", " : "");
    return line;
}

}  // namespace

void hint_at_missing_fixture(const Failure& failure, Hints& hints) {
    if (!is_instance(failure.exception, facade("_pytest.fixtures", "FixtureLookupError"_n))) return;
    if (!is_none(get(failure.exception, "msg"_n))) return;
    object argname = get(failure.exception, "argname"_n);
    object item_node = get(get(failure.exception, "request"_n), "_pyfuncitem"_n);
    if (visible_fixture(item_node, argname).is_valid()) return;  // it depends on itself
    std::string name = text(argname);
    hint_at_self(name, item_node, hints);
    hint_at_definitions_elsewhere(failure, item_node, argname, hints);
    hint_at_undecorated(failure, item_node, argname, hints);
    hint_at_near_fixtures(failure, item_node, name, hints);
    if (std::string plugin = plugin_with_fixture(name); !plugin.empty())
        hints.add(cat("fixture '", name, "' comes with ", plugin));
}

void hint_at_overrides(const Failure& failure, Hints& hints) {
    object info = get_or(failure.node, "_fixtureinfo"_n, Py_None);
    if (is_none(info)) return;
    std::size_t count = 0;
    object table = get(info, "name2fixturedefs"_n);
    for (object name : each(to_list(table))) {
        object definitions = dict_get(table, name);
        if (!definitions.is_valid() || is_none(definitions) || length(definitions) < 2) continue;
        if (++count > kMostOverrides) return;
        hints.add(override_line(failure.config, definitions));
    }
}

}  // namespace fastest::extras
