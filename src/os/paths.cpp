#include "os/paths.h"

#include <unistd.h>

#include <cstdlib>

namespace fastest::os {

std::string current_folder() {
    char* folder = ::getcwd(nullptr, 0);
    std::string path = folder ? folder : "";
    std::free(folder);
    return path;
}

std::string normal(std::string_view path) {
    if (path.empty()) return ".";
    std::string root;
    if (path.starts_with('/')) root = path.starts_with("//") && !path.starts_with("///") ? "//" : "/";
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at <= path.size();) {
        std::size_t end = path.find('/', at);
        if (end == std::string_view::npos) end = path.size();
        std::string_view part = path.substr(at, end - at);
        at = end + 1;
        if (part.empty() || part == ".") continue;
        if (part != ".." || (root.empty() && parts.empty()) || (!parts.empty() && parts.back() == "..")) parts.push_back(part);
        else if (!parts.empty()) parts.pop_back();
    }
    std::string out = root;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i) out += '/';
        out += parts[i];
    }
    return out.empty() ? "." : out;
}

std::string absolute(std::string_view path) {
    return normal(path.starts_with('/') ? std::string(path) : join(current_folder(), path));
}

std::string join(std::string_view folder, std::string_view name) {
    if (folder.empty() || name.starts_with('/')) return std::string(name);
    std::string out(folder);
    if (!out.ends_with('/')) out += '/';
    return out += name;
}

std::string parent(std::string_view path) {
    std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return ".";
    if (slash == 0) return "/";
    return std::string(path.substr(0, slash));
}

std::vector<std::string> with_parents(std::string_view path) {
    std::vector<std::string> all{std::string(path)};
    while (true) {
        std::string above = parent(all.back());
        if (above == all.back() || above == ".") return all;
        all.push_back(std::move(above));
    }
}

bool is_above(std::string_view folder, std::string_view path) {
    if (folder == "/") return path.size() > 1 && path.starts_with('/');
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::string_view name_of(std::string_view path) {
    std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view suffix(std::string_view path) {
    std::string_view name = name_of(path);
    std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == name.size()) return {};
    return name.substr(dot);
}

}  // namespace fastest::os
