#pragma once
// One `<testcase>` of a JUnit file while its reports come in.

#include "engine/builtin/xml_element.h"

namespace fastest::builtin {

/// A node id as class name parts and name.
object mangled_address(handle address);
/// The `<properties>` of (name, value) pairs; None if there are none.
object junit_properties(handle pairs);

void define_junit_testcase(Module& m);

}  // namespace fastest::builtin
