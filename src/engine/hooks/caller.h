#pragma once
// Hook callers: `config.hook.pytest_x` (`pluggy.HookCaller`).

#include "engine/hooks/execution.h"

namespace fastest::hooks {

/// What a plugin manager keeps natively: who executes hook calls.
struct ManagerCore {
    PyObject_HEAD;
    PyObject* inner_hookexec;

    static constexpr auto refs() { return std::array{&ManagerCore::inner_hookexec}; }
};

struct Caller {
    PyObject_HEAD;
    vectorcallfunc vectorcall;
    PyObject* name;
    PyObject* spec;          // Spec or None
    PyObject* hookexec;      // usually the bound `PluginManager._hookexec`
    PyObject* hookimpls;     // list of Impl
    PyObject* call_history;  // list of (kwargs, callback) or None
    PyObject* orig;          // of a subset: the whole; its other fields are asked for what is null here
    PyObject* removed;       // of a subset: set of plugins
    ManagerCore* manager;    // borrowed from hookexec; null when hookexec is not a manager's own

    static constexpr auto refs() {
        return std::array{&Caller::name,         &Caller::spec, &Caller::hookexec, &Caller::hookimpls,
                          &Caller::call_history, &Caller::orig, &Caller::removed};
    }
};

PyTypeObject* manager_core_type();
PyTypeObject* caller_type();
PyTypeObject* subset_caller_type();

/// TypeError for anything that is not a hook caller.
Caller* as_caller(handle value);
object make_caller(handle name, handle hookexec);
object make_subset_caller(handle orig, handle removed);

/// Null when there is no specification.
Spec* caller_spec(const Caller* caller);
bool is_historic(const Caller* caller);
/// The implementations as a list: the caller's own, or for a subset a new one.
object caller_impls(const Caller* caller);
/// Whether calls go straight to the implementations: nobody monitors, traces or has replaced the executor.
bool is_unwatched(const Caller* caller);

void set_specification(Caller* caller, handle namespace_, handle opts);
/// Puts an implementation into its place in the order of calling.
void add_impl(Caller* caller, handle impl);
/// Removes all implementations of a plugin; ValueError when there is none.
void remove_plugin(Caller* caller, handle plugin);
/// Calls a new implementation with all calls of a historic hook so far.
void apply_history(Caller* caller, handle impl);

}  // namespace fastest::hooks
