#pragma once
// Runs the implementations of a hook: pluggy's calling protocol.
//
// Implementations run from the end of the list to its start. Wrappers are started on the way and finished in reverse order
// when the plain ones are done or one has raised.

#include <memory>
#include <optional>

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

/// A call whose implementations the caller runs one after the other, with work of its own between them.
class StepwiseCall {
public:
    /// `arguments` are kept by reference.
    StepwiseCall(handle hook_name, const Arguments& arguments);
    ~StepwiseCall();
    StepwiseCall(const StepwiseCall&) = delete;
    StepwiseCall& operator=(const StepwiseCall&) = delete;

    /// Runs a plain implementation, or a wrapper up to its yield. Throws what it raises.
    void run(const Impl* impl);
    /// What wrappers get as the result instead of the list of results.
    void set_result(object value);
    /// What the wrappers that have ended made of it.
    object result() const;
    /// Lets the last wrapper that waits end, with the error if there is one; it may take or replace the error.
    void end_wrapper(std::optional<nb::python_error>& error);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// pluggy's `_multicall` as a Python function; `PluginManager._inner_hookexec` is this one unless somebody monitors.
handle multicall_function();

}  // namespace fastest::hooks
