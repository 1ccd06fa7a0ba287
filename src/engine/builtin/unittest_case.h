#pragma once
// UnitTestCase: the collector of a `unittest.TestCase` class, and the fixtures that stand for its class-wide methods.

#include "engine/run/known.h"

namespace fastest::builtin {

using namespace run;

/// Whether it is marked with `@unittest.skip`.
bool is_unittest_skipped(handle value);

/// `skip.Exception(reason, _use_item_location=True)`.
object skip_at_item(handle reason);

void define_unit_test_case(Module& m);

}  // namespace fastest::builtin
