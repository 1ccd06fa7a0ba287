#include "engine/py/temporary_root.h"

#include "engine/py/import_watch.h"
#include "engine/py/pathlib_path.h"
#include "engine/py/unimported.h"
#include "os/files.h"
#include "os/paths.h"

namespace fastest::py {
namespace {

/// The place that tempfile would try first.
object first_place() {
    for (const char* name : {"TMPDIR", "TEMP", "TMP"})
        if (object value = call_method(lookup("os", "environ"_n), "get"_n, str(name)); truth(value)) return value;
    return str("/tmp");
}

/// Whether tempfile would take this place as it is written.
bool is_usable(handle place) {
    std::string path = fs_text(place);
    return path.starts_with('/') && os::normal(path) == path && os::is_folder(path) && os::can_write_in(path);
}

/// What tempfile is told when it is imported. Closure: the place.
object tell_place(Args a) {
    if (is_usable(a.closure())) set(a[0], "tempdir"_n, a.closure());
    return none();
}

/// The place that was noted; null if none was.
object noted_place() {
    object function = watching_function("tempfile"_n);
    return function.is_valid() ? borrow(function_closure(function)) : object();
}

}  // namespace

void note_temporary_root(CleanUp clean_up) {
    if (noted_place().is_valid()) return;
    if (does_without("tempfile"))
        clean_up.add(watch_import("tempfile", make_function("tell_place", "module", tell_place, first_place())));
    else
        call(lookup("tempfile", "gettempdir"_n));
}

object temporary_root(CleanUp clean_up) {
    if (!loaded_module("tempfile"_n).is_valid()) note_temporary_root(clean_up);
    object place = noted_place();
    return place.is_valid() && is_usable(place) ? place : call(lookup("tempfile", "gettempdir"_n));
}

}  // namespace fastest::py
