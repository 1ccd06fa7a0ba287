// Classes of `_pytest.config` that few runs use; made when the first one asks.

#include "engine/py/module.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

// --- the deprecated `config.inicfg` -----------------------------------------------------------

object proxied(handle self) { return py::get(py::get(self, "_config"_n), "_inicfg"_n); }

object proxy_get(Args a) { return py::get(py::item(proxied(a[0]), a[1]), "value"_n); }

object proxy_set(Args a) {
    object value = py::call_kw(py::global<"findpaths", "ConfigValue">(), {a[2]},
                               {{"origin"_n, py::str("override")}, {"mode"_n, py::str("toml")}});
    py::set_item(proxied(a[0]), a[1], value);
    return py::none();
}

object proxy_delete(Args a) {
    py::check(PyObject_DelItem(proxied(a[0]).ptr(), a[1].ptr()));
    return py::none();
}

void define_inicfg_proxy(py::Module& m) {
    m.cls("_DeprecatedInicfgProxy", {py::lookup("collections.abc", "MutableMapping"_n)})
        .slots({"_config"})
        .def("__init__", "self, config",
             [](Args a) {
                 py::set(a[0], "_config"_n, a[1]);
                 return py::none();
             })
        .def("__getitem__", "self, key", proxy_get)
        .def("__setitem__", "self, key, value", proxy_set)
        .def("__delitem__", "self, key", proxy_delete)
        .def("__iter__", "self", [](Args a) { return py::check(PyObject_GetIter(proxied(a[0]).ptr())); })
        .def("__len__", "self", [](Args a) { return py::integer(py::length(proxied(a[0]))); })
        .doc("The values of the configuration file as they stand there.")
        .make();
}

void define_registered_marker(py::Module& m) {
    object type = py::call_kw(py::lookup("collections", "namedtuple"_n),
                              {py::str("RegisteredMarker"), py::str("name signature description")},
                              {{"module"_n, py::str("_pytest.config")}});
    py::set(type, "__doc__"_n, py::str("A marker that the configuration registers."));
    m.attr("RegisteredMarker", type);
}

FASTEST_MODULE(config_extras, "_pytest.config") {
    define_inicfg_proxy(m);
    define_registered_marker(m);
}

}  // namespace
}  // namespace fastest::settings
