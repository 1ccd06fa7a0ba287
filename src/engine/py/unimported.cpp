#include "engine/py/unimported.h"

#include "engine/py/object.h"
#include "engine/py/short_cut.h"

namespace fastest::py {
namespace {

ShortCut g_unimported{"py.unimported",
                      "What uuid.uuid4, getpass.getuser and tempfile.gettempdir give is found without importing their "
                      "modules. Seen by whoever has imported them."};

}  // namespace

bool does_without(const char* module) {
    return g_unimported.take(!believes_in_lookers() && !loaded_module(str(module)).is_valid());
}

}  // namespace fastest::py
