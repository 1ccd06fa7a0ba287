#include "engine/builtin/json_text.h"

#include "base/json.h"

namespace fastest::builtin {

using namespace py;

namespace {

constexpr int kDeepest = 50;

class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    object document() {
        object value = read(0);
        skip_space();
        return rest_.empty() ? value : object();
    }

private:
    void skip_space() {
        std::size_t start = rest_.find_first_not_of(" \t\n\r");
        rest_.remove_prefix(start == std::string_view::npos ? rest_.size() : start);
    }
    bool take(std::string_view word) {
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }
    bool take_after_space(std::string_view word) {
        skip_space();
        return take(word);
    }

    object read(int depth) {
        if (depth > kDeepest) return {};
        skip_space();
        if (take("\"")) return text();
        if (take("[")) return list(depth);
        if (take("{")) return table(depth);
        if (take("true")) return boolean(true);
        if (take("false")) return boolean(false);
        if (take("null")) return none();
        return number();
    }

    object text() {
        std::string found;
        for (;;) {
            std::size_t end = rest_.find_first_of("\"\\");
            if (end == std::string_view::npos) return {};
            for (unsigned char c : rest_.substr(0, end))
                if (c < 0x20) return {};
            found.append(rest_.substr(0, end));
            char stop = rest_[end];
            rest_.remove_prefix(end + 1);
            if (stop == '"') return str(found);
            if (rest_.empty()) return {};
            constexpr std::string_view names = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
            std::size_t index = names.find(rest_.front());
            if (index == std::string_view::npos) return {};
            found.push_back(meanings[index]);
            rest_.remove_prefix(1);
        }
    }

    object list(int depth) {
        object items = new_list();
        if (take_after_space("]")) return items;
        for (;;) {
            object item = read(depth + 1);
            if (!item.is_valid()) return {};
            append(items, item);
            if (take_after_space("]")) return items;
            if (!take(",")) return {};
        }
    }

    object table(int depth) {
        object items = new_dict();
        if (take_after_space("}")) return items;
        for (;;) {
            if (!take_after_space("\"")) return {};
            object key = text();
            if (!key.is_valid() || !take_after_space(":")) return {};
            object value = read(depth + 1);
            if (!value.is_valid()) return {};
            dict_set(items, key, value);
            if (take_after_space("}")) return items;
            if (!take(",")) return {};
        }
    }

    object number() {
        std::size_t end = rest_.find_first_not_of("0123456789");
        std::string digits(rest_.substr(0, end));
        bool is_plain = !digits.empty() && digits.size() <= 18 && (digits[0] != '0' || digits.size() == 1);
        rest_.remove_prefix(digits.size());
        if (!is_plain || (!rest_.empty() && std::string_view(".eE").find(rest_.front()) != std::string_view::npos)) return {};
        return integer(std::stoll(digits));
    }

    std::string_view rest_;
};

class Writer {
public:
    bool write(handle value, int depth) {
        if (depth > kDeepest) return false;
        if (PyUnicode_CheckExact(value.ptr())) return text(value);
        if (PyList_CheckExact(value.ptr())) return list(value, depth);
        if (PyDict_CheckExact(value.ptr())) return table(value, depth);
        if (value.is(Py_True)) out.append("true");
        else if (value.is(Py_False)) out.append("false");
        else if (is_none(value)) out.append("null");
        else if (PyLong_CheckExact(value.ptr())) out.append(text_of(value));
        else return false;
        return true;
    }

    std::string out;

private:
    void new_line(int depth) {
        out.push_back('\n');
        out.append(2 * static_cast<std::size_t>(depth), ' ');
    }

    bool text(handle value) {
        Py_ssize_t size = 0;
        const char* data = PyUnicode_AsUTF8AndSize(value.ptr(), &size);
        if (!data) {
            PyErr_Clear();
            return false;
        }
        base::append_json(out, std::string_view(data, static_cast<std::size_t>(size)));
        return true;
    }

    bool list(handle value, int depth) {
        Py_ssize_t count = PyList_GET_SIZE(value.ptr());
        out.push_back('[');
        for (Py_ssize_t i = 0; i < count; ++i) {
            if (i) out.push_back(',');
            new_line(depth + 1);
            if (!write(PyList_GET_ITEM(value.ptr(), i), depth + 1)) return false;
        }
        if (count) new_line(depth);
        out.push_back(']');
        return true;
    }

    bool table(handle value, int depth) {
        PyObject *key, *item;
        Py_ssize_t position = 0, count = 0;
        out.push_back('{');
        while (PyDict_Next(value.ptr(), &position, &key, &item)) {
            if (!PyUnicode_CheckExact(key)) return false;
            if (count++) out.push_back(',');
            new_line(depth + 1);
            if (!text(key)) return false;
            out.append(": ");
            if (!write(item, depth + 1)) return false;
        }
        if (count) new_line(depth);
        out.push_back('}');
        return true;
    }
};

}  // namespace

object read_json(std::string_view text) { return Reader(text).document(); }

std::optional<std::string> write_json(handle value) {
    Writer writer;
    if (!writer.write(value, 0)) return std::nullopt;
    return std::move(writer.out);
}

}  // namespace fastest::builtin
