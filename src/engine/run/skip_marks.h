#pragma once
// The marks skip, skipif and xfail: their conditions and what they mean for an item.

#include "engine/py/module.h"

namespace fastest::run {

/// Whether an item or a parent has a mark of one of these names. May say yes when the item answers for its marks itself.
bool may_have_mark(py::handle item, std::initializer_list<std::string_view> names);

/// pytest: evaluate_skip_marks, evaluate_xfail_marks. None when no mark applies.
py::object evaluate_skip_marks(py::handle item);
py::object evaluate_xfail_marks(py::handle item);

void define_skip_marks(py::Module& m);

}  // namespace fastest::run
