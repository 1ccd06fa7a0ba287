#pragma once
// How long fixtures take, by fixture.

#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace fastest::extras {

/// Times are seconds. What a fixture asks for while it is set up (`request.getfixturevalue`) is not its own time.
class FixtureTimes {
public:
    struct Fixture {
        std::string place, name, scope;
        auto operator<=>(const Fixture&) const = default;
    };
    struct Sum {
        double setup = 0, teardown = 0, slowest = 0;
        long long calls = 0;
        double total() const { return setup + teardown; }
    };
    using Row = std::pair<Fixture, Sum>;

    void begin_setup(double now) { open_.push_back({now, 0}); }
    void end_setup(const Fixture& fixture, double now);
    void add_teardown(const Fixture& fixture, double seconds) { sums_[fixture].teardown += seconds; }
    /// What another process measured.
    void add(const Fixture& fixture, const Sum& sum);

    /// The one that took longest first.
    std::vector<Row> rows() const;

private:
    struct Open {
        double start, inner;
    };
    std::vector<Open> open_;
    std::map<Fixture, Sum> sums_;
};

}  // namespace fastest::extras
