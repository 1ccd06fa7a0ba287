#pragma once
// The bodies of the functions of `_pytest.assertion.rewrite`; their signatures stand in module.cpp.

#include "engine/py/function.h"

namespace fastest::rewrite {

// support.cpp
py::object maxsize_for_saferepr(py::Args);
py::object saferepr_of_value(py::Args);
py::object format_assertmsg(py::Args);
py::object should_repr_global_name(py::Args);
py::object format_boolop(py::Args);
py::object call_reprcompare(py::Args);
py::object call_assertion_pass(py::Args);
py::object has_assertion_pass(py::Args);
/// `_explain_parts(shape)`: shows what is compared; the rest is shown by `_fail`.
py::object explain_parts(py::Args);
/// `_explain_whole(shape)`: shows everything.
py::object explain_whole(py::Args);
/// `_fail(shape or parts, message=...)`: raises the AssertionError.
py::object fail(py::Args);
/// `_fail_as(AssertionError, shape or parts, message=...)`: for sources that may have a name of their own for it.
py::object fail_as(py::Args);
/// `_report_pass(shape, line, source)`: tells `pytest_assertion_pass`.
py::object report_pass(py::Args);

// tree.cpp
py::object rewrite_asserts(py::Args);
/// Rewrites a tree that nobody but `compile` will see. Gives what to compile in its place; `tree` is used up.
py::object rewritten_for_compiler(py::object& tree, py::handle source, py::handle path, py::handle config);
py::object assertion_sources(py::Args);
py::object traverse_node(py::Args);
py::object walrus_targets(py::Args);

// cache.cpp
py::object read_pyc(py::Args);
py::object write_pyc(py::Args);
py::object write_pyc_file(py::Args);
py::object rewrite_test(py::Args);
py::object get_cache_dir(py::Args);
py::object try_makedirs(py::Args);
py::object fix_code_filename(py::Args);
py::object replace_code_filenames(py::Args);

}  // namespace fastest::rewrite
