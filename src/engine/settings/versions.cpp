// The versions that this behaves as.

#include "engine/py/module.h"

namespace {

using namespace fastest::py;

constexpr const char* kPytest = "9.2.0";

object pytest_version_tuple() { return tuple_of(integer(9), integer(2), integer(0)); }

FASTEST_MODULE(pytest_package, "_pytest") {
    handle version = room("pytest_version");
    m.attr("__version__", get(version, "version"_n));
    m.attr("version_tuple", get(version, "version_tuple"_n));
}

FASTEST_MODULE(pytest_version, "_pytest._version") {
    m.attr("version", str(kPytest));
    m.attr("version_tuple", pytest_version_tuple());
}

FASTEST_MODULE(pluggy_version, "pluggy") { m.attr("__version__", str("1.7.0")); }

}  // namespace
