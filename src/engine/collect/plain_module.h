#pragma once
// Modules made natively, for files of a directory that lies below rootdir.

#include "engine/nodes/node.h"

namespace fastest::collect {

using py::handle;
using py::object;

/// Keeps the methods of Module and its bases as they are now, to tell later whether they were replaced.
void remember_module_methods(handle module_class);

class PlainModules {
public:
    /// Whether modules of this directory may be made without calling their class.
    bool find(handle directory);
    /// The Module of the file with this name.
    object make(handle name) const;

private:
    object directory_, config_, session_, path_;
    std::string prefix_;  // of node ids
};

}  // namespace fastest::collect
