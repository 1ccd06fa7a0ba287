#pragma once
// TestCase classes that nobody has made special: their methods are found, and the items of these made, without
// unittest's loader and without a call of TestCaseFunction for each.

#include "engine/run/known.h"

namespace fastest::builtin {

using namespace run;

/// Keeps the methods of TestCaseFunction as they are now, to tell later whether they were replaced.
void remember_case_function(handle type);

/// A list of what `unittest.TestLoader().getTestCaseNames(cls)` gives; null when the loader must be asked.
object plain_method_names(handle collector, handle cls);

/// The items of one class.
class PlainCase {
public:
    PlainCase(handle collector, handle cls);
    /// The item of a method; null: take the general way.
    object item(handle name);

private:
    object collector_, cls_, fixtureinfo_;
    bool usable_;
};

}  // namespace fastest::builtin
