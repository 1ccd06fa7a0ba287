#pragma once
// The short cut for test functions: items are made without a call of their class, and their definition and Metafunc are
// left out where nobody could parametrize.
//
// It is taken when the collector and the function are plain: exact engine classes whose methods nobody has replaced, a
// Python function found in a module or in a class without a constructor or attribute access of its own. What Python
// would have made at once (instance, bound method, request, keywords) is then made when somebody asks.

#include "engine/nodes/ours.h"

namespace fastest::collect {

using py::handle;
using py::object;
using namespace py::literals;

/// Keeps the methods of Function and its bases as they are now, to tell later whether they were replaced.
void remember_function_methods(handle function_class);

/// Whether items for the functions of a collector may be made natively.
bool holds_plain_functions(handle collector);
/// The same for one function.
bool is_plain_function_of(handle collector, handle name, handle function);

/// What the items of one function have of it.
struct FunctionMarks {
    object own;       // list: its marks; null: none
    object keywords;  // dict: marks by name and the function's attributes; null: none
};
FunctionMarks marks_of_function(handle function);

/// What a native item is made of. Null handles: not given.
struct FunctionParts {
    handle collector;
    handle name;      // with the parameters' id
    handle original;  // without
    handle function;
    handle callspec;
    handle fixtureinfo;                    // null: asked of the fixture manager
    handle id = {};                        // of the callspec
    const FunctionMarks* marks = nullptr;  // null: not known yet
};
/// A Function. The collector and function must be plain.
object make_plain_function(const FunctionParts& parts);
/// A FunctionDefinition likewise.
object make_plain_definition(const FunctionParts& parts);

/// A Function for one without attributes, and with nothing known of its fixtures yet. The class may not be abstract.
object make_bare_function(handle collector, handle name, handle function);
/// The same for another class of functions: a method of what the collector collects, whose instance comes when it is
/// asked for.
object make_bare_method(handle type, handle collector, handle name, handle function);
/// Whether a class of functions is made as Function is: nobody has replaced what takes part in it but `_getinstance`.
bool is_made_as_functions_are(handle type);
/// Gives an item a FuncFixtureInfo that others have, too.
void share_fixture_info(handle item, handle fixtureinfo);

bool has_fixture_with_params(handle fixtureinfo);
/// Whether nothing can parametrize this item: no mark on it or above it, no fixture with params in its closure.
bool has_no_parameters(handle item);

}  // namespace fastest::collect
