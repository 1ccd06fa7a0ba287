#include "engine/extras/fixture_times.h"

#include <algorithm>

namespace fastest::extras {

void FixtureTimes::end_setup(const Fixture& fixture, double now) {
    Open open = open_.back();
    open_.pop_back();
    double passed = now - open.start, own = passed - open.inner;
    if (!open_.empty()) open_.back().inner += passed;
    Sum& sum = sums_[fixture];
    sum.setup += own;
    sum.slowest = std::max(sum.slowest, own);
    ++sum.calls;
}

void FixtureTimes::add(const Fixture& fixture, const Sum& other) {
    Sum& sum = sums_[fixture];
    sum.setup += other.setup;
    sum.teardown += other.teardown;
    sum.slowest = std::max(sum.slowest, other.slowest);
    sum.calls += other.calls;
}

std::vector<FixtureTimes::Row> FixtureTimes::rows() const {
    std::vector<Row> rows(sums_.begin(), sums_.end());
    std::ranges::stable_sort(rows, [](const Row& a, const Row& b) { return a.second.total() > b.second.total(); });
    return rows;
}

}  // namespace fastest::extras
