#pragma once
// Pretty-printing one element a line: `_pytest._io.pprint.PrettyPrinter`.

#include <string>

#include "engine/py/object.h"

namespace fastest::explain {

/// Takes the pieces of a text in order. May throw `Enough` to end the formatting.
class PieceSink {
public:
    struct Enough {};
    virtual ~PieceSink() = default;
    virtual void piece(py::handle text) = 0;
};

/// One PrettyPrinter object at work. What its class, its subclasses or users have put into `_dispatch` is called; everything
/// of the engine's own runs natively.
class PrettyPrinting {
public:
    explicit PrettyPrinting(py::handle self);

    struct Place {
        Py_ssize_t indent = 0;
        Py_ssize_t allowance = 0;
        py::handle context;  // a set of ids of the objects that contain this one
        Py_ssize_t level = 0;
    };

    void format(py::handle value, const Place& place, PieceSink& sink);
    py::object repr(py::handle value, const Place& place);

    // One for each kind of object that is laid out.
    void dict(py::handle value, const Place& place, PieceSink& sink);
    void dict_with_class(py::handle value, const Place& place, PieceSink& sink);
    void list(py::handle value, const Place& place, PieceSink& sink);
    void tuple(py::handle value, const Place& place, PieceSink& sink);
    void set(py::handle value, const Place& place, PieceSink& sink);
    void str(py::handle value, const Place& place, PieceSink& sink);
    void bytes(py::handle value, const Place& place, PieceSink& sink);
    void bytearray(py::handle value, const Place& place, PieceSink& sink);
    void mapping_proxy(py::handle value, const Place& place, PieceSink& sink);
    void simple_namespace(py::handle value, const Place& place, PieceSink& sink);
    void default_dict(py::handle value, const Place& place, PieceSink& sink);
    void counter(py::handle value, const Place& place, PieceSink& sink);
    void chain_map(py::handle value, const Place& place, PieceSink& sink);
    void deque(py::handle value, const Place& place, PieceSink& sink);
    void user_data(py::handle value, const Place& place, PieceSink& sink);
    void dataclass(py::handle value, const Place& place, PieceSink& sink);

    // Parts of the above.
    void items(py::handle values, const Place& place, PieceSink& sink);
    void dict_items(py::handle pairs, const Place& place, PieceSink& sink);
    void namespace_items(py::handle pairs, const Place& place, PieceSink& sink);

private:
    void write(PieceSink& sink, std::string_view text) { sink.piece(py::str(text)); }
    void text_chunk(PieceSink& sink, py::handle text) { sink.piece(text); }
    std::string new_line(Py_ssize_t indent) const;
    Py_ssize_t long_line_parts(py::handle line, bool last_line, Py_ssize_t width, Py_ssize_t allowance, py::handle chunks);

    py::handle self_;
    py::object dispatch_;
    bool format_is_ours_, repr_is_ours_;
    Py_ssize_t indent_, width_;
    py::object depth_;
};

/// `PrettyPrinter().pformat_lines(value, max_lines=..., max_chars=...)`; 0 means no bound.
py::object pretty_lines(py::handle value, Py_ssize_t max_lines, Py_ssize_t max_chars);
/// Sorted by value where that works, else by type name and id.
py::object sorted_safely(py::handle values);
/// The `count` smallest by the same order.
py::object smallest_safely(py::handle values, Py_ssize_t count);

}  // namespace fastest::explain
