// The extension module `fastest._engine`. Loading it reads nothing of the process: no environment, cwd, argv, clock or fd.

#include "engine/py/module.h"

NB_MODULE(_engine, module) { fastest::py::define_extension(module); }
