#pragma once
// Source fragments and the statement that a line belongs to.
//
// A `Source` has the Python attributes `lines` (deindented) and `raw_lines` (as in the file), both lists of str.

#include "engine/py/module.h"

namespace fastest::explain {

/// A Source that has these two lists, without copying them.
py::object make_source(py::handle lines, py::handle raw_lines);
/// `Source("???")`: what stands for code that cannot be found.
py::object unknown_source();

/// (Source of the whole file or None, 0-based line of the object or -1).
struct FoundSource {
    py::object source;
    long long line = -1;
};
FoundSource find_source(py::handle object);

/// The lines of a code object's file when that is a plain `.py` file, as linecache keeps them: the same list as long as the
/// file is the same. Null for other code.
py::object plain_file_lines(py::handle code);
/// The Source of a file with these lines.
py::object file_source(py::handle lines);

/// `function.__code__`, also of instances with a Python `__call__`. TypeError if there is none.
py::object raw_code(py::handle object, bool try_call = true);

/// The half-open range of lines of the statement at `line`; `tree` is the module's AST, or null to parse now, and is
/// given back. SyntaxError when the source does not compile.
struct StatementRange {
    py::object tree;
    long long start = 0;
    long long end = 0;
};
StatementRange statement_range(long long line, py::handle source, py::handle tree);
/// The first lines of all statements of a source, as a tuple of int, sorted. SyntaxError when it does not compile.
py::object statement_starts(py::handle source);
/// The end of that range, where these are known.
long long statement_end(long long line, py::handle source, py::handle starts);

/// Whether, if the source compiles, the statement of its last line begins there. False also when only parsing would tell.
bool last_line_begins_statement(py::handle source);
/// Whether nobody has replaced how a Source finds and shows its statements.
bool finds_statements_natively(py::handle source);

/// Lines without their common indentation, as a list of str.
py::object deindented(py::handle lines);

}  // namespace fastest::explain
