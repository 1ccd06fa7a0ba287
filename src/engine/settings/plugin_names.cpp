// The plugins that come with pytest, in the order in which they are registered. What fastest has beyond it
// (engine/extras) is none unless an option asks for it.

#include "engine/settings/config.h"

namespace fastest::settings {
namespace {

/// Those that `-p no:NAME` cannot switch off.
const char* const kEssential[] = {"mark", "main", "runner", "fixtures", "helpconfig"};

const char* const kDefault[] = {
    "python",     "terminal",  "debugging",     "unittest", "capture",   "skipping",
    "legacypath", "tmpdir",    "monkeypatch",   "recwarn",  "pastebin",  "assertion",
    "junitxml",   "doctest",   "cacheprovider", "setuponly", "setupplan", "stepwise",
    "unraisableexception", "threadexception", "warnings", "logging", "reports", "faulthandler", "subtests",
};

const char* const kOptIn[] = {"pytester", "pytester_assertions", "terminalprogress"};

}  // namespace

void define_plugin_names(py::Module& m) {
    py::object names = py::new_list();
    for (const char* name : kEssential) py::append(names, py::str(name));
    m.attr("essential_plugins", py::to_tuple(names));
    for (const char* name : kDefault) py::append(names, py::str(name));
    m.attr("default_plugins", py::to_tuple(names));
    py::object all = py::check(PySet_New(names.ptr()));
    for (const char* name : kOptIn) py::check(PySet_Add(all.ptr(), py::str(name).ptr()));
    m.attr("builtin_plugins", all);
}

}  // namespace fastest::settings
