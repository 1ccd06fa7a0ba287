#pragma once
// Parsing a command line against option specs, as argparse parses it for pytest: options anywhere, the rest is
// `file_or_dir`, unknown options are kept aside.

#include "engine/py/object.h"

namespace fastest::settings {

struct ParseOutcome {
    /// False: something here needs argparse, or is an error that argparse has words for. The namespace is unchanged.
    bool done = false;
    py::object unknown;  // list of str
};

/// `arguments`: a list of `Argument` in the order in which they were added; `index`: option string -> Argument; `words`: a
/// list of str. Unknown options need argparse unless they are allowed. Sets the attributes of `namespace`. Errors other than those argparse reports are thrown.
ParseOutcome parse_options(py::handle arguments, py::handle index, py::handle words, py::handle namespace_object,
                           bool allow_unknown);

}  // namespace fastest::settings
