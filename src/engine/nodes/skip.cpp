#include "engine/nodes/skip.h"

#include "engine/py/error.h"
#include "engine/py/frame.h"

namespace fastest::nodes {

using namespace py::literals;

void skip_from(const char* module, const char* function, py::handle reason) {
    try {
        py::call(py::lookup("_pytest.outcomes", "skip"_n), reason);
    } catch (nb::python_error& error) {
        py::add_traceback(error.value(), module, function);
        throw;
    }
    py::raise(PyExc_RuntimeError, "pytest.skip was replaced by a function that returns");
}

}  // namespace fastest::nodes
