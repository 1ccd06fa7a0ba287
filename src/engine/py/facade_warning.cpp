#include "engine/py/facade_warning.h"

namespace fastest::py {

void warn_from(const char* facade_module, handle warning) {
    object filename = lookup(facade_module, "__file__"_n);
    object globals = lookup(facade_module, "__dict__"_n);
    object registry = dict_get(globals, "__warningregistry__"_n);
    if (!registry.is_valid()) {
        registry = new_dict();
        dict_set(globals, "__warningregistry__"_n, registry);
    }
    call_kw(lookup("warnings", "warn_explicit"_n), {warning},
            {{"category"_n, Py_None},
             {"filename"_n, filename},
             {"lineno"_n, integer(1)},
             {"module"_n, str(facade_module)},
             {"registry"_n, registry}});
}

void warn_at(handle warning, handle filename, handle lineno) {
    call_kw(lookup("warnings", "warn_explicit"_n), {warning},
            {{"category"_n, Py_None}, {"filename"_n, filename}, {"lineno"_n, lineno}});
}

}  // namespace fastest::py
