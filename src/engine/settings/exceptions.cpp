// The errors that end a run before it starts.

#include "engine/py/module.h"

namespace fastest::settings {
namespace {

FASTEST_MODULE(config_exceptions, "_pytest.config.exceptions") {
    m.cls("UsageError", {PyExc_Exception})
        .attr("__module__", py::str("pytest"))
        .doc("pytest was called or used in a wrong way.")
        .make();
    m.cls("PrintHelp", {PyExc_Exception}).doc("Ends the parsing of arguments because help is to be shown.").make();
}

}  // namespace
}  // namespace fastest::settings
