#include "engine/run/known.h"

namespace fastest::builtin {
namespace {

using namespace run;

object allocation_message(Args a) {
    if (is_none(a[0])) return str("");
    object find;
    try {
        find = lookup("tracemalloc", "get_object_traceback"_n);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ImportError)) throw;
        return str("");
    }
    object traceback = call(find, a[0]);
    if (is_none(traceback))
        return str(
            "Enable tracemalloc to get traceback where the object was allocated.\n"
            "See https://docs.pytest.org/en/stable/how-to/capture-warnings.html#resource-warnings for more info.");
    return strcat("\nObject allocated at:\n", call_method(str("\n"), "join"_n, call_method(traceback, "format"_n)));
}

}  // namespace
}  // namespace fastest::builtin

FASTEST_MODULE(tracemalloc, "_pytest.tracemalloc") {
    m.def("tracemalloc_message", "source", fastest::builtin::allocation_message,
          "Where this object was allocated, or how to find out.");
}
