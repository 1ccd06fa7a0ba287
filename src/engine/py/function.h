#pragma once
// Native functions that behave like Python's own: keywords, defaults, a `__signature__`, a `__dict__`, binding as
// methods.
//
// A body gets its arguments in the order of the signature. It may throw `nb::python_error` (a raised Python error) or
// any `std::exception` (becomes RuntimeError); nothing crosses into CPython.

#include <memory>

#include "engine/py/generator.h"
#include "engine/py/signature.h"

namespace fastest::py {

/// The bound arguments of one call, borrowed for its length. A null handle: an optional one that was not given.
class Args {
public:
    Args(PyObject* const* values, PyObject* closure) : values_(values), closure_(closure) {}
    handle operator[](std::size_t index) const { return values_[index]; }
    bool given(std::size_t index) const { return values_[index] != nullptr; }
    /// The object that was given to `make_function`, for functions made many times with different data.
    handle closure() const { return closure_; }

private:
    PyObject* const* values_;
    PyObject* closure_;
};

/// The same, owned: what a coroutine keeps.
class OwnedArgs {
public:
    OwnedArgs(const Args& args, std::size_t count) : closure_(borrow(args.closure())) {
        for (std::size_t i = 0; i < count; ++i) values_.push_back(borrow(args[i]));
    }
    /// For starting a body from C++.
    OwnedArgs(std::initializer_list<handle> values) {
        for (handle value : values) values_.push_back(borrow(value));
    }
    handle operator[](std::size_t index) const { return values_[index]; }
    bool given(std::size_t index) const { return values_[index].is_valid(); }
    handle closure() const { return closure_; }

private:
    std::vector<object> values_;
    object closure_;
};

using Body = object (*)(Args);
using GeneratorBody = Generator (*)(OwnedArgs);

/// What stays the same for all functions made from one place.
struct FunctionSpec {
    std::string name;
    Signature signature;
    Body body = nullptr;
    GeneratorBody generator = nullptr;  // calling the function makes a generator instead
    std::string doc;
};

/// The type of native functions. Made at its first use.
handle function_type();
bool is_native_function(handle value);
/// The spec of a native function; the value must be one.
const FunctionSpec& function_spec(handle function);
/// The closure of a native function, may be null.
handle function_closure(handle function);
/// Starts a native generator function's body without making a Python generator for it. `function` must be one.
Generator start_generator(handle function, PyObject* const* args);

/// A new function object. `module` and `qualname` may be empty.
object make_function(std::shared_ptr<const FunctionSpec> spec, handle closure = handle(), std::string_view module = {},
                     std::string_view qualname = {});
object make_function(std::string_view name, std::string_view signature, Body body, handle closure = handle(),
                     std::string_view doc = {});

}  // namespace fastest::py
