#pragma once
// The Python collectors and items: `_pytest.python` without parametrization.

#include "engine/collect/garbage_pause.h"
#include "engine/collect/paths.h"
#include "engine/nodes/node.h"

namespace fastest::collect {

/// `node.obj`: the field while the class does not override it.
object obj_of(handle node);
/// The `obj` of the closest node of this class, which may be the node itself; None when there is none.
object closest_object(handle node, handle type);
inline handle module_class() { return py::global<"python", "Module">(); }
/// What a function's `obj` is: the attribute of its instance or of its parent's object.
object object_of_function(handle self);
/// The test functions that a function in a module or class stands for: one, or one per parameter set.
object generate_functions(handle collector, handle name, handle function, GarbagePause* pause = nullptr);
/// Imports a test module and turns what goes wrong into CollectError with pytest's texts.
object import_test_module(handle path, handle config);
/// The children of a directory, in the order of their names, by the hooks.
py::Generator collect_entries(object directory, object sort_key);

/// Registers fixtures that call a module's or class's `setup_*` and `teardown_*` functions, where there are some.
void register_module_setup(handle module_node);
void register_function_setup(handle module_node);
void register_class_setup(handle class_node);
void register_method_setup(handle class_node);
/// `getattr(holder, name)` for the first name that is there and is no fixture; else None.
object first_plain_function(handle holder, handle names);
/// `function(argument)`, or `function()` if it takes no argument.
void call_with_optional_argument(handle function, handle argument);

/// Marks of the object itself (`get_unpacked_marks`).
object unpacked_marks(handle obj);
/// Appends marks to the node's own and to its keywords.
void add_own_marks(handle node, handle marks);

void define_pyobj(py::Module& m);
void define_pycollector(py::Module& m);
void define_module(py::Module& m);
void define_package(py::Module& m);
void define_class(py::Module& m);
void define_function(py::Module& m);
void define_python_hooks(py::Module& m);
void define_xunit(py::Module& m);
void define_bare_items(py::Module& m);

}  // namespace fastest::collect
