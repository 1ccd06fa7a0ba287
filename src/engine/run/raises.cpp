// AbstractRaises: matching an exception's text and asking a callable about it.

#include "engine/run/raises.h"

namespace fastest::run {
namespace {

constexpr long long kUnicodeFlag = 32;  // re.UNICODE, which every str pattern has

bool is_pattern(handle value) {
    return !is_none(value) && !is_str(value) && is_instance(value, lookup("re", "Pattern"_n));
}

bool is_unflagged(handle pattern) { return to_int(get(pattern, "flags"_n)) == kUnicodeFlag; }

bool is_fully_escaped(const std::string& text) {
    constexpr std::string_view kMeta = "{}()+.*?^$[]|";
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '\n')
            ++i;
        else if (kMeta.find(text[i]) != kMeta.npos)
            return false;
    }
    return true;
}

object unescape(handle text) {
    return call(lookup("re", "sub"_n), str(R"(\\([{}()+-.*?^$\[\]\s\\|]))"), str(R"(\1)"), text);
}

object compile_pattern(handle match) {
    std::string problem;
    try {
        return call(lookup("re", "compile"_n), match);
    } catch (const nb::python_error& error) {
        if (!error.matches(lookup("re", "error"_n))) throw;
        problem = text_of(error.value());
    }
    fail_test("Invalid regex pattern provided to 'match': " + problem);
}

void warn_about_empty_pattern() {
    object category = lookup("_pytest.warning_types", "PytestWarning"_n);
    warn(category,
         "matching against an empty string will *always* pass. If you want to check for an empty message you "
         "need to pass '^$'. If you don't want to match you should pass `None` or leave out the parameter.");
}

/// The text that a pattern demands, if it demands one text and nothing else; None otherwise.
object literal_text(handle match) {
    object source = is_pattern(match) ? (is_unflagged(match) ? get(match, "pattern"_n) : none()) : borrow(match);
    if (!is_str(source)) return none();
    std::string pattern = text(source);
    if (pattern.empty() || pattern.front() != '^' || pattern.back() != '$') return none();
    std::string inner = pattern.size() > 1 ? pattern.substr(1, pattern.size() - 2) : "";
    return is_fully_escaped(inner) ? unescape(str(inner)) : none();
}

/// A difference between the demanded and the actual text.
object text_difference(handle wanted, handle actual) {
    object config = lookup("_pytest.assertion.util", "_config"_n), verbosity = integer(0);
    if (!is_none(config))
        verbosity =
            call_method(config, "get_verbosity"_n, get(lookup("_pytest.config", "Config"_n), "VERBOSITY_ASSERTIONS"_n));
    object lines = to_list(call(lookup("_pytest.assertion.compare_text", "_diff_text"_n), wanted, actual,
                                lookup("_pytest.assertion.highlight", "dummy_highlighter"_n), verbosity));
    std::string out = text(call_method(str("\n"), "join"_n, lines));
    return str((out.starts_with('-') ? "\n" : "") + out);
}

object check_generic(handle self, handle exception, handle origin) {
    object argument = item(call(lookup("typing", "get_args"_n), exception), integer(0)),
           any = lookup("typing", "Any"_n);
    bool of_exceptions = is_subclass(origin, exception_group());
    if ((of_exceptions && (equal(argument, PyExc_Exception) || equal(argument, any))) ||
        equal(argument, PyExc_BaseException) || equal(argument, any)) {
        if (!of_exceptions) set(self, "is_baseexception"_n, Py_True);
        return borrow(origin);
    }
    raise(
        PyExc_ValueError,
        cat("Only `ExceptionGroup[Exception]` or `BaseExceptionGroup[BaseException]` are accepted as generic types but "
            "got `",
            exception,
            "`. As `raises` will catch all instances of the specified group regardless of the generic "
            "argument specific nested exceptions has to be checked with `RaisesGroup`."));
}

}  // namespace

void fail_test(std::string_view message) {
    call(global<"outcomes", "fail">(), str(message));
    throw std::logic_error("fail() returned");
}

std::string joined_with(const std::vector<std::string>& parts, std::string_view separator) {
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) (i ? out += separator : out) += parts[i];
    return out;
}

std::string shown_type(handle expected) {
    if (is_class(expected)) return name_of_class(expected);
    object types = to_tuple(expected);
    if (PyTuple_GET_SIZE(types.ptr()) == 1) return name_of_class(PyTuple_GET_ITEM(types.ptr(), 0));
    std::vector<std::string> names;
    for (object type : each(types)) names.push_back(name_of_class(type));
    return "(" + joined_with(names) + ")";
}

object raw_type_mismatch(handle expected, handle exception) {
    bool is_tuple = PyTuple_Check(expected.ptr());
    if (is_none(expected) || (is_tuple && PyTuple_GET_SIZE(expected.ptr()) == 0)) return none();
    if (is_instance(exception, expected)) return none();
    std::string actual = "`" + shown_type(type_of(exception)) + "()`", wanted = "`" + shown_type(expected) + "`";
    if (!is_tuple && is_class(expected) && is_instance(exception, base_exception_group()) &&
        !is_subclass(expected, base_exception_group()))
        return str("Unexpected nested " + actual + ", expected " + wanted);
    return str(actual + " is not an instance of " + wanted);
}

object shown_pattern(handle pattern) { return is_unflagged(pattern) ? get(pattern, "pattern"_n) : borrow(pattern); }

std::string shown_callable(handle function) {
    return text_of(call(lookup("_pytest.raises", "repr_callable"_n), function));
}

void init_abstract_raises(handle self, handle match, handle check) {
    object pattern = is_str(match) ? compile_pattern(match) : borrow(match);
    if (is_str(match) && PyUnicode_GET_LENGTH(match.ptr()) == 0) warn_about_empty_pattern();
    set(self, "match"_n, pattern);
    set(self, "rawmatch"_n, is_none(match) ? none() : literal_text(match));
    set(self, "check"_n, check);
    set_reason(self, Py_None);
    set(self, "_nested"_n, Py_False);
    set(self, "is_baseexception"_n, Py_False);
}

object parse_exception(handle self, handle exception, std::string_view expected) {
    if (PyExceptionClass_Check(exception.ptr())) {
        if (!is_subclass(exception, PyExc_Exception)) set(self, "is_baseexception"_n, Py_True);
        return borrow(exception);
    }
    std::string problem = cat("Expected ", expected, ", but got ");
    if (is_class(exception)) raise(PyExc_ValueError, cat(problem, repr_of(get(exception, "__name__"_n))));
    object origin = call(lookup("typing", "get_origin"_n), exception);
    if (is_class(origin) && is_subclass(origin, base_exception_group())) return check_generic(self, exception, origin);
    if (PyExceptionInstance_Check(exception.ptr()))
        raise(PyExc_TypeError, cat(problem, "an exception instance: ", name_of_class(type_of(exception))));
    raise(PyExc_TypeError, cat(problem, repr_of(get(type_of(exception), "__name__"_n))));
}

bool matches_check(handle self, handle exception) {
    object function = get(self, "check"_n);
    if (is_none(function) || truth(call(function, exception))) return true;
    std::string shown = truth(get(self, "_nested"_n)) ? "" : " " + shown_callable(function);
    set_reason(self, str("check" + shown + " did not return True"));
    return false;
}

bool matches_pattern(handle self, handle exception) {
    object pattern = get(self, "match"_n);
    if (is_none(pattern)) return true;
    object message = call_kw(lookup("_pytest._code.code", "stringify_exception"_n), {exception},
                             {{"include_subexception_msg"_n, Py_False}});
    if (truth(call(lookup("re", "search"_n), pattern, message))) return true;
    if (object wanted = get(self, "rawmatch"_n); is_str(wanted)) {
        set_reason(self, text_difference(wanted, message));
        return false;
    }
    std::string type =
        is_instance(exception, base_exception_group()) ? " the `" + shown_type(type_of(exception)) + "()`" : "";
    object shown = shown_pattern(pattern);
    std::string reason = cat("Regex pattern did not match", type, ".\n  Expected regex: ", repr_of(shown),
                             "\n  Actual message: ", repr_of(message));
    if (equal(shown, message)) reason += "\n Did you mean to `re.escape()` the regex?";
    set_reason(self, str(reason));
    return false;
}

void define_abstract_raises(Module& m) {
    m.attr("_REGEX_NO_FLAGS", integer(kUnicodeFlag));
    m.def("_match_pattern", "match", [](Args a) { return shown_pattern(a[0]); });
    m.def(
        "repr_callable", "fun", [](Args a) { return repr_of(a[0]); },
        "How a check function is shown; may be replaced.");
    m.def("backquote", "s", [](Args a) { return strcat("`", a[0], "`"); });
    m.def("_exception_type_name", "e", [](Args a) { return str(shown_type(a[0])); });
    m.def("_check_raw_type", "expected_type, exception", [](Args a) { return raw_type_mismatch(a[0], a[1]); });
    m.def("is_fully_escaped", "s", [](Args a) { return boolean(is_fully_escaped(text(a[0]))); });
    m.def("unescape", "s", [](Args a) { return unescape(a[0]); });
    m.cls("AbstractRaises", {lookup("abc", "ABC"_n)})
        .doc("What RaisesExc and RaisesGroup have in common.")
        .generic()
        .def("__init__", "self, *, match, check",
             [](Args a) {
                 init_abstract_raises(a[0], a[1], a[2]);
                 return none();
             })
        .def("_parse_exc", "self, exc, expected", [](Args a) { return parse_exception(a[0], a[1], text(a[2])); })
        .prop(
            "fail_reason", [](Args a) { return reason_of(a[0]); }, nullptr, "Why the last matches() said no.")
        .def("_check_check", "self, exception", [](Args a) { return boolean(matches_check(a[0], a[1])); })
        .def("_check_match", "self, e", [](Args a) { return boolean(matches_pattern(a[0], a[1])); })
        .def(
            "matches", "self, exception", [](Args) { return none(); },
            "Whether an exception is as expected. If not, fail_reason says why.")
        .abstract()
        .make();
}

}  // namespace fastest::run
