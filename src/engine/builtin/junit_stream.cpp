#include "engine/builtin/junit_stream.h"

#include <algorithm>
#include <cstdio>

#include "os/clock.h"

namespace fastest::builtin {
namespace {

constexpr std::size_t kPiece = 1 << 20;
constexpr const char* kClosing = "</testsuite></testsuites>";

/// An attribute that takes the same room for every number up to 15 characters.
std::string padded(const char* name, const std::string& number) {
    std::string field = std::string(" ") + name + "=\"" + number + "\"";
    if (number.size() < 15) field.append(15 - number.size(), ' ');
    return field;
}

std::string head_of(const std::string& suite_name, const JunitStream::Counts& counts, double seconds) {
    char time[32];
    std::snprintf(time, sizeof time, "%.3f", seconds);
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites name=\"pytest tests\"><testsuite name=\"" +
           suite_name + "\"" + padded("errors", std::to_string(counts.errors)) +
           padded("failures", std::to_string(counts.failures)) + padded("skipped", std::to_string(counts.skipped)) +
           padded("tests", std::to_string(counts.tests)) + padded("time", time) + ">";
}

}  // namespace

JunitStream::JunitStream(os::ClosedFile file, std::string suite_name, double now)
    : file_(std::move(file)), suite_name_(std::move(suite_name)), started_(now), shown_(now) {}

std::unique_ptr<JunitStream> JunitStream::start(const std::string& path, std::string suite_name) {
    std::string head = head_of(suite_name, {}, 0);
    std::optional<os::ClosedFile> file = os::ClosedFile::create(path, head, kClosing);
    if (!file) file = os::ClosedFile::unnamed(head, kClosing);
    if (!file) return nullptr;
    return std::unique_ptr<JunitStream>(new JunitStream(std::move(*file), std::move(suite_name), os::wall_time()));
}

std::size_t JunitStream::reserve() {
    places_.emplace_back();
    return places_.size() - 1;
}

bool JunitStream::fill(std::size_t place, std::string_view testcase) {
    Place filled{file_.end(), testcase.size()};
    if (!file_.append(testcase)) return false;
    places_[place] = filled;
    return true;
}

std::string JunitStream::text_of(std::size_t place) const {
    return file_.read(places_[place].offset, places_[place].size);
}

void JunitStream::copy(std::size_t first, std::size_t last, const std::function<void(std::string_view)>& write) const {
    while (first < last) {
        long long start = places_[first].offset, end = start;
        for (; first < last && places_[first].offset == end; ++first)
            end += static_cast<long long>(places_[first].size);
        while (start < end) {
            std::string piece = file_.read(start, std::min(static_cast<std::size_t>(end - start), kPiece));
            if (piece.empty()) return;
            write(piece);
            start += static_cast<long long>(piece.size());
        }
    }
}

void JunitStream::show(const Counts& counts, double now) {
    shown_ = now;
    file_.replace_head(head_of(suite_name_, counts, std::max(now - started_, 0.0)));
}

}  // namespace fastest::builtin
