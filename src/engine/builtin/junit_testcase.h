#pragma once
// One `<testcase>` of a JUnit file while its reports come in.

#include "engine/builtin/xml_element.h"

namespace fastest::builtin {

/// A node id as class name parts and name.
object mangled_address(handle address);

void define_junit_testcase(Module& m);

}  // namespace fastest::builtin
