#pragma once
// The quickest way to items: what the functions of one module or class have in common is found once, and each function
// costs an object and a look at its code.
//
// It is taken for functions without attributes (marks are such) where `plain_function.h` allows native items and nobody
// could parametrize. Functions with the same argument names share one FuncFixtureInfo until Python asks an item for its
// own.

#include <optional>
#include <vector>

#include "engine/collect/plain_function.h"
#include "engine/fixtures/visible.h"

namespace fastest::collect {

/// Whether the marks above the functions of a collector are read natively and make no difference between them.
bool marks_are_alike(handle collector);

class Siblings {
public:
    /// Of the functions in the object of a collector.
    explicit Siblings(handle collector) : collector_(py::borrow(collector)) {}

    /// The item of a function; null: take the general way (and `forget`).
    object item(handle name, handle function);
    /// Other code has run: nothing that was found is known any more.
    void forget();

private:
    struct Info {
        object argnames;
        object fixtureinfo;  // null: something parametrizes
    };

    bool usable();
    bool find();
    bool nobody_parametrizes(handle session) const;
    bool uses_fixtures() const;
    bool asks_for_nothing(handle argnames) const;
    const Info* info_for(handle item, handle function);
    object argnames_of(handle function) const;

    enum class State { kUnknown, kUsable, kNot };

    object collector_, manager_, no_names_;
    PyObject* names_ = nullptr;  // the dict of a module, borrowed from collector_'s object
    bool in_class_ = false;
    State state_ = State::kUnknown;
    std::optional<fixtures::VisibleFixtures> visible_;
    std::vector<Info> infos_;
};

}  // namespace fastest::collect
