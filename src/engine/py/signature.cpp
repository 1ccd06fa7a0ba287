#include "engine/py/signature.h"

#include <cctype>
#include <cstdlib>
#include <stdexcept>

#include "base/text.h"
#include "engine/py/shown_default.h"

namespace fastest::py {
namespace {

/// A default that only `inspect` shows, where it lives: `_pytest.compat.NOTSET`. The body sees that nothing was given.
bool is_dotted_name(std::string_view text) {
    return text.find('.') != text.npos &&
           (std::isalpha(static_cast<unsigned char>(text.front())) || text.front() == '_');
}

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> parts;
    std::size_t start = 0;
    char quote = 0;
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (quote) {
            if (c == quote) quote = 0;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '(' || c == ')') {
            depth += c == '(' ? 1 : -1;
        } else if (c == ',' && !depth) {
            parts.push_back(base::strip(text.substr(start, i - start)));
            start = i + 1;
        }
    }
    if (auto last = base::strip(text.substr(start)); !last.empty()) parts.push_back(last);
    return parts;
}

std::string quoted_list(const std::vector<std::string>& names) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i) out += i + 1 < names.size() ? ", " : names.size() > 2 ? ", and " : " and ";
        out += "'" + names[i] + "'";
    }
    return out;
}

PyObject* parse_default(std::string_view text);

PyObject* parse_tuple(std::string_view text) {
    std::vector<std::string_view> parts = split(text);
    PyObject* values = PyTuple_New(static_cast<Py_ssize_t>(parts.size()));
    for (std::size_t i = 0; values && i < parts.size(); ++i)
        PyTuple_SET_ITEM(values, static_cast<Py_ssize_t>(i), parse_default(parts[i]));
    return values;
}

PyObject* parse_default(std::string_view text) {
    if (text == "...") return nullptr;
    if (text == "None") return Py_NewRef(Py_None);
    if (text == "True") return Py_NewRef(Py_True);
    if (text == "False") return Py_NewRef(Py_False);
    if (text.front() == '(') return parse_tuple(text.substr(1, text.size() - 2));
    if (text.front() == '\'' || text.front() == '"')
        return PyUnicode_InternFromString(std::string(text.substr(1, text.size() - 2)).c_str());
    if (is_dotted_name(text) || text == "[]") return nullptr;
    std::string number(text);
    if (number.find('.') != std::string::npos) return PyFloat_FromDouble(std::strtod(number.c_str(), nullptr));
    return PyLong_FromString(number.c_str(), nullptr, 10);
}

}  // namespace

void Signature::read() const {
    read_ = true;
    bool keyword_only = false;
    for (std::string_view part : split(text_)) {
        if (part == "/") {
            for (Parameter& parameter : parameters_) parameter.kind = ParameterKind::kPositionalOnly;
            continue;
        }
        if (part == "*") {
            keyword_only = true;
            simple_ = false;
            continue;
        }
        Parameter parameter;
        if (part.substr(0, 2) == "**") {
            parameter.kind = ParameterKind::kVarKeyword;
            parameter.name = part.substr(2);
            var_keyword_ = static_cast<int>(parameters_.size());
            simple_ = false;
        } else if (part.front() == '*') {
            parameter.kind = ParameterKind::kVarPositional;
            parameter.name = part.substr(1);
            var_positional_ = static_cast<int>(parameters_.size());
            keyword_only = true;
            simple_ = false;
        } else {
            parameter.kind = keyword_only ? ParameterKind::kKeywordOnly : ParameterKind::kPositional;
            if (auto equals = part.find('='); equals != std::string_view::npos) {
                parameter.optional = true;
                parameter.default_text = base::strip(part.substr(equals + 1));
                parameter.default_value = parse_default(parameter.default_text);
                part = base::strip(part.substr(0, equals));
            }
            parameter.name = part;
            if (!keyword_only) ++positional_;
        }
        parameter.interned = PyUnicode_InternFromString(parameter.name.c_str());
        parameters_.push_back(std::move(parameter));
    }
    if (parameters_.size() > 32) throw std::length_error("a native function has more than 32 parameters");
}

namespace {

/// "f() takes from 1 to 2 positional arguments but 3 positional arguments (and 1 keyword-only argument) were given"
[[noreturn]] void raise_too_many(const std::vector<Parameter>& parameters, std::size_t positional, const char* function,
                                 std::size_t count, PyObject* keyword_names) {
    std::size_t least = 0, keyword_only = 0;
    Py_ssize_t keywords = keyword_names ? PyTuple_GET_SIZE(keyword_names) : 0;
    for (const Parameter& p : parameters) {
        least += p.kind <= ParameterKind::kPositional && !p.optional;
        for (Py_ssize_t k = 0; p.kind == ParameterKind::kKeywordOnly && k < keywords; ++k)
            keyword_only += equal(p.interned, PyTuple_GET_ITEM(keyword_names, k));
    }
    auto plural = [](std::size_t n) { return n == 1 ? "" : "s"; };
    std::string takes = least < positional ? cat("from ", least, " to ", positional) : cat(positional);
    std::string given = cat(count);
    if (keyword_only)
        given += cat(" positional argument", plural(count), " (and ", keyword_only, " keyword-only argument",
                     plural(keyword_only), ")");
    raise(PyExc_TypeError,
          cat(function, "() takes ", takes, " positional argument", positional == 1 && least == 1 ? "" : "s", " but ",
              given, count == 1 && !keyword_only ? " was" : " were", " given"));
}

}  // namespace

object shown_default(const Parameter& parameter) {
    const std::string& text = parameter.default_text;
    if (parameter.default_value) return borrow(parameter.default_value);
    if (!is_dotted_name(text)) return borrow(Py_Ellipsis);
    std::size_t dot = text.rfind('.');
    if (std::size_t member = text.rfind('.', dot - 1); member != text.npos && std::isupper(text[member + 1]))
        return get(lookup(text.substr(0, member).c_str(), str(text.substr(member + 1, dot - member - 1))),
                   str(text.substr(dot + 1)));
    return lookup(text.substr(0, dot).c_str(), str(text.substr(dot + 1)));
}

void Signature::bind(const char* function, PyObject* const* args, std::size_t count, PyObject* keyword_names,
                     PyObject** values, std::vector<object>& owned) const {
    prepare();
    std::fill_n(values, parameters_.size(), nullptr);
    std::size_t given = std::min(count, positional_);
    std::copy_n(args, given, values);
    if (var_positional_ >= 0) {
        object rest = check(PyTuple_New(static_cast<Py_ssize_t>(count - given)));
        for (std::size_t i = given; i < count; ++i)
            PyTuple_SET_ITEM(rest.ptr(), static_cast<Py_ssize_t>(i - given), Py_NewRef(args[i]));
        values[var_positional_] = rest.ptr();
        owned.push_back(std::move(rest));
    }
    object extra;
    if (var_keyword_ >= 0) {
        extra = new_dict();
        values[var_keyword_] = extra.ptr();
        owned.push_back(extra);
    }
    Py_ssize_t keywords = keyword_names ? PyTuple_GET_SIZE(keyword_names) : 0;
    for (Py_ssize_t k = 0; k < keywords; ++k) {
        PyObject* name = PyTuple_GET_ITEM(keyword_names, k);
        PyObject* value = args[count + static_cast<std::size_t>(k)];
        int place = -1;
        for (std::size_t i = 0; i < parameters_.size() && place < 0; ++i) {
            const Parameter& p = parameters_[i];
            if (p.kind != ParameterKind::kPositional && p.kind != ParameterKind::kKeywordOnly) continue;
            if (p.interned == name || PyUnicode_Compare(p.interned, name) == 0) place = static_cast<int>(i);
        }
        if (place >= 0) {
            if (values[place])
                raise(PyExc_TypeError,
                      cat(function, "() got multiple values for argument '", parameters_[place].name, "'"));
            values[place] = value;
        } else if (extra.is_valid()) {
            dict_set(extra, name, value);
        } else {
            raise(PyExc_TypeError, cat(function, "() got an unexpected keyword argument '", handle(name), "'"));
        }
    }
    // Python complains of wrong keywords first.
    if (var_positional_ < 0 && count > positional_)
        raise_too_many(parameters_, positional_, function, count, keyword_names);
    std::vector<std::string> missing, missing_keywords;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        const Parameter& p = parameters_[i];
        if (values[i]) continue;
        if (p.optional)
            values[i] = p.default_value;
        else
            (p.kind == ParameterKind::kKeywordOnly ? missing_keywords : missing).push_back(p.name);
    }
    if (auto& names = missing.empty() ? missing_keywords : missing; !names.empty())
        raise(PyExc_TypeError,
              cat(function, "() missing ", names.size(), " required ", missing.empty() ? "keyword-only" : "positional",
                  " argument", names.size() == 1 ? "" : "s", ": ", quoted_list(names)));
}

object Signature::inspect_signature() const {
    prepare();
    object parameter_type = lookup("inspect", "Parameter"_n);
    static constexpr const char* kKinds[] = {"POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL",
                                             "KEYWORD_ONLY", "VAR_KEYWORD"};
    object list = new_list();
    for (const Parameter& p : parameters_) {
        object kind = get(parameter_type, str(kKinds[static_cast<int>(p.kind)]));
        if (p.optional) {
            object value = shown_default(p);
            append(list, call_kw(parameter_type, {p.interned, kind}, {{"default"_n, value}}));
        } else {
            append(list, call(parameter_type, handle(p.interned), kind));
        }
    }
    return call(lookup("inspect", "Signature"_n), list);
}

}  // namespace fastest::py
