// The namespace of `_pytest.config.argparsing`.

#include "engine/settings/argparsing.h"
#include "engine/settings/ini_types.h"
#include "engine/settings/option_spec.h"

namespace fastest::settings {
namespace {

using py::Args;

FASTEST_MODULE(argparsing, "_pytest.config.argparsing") {
    define_namespace(m);
    define_ini_types(m);
    define_actions(m);
    define_argument(m);
    define_option_group(m);
    define_parser(m);
    m.def("_get_argparse_dest", "opts", [](Args a) { return py::str(default_dest(a[0])); });
}

}  // namespace
}  // namespace fastest::settings
