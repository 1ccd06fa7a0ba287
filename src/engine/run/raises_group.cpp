// RaisesGroup: expects an exception group of a certain shape. Expected and raised exceptions are paired greedily, in order; if
// that fails, all pairs are tried in order to say why.

#include "engine/py/recursion.h"
#include "engine/run/raises.h"

#include <algorithm>
#include <map>

namespace fastest::run {
namespace {

bool is_group(handle exception) { return is_instance(exception, base_exception_group()); }
bool is_raises_group(handle value) { return is_instance(value, global<"raises", "RaisesGroup">()); }
bool is_raises_exc(handle value) { return is_instance(value, global<"raises", "RaisesExc">()); }
std::string shown(handle expected) { return is_class(expected) ? shown_type(expected) : text(repr_of(expected)); }
std::string indented(handle lines, std::string_view prefix) {
    return text(call(lookup("textwrap", "indent"_n), lines, str(prefix)));
}

// --- arguments --------------------------------------------------------------------------------

object parse(handle self, handle exception, std::string_view expected) {
    if (is_raises_group(exception) && truth(get(self, "flatten_subgroups"_n)))
        raise(PyExc_ValueError,
              "You cannot specify a nested structure inside a RaisesGroup with `flatten_subgroups=True`. The parameter will "
              "flatten subgroups in the raised exceptiongroup before matching, which would never match a nested structure.");
    if (is_raises_group(exception) || is_raises_exc(exception)) {
        if (truth(get(exception, "is_baseexception"_n))) set(self, "is_baseexception"_n, Py_True);
        set(exception, "_nested"_n, Py_True);
        return borrow(exception);
    }
    if (PyTuple_Check(exception.ptr()))
        raise(
            PyExc_TypeError,
            cat("Expected ", expected, ", but got ", repr_of(get(type_of(exception), "__name__"_n)),
                ".\nRaisesGroup does not support tuples of exception types when expecting one of several possible "
                "exception "
                "types like RaisesExc.\nIf you meant to expect a group with multiple exceptions, list them as separate "
                "arguments."));
    return parse_exception(self, exception, expected);
}

void refuse_combinations(handle first, handle others, handle match, handle check) {
    if (PyTuple_GET_SIZE(others.ptr()))
        raise(PyExc_ValueError,
              "You cannot specify multiple exceptions with `allow_unwrapped=True.` If you want to match one of multiple possible "
              "exceptions you should use a `RaisesExc`. E.g. `RaisesExc(check=lambda e: isinstance(e, (...)))`");
    if (is_raises_group(first))
        raise(PyExc_ValueError,
              "`allow_unwrapped=True` has no effect when expecting a `RaisesGroup`. You might want it in the expected "
              "`RaisesGroup`, or `flatten_subgroups=True` if you don't care about the structure.");
    if (!is_none(match) || !is_none(check))
        raise(PyExc_ValueError,
              "`allow_unwrapped=True` bypasses the `match` and `check` parameters if the exception is unwrapped. If you intended "
              "to match/check the exception you should use a `RaisesExc` object. If you want to match/check the exceptiongroup "
              "when the exception *is* wrapped you need to do e.g. `if isinstance(exc.value, ExceptionGroup): assert "
              "RaisesGroup(...).matches(exc.value)` afterwards.");
}

object init(Args a) {
    handle self = a[0], first = a[1], others = a[2], unwrapped = a[3], flatten = a[4], match = a[5], check = a[6];
    init_abstract_raises(self, match, check);
    set(self, "allow_unwrapped"_n, unwrapped);
    set(self, "flatten_subgroups"_n, flatten);
    if (truth(unwrapped)) refuse_combinations(first, others, match, check);
    object expected = list_of(parse(self, first, "a BaseException type, RaisesExc, or RaisesGroup"));
    for (object other : each(others))
        append(expected, parse(self, other, "a BaseException type, RaisesExc, or RaisesGroup"));
    set(self, "expected_exceptions"_n, to_tuple(expected));
    return none();
}

// --- pairing ----------------------------------------------------------------------------------

/// Why an exception is not the expected one; None when it is.
object mismatch(handle expected, handle exception) {
    if (is_class(expected)) return raw_type_mismatch(expected, exception);
    if (truth(call_method(expected, "matches"_n, exception))) return none();
    object reason = get(expected, "fail_reason"_n);
    if (is_none(reason)) assertion_failed();
    if (text(reason).starts_with('\n')) return strcat("\n", repr_of(expected), ": ", indented(reason, "  "));
    return strcat(repr_of(expected), ": ", reason);
}

class Pairing {
public:
    Pairing(handle expected, handle actual) : expected_(to_tuple(expected)), actual_(to_tuple(actual)) {
        results_.assign(expected_count(), std::vector<object>(actual_count()));
    }

    std::size_t expected_count() const { return static_cast<std::size_t>(PyTuple_GET_SIZE(expected_.ptr())); }
    std::size_t actual_count() const { return static_cast<std::size_t>(PyTuple_GET_SIZE(actual_.ptr())); }

    /// None when all are paired, else the reason.
    object run() {
        pair_greedily();
        if (unmatched_actual_.empty() && unmatched_expected_.empty()) return none();
        if (expected_count() == 1 && actual_count() == 1) return results_[0][0];
        for (std::size_t e = 0; e < expected_count(); ++e)
            for (std::size_t a = 0; a < actual_count(); ++a) result(e, a);
        return str(reason());
    }

private:
    handle expected(std::size_t index) const { return PyTuple_GET_ITEM(expected_.ptr(), static_cast<Py_ssize_t>(index)); }
    handle actual(std::size_t index) const { return PyTuple_GET_ITEM(actual_.ptr(), static_cast<Py_ssize_t>(index)); }

    const object& result(std::size_t e, std::size_t a) {
        if (!results_[e][a].is_valid()) results_[e][a] = mismatch(expected(e), actual(a));
        return results_[e][a];
    }
    bool fits(std::size_t e, std::size_t a) { return is_none(result(e, a)); }

    void pair_greedily() {
        for (std::size_t a = 0; a < actual_count(); ++a) unmatched_actual_.push_back(a);
        for (std::size_t e = 0; e < expected_count(); ++e) {
            auto found = std::find_if(unmatched_actual_.begin(), unmatched_actual_.end(),
                                      [&](std::size_t a) { return fits(e, a); });
            if (found == unmatched_actual_.end()) {
                unmatched_expected_.push_back(e);
                continue;
            }
            paired_[e] = *found;
            partner_[*found] = e;
            unmatched_actual_.erase(found);
        }
    }

    bool nothing_fits_expected() {
        for (std::size_t e : unmatched_expected_)
            for (std::size_t a = 0; a < actual_count(); ++a)
                if (fits(e, a)) return false;
        return true;
    }
    bool nothing_fits_actual() {
        for (std::size_t a : unmatched_actual_)
            for (std::size_t e = 0; e < expected_count(); ++e)
                if (fits(e, a)) return false;
        return true;
    }

    std::string reason() {
        std::string paired = paired_.empty() ? ""
                                             : cat(paired_.size(), " matched exception", paired_.size() > 1 ? "s" : "", ". ");
        if (unmatched_expected_.empty() && nothing_fits_actual()) {
            object left = new_list();
            for (std::size_t a : unmatched_actual_) append(left, actual(a));
            return cat(paired, "Unexpected exception(s): ", repr_of(left));
        }
        if (unmatched_actual_.empty() && nothing_fits_expected()) {
            std::vector<std::string> left;
            for (std::size_t e : unmatched_expected_) left.push_back(shown(expected(e)));
            return paired + "Too few exceptions raised, found no match for: [" + joined_with(left) + "]";
        }
        if (unmatched_actual_.size() == 1 && unmatched_expected_.size() == 1 && nothing_fits_actual() &&
            nothing_fits_expected())
            return cat(paired, result(unmatched_expected_[0], unmatched_actual_[0]));
        return long_reason(paired);
    }

    std::string long_reason(const std::string& paired) {
        std::string out = paired_.empty() ? "" : "\n" + paired;
        if (unmatched_actual_.empty())
            out += "\nToo few exceptions raised!";
        else if (unmatched_expected_.empty())
            out += "\nUnexpected exception(s)!";
        describe_expected(out);
        describe_actual(out);
        std::vector<bool> used(expected_count());
        if (expected_count() == actual_count() && could_match(0, used))
            out += "\nThere exist a possible match when attempting an exhaustive check, but RaisesGroup uses a greedy algorithm. "
                   "Please make your expected exceptions more stringent with `RaisesExc` etc so the greedy algorithm can "
                   "function.";
        return out;
    }

    void describe_expected(std::string& out) {
        if (!unmatched_expected_.empty()) out += "\nThe following expected exceptions did not find a match:";
        for (std::size_t e : unmatched_expected_) {
            out += "\n  " + shown(expected(e));
            for (std::size_t a = 0; a < actual_count(); ++a)
                if (fits(e, a))
                    out += cat("\n    It matches `", repr_of(actual(a)), "` which was paired with `",
                               shown(expected(partner_.at(a))), "`");
        }
    }

    void describe_actual(std::string& out) {
        if (!unmatched_actual_.empty()) out += "\nThe following raised exceptions did not find a match";
        for (std::size_t a : unmatched_actual_) {
            out += cat("\n  ", repr_of(actual(a)), ":");
            for (std::size_t e = 0; e < expected_count(); ++e) {
                const object& why = result(e, a);
                bool unmatched = std::find(unmatched_expected_.begin(), unmatched_expected_.end(), e) !=
                                 unmatched_expected_.end();
                if (unmatched && !is_none(why)) out += (text(why).starts_with('\n') ? "" : "\n") + indented(why, "    ");
                if (is_none(why))
                    out += cat("\n    It matches `", shown(expected(e)), "` which was paired with `",
                               repr_of(actual(paired_.at(e))), "`");
            }
        }
    }

    bool could_match(std::size_t a, std::vector<bool>& used) {
        if (a == actual_count()) return true;
        for (std::size_t e = 0; e < expected_count(); ++e) {
            if (used[e] || !fits(e, a)) continue;
            used[e] = true;
            if (could_match(a + 1, used)) return true;
            used[e] = false;
        }
        return false;
    }

    object expected_, actual_;
    std::vector<std::vector<object>> results_;  // [expected][actual]; null: not tried
    std::vector<std::size_t> unmatched_actual_, unmatched_expected_;
    std::map<std::size_t, std::size_t> paired_;   // expected -> actual
    std::map<std::size_t, std::size_t> partner_;  // actual -> expected
};

bool pairs_up(handle self, handle actual) {
    object reason = Pairing(get(self, "expected_exceptions"_n), actual).run();
    if (is_none(reason)) return true;
    set_reason(self, reason);
    return false;
}

void unroll(handle exceptions, handle into) {
    Recursion level(" while looking through an exception group");
    for (object exception : each(exceptions)) {
        if (is_group(exception))
            unroll(get(exception, "exceptions"_n), into);
        else
            append(into, exception);
    }
}

object unrolled(handle exceptions) {
    object flat = new_list();
    unroll(exceptions, flat);
    return flat;
}

// --- matching ---------------------------------------------------------------------------------

bool matches_unwrapped(handle self, handle exception) {
    std::string not_group = "`" + name_of_class(type_of(exception)) + "()` is not an exception group";
    object expected = get(self, "expected_exceptions"_n);
    if (PyTuple_GET_SIZE(expected.ptr()) > 1) {
        set_reason(self, str(not_group));
        return false;
    }
    object why = mismatch(PyTuple_GET_ITEM(expected.ptr(), 0), exception);
    bool allowed = truth(get(self, "allow_unwrapped"_n));
    if (is_none(why) && allowed) return true;
    set_reason(self, is_none(why) ? str(not_group + ", but would match with `allow_unwrapped=True`")
                     : allowed    ? why
                                  : str(not_group));
    return false;
}

/// The only expected class and the only raised exception, when there is one of each.
std::pair<object, object> single_pair(handle self, handle actual) {
    object expected = get(self, "expected_exceptions"_n);
    if (length(actual) != 1 || length(expected) != 1) return {};
    object type = item(expected, integer(0));
    return is_class(type) ? std::pair(type, item(actual, integer(0))) : std::pair<object, object>();
}

void explain_pattern(handle self, handle actual) {
    object reason = reason_of(self);
    auto [expected, exception] = single_pair(self, actual);
    bool would = expected.is_valid() && is_instance(exception, expected) && matches_pattern(self, exception);
    set_reason(self, would ? strcat(reason, "\n but matched the expected `", shown(expected),
                                    "`.\n You might want `RaisesGroup(RaisesExc(", name_of_class(expected), ", match=",
                                    repr_of(shown_pattern(get(self, "match"_n))), "))`")
                           : reason);
}

void explain_shape(handle self, handle exception, handle actual) {
    object reason = reason_of(self);
    bool nested_expected = false, nested_actual = false;
    for (object expected : each(get(self, "expected_exceptions"_n)))
        nested_expected = nested_expected || is_raises_group(expected);
    for (object each_actual : each(actual)) nested_actual = nested_actual || is_group(each_actual);
    bool would = !truth(get(self, "flatten_subgroups"_n)) && !nested_expected && nested_actual &&
                 pairs_up(self, unrolled(get(exception, "exceptions"_n)));
    // A reason of several lines is indented by itself.
    set_reason(self, would ? strcat(reason, "\n", text(reason).find('\n') == std::string::npos ? "  " : "",
                                    "Did you mean to use `flatten_subgroups=True`?")
                           : reason);
}

void explain_check(handle self, handle exception, handle actual) {
    object reason = strcat(reason_of(self), " on the ", name_of_class(type_of(exception)));
    auto [expected, single] = single_pair(self, actual);
    bool would = expected.is_valid() && matches_check(self, single);
    set_reason(self, would ? strcat(reason, ", but did return True for the expected ", shown(expected),
                                    ". You might want RaisesGroup(RaisesExc(", name_of_class(expected), ", check=<...>))")
                           : reason);
}

object matches(Args a) {
    Recursion level(" while matching an exception group");
    handle self = a[0], exception = a[1];
    set_reason(self, Py_None);
    if (is_none(exception)) {
        set_reason(self, str("exception is None"));
        return boolean(false);
    }
    if (!is_group(exception)) return boolean(matches_unwrapped(self, exception));
    object actual = get(exception, "exceptions"_n);
    if (truth(get(self, "flatten_subgroups"_n))) actual = unrolled(actual);
    if (!matches_pattern(self, exception)) {
        explain_pattern(self, actual);
        return boolean(false);
    }
    if (!pairs_up(self, actual)) {
        explain_shape(self, exception, actual);
        return boolean(false);
    }
    if (!matches_check(self, exception)) {
        explain_check(self, exception, actual);
        return boolean(false);
    }
    return boolean(true);
}

// --- context manager --------------------------------------------------------------------------

object enter(Args a) {
    object info = call_method(lookup("_pytest._code", "ExceptionInfo"_n), "for_later"_n);
    set(a[0], "excinfo"_n, info);
    return info;
}

object exit(Args a) {
    handle self = a[0];
    if (is_none(a[1])) fail_test(cat("DID NOT RAISE any exception, expected `", call_method(self, "expected_type"_n), "`"));
    object info = get(self, "excinfo"_n);
    bool unwrapped = truth(get(self, "allow_unwrapped"_n)) && !is_subclass(a[1], base_exception_group());
    if (!truth(call_method(self, "matches"_n, a[2])))
        fail_test(cat("Raised exception ", unwrapped ? "(group)" : "group", " did not match: ", reason_of(self)));
    call_method(info, "fill_unfilled"_n, tuple_of(a[1], a[2], a[3]));
    return boolean(true);
}

object show(Args a) {
    std::vector<std::string> parts;
    for (object expected : each(get(a[0], "expected_exceptions"_n)))
        parts.push_back(is_class(expected) ? name_of_class(expected) : text(repr_of(expected)));
    for (handle flag : {"allow_unwrapped"_n, "flatten_subgroups"_n})
        if (object value = get(a[0], flag); truth(value)) parts.push_back(cat(flag, "=", value));
    object match = get(a[0], "match"_n), check = get(a[0], "check"_n);
    if (!is_none(match)) parts.push_back(cat("match=", repr_of(shown_pattern(match))));
    if (!is_none(check)) parts.push_back("check=" + shown_callable(check));
    return str("RaisesGroup(" + joined_with(parts) + ")");
}

object expected_type(Args a) {
    std::vector<std::string> parts;
    for (object expected : each(get(a[0], "expected_exceptions"_n)))
        parts.push_back(is_raises_group(expected) ? text(call_method(expected, "expected_type"_n))
                        : is_class(expected)      ? name_of_class(expected)
                                                  : text(repr_of(expected)));
    return str((truth(get(a[0], "is_baseexception"_n)) ? "BaseExceptionGroup(" : "ExceptionGroup(") + joined_with(parts) + ")");
}

}  // namespace

void define_raises_group(Module& m) {
    m.cls("RaisesGroup", {m.get("AbstractRaises")})
        .doc("Expects an exception group.\n\n:param expected_exception: and following: what the group must contain, each a class, "
             "a RaisesExc or a RaisesGroup; the order does not matter.\n:param allow_unwrapped: accept the one expected exception "
             "without a group around it.\n:param flatten_subgroups: ignore the nesting of groups.\n:param match: pattern that "
             "re.search() must find in the text of the group.\n:param check: function that must return True for the group.")
        .def("__init__",
             "self, expected_exception, /, *other_exceptions, allow_unwrapped=False, flatten_subgroups=False, match=None, "
             "check=None",
             init)
        .def("_parse_excgroup", "self, exc, expected", [](Args a) { return parse(a[0], a[1], text(a[2])); })
        .def("__enter__", "self", enter)
        .def("__repr__", "self", show)
        .def("_unroll_exceptions", "self, exceptions", [](Args a) { return unrolled(a[1]); })
        .def("matches", "self, exception", matches, "Whether an exception is as expected. If not, fail_reason says why.")
        .staticmethod("_check_expected", "expected_type, exception", [](Args a) { return mismatch(a[0], a[1]); })
        .staticmethod("_repr_expected", "e", [](Args a) { return str(shown(a[0])); })
        .def("_check_exceptions", "self, _exception, actual_exceptions",
             [](Args a) { return boolean(pairs_up(a[0], a[2])); })
        .def("__exit__", "self, exc_type, exc_val, exc_tb", exit)
        .def("expected_type", "self", expected_type)
        .make();
}

FASTEST_MODULE(raises, "_pytest.raises") {
    define_abstract_raises(m);
    define_raises_exc(m);
    define_raises_group(m);
}

}  // namespace fastest::run
