#pragma once
// The cache of a project: JSON values and directories below `.pytest_cache`.

#include "engine/py/module.h"

namespace fastest::builtin {

/// `_pytest.nodeid.NodeId.parse(text)`.
py::object parse_node_id(py::handle text);
/// Whether this run writes the cache: not for --cache-show and not in xdist's workers.
bool writes_cache(py::handle config);
/// Writes a value; on failure the facade's function of that name tries again, so that the warning has a place in a file.
void store(py::handle config, const char* key, py::handle value, py::handle plugin, py::handle facade_function);

void define_cache(py::Module& m);
void define_last_failed(py::Module& m);
void define_new_first(py::Module& m);

}  // namespace fastest::builtin
