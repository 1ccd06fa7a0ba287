#pragma once
// `_pytest.main`: the session, its arguments, its run.

#include <optional>

#include "engine/collect/paths.h"
#include "engine/nodes/node.h"

namespace fastest::collect {

void define_session(py::Module& m);
void define_arguments(py::Module& m);
void define_ignoring(py::Module& m);
void define_main(py::Module& m);
void define_main_options(py::Module& m);
void define_directory(py::Module& m);

// The steps of a session's collection, as methods of `Session`.
object perform_collect(py::Args a);                // self, args, genitems
object collect_one_node(py::Args a);               // self, node, handle_dupes -> (report, duplicate)
object collect_path(py::Args a);                   // self, path, path_cache
py::Generator collect_arguments(py::OwnedArgs a);  // self

/// One argument of the command line, made absolute and split.
object resolve_argument(handle invocation_path, handle arg, handle index, bool as_pypath, bool namespace_packages);
/// Whether `pytest_ignore_collect` of ours leaves out no file (but `__pycache__`) of a folder.
bool ignores_no_files_of(handle config, handle folder);
/// Without those arguments that others contain, in the order given.
object normalize_arguments(handle arguments);

/// `session.isinitpath(path)` for the text of an absolute normal path; nothing when the session's own method has to be
/// asked.
std::optional<bool> is_initial_path(handle session, handle text);

/// While it lives, `session.trace`'s messages are indented.
class TraceIndent {
public:
    explicit TraceIndent(handle session);
    ~TraceIndent();
    TraceIndent(const TraceIndent&) = delete;
    TraceIndent& operator=(const TraceIndent&) = delete;
    /// Ends it early.
    void end();

private:
    object root_;
};

}  // namespace fastest::collect
