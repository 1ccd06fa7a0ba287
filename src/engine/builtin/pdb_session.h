#pragma once
// pytestPDB: entering a debugger with capture off, with whatever class `--pdbcls` names.

#include "engine/run/known.h"

namespace fastest::builtin {

using namespace run;

void define_pdb_session(Module& m);

}  // namespace fastest::builtin
