#pragma once
// `LogXML`: what becomes of the reports in a JUnit file. Test cases stand in the order of their first report; reports
// of several workers may be interlaced.

#include "engine/builtin/xml_element.h"

namespace fastest::builtin {

void define_junit_log(Module& m);

}  // namespace fastest::builtin
