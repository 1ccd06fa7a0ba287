#pragma once
// Testdir: Pytester with py.path.local.

#include "engine/py/module.h"

namespace fastest::builtin {

/// `_pytest.compat.legacy_path(path)` as the plugin sees it.
py::object legacy_path(py::handle path);

void define_testdir(py::Module& m);

}  // namespace fastest::builtin
