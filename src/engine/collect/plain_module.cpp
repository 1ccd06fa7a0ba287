#include "engine/collect/plain_module.h"

#include "engine/nodes/nodeid.h"
#include "engine/nodes/ours.h"
#include "engine/py/pathlib_path.h"

namespace fastest::collect {
namespace {

using namespace py::literals;

constexpr const char* kOfModule[] = {"from_parent", "__init__", "__new__"};
constexpr const char* kOfNode[] = {"from_parent", "__init__"};
constexpr const char* kOfMeta[] = {"__call__", "_create"};

// Constants: the engine's own functions.
py::OwnMethods<std::size(kOfModule)> g_of_module;
py::OwnMethods<std::size(kOfNode)> g_of_node;
py::OwnMethods<std::size(kOfMeta)> g_of_meta;

bool modules_are_ours() {
    auto* type = reinterpret_cast<PyTypeObject*>(py::global<"python", "Module">().ptr());
    auto* node = reinterpret_cast<PyTypeObject*>(py::global<"nodes", "Node">().ptr());
    if (!g_of_module.found_in(type) || !g_of_node.found_in(node) || !g_of_meta.found_in(Py_TYPE(type))) return false;
    for (nodes::Field which : {nodes::kName, nodes::kParent, nodes::kConfig, nodes::kSession, nodes::kPath, nodes::kId})
        if (!nodes::reads_field(type, which)) return false;
    return !(type->tp_flags & Py_TPFLAGS_IS_ABSTRACT);
}

}  // namespace

void remember_module_methods(handle module_class) {
    g_of_module.remember(module_class, kOfModule);
    g_of_node.remember(py::global<"nodes", "Node">(), kOfNode);
    g_of_meta.remember(py::type_of(module_class), kOfMeta);
}

bool PlainModules::find(handle directory) {
    if (!modules_are_ours()) return false;
    directory_ = py::borrow(directory);
    config_ = nodes::config_of(directory);
    session_ = nodes::session_of(directory);
    path_ = nodes::path_of(directory);
    std::string folder = py::text(py::path_str(path_)), root = py::text(py::path_str(py::get(config_, "rootpath"_n)));
    if (!folder.starts_with('/') || folder == "/") return false;
    if (folder == root)
        prefix_.clear();
    else if (folder.starts_with(root + "/"))
        prefix_ = folder.substr(root.size() + 1) + "/";
    else
        return false;
    return prefix_.find('\\') == std::string::npos;
}

object PlainModules::make(handle name) const {
    object module = nodes::allocate_concrete_node(py::global<"python", "Module">());
    auto* node = nodes::as_node(module);
    nodes::set_field(node, nodes::kName, name);
    nodes::set_field(node, nodes::kParent, directory_);
    nodes::set_field(node, nodes::kConfig, config_);
    nodes::set_field(node, nodes::kSession, session_);
    nodes::set_field(node, nodes::kPath, py::path_below(path_, name));
    object id_path = py::strcat(prefix_, name);
    nodes::set_field(node, nodes::kId, nodes::make_nodeid(id_path, py::tuple_of(), Py_None));
    return module;
}

}  // namespace fastest::collect
