#include "engine/py/short_cut.h"

#include "os/environment.h"
#include "os/files.h"

namespace fastest::py {
namespace {

ShortCut*& first() {
    static ShortCut* first = nullptr;
    return first;
}

}  // namespace

ShortCut::ShortCut(const char* name, const char* reason) noexcept : name_(name), reason_(reason), next_(first()) {
    first() = this;
}

bool believes_in_lookers() { return os::environment("FASTEST_LOOKERS").value_or("") == "all"; }

std::string take_short_cut_counts() {
    std::string lines;
    for (ShortCut* cut = first(); cut; cut = cut->next_) {
        lines += std::string(cut->name_) + ' ' + std::to_string(cut->taken_) + ' ' + std::to_string(cut->left_) + '\n';
        cut->taken_ = cut->left_ = 0;
    }
    return lines;
}

void record_short_cuts() {
    if (auto file = os::environment("FASTEST_SHORT_CUTS"); file && !file->empty())
        os::append_file(*file, take_short_cut_counts());
}

}  // namespace fastest::py
