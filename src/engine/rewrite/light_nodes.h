#pragma once
// Nodes for a tree that only `compile` will see: instances of native subclasses of ast's types that keep their fields
// in a C struct. `compile` asks each node what type it is up to thirty times and then for each field by name; a light
// node answers in a tenth of the time of a node with a dict, and costs as little to make and to free.

#include "engine/rewrite/ast_nodes.h"

namespace fastest::rewrite {

/// A new light node; null when the type has no light form.
object make_light_node(PyTypeObject* type, const Location& place, std::initializer_list<Field> fields);

/// Makes a node of Python's parser answer faster, too.
void quicken(handle node);

/// A Module for `compile` that lets go of these statements as soon as `compile` has read them, before it compiles: the
/// tree and what it is compiled with are not in memory at the same time. `statements` is emptied. Null when it cannot
/// be made here.
object make_consumed_module(handle statements);

}  // namespace fastest::rewrite
