#pragma once
// Native state of a plugin object: made with it, gone with it.

#include <memory>

#include "engine/py/module.h"

namespace fastest::extras {

using namespace py;

template <class State>
void keep_state(handle plugin, std::unique_ptr<State> state) {
    object capsule = check(PyCapsule_New(state.get(), nullptr, [](PyObject* dying) {
        delete static_cast<State*>(PyCapsule_GetPointer(dying, nullptr));
    }));
    state.release();
    set(plugin, "_state"_n, capsule);
}

/// Of a plugin to which `keep_state` gave a state of this type.
template <class State>
State& state_of(handle plugin) {
    object capsule = get(plugin, "_state"_n);
    void* state = PyCapsule_GetPointer(capsule.ptr(), nullptr);
    if (!state) throw nb::python_error();
    return *static_cast<State*>(state);
}

}  // namespace fastest::extras
