// The classes that extend the standard library's doctest. They are made when the first doctest is collected, because importing
// doctest is slow.

#include <cmath>

#include "engine/run/known.h"

namespace fastest::builtin {
namespace {

using namespace run;

object stdlib(const char* cls) { return lookup("doctest", str(cls)); }
object stdlib_method(const char* cls, const char* method) { return get(stdlib(cls), str(method)); }

// --- runner -------------------------------------------------------------------------------------

object runner_init(Args a) {
    call_kw(stdlib_method("DebugRunner", "__init__"), {a[0]}, {{"checker"_n, a[1]}, {"verbose"_n, a[2]}, {"optionflags"_n, a[3]}});
    set(a[0], "continue_on_failure"_n, a[4]);
    return none();
}

/// `out` is a list here, not a stream.
object fail_or_collect(handle runner, handle out, handle failure) {
    if (!truth(get(runner, "continue_on_failure"_n))) raise_exception(failure);
    call_method(out, "append"_n, failure);
    return none();
}

object report_failure(Args a) { return fail_or_collect(a[0], a[1], call(stdlib("DocTestFailure"), a[2], a[3], a[4])); }

object report_exception(Args a) {
    object exception = item(a[4], integer(1));
    if (is_instance(exception, known<"_pytest.outcomes", "OutcomeException">())) raise_exception(exception);
    if (is_instance(exception, lookup("bdb", "BdbQuit"_n)))
        call(lookup("_pytest.outcomes", "exit"_n), str("Quitting debugger"));
    return fail_or_collect(a[0], a[1], call(stdlib("UnexpectedException"), a[2], a[3], a[4]));
}

// --- checker ------------------------------------------------------------------------------------

bool has_flag(handle flags, const char* name) {
    return (to_int(flags) & to_int(call(lookup("_pytest.doctest", str(name))))) != 0;
}

object without_prefix(const char* letters, handle text) {
    return call(lookup("re", "sub"_n), strcat("(\\W|^)[", letters, "]([rR]?[\\'\\\"])"), str("\\1\\2"), text);
}

constexpr const char* kNumber =
    "(?:[+-]?\\d*\\.(?P<fraction>\\d+)|[+-]?\\d+\\.)(?:[Ee](?P<exponent>[+-]?\\d+))?|[+-]?\\d+[Ee](?P<power>[+-]?\\d+)";

struct Number {
    double value;
    long long precision;  // digits after the point that were written
    Py_ssize_t begin, end;
    object text;
};

std::vector<Number> numbers_in(handle checker, handle text) {
    std::vector<Number> numbers;
    for (object match : each(call_method(get(checker, "_number_re"_n), "finditer"_n, text))) {
        object whole = call_method(match, "group"_n), fraction = call_method(match, "group"_n, "fraction"_n);
        object exponent = call_method(match, "group"_n, "exponent"_n);
        if (is_none(exponent)) exponent = call_method(match, "group"_n, "power"_n);
        long long precision = is_none(fraction) ? 0 : length(fraction);
        if (!is_none(exponent)) precision -= to_int(call(type_object(PyLong_Type), exponent));
        numbers.push_back({to_double(check(PyFloat_FromString(whole.ptr()))), precision,
                           static_cast<Py_ssize_t>(to_int(call_method(match, "start"_n))),
                           static_cast<Py_ssize_t>(to_int(call_method(match, "end"_n))), whole});
    }
    return numbers;
}

bool close_enough(const Number& want, const Number& got) {
    if (want.value == got.value) return true;
    return std::isfinite(got.value) &&
           std::fabs(want.value - got.value) <= std::pow(10.0, static_cast<double>(-want.precision));
}

/// What was got, with numbers that are as wanted to the wanted precision replaced by the wanted ones.
object without_unwanted_precision(Args a) {
    std::vector<Number> wants = numbers_in(a[0], a[1]), gots = numbers_in(a[0], a[2]);
    if (wants.size() != gots.size()) return borrow(a[2]);
    object pieces = new_list();
    Py_ssize_t done = 0;
    auto copy_to = [&](Py_ssize_t end) { append(pieces, check(PyUnicode_Substring(a[2].ptr(), done, end))); };
    for (std::size_t i = 0; i < wants.size(); ++i) {
        if (!close_enough(wants[i], gots[i])) continue;
        copy_to(gots[i].begin);
        append(pieces, wants[i].text);
        done = gots[i].end;
    }
    copy_to(length(a[2]));
    return call_method(""_n, "join"_n, pieces);
}

/// As doctest checks; with our options, once more without what they let differ.
object check_output(Args a) {
    object base = stdlib_method("OutputChecker", "check_output");
    object matched = call(base, a[0], a[1], a[2], a[3]);
    if (truth(matched)) return boolean(true);
    bool allow_unicode = has_flag(a[3], "_get_allow_unicode_flag"), allow_bytes = has_flag(a[3], "_get_allow_bytes_flag");
    bool allow_number = has_flag(a[3], "_get_number_flag");
    if (!allow_unicode && !allow_bytes && !allow_number) return boolean(false);
    object want = borrow(a[1]), got = borrow(a[2]);
    for (const char* letters : {allow_unicode ? "uU" : nullptr, allow_bytes ? "bB" : nullptr}) {
        if (!letters) continue;
        want = without_prefix(letters, want);
        got = without_prefix(letters, got);
    }
    if (allow_number) got = call_method(a[0], "_remove_unwanted_precision"_n, want, got);
    return call(base, a[0], want, got, a[3]);
}

// --- finder -------------------------------------------------------------------------------------

/// Before 3.11.9 and 3.12.3 doctest finds no line numbers of properties and wrapped functions.
object find_lineno_everywhere(Args a) {
    object value = borrow(a[1]);
    if (is_instance(value, type_object(PyProperty_Type))) value = get_or(value, "fget"_n, value);
    if (has(value, "__wrapped__"_n)) value = call(lookup("inspect", "unwrap"_n), value);
    return call(stdlib_method("DocTestFinder", "_find_lineno"), a[0], value, a[2]);
}

object find_lineno_of_fixtures(Args a) {
    object value = borrow(a[1]);
    if (is_instance(value, known<"_pytest.fixtures", "FixtureFunctionDefinition">()))
        value = call(lookup("inspect", "unwrap"_n), value);
    return call(stdlib_method("DocTestFinder", "_find_lineno"), a[0], value, a[2]);
}

/// Before 3.13 a cached_property is not seen as part of its module; its function is.
object from_module(Args a) {
    object value = borrow(a[2]);
    if (is_instance(value, lookup("functools", "cached_property"_n))) value = get(value, "func"_n);
    return call(stdlib_method("DocTestFinder", "_from_module"), a[0], a[1], value);
}

void define_finder(Module& m) {
    object version = lookup("sys", "version_info"_n);
    long long minor = to_int(item(version, integer(1))), micro = to_int(item(version, integer(2)));
    ClassBuilder finder = m.cls("MockAwareDocTestFinder", {stdlib("DocTestFinder")});
    if (minor < 11 || (minor == 11 && micro < 9) || (minor == 12 && micro < 3))
        finder.def("_find_lineno", "self, obj, source_lines", find_lineno_everywhere);
    else if (minor == 12)
        finder.def("_find_lineno", "self, obj, source_lines", find_lineno_of_fixtures);
    if (minor < 13) finder.def("_from_module", "self, module, object", from_module);
    finder.make();
}

}  // namespace
}  // namespace fastest::builtin

FASTEST_MODULE(doctest_classes, "_pytest.doctest") {
    using namespace fastest::builtin;
    m.cls("PytestDoctestRunner", {stdlib("DebugRunner")})
        .doc("A runner that can go on after failures.")
        .attr("__qualname__", str("_init_runner_class.<locals>.PytestDoctestRunner"))
        .def("__init__", "self, checker=None, verbose=None, optionflags=0, continue_on_failure=True", runner_init)
        .def("report_failure", "self, out, test, example, got", report_failure)
        .def("report_unexpected_exception", "self, out, test, example, exc_info", report_exception)
        .make();
    m.cls("LiteralsOutputChecker", {stdlib("OutputChecker")})
        .doc("A checker with the options ALLOW_UNICODE, ALLOW_BYTES and NUMBER.")
        .attr("__qualname__", str("_init_checker_class.<locals>.LiteralsOutputChecker"))
        .attr("_number_re", call(lookup("re", "compile"_n), str(kNumber)))
        .def("check_output", "self, want, got, optionflags", check_output)
        .def("_remove_unwanted_precision", "self, want, got", without_unwanted_precision)
        .make();
    define_finder(m);
}
