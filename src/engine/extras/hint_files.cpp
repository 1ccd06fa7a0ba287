// Hints at files that are not found.

#include "engine/extras/hints.h"
#include "os/files.h"
#include "os/paths.h"

namespace fastest::extras {

void hint_at_files(const Failure& failure, Hints& hints) {
    if (!is_instance(failure.exception, handle(PyExc_FileNotFoundError))) return;
    object name = get(failure.exception, "filename"_n);
    if (is_instance_if_imported(name, "pathlib", "PurePath"_n)) name = to_str(name);
    if (!PyUnicode_Check(name.ptr()) || !length(name)) return;
    std::string path = text(name), wanted(os::name_of(path));
    if (os::exists(path)) return;  // it is there by now, or it is a program of another system
    std::string test_folder = os::parent(text_of(get(failure.node, "path"_n)));
    if (!path.starts_with('/') && os::exists(os::join(test_folder, path))) {
        hints.add(
            cat("'", path, "' is beside the test file, and the current folder is another: use Path(__file__).parent"));
        return;
    }
    std::string folder = os::parent(os::absolute(path));
    if (!os::is_folder(folder)) {
        hints.add(cat("there is no folder ", shown_path(failure.config, folder)));
        return;
    }
    match::NearestNames nearest(wanted);
    for (const std::string& entry : os::list_folder(folder).value_or(std::vector<std::string>())) nearest.offer(entry);
    hints.add(did_you_mean(nearest.found()));
}

}  // namespace fastest::extras
