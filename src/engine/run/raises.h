#pragma once
// Expected exceptions: what RaisesExc and RaisesGroup share. Their state is in Python attributes: match, check, rawmatch,
// expected_exceptions, is_baseexception, _nested, _fail_reason.

#include "engine/py/module.h"
#include "engine/run/known.h"

namespace fastest::run {

/// pytest: AbstractRaises.__init__
void init_abstract_raises(handle self, handle match, handle check);
/// The exception class that an argument stands for; Type- or ValueError when it is none.
object parse_exception(handle self, handle exception, std::string_view expected);
bool matches_pattern(handle self, handle exception);
bool matches_check(handle self, handle exception);

/// Why an exception is not of a class (or of one in a tuple): a str, or None when it is.
object raw_type_mismatch(handle expected, handle exception);
std::string shown_type(handle class_or_tuple);
/// A pattern as it is shown: its text unless it has flags. May be None.
object shown_pattern(handle pattern);
std::string shown_callable(handle function);

inline void set_reason(handle self, handle reason) { set(self, "_fail_reason"_n, reason); }
inline object reason_of(handle self) { return get(self, "_fail_reason"_n); }
inline bool is_class(handle value) { return PyType_Check(value.ptr()); }
inline std::string name_of_class(handle type) { return text(get(type, "__name__"_n)); }
std::string joined_with(const std::vector<std::string>& parts, std::string_view separator = ", ");
/// `fail(message)`.
[[noreturn]] void fail_test(std::string_view message);

void define_abstract_raises(Module& m);
void define_raises_exc(Module& m);
void define_raises_group(Module& m);

}  // namespace fastest::run
