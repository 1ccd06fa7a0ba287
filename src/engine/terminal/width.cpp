// The width of characters follows the unicode tables of the running Python, so that both agree.

#include "engine/terminal/width.h"

namespace fastest::terminal {
namespace {

using namespace py;

struct UnicodeTables {
    PyObject *category, *east_asian_width, *normalize;
    UnicodeTables() {
        auto function = [](handle name) { return lookup("unicodedata", name).release().ptr(); };
        category = function("category"_n);
        east_asian_width = function("east_asian_width"_n);
        normalize = function("normalize"_n);
    }
};

const UnicodeTables& tables() {
    static const UnicodeTables found;  // builtin functions without state
    return found;
}

bool is_invisible_format(Py_UCS4 c) {
    return c == 0 || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2063);
}

long long character_width(Py_UCS4 c) {
    if (c >= 0x20 && c < 0x7F) return 1;
    if (is_invisible_format(c)) return 0;
    object character = check(PyUnicode_FromOrdinal(static_cast<int>(c)));
    std::string category = text(call(handle(tables().category), character));
    if (category == "Cc") return -1;
    if (category == "Me" || category == "Mn") return 0;
    std::string width = text(call(handle(tables().east_asian_width), character));
    return width == "F" || width == "W" ? 2 : 1;
}

object py_wcwidth(Args a) {
    if (!is_str(a[0]) || length(a[0]) != 1) {
        // the error that `ord` gives
        return call(lookup("builtins", "ord"_n), a[0]);
    }
    return integer(character_width(PyUnicode_ReadChar(a[0].ptr(), 0)));
}

object py_wcswidth(Args a) { return integer(display_width(a[0])); }

}  // namespace

long long display_width(handle text) {
    if (is_str(text) && PyUnicode_IS_ASCII(text.ptr())) {
        const auto* bytes = PyUnicode_1BYTE_DATA(text.ptr());
        long long width = 0;
        for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(text.ptr()); ++i) {
            if (bytes[i] == 0) continue;
            if (bytes[i] < 0x20 || bytes[i] == 0x7F) return -1;
            ++width;
        }
        return width;
    }
    object normal = call(handle(tables().normalize), "NFC"_n, text);
    long long width = 0;
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(normal.ptr()); ++i) {
        long long one = character_width(PyUnicode_READ_CHAR(normal.ptr(), i));
        if (one < 0) return -1;
        width += one;
    }
    return width;
}

FASTEST_MODULE(io_wcwidth, "_pytest._io.wcwidth") {
    m.def("wcwidth", "c", py_wcwidth, "Columns of a character: 0, 1, 2, or -1 if it cannot be shown.");
    m.def("wcswidth", "s", py_wcswidth, "Columns of a text, -1 if some of it cannot be shown.");
}

}  // namespace fastest::terminal
