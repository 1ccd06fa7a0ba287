#pragma once
// Runs the implementations of a hook: pluggy's calling protocol.
//
// Implementations run from the end of the list to its start. Wrappers are started on the way and finished in reverse order
// when the plain ones are done or one has raised.

#include "engine/hooks/impl.h"

namespace fastest::hooks {

/// The arguments of one hook call: names and values side by side, borrowed.
struct Arguments {
    PyObject* const* names;
    PyObject* const* values;
    std::size_t count;

    /// The value for a name, or null. Interned names are told by identity.
    PyObject* find(PyObject* name) const {
        for (std::size_t i = 0; i < count; ++i)
            if (names[i] == name) return values[i];
        return find_equal(name);
    }

private:
    PyObject* find_equal(PyObject* name) const;
};

/// Calls implementations (`Impl` objects, kept alive by the caller). A new reference: the list of results that are not
/// None, or with `firstresult` the first of them or None. Null with the Python error set when the call fails.
PyObject* run_implementations(handle hook_name, PyObject* const* impls, std::size_t count, const Arguments& arguments,
                              bool firstresult) noexcept;

/// pluggy's `_multicall` as a Python function; `PluginManager._inner_hookexec` is this one unless somebody monitors.
handle multicall_function();

}  // namespace fastest::hooks
