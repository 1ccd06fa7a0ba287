#pragma once
// Testdir: Pytester with py.path.local.

#include "engine/py/module.h"

namespace fastest::builtin {

/// `_pytest.compat.legacy_path(path)` as the plugin sees it.
py::object legacy_path(py::handle path);
/// Warns when a private constructor is called by anybody but pytest.
void require_ispytest(py::handle flag);

void define_testdir(py::Module& m);

}  // namespace fastest::builtin
