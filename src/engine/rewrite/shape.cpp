#include "engine/rewrite/shape.h"

#include <charconv>

namespace fastest::rewrite {
namespace {

class Parser {
public:
    Parser(std::string text, py::handle constants) : text_(std::move(text)), constants_(constants) {}

    ShapeNode node() {
        ShapeNode result;
        result.kind = next();
        switch (result.kind) {
            case 'n': result.text = field(); break;
            case 'm':
            case 'x': result.text = field(), result.place = place(); break;
            case 'v': result.place = place(); break;
            case 'i': result.constant = py::check(PyLong_FromString(field().c_str(), nullptr, 10)); break;
            case 's': result.constant = py::str(take(static_cast<std::size_t>(number()))); break;
            case 'c': result.constant = constant(number()); break;
            case 'N': result.constant = py::none(); break;
            case 'T': result.constant = py::boolean(true); break;
            case 'F': result.constant = py::boolean(false); break;
            case 'a': result.place = place(), result.text = field(), children(result, 1); break;
            case 'u': result.place = place(), result.text = field(), children(result, 1); break;
            case 'b': result.place = place(), result.text = field(), children(result, 2); break;
            case 'f': call(result); break;
            case 'q': comparison(result); break;
            case '&':
            case 'o': result.place = place(), children(result, number()); break;
            default: bad();
        }
        return result;
    }

private:
    [[noreturn]] static void bad() { py::raise(PyExc_ValueError, "malformed assertion shape"); }

    char next() {
        if (at_ >= text_.size()) bad();
        return text_[at_++];
    }
    std::string take(std::size_t size) {
        if (size > text_.size() - at_) bad();
        std::string part = text_.substr(at_, size);
        at_ += size;
        return part;
    }
    std::string field() {
        std::size_t end = text_.find(';', at_);
        if (end == std::string::npos) bad();
        std::string part = text_.substr(at_, end - at_);
        at_ = end + 1;
        return part;
    }
    int number() {
        std::string digits = field();
        int value = -1;
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (value < 0) bad();
        return value;
    }
    int place() {
        if (at_ < text_.size() && text_[at_] == '-') {
            field();
            return kNoPlace;
        }
        return number();
    }
    py::object constant(int index) {
        if (!constants_.is_valid() || index + 1 >= PyTuple_GET_SIZE(constants_.ptr())) bad();
        return py::borrow(PyTuple_GET_ITEM(constants_.ptr(), index + 1));
    }
    void children(ShapeNode& parent, int count) {
        for (int i = 0; i < count; ++i) parent.children.push_back(node());
    }
    void call(ShapeNode& result) {
        result.place = place();
        int count = number();
        children(result, 1);
        for (int i = 0; i < count; ++i) {
            char role = next();
            result.roles.push_back(role);
            result.keywords.push_back(role == 'k' ? field() : std::string());
            children(result, 1);
        }
    }
    void comparison(ShapeNode& result) {
        result.place = place();
        int count = number();
        for (int i = 0; i < count; ++i) {
            result.symbols.push_back(field());
            result.results.push_back(place());
        }
        children(result, count + 1);
    }

    std::string text_;
    py::handle constants_;
    std::size_t at_ = 0;
};

}  // namespace

ShapeNode parse_shape(py::handle shape) {
    if (PyTuple_Check(shape.ptr()) && PyTuple_GET_SIZE(shape.ptr()) > 0)
        return Parser(py::text(PyTuple_GET_ITEM(shape.ptr(), 0)), shape).node();
    return Parser(py::text(shape), py::handle()).node();
}

py::object place_name(int place) {
    std::string name = "@py_assert" + std::to_string(place);
    PyObject* text = PyUnicode_InternFromString(name.c_str());
    return py::check(text);
}

std::string place_field(int place) { return (place == kNoPlace ? std::string("-") : std::to_string(place)) + ";"; }

}  // namespace fastest::rewrite
