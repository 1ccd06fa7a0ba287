// Hints at calls: methods without self, fixtures that are called, wrong keywords, what is None or was never awaited.

#include "engine/extras/hints.h"
#include "engine/py/version.h"

namespace fastest::extras {
namespace {

bool mentions(const std::string& message, std::string_view part) { return message.find(part) != std::string::npos; }

struct Phrase {
    std::string_view part, hint;
};

constexpr Phrase kTypeErrors[] = {
    {"'coroutine' object", "a coroutine was never awaited"},
    {"'async_generator' object is not iterable", "an async generator wants 'async for'"},
    {"'generator' object is not subscriptable", "a generator has no items: make a list of it first"},
    {"'NoneType' object is not callable", "what is called is None: was it never set, or overwritten?"},
    {"'NoneType' object", "a value is None: was it never set, or does a function return nothing?"},
    {"missing 1 required positional argument: 'self'", "the method is called on the class: call it on an instance"},
    {"can't compare offset-naive and offset-aware datetimes", "one datetime has a time zone and the other has none"},
    {"'module' object is not callable", "a module is called: was a function or class of the same name meant?"},
    {"'property' object", "a property is used on the class: use it on an instance"},
    {"'staticmethod' object is not callable", "a static method is called while its class is being made"},
    {"unhashable type: 'list'", "a list is no key and no item of a set: make a tuple of it"},
    {"unhashable type: 'dict'", "a dict is no key and no item of a set: use its items as a tuple"},
};

/// A function that a qualified name of a message leads to; no code of users' is run on the way. Null for none.
object function_named(handle frame, const std::string& qualified) {
    std::string name = qualified;
    if (std::size_t local = name.rfind("<locals>."); local != std::string::npos) name = name.substr(local + 9);
    std::size_t dot = name.find('.');
    object found = variable_of(frame, str(name.substr(0, dot)));
    while (found.is_valid() && dot != std::string::npos) {
        if (!PyType_Check(found.ptr())) return {};
        std::size_t next = name.find('.', dot + 1);
        found = dict_get(version::type_dict(found), str(name.substr(dot + 1, next - dot - 1)));
        dot = next;
    }
    if (found.is_valid() && PyType_Check(found.ptr())) found = dict_get(version::type_dict(found), "__init__"_n);
    return found.is_valid() && PyFunction_Check(found.ptr()) ? found : object();
}

void hint_at_keyword(const Failure& failure, const std::string& message, Hints& hints) {
    std::string keyword = between(message, "got an unexpected keyword argument '", "'");
    object frame = raising_frame(failure);
    if (keyword.empty() || !frame.is_valid()) return;
    object function = function_named(frame, message.substr(0, message.find('(')));
    if (!function.is_valid()) return;
    object code = get(function, "__code__"_n);
    long long count = to_int(get(code, "co_argcount"_n)) + to_int(get(code, "co_kwonlyargcount"_n));
    match::NearestNames nearest(keyword);
    offer_all(check(PySequence_GetSlice(version::code_varnames(code).ptr(), 0, static_cast<Py_ssize_t>(count))),
              nearest);
    hints.add(did_you_mean(nearest.found()));
}

/// The first parameter of a test method that is not called `self`.
std::string first_parameter(handle node) {
    object holder = get_or(node, "cls"_n, Py_None), method = get_or(node, "obj"_n, Py_None);
    if (is_none(holder) || !PyMethod_Check(method.ptr())) return {};
    object function = borrow(PyMethod_GET_FUNCTION(method.ptr()));
    if (!PyFunction_Check(function.ptr())) return {};
    object code = get(function, "__code__"_n);
    if (to_int(get(code, "co_argcount"_n)) == 0) return {};
    std::string name = text(item(version::code_varnames(code), integer(0)));
    return name == "self" || name == "cls" ? std::string() : name;
}

void hint_at_missing_self(const Failure& failure, Hints& hints) {
    std::string first = first_parameter(failure.node);
    if (first.empty() || !visible_fixture(failure.node, str(first)).is_valid()) return;
    hints.add(cat("the parameter '", first, "' of this method gets the instance, not the fixture: 'self' is missing"));
}

/// `def test_it(self, tmp_path)` of a unittest.TestCase.
void hint_at_unittest(const Failure& failure, const std::string& message, Hints& hints) {
    if (text_of(get(type_of(failure.node), "__name__"_n)) != "TestCaseFunction") return;
    std::string start = cat(get(get(failure.node, "obj"_n), "__name__"_n), "() missing ");
    std::string parameter = between(message, "positional argument", "'");  // "s: " or ": "
    if (parameter.empty() || !mentions(message, start)) return;
    parameter = between(message, "'", "'");
    if (visible_fixture(failure.node, str(parameter)).is_valid())
        hints.add(
            "methods of unittest.TestCase take no fixtures: use an autouse fixture that sets an attribute, or "
            "@pytest.mark.usefixtures");
}

void hint_at_type_error(const Failure& failure, const std::string& message, Hints& hints) {
    object method = get_or(failure.node, "obj"_n, Py_None);
    if (PyMethod_Check(method.ptr())) {
        std::string start = cat(get(method, "__qualname__"_n), "() takes 0 positional arguments but 1 was given");
        std::string short_start = cat(get(method, "__name__"_n), "() takes 0 positional arguments but 1 was given");
        if (message == start || message == short_start)
            hints.add("a method of a class wants 'self' as its first parameter");
    }
    hint_at_keyword(failure, message, hints);
    hint_at_unittest(failure, message, hints);
    for (const Phrase& phrase : kTypeErrors) {
        if (!mentions(message, phrase.part)) continue;
        hints.add(std::string(phrase.hint));
        return;
    }
}

}  // namespace

void hint_at_calls(const Failure& failure, Hints& hints) {
    if (has(failure.node, "fixturenames"_n)) hint_at_missing_self(failure, hints);
    std::string message;
    if (is_instance(failure.exception, handle(PyExc_TypeError))) {
        hint_at_type_error(failure, text_of(failure.exception), hints);
    } else if (is_instance(failure.exception, lookup("_pytest.outcomes", "Failed"_n))) {
        std::string name = between(text_of(failure.exception), "Fixture \"", "\" called directly");
        if (!name.empty()) hints.add(cat("take '", name, "' as a parameter instead of calling it"));
    } else if (is_instance(failure.exception, handle(PyExc_ValueError))) {
        if (mentions(text_of(failure.exception), "truth value of a") &&
            mentions(text_of(failure.exception), "is ambiguous"))
            hints.add("arrays compare item by item: use .all(), .any(), .equals() or the library's testing functions");
    }
}

}  // namespace fastest::extras
