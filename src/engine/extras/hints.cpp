#include "engine/extras/hints.h"

#include <algorithm>

#include "engine/fixtures/manager.h"
#include "engine/fixtures/notices.h"
#include "engine/py/function.h"

namespace fastest::extras {
namespace {

constexpr std::size_t kMostLines = 8, kMostNames = 10'000;

/// Whether a file is one of ours that stand for pytest's.
bool is_own_file(const std::string& path) {
    std::string package = text_of(get(import_module("_pytest"), "__file__"_n));
    return path.starts_with(package.substr(0, package.rfind('/') + 1));
}

}  // namespace

void Hints::add(std::string line) {
    if (line.empty() || lines_.size() >= kMostLines) return;
    if (std::find(lines_.begin(), lines_.end(), line) == lines_.end()) lines_.push_back(std::move(line));
}

// --- words ------------------------------------------------------------------------------------

std::string did_you_mean(const std::vector<std::string>& names) {
    if (names.empty()) return {};
    std::string line = "did you mean ";
    for (std::size_t i = 0; i < names.size(); ++i)
        line += cat(i == 0 ? "" : i + 1 == names.size() ? " or " : ", ", "'", names[i], "'");
    return line + "?";
}

std::string shown_path(handle config, const std::string& path) {
    std::string root = text_of(get(config, "rootpath"_n)) + "/";
    if (path.starts_with(root)) return path.substr(root.size());
    constexpr std::string_view kInstalled = "/site-packages/";
    std::size_t installed = path.rfind(kInstalled);
    return installed == std::string::npos ? path : path.substr(installed + kInstalled.size());
}

std::string place_of(handle config, handle function) {
    if (is_native_function(function)) return "pytest's own";
    auto [path, line] = fixtures::source_location(call(fixtures::compat("get_real_func"_n), function));
    if (is_own_file(text_of(path))) return "pytest's own";
    return cat(shown_path(config, text_of(path)), ":", line + 1);
}

std::string hides_standard_module(handle config, handle module) {
    object name = get_or(module, "__name__"_n, Py_None), file = get_or(module, "__file__"_n, Py_None);
    if (!is_str(name) || !is_str(file)) return {};
    if (!contains(get(import_module("sys"), "stdlib_module_names"_n), name)) return {};
    std::string path = text(file), library = text(get(import_module("os"), "__file__"_n));
    if (path.starts_with(library.substr(0, library.rfind('/') + 1)) &&
        path.find("/site-packages/") == std::string::npos)
        return {};
    if (!path.ends_with(".py")) return {};
    return cat("'", name, "' is ", shown_path(config, path),
               ", which hides the module of the standard library: rename it");
}

std::string between(const std::string& message, std::string_view before, std::string_view after) {
    std::size_t begin = message.find(before);
    if (begin == std::string::npos) return {};
    begin += before.size();
    std::size_t end = message.find(after, begin);
    return end == std::string::npos ? std::string() : message.substr(begin, end - begin);
}

// --- where the error was raised ----------------------------------------------------------------

object raising_frame(const Failure& failure) {
    if (is_none(failure.traceback)) return {};
    object entry = borrow(failure.traceback);
    for (object next = get(entry, "tb_next"_n); !is_none(next); next = get(entry, "tb_next"_n)) entry = next;
    return get(entry, "tb_frame"_n);
}

object variable_of(handle frame, handle name) {
    for (handle space : {"f_locals"_n, "f_globals"_n}) {
        object variables = get(frame, space);
        if (contains(variables, name)) return item(variables, name);
    }
    return {};
}

void offer_fixtures(handle node, match::NearestNames& names) {
    object manager = get(get(node, "session"_n), "_fixturemanager"_n);
    std::size_t count = 0;
    for (object definition : each(call_method(manager, "_get_all_fixture_defs_for_node"_n, node))) {
        if (++count > kMostNames) return;
        names.offer(text(get(definition, "argname"_n)));
    }
}

object visible_fixture(handle node, handle name) {
    object definitions = fixtures::visible_definitions(get(get(node, "session"_n), "_fixturemanager"_n), name, node);
    return is_none(definitions) || !length(definitions) ? object()
                                                        : item(definitions, integer(length(definitions) - 1));
}

object to_dict(handle mapping) {
    object dict = new_dict();
    check(PyDict_Update(dict.ptr(), mapping.ptr()));
    return dict;
}

void offer_all(handle names, match::NearestNames& nearest) {
    std::size_t count = 0;
    for (object name : each(names)) {
        if (++count > kMostNames) return;
        if (is_str(name)) nearest.offer(text(name));
    }
}

}  // namespace fastest::extras
