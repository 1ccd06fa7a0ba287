#include "engine/terminal/lines.h"

#include <array>
#include <exception>

#include "engine/nodes/ours.h"
#include "engine/py/short_cut.h"

namespace fastest::terminal {
namespace {

using namespace py;

constexpr std::size_t kEnough = 1 << 16;

py::ShortCut g_lines_together{"terminal.lines_together",
                              "ASCII lines of a listing are written many at a time. A looker has put a file of its own "
                              "under the TerminalWriter, or "
                              "replaced one of its methods."};

std::array<py::OwnMethod, 4> g_methods;  // constants: the engine's own functions

bool is_plain_writer(handle writer) {
    PyTypeObject* type = Py_TYPE(writer.ptr());
    if (!handle(reinterpret_cast<PyObject*>(type)).is(global<"io_terminalwriter", "TerminalWriter">())) return false;
    PyObject** attributes = _PyObject_GetDictPtr(writer.ptr());
    if (!attributes || !*attributes) return false;
    for (const py::OwnMethod& method : g_methods)
        if (!method.found_in(type) || dict_get(*attributes, method.name()).is_valid()) return false;
    object file = get(writer, "_file"_n);
    handle plain = py::known<"_io", "TextIOWrapper">();
    return type_of(file).is(plain);
}

bool is_ascii(std::string_view text) {
    for (char c : text)
        if (static_cast<unsigned char>(c) >= 0x80) return false;
    return true;
}

}  // namespace

void remember_writer_methods(handle terminal_writer) {
    std::size_t at = 0;
    for (const char* name : {"line", "write", "write_raw", "flush"}) g_methods[at++].remember(terminal_writer, name);
}

Lines::Lines(handle writer)
    : writer_(borrow(writer)),
      together_(g_lines_together.take(!believes_in_lookers() && is_plain_writer(writer))),
      errors_(std::uncaught_exceptions()) {}

Lines::~Lines() noexcept(false) {
    if (std::uncaught_exceptions() == errors_) {
        flush();
        return;
    }
    try {
        flush();
    } catch (const nb::python_error&) {
    }
}

void Lines::add(std::string_view text) {
    if (!together_ || !is_ascii(text)) {
        flush();
        call_method(writer_, "line"_n, str(text));
        return;
    }
    waiting_ += text;
    waiting_ += '\n';
    if (waiting_.size() > kEnough) flush();
}

void Lines::flush() {
    if (waiting_.empty()) return;
    object text = str(std::exchange(waiting_, std::string()));
    call_method(writer_, "write"_n, text);
}

}  // namespace fastest::terminal
