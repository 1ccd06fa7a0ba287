#pragma once
// Node ids as texts: `folder/file.py::Class::test[parameters]`.

#include <string>
#include <string_view>
#include <vector>

namespace fastest::report {

/// The last part, with the parameters.
std::string_view label_of(std::string_view id);
/// The file: what stands before the first `::`.
std::string_view file_of(std::string_view id);
/// The parts before the last one.
std::vector<std::string> parents_of(std::string_view id);

}  // namespace fastest::report
