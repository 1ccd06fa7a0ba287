#pragma once
// `a, b = values`: what others have put into containers may have any length.

#include <array>

#include "engine/py/object.h"

namespace fastest::py {

/// Fills `count` places from an iterable. ValueError when it has more or fewer elements, TypeError when it is none.
void unpack_into(handle iterable, object* places, std::size_t count);

template <std::size_t N>
std::array<object, N> unpack(handle iterable) {
    std::array<object, N> values;
    unpack_into(iterable, values.data(), N);
    return values;
}

}  // namespace fastest::py
