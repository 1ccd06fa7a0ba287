#pragma once
// Hook implementations and specifications: pluggy's HookImpl and HookSpec.

#include "engine/py/record.h"

namespace fastest::hooks {

using py::handle;
using py::object;

/// A plugin's function for one hook (`pluggy.HookImpl`). No field is null.
struct Impl {
    PyObject_HEAD;
    PyObject* function;    // as it is called: bound where it is a method
    PyObject* argnames;    // tuple of str: parameters without default, without self
    PyObject* kwargnames;  // tuple of str: parameters with default
    PyObject* plugin;
    PyObject* opts;
    PyObject* plugin_name;
    char wrapper, hookwrapper, optionalhook, tryfirst, trylast;

    static constexpr auto refs() {
        return std::array{&Impl::function, &Impl::argnames, &Impl::kwargnames,
                          &Impl::plugin,   &Impl::opts,     &Impl::plugin_name};
    }
    bool wraps() const { return wrapper || hookwrapper; }
};

/// A declared hook (`pluggy.HookSpec`). No field but `complete` is null.
struct Spec {
    PyObject_HEAD;
    PyObject *namespace_, *function, *name, *argnames, *kwargnames, *kwargdefaults, *opts, *warn_on_impl,
        *warn_on_impl_args;  // argnames, kwargnames: tuples of str; kwargdefaults: dict
    PyObject* complete;      // the last tuple of keyword names that held all argnames, or null

    static constexpr auto refs() {
        return std::array{&Spec::namespace_,        &Spec::function,      &Spec::name, &Spec::argnames,
                          &Spec::kwargnames,        &Spec::kwargdefaults, &Spec::opts, &Spec::warn_on_impl,
                          &Spec::warn_on_impl_args, &Spec::complete};
    }
};

PyTypeObject* impl_type();
PyTypeObject* spec_type();

/// The record behind a Python object; TypeError for anything else.
Impl* as_impl(handle value);
Spec* as_spec(handle value);

object make_impl(handle plugin, handle plugin_name, handle function, handle opts);

/// Fills the missing keys of a dict of hookimpl options.
void normalize_hookimpl_opts(handle opts);

/// The parameter names of a callable without and with default, in order; `self` and `cls` are left out.
struct VarNames {
    object required, optional;
};
VarNames varnames(handle function, bool legacy_noself = false);

/// Whether calling it makes a generator (`inspect.isgeneratorfunction`; native coroutines too).
bool is_generator_function(handle function);

}  // namespace fastest::hooks
