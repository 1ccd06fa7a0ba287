#pragma once
// Interned attribute names as literals: `"parent"_n` is a borrowed handle to the interned str "parent".
//
// The string is made at its first use and kept for the life of the process: it is a constant, never state.

#include <nanobind/nanobind.h>

#include <algorithm>
#include <cstddef>

namespace fastest {
namespace nb = nanobind;
}

namespace fastest::py {

using nb::borrow;
using nb::handle;
using nb::object;
using nb::steal;

template <std::size_t N>
struct FixedString {
    char text[N];
    constexpr FixedString(const char (&source)[N]) { std::copy_n(source, N, text); }
};

template <FixedString S>
struct InternedName {
    static inline PyObject* value = nullptr;
};

inline namespace literals {

template <FixedString S>
handle operator""_n() {
    PyObject*& value = InternedName<S>::value;
    if (!value) [[unlikely]]
        value = PyUnicode_InternFromString(S.text);
    return value;
}

}  // namespace literals
}  // namespace fastest::py
