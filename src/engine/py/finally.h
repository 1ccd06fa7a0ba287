#pragma once
// `try: ... finally: ...`

#include "engine/py/object.h"

namespace fastest::py {

/// Runs `last` after `first`, whatever that raises; an error of `last` has that of `first` as its context.
template <class First, class Last>
void finally(First&& first, Last&& last) {
    try {
        first();
    } catch (const nb::python_error& error) {
        Handling handling(error);
        last();
        throw;
    }
    last();
}

}  // namespace fastest::py
