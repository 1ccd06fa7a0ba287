#include "engine/nodes/warn.h"

namespace fastest::nodes {

using namespace py::literals;

void warn_from(const char* facade_module, py::handle warning) {
    py::object filename = py::lookup(facade_module, "__file__"_n);
    py::object globals = py::lookup(facade_module, "__dict__"_n);
    py::object registry = py::dict_get(globals, "__warningregistry__"_n);
    if (!registry.is_valid()) {
        registry = py::new_dict();
        py::dict_set(globals, "__warningregistry__"_n, registry);
    }
    py::call_kw(py::lookup("warnings", "warn_explicit"_n), {warning},
                {{"category"_n, Py_None},
                 {"filename"_n, filename},
                 {"lineno"_n, py::integer(1)},
                 {"module"_n, py::str(facade_module)},
                 {"registry"_n, registry}});
}

void warn_at(py::handle warning, py::handle filename, py::handle lineno) {
    py::call_kw(py::lookup("warnings", "warn_explicit"_n), {warning},
                {{"category"_n, Py_None}, {"filename"_n, filename}, {"lineno"_n, lineno}});
}

}  // namespace fastest::nodes
