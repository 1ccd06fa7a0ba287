#include "config/distributions.h"

#include <unordered_map>

#include "base/text.h"
#include "os/files.h"

namespace fastest::config {
namespace {

/// "Foo_Bar-1.0.dist-info" -> "foo_bar", the key under which importlib.metadata groups; empty for other names.
std::string group_key(std::string_view name) {
    std::string low = base::lower_ascii(name);
    if (!low.ends_with(".dist-info") && !low.ends_with(".egg-info")) return {};
    std::string_view stem = std::string_view(low).substr(0, low.rfind('.'));
    std::string key(stem.substr(0, stem.find('-')));
    // `Prepared.normalize` folds runs of "-", "_" and "." into one "_".
    std::string folded;
    for (char c : key) {
        bool mark = c == '-' || c == '_' || c == '.';
        if (!mark)
            folded += c;
        else if (folded.empty() || folded.back() != '_')
            folded += '_';
    }
    return folded.empty() ? "_" : folded;
}

/// A row of RECORD: path, hash, size, where the path may be quoted.
std::string record_path(std::string_view row) {
    if (!row.starts_with('"')) return std::string(row.substr(0, row.find(',')));
    std::string path;
    for (std::size_t i = 1; i < row.size(); ++i) {
        if (row[i] != '"')
            path += row[i];
        else if (i + 1 < row.size() && row[i + 1] == '"')
            path += row[i++];
        else
            break;
    }
    return path;
}

bool is_word(char c) {
    return c == '_' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

std::string_view take_words(std::string_view& text) {
    std::size_t end = 0;
    while (end < text.size() && is_word(text[end])) ++end;
    std::string_view words = text.substr(0, end);
    text = base::strip_left(text.substr(end));
    return words;
}

}  // namespace

std::optional<std::string> Distribution::read_text(const char* file) const { return os::read_file(path_ + "/" + file); }

std::vector<EntryPoint> Distribution::entry_points(std::string_view group) const {
    std::vector<EntryPoint> found;
    std::optional<std::string> text = read_text("entry_points.txt");
    if (!text || text->find(group) == std::string::npos) return found;
    std::string_view section;
    for (std::string_view raw : base::split_lines(*text)) {
        std::string_view line = base::strip(raw);
        if (line.empty() || line.front() == '#') continue;
        if (line.front() == '[' && line.back() == ']') {
            section = line.substr(1, line.size() - 2);
            continue;
        }
        std::size_t equals = line.find('=');
        if (section != group || equals == std::string_view::npos) continue;
        found.push_back(
            {std::string(base::strip(line.substr(0, equals))), std::string(base::strip(line.substr(equals + 1)))});
    }
    return found;
}

std::optional<std::string> Distribution::header(std::string_view name) const {
    std::optional<std::string> text = read_text("METADATA");
    if (!text) text = read_text("PKG-INFO");
    if (!text) text = os::read_file(path_);
    if (!text) return std::nullopt;
    for (std::string_view line : base::split(*text, '\n')) {
        if (line.empty() || line == "\r") break;
        if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == ':')
            return std::string(base::strip(line.substr(name.size() + 1)));
    }
    return std::nullopt;
}

std::optional<std::vector<std::string>> Distribution::recorded_files() const {
    std::optional<std::string> text = read_text("RECORD");
    if (!text) return std::nullopt;
    std::vector<std::string> files;
    for (std::string_view row : base::split_lines(*text))
        if (!row.empty()) files.push_back(record_path(row));
    return files;
}

std::optional<std::vector<Distribution>> find_distributions(const std::vector<std::string>& search_path) {
    std::vector<Distribution> all;
    for (const std::string& entry : search_path) {
        std::string folder = entry.empty() ? "." : entry;
        std::optional<std::vector<std::string>> names = os::list_folder(folder);
        if (!names) {
            if (os::exists(folder)) return std::nullopt;
            continue;
        }
        if (base::lower_ascii(folder).ends_with(".egg")) return std::nullopt;
        std::vector<std::vector<std::string>> groups;
        std::unordered_map<std::string, std::size_t> index;
        for (std::string& name : *names) {
            std::string key = group_key(name);
            if (key.empty()) continue;
            auto [at, fresh] = index.try_emplace(std::move(key), groups.size());
            if (fresh) groups.emplace_back();
            groups[at->second].push_back(entry.empty() ? name : entry + (entry.ends_with('/') ? "" : "/") + name);
        }
        for (auto& group : groups)
            for (std::string& path : group) all.emplace_back(std::move(path));
    }
    return all;
}

std::optional<EntryPointTarget> entry_point_target(std::string_view value) {
    EntryPointTarget target;
    target.module = take_words(value);
    if (target.module.empty()) return std::nullopt;
    if (value.starts_with(':')) {
        value = base::strip_left(value.substr(1));
        std::string_view path = take_words(value);
        if (path.empty()) return std::nullopt;
        for (std::string_view part : base::split(path, '.'))
            if (!part.empty()) target.attributes.emplace_back(part);
    }
    if (value.starts_with('[') && value.ends_with(']')) value = {};
    if (!value.empty()) return std::nullopt;
    return target;
}

}  // namespace fastest::config
