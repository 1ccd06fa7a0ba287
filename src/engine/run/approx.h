#pragma once
// `pytest.approx`: expected values with tolerances. What the kinds of them share.

#include "engine/py/module.h"
#include "engine/run/known.h"

namespace fastest::run::approx {

// --- what values are; modules that nobody has imported are not imported for it ----------------------------------------

bool is_decimal(handle value);
bool is_date_or_delta(handle value);
bool is_bool(handle value);     // also numpy's
bool is_complex(handle value);  // numbers.Complex
bool is_nan(handle value);
bool is_inf(handle value);
bool is_text(handle value);  // str or bytes
bool is_sequence_like(handle value);
bool is_nested_container(handle value);
bool is_collection(handle value);
bool is_mapping(handle value);
/// Python's own numbers, for which most questions need not be asked.
bool is_plain_number(handle value);
/// numpy when it is imported, else null.
object numpy();
/// The value as a numpy array; null when it is none.
object as_array(handle value);
object unboxed(handle numpy_scalar);

object absolute(handle value);
object difference(handle left, handle right);
bool less(handle left, handle right);
/// `max(left, right)`.
object greater_of(handle left, handle right);

// --- shared by the classes -------------------------------------------------------------------------------------------

/// The base's `__init__`.
void fill(handle self, handle expected, handle rel, handle abs, handle nan_ok);
object approx_scalar(handle self, handle value);
/// `approx_scalar` through sequences in sequences.
object map_scalars(handle self, handle value);
/// Whether all that `_yield_comparisons(actual)` gives is equal.
object compare_all(handle self, handle actual);
std::string pretty(handle value);

/// Collects what differs and explains it as a table.
class Differences {
public:
    void add(handle index) { append(indices_, index); }
    void note_absolute(handle difference);
    void note_relative(handle difference);
    void note_infinite() { infinite_ = true; }
    /// Lines of text; `obtained` and `expected` give the values of an index.
    template <class Obtained, class Expected>
    object explain(Py_ssize_t elements, Obtained&& obtained, Expected&& expected) const {
        std::vector<Row> rows{{"Index", "Obtained", "Expected"}};
        for (object index : each(indices_))
            rows.push_back({text_of(index), text_of(obtained(index)), text_of(expected(index))});
        return table(elements, rows);
    }

private:
    struct Row {
        std::string index, obtained, expected;
    };
    object table(Py_ssize_t elements, const std::vector<Row>& rows) const;

    object indices_ = new_list(), absolute_, relative_;
    bool infinite_ = false;
};

void define_scalars(Module& m);
void define_containers(Module& m);
void define_values(Module& m);

}  // namespace fastest::run::approx
