#include "engine/marks/scope.h"

#include "engine/py/enumeration.h"

namespace fastest::marks {
namespace {

using namespace py;

constexpr int kScopes = 5;

handle* scope_table() {
    static handle table[kScopes] = {get(global<"scope", "Scope">(), "Function"_n).release(),
                                    get(global<"scope", "Scope">(), "Class"_n).release(),
                                    get(global<"scope", "Scope">(), "Module"_n).release(),
                                    get(global<"scope", "Scope">(), "Package"_n).release(),
                                    get(global<"scope", "Scope">(), "Session"_n).release()};
    return table;
}

template <class Compare>
object compare(Args a, Compare&& holds) {
    if (Py_TYPE(a[0].ptr()) != Py_TYPE(a[1].ptr())) return borrow(Py_NotImplemented);
    return boolean(holds(scope_index(a[0]), scope_index(a[1])));
}

object next_lower(Args a) {
    int index = scope_index(a[0]);
    if (index == 0) raise(PyExc_ValueError, cat(a[0], " is the lower-most scope"));
    return borrow(scope_at(index - 1));
}

object next_higher(Args a) {
    int index = scope_index(a[0]);
    if (index == kScopes - 1) raise(PyExc_ValueError, cat(a[0], " is the upper-most scope"));
    return borrow(scope_at(index + 1));
}

}  // namespace

int scope_index(handle scope) {
    handle* table = scope_table();
    for (int i = 0; i < kScopes; ++i)
        if (table[i].ptr() == scope.ptr()) return i;
    PyErr_SetObject(PyExc_KeyError, scope.ptr());
    throw nb::python_error();
}

handle scope_at(int index) { return scope_table()[index]; }

object scope_from_user(handle name, handle description, handle where) {
    for (int i = 0; is_str(name) && i < kScopes; ++i)
        if (equal(get(scope_at(i), "_value_"_n), name)) return borrow(scope_at(i));
    std::string origin = is_none(where) || !truth(where) ? "" : cat("from ", where, " ");
    try {
        return call(global<"scope", "Scope">(), name);  // raises, and that error is shown too
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
        Handling handling(error);
        call_kw(global<"outcomes", "fail">(),
                {strcat(description, " ", origin, "got an unexpected scope value '", name, "'")},
                {{"pytrace"_n, Py_False}});
    }
    return none();
}

FASTEST_MODULE(scope, "_pytest.scope") {
    make_enum(m, "Scope",
              {{"Function", str("function")},
               {"Class", str("class")},
               {"Module", str("module")},
               {"Package", str("package")},
               {"Session", str("session")}},
              {{"next_lower", "self", next_lower},
               {"next_higher", "self", next_higher},
               {"__lt__", "self, other", [](Args a) { return compare(a, std::less<int>()); }},
               {"__le__", "self, other", [](Args a) { return compare(a, std::less_equal<int>()); }},
               {"__gt__", "self, other", [](Args a) { return compare(a, std::greater<int>()); }},
               {"__ge__", "self, other", [](Args a) { return compare(a, std::greater_equal<int>()); }},
               {"from_user", "cls, scope_name, descr, where=None",
                [](Args a) { return scope_from_user(a[1], a[2], a[3]); }, true}},
              "How long a fixture value lives. Members are ordered: Function is the lowest, Session the highest.");
    object all = to_list(m.get("Scope"));
    m.attr("_ALL_SCOPES", all);
    object indices = new_dict();
    long long at = 0;
    for (object scope : each(all)) dict_set(indices, scope, integer(at++));
    m.attr("_SCOPE_INDICES", indices);
    m.attr("HIGH_SCOPES", check(PyList_GetSlice(all.ptr(), 1, kScopes)));
}

}  // namespace fastest::marks
