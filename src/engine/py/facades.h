#pragma once
// Facade modules that nobody has asked for anything yet.
//
// A run puts them all into `sys.modules`, as pytest's are there, without opening their files. The first access to an
// attribute executes the module's file, and from then on it is an ordinary module. What the engine itself looks up in
// such a module it gets out of its own namespaces: a facade only repeats them, and nobody can have patched it without
// touching it.

#include <utility>
#include <vector>

#include "engine/py/object.h"

namespace fastest::py {

/// Gives the extension module `install_facades(folder)`, which puts the modules into `sys.modules`, unless some are
/// there already; `folder` holds `pytest` and the others, with a separator at its end. `install_other_facades(folder)`
/// does it while the package `_pytest` is imported first in a process. And what tests ask about these modules.
void define_facades(handle extension);

/// Whether this is a facade module whose file has not been executed.
bool is_untouched(handle module);
/// What an untouched module will have under a name. Null when only executing it can tell.
object untouched_value(handle module, handle name);
/// `module.name`, and an untouched module stays so when possible. A facade module whose file is being executed has
/// already what the namespaces have for it.
object member(handle module, handle name);
/// What a facade module has under a name, without the module. Null when only executing its file can tell, and for
/// modules that are no facades.
object facade_value(handle module_name, handle name);
/// The names of the hooks that an untouched module specifies, sorted. They are then in its dict.
object untouched_specs(handle module);
/// `module.name = value` for what a run keeps in a module (`kStates`): an untouched module stays so.
void set_state(handle module, handle name, handle value);
/// The hook implementations of an untouched module, sorted by name.
std::vector<std::pair<object, object>> untouched_hooks(handle module);
/// Whether an untouched module defines fixtures.
bool has_untouched_fixtures(handle module);

/// Whether `dir()` of this module lists more than it holds: names that a facade gives when it is asked.
bool lists_lazy_names(handle module);
/// `dir(holder)`, of a facade module only what it holds: for whoever looks at each of the names.
object held_names(handle holder);

/// Whether look-ups may make this namespace.
bool is_searched(std::string_view room);
/// What the namespaces with this public name hold under a name, null when they don't.
object room_value(std::string_view public_name, handle name);
/// The hook implementations in the namespaces with this public name.
std::vector<std::pair<object, object>> room_hooks(std::string_view public_name);

}  // namespace fastest::py
