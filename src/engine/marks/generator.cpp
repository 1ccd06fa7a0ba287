// `pytest.mark`, and the sentinel pytest.HIDDEN_PARAM.

#include "engine/marks/mark.h"

#include "engine/py/enumeration.h"

namespace fastest::marks {
namespace {

using namespace py;

void complain_about(handle name, handle config, IssueWarning& issue) {
    for (const char* misspelling : {"parameterize", "parametrise", "parameterise"})
        if (equal(name, str(misspelling)))
            call(global<"outcomes", "fail">(), strcat("Unknown '", name, "' mark, did you mean 'parametrize'?"));
    if (strict_markers(config))
        call_kw(global<"outcomes", "fail">(), {strcat(repr_of(name), " not found in `markers` configuration option")},
                {{"pytrace"_n, Py_False}});
    object category = lookup("_pytest.warning_types", "PytestUnknownMarkWarning"_n);
    std::string message = cat("Unknown pytest.mark.", name,
                              " - is this a typo?  You can register custom marks to avoid this warning - for details, "
                              "see https://docs.pytest.org/en/stable/how-to/mark.html");
    issue(category, message);
}

object make_decorator_for(handle generator, handle name, IssueWarning& issue) {
    if (equal(item(name, integer(0)), "_"_n)) raise(PyExc_AttributeError, "Marker name must NOT start with underscore");
    object config = get(generator, "_config"_n);
    if (!is_none(config)) {
        object known = get(generator, "_markers"_n);
        if (!contains(known, name)) {
            call_method(known, "update"_n, registered_names(config));
            if (!contains(known, name)) complain_about(name, config, issue);
        }
    }
    return make_decorator(make_mark(name, check(PyTuple_New(0)), new_dict()));
}

object init(Args a) {
    if (!truth(a[1])) call(lookup("_pytest.deprecated", "check_ispytest"_n), a[1]);
    set(a[0], "_config"_n, Py_None);
    set(a[0], "_markers"_n, check(PySet_New(nullptr)));
    return none();
}

}  // namespace

bool strict_markers(handle config) {
    object strict = call_method(config, "getini"_n, "strict_markers"_n);
    if (is_none(strict)) strict = call_method(config, "getini"_n, "strict"_n);
    return truth(strict);
}

object registered_names(handle config) {
    object names = check(PySet_New(nullptr));
    for (object marker : each(call_method(config, "_iter_registered_markers"_n)))
        check(PySet_Add(names.ptr(), get(marker, "name"_n).ptr()));
    return names;
}

object decorator_of(handle generator, handle name, IssueWarning& issue) {
    if (!type_of(generator).is(global<"mark_structures", "MarkGenerator">())) return get(generator, name);
    if (contains(get(generator, "_markers"_n), name)) return get(generator, name);  // nothing to tell
    object own = call(get(type_object(PyBaseObject_Type), "__dir__"_n), generator);
    if (contains(own, name)) return get(generator, name);
    return make_decorator_for(generator, name, issue);
}

handle mark_generator() { return global<"mark_structures", "MARK_GEN">(); }
handle hidden_param() { return global<"mark_structures", "HIDDEN_PARAM">(); }

void define_generator(Module& m) {
    object type = m.cls("MarkGenerator")
                      .doc("Makes mark decorators by attribute access: ``@pytest.mark.slow``.")
                      .def("__init__", "self, *, _ispytest=False", init)
                      .def("__getattr__", "self, name",
                           [](Args a) { return make_decorator_for(a[0], a[1], warn); })
                      .make();
    m.attr("MARK_GEN", call_kw(type, {}, {{"_ispytest"_n, Py_True}}));
    object hidden = make_enum(m, "_HiddenParam", {{"token", integer(0)}});
    m.attr("HIDDEN_PARAM", get(hidden, "token"_n));
}

}  // namespace fastest::marks
