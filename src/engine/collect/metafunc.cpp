#include "engine/collect/metafunc.h"

#include "engine/collect/metafunc_ids.h"
#include "engine/fixtures/notices.h"
#include "engine/marks/mark.h"
#include "engine/marks/scope.h"
#include "engine/py/facade_warning.h"
#include "engine/py/short_cut.h"
#include "engine/py/slots.h"

namespace fastest::collect {
namespace {

using namespace py;

bool is_sequence(handle value) {
    return PyList_Check(value.ptr()) || PyTuple_Check(value.ptr()) || PyUnicode_Check(value.ptr()) ||
           (!PyBool_Check(value.ptr()) && is_instance(value, lookup("collections.abc", "Sequence"_n)));
}

/// The lowest scope of the fixtures that get all the values; function scope when a value goes to the test itself.
object infer_scope(handle argnames, handle table, handle indirect) {
    bool all_fixtures = is_sequence(indirect) ? length(indirect) == length(argnames) : truth(indirect);
    handle lowest;
    for (object name : each(argnames)) {
        if (!all_fixtures) break;
        if (!contains(table, name)) continue;
        object scope = get(item(item(table, name), integer(-1)), "_scope"_n);
        if (!lowest.is_valid() || marks::scope_index(scope) < marks::scope_index(lowest))
            lowest = marks::scope_at(marks::scope_index(scope));
    }
    return borrow(lowest.is_valid() ? lowest : marks::scope_at(marks::ScopeIndex::kFunction));
}

// --- checks -----------------------------------------------------------------------------------

void validate_argument_names(handle self, handle argnames, handle indirect) {
    object used = get(self, "fixturenames"_n);
    for (object name : each(argnames)) {
        if (contains(used, name)) continue;
        object nodeid = get(get(self, "definition"_n), "nodeid"_n);
        object defaults = call(lookup("_pytest.compat", "get_default_arg_names"_n), get(self, "function"_n));
        if (contains(defaults, name))
            fixtures::fail(
                cat("In ", nodeid, ": function already takes an argument '", name, "' with a default value"));
        bool fixture = is_sequence(indirect) ? contains(indirect, name) : truth(indirect);
        fixtures::fail(cat("In ", nodeid, ": function uses no ", fixture ? "fixture" : "argument", " '", name, "'"));
    }
}

Py_ssize_t count_ids(handle ids, handle sets) {
    Py_ssize_t count = PyObject_Size(ids.ptr());
    if (count >= 0) return count;
    if (!PyErr_ExceptionMatches(PyExc_TypeError)) throw nb::python_error();
    PyErr_Clear();
    if (object iterator = steal(PyObject_GetIter(ids.ptr())); iterator.is_valid()) return length(sets);
    nb::python_error error;
    if (!error.matches(PyExc_TypeError)) throw error;
    Handling handling(error);
    raise_from(call(PyExc_TypeError, str("ids must be a callable or an iterable")), borrow(error.value()));
}

object validate_ids(handle self, handle ids, handle sets) {
    Py_ssize_t count = count_ids(ids, sets);
    if (count != length(sets) && count != 0)
        fixtures::fail(cat("In ", get(get(self, "definition"_n), "nodeid"_n), ": ", length(sets),
                           " parameter sets specified, with different number of ids: ", count));
    object result = new_list();
    if (count == 0) return result;
    for (object id : each(ids)) {
        append(result, id);
        if (PyList_GET_SIZE(result.ptr()) == count) break;  // never ask an endless iterator for more
    }
    return result;
}

object resolve_ids(Args a) {
    handle self = a[0], argnames = a[1], ids = a[2], sets = a[3], nodeid = a[4];
    object function = none(), given = none();
    if (!is_none(ids)) {
        if (PyCallable_Check(ids.ptr()))
            function = borrow(ids);
        else
            given = call_method(self, "_validate_ids"_n, ids, sets);
    }
    return ParameterIds(argnames, sets, function, given, get(self, "config"_n), nodeid).unique();
}

// --- pseudo fixtures --------------------------------------------------------------------------

/// The fixture definitions of direct parameters that already exist for a scope above function, by name. Null for function.
object shared_definitions(handle definition, handle scope) {
    if (scope.is(marks::scope_at(marks::ScopeIndex::kFunction))) return {};
    object collector = get(definition, "parent"_n);
    object node = call(lookup("_pytest.fixtures", "get_scope_node"_n), collector, scope);
    if (is_none(node)) {
        if (scope.is(marks::scope_at(marks::ScopeIndex::kClass)))
            node = collector;  // not in a class: the module stands for it
        else if (scope.is(marks::scope_at(marks::ScopeIndex::kPackage)))
            node = get(collector, "session"_n);
        else
            raise(PyExc_AssertionError, cat("Unhandled missing scope: ", scope));
    }
    return call_method(get(node, "stash"_n), "setdefault"_n, global<"metafunc", "name2directparamfixturedef_key">(),
                       new_dict());
}

/// Makes a fixture of each direct parameter, so that set-up finds a definition for every name.
void define_direct_parameters(handle self, handle argnames, handle directness, handle scope) {
    object definition = get(self, "definition"_n), table = get(self, "_arg2fixturedefs"_n);
    object shared = shared_definitions(definition, scope);
    for (object name : each(argnames)) {
        if (text(item(directness, name)) == "indirect") continue;
        object made;
        if (shared.is_valid() && contains(shared, name)) made = item(shared, name);
        if (!made.is_valid()) {
            made = call_named<"node", "argname", "scope">(lookup("_pytest.python", "DirectParamFixtureDef"_n),
                                                           get(definition, "session"_n), name, scope);
            if (shared.is_valid()) set_item(shared, name, made);
        }
        set_item(table, name, list_of(made));
    }
}

object init_direct(Args a) {
    handle node = a[1];
    call_kw(get(global<"fixtures", "FixtureDef">(), "__init__"_n), {a[0]},
            {{"config"_n, get(node, "config"_n)},
             {"baseid"_n, lookup("_pytest.compat", "NOTSET"_n)},
             {"argname"_n, a[2]},
             {"func"_n, lookup("_pytest.python", "get_direct_param_fixture_func"_n)},
             {"scope"_n, a[3]},
             {"params"_n, Py_None},
             {"ids"_n, Py_None},
             {"node"_n, node},
             {"_ispytest"_n, Py_True}});
    return none();
}

// --- parametrize ------------------------------------------------------------------------------

ShortCut g_plain_callspec{
    "collect.plain_callspec",
    "The values of one more parametrize are added to a CallSpec without calling its setmulti. Seen by patches of "
    "CallSpec2.setmulti and by subclasses."};

bool is_plain_callspec(handle callspec) {
    handle type = global<"metafunc", "CallSpec">();
    return type_of(callspec).is(type) && get(type, "setmulti"_n).is(global<"metafunc", "_original_setmulti">());
}

object extend(handle callspec, const ParameterCall& extra) {
    if (g_plain_callspec.take(is_plain_callspec(callspec))) return extended_call(callspec, extra);
    return call_kw(get(callspec, "setmulti"_n), {},
                   {{"argnames"_n, extra.argnames},
                    {"valset"_n, extra.values},
                    {"id"_n, extra.id},
                    {"marks"_n, extra.marks},
                    {"scope"_n, extra.scope},
                    {"param_index"_n, extra.index},
                    {"nodeid"_n, extra.nodeid}});
}

/// Every earlier call with every parameter set.
object multiplied(handle calls, handle ids, handle sets, ParameterCall extra) {
    object earlier = truth(calls) ? borrow(calls) : list_of(call(lookup("_pytest.python", "CallSpec"_n)));
    object result = new_list();
    for (object callspec : each(earlier)) {
        Py_ssize_t index = 0;
        for (object set : each(sets)) {
            extra.id = item(ids, integer(index));
            extra.values = get(set, "values"_n);
            extra.marks = get(set, "marks"_n);
            extra.index = integer(index++);
            append(result, extend(callspec, extra));
        }
    }
    return result;
}

/// The values of a mark. Anything but a collection gets a warning here, because a warning raised below a native hook would be
/// blamed on whatever Python code started the run.
object values_of_mark(handle values, handle nodeid) {
    if (is_instance(values, lookup("collections.abc", "Collection"_n))) return borrow(values);
    object warning = call_method_kw(lookup("_pytest.deprecated", "PARAMETRIZE_NON_COLLECTION_ITERABLE"_n), "format"_n, {},
                                    {{"nodeid"_n, nodeid}, {"type_name"_n, get(type_of(values), "__name__"_n)}});
    py::warn_from("_pytest.python", warning);
    return to_list(values);
}

/// The mark whose ids are shared by all tests that it parametrizes, or null.
object ids_owner(handle mark) {
    if (is_none(mark) || !truth(mark)) return {};
    object owner = get(mark, "_param_ids_from"_n);
    return is_none(owner) ? object() : owner;
}

object parametrize(Args a) {
    handle self = a[0], indirect = a[3], scope_name = a[5], mark = a[6];
    object definition = get(self, "definition"_n), function = get(self, "function"_n), nodeid = get(definition, "nodeid"_n);
    object values = is_none(mark) ? borrow(a[2]) : values_of_mark(a[2], nodeid);
    object read = call_kw(get(global<"mark_structures", "ParameterSet">(), "_for_parametrize"_n),
                          {a[1], values, function, get(self, "config"_n)}, {{"nodeid"_n, nodeid}});
    object argnames = item(read, integer(0)), sets = item(read, integer(1));
    if (contains(argnames, "request"_n))
        fixtures::fail(cat(nodeid, ": 'request' is a reserved name and cannot be used in @pytest.mark.parametrize"));
    object scope = is_none(scope_name)
                       ? infer_scope(argnames, get(self, "_arg2fixturedefs"_n), indirect)
                       : marks::scope_from_user(scope_name, strcat("parametrize() call in ", get(function, "__name__"_n)),
                                                Py_None);
    call_method(self, "_validate_if_using_arg_names"_n, argnames, indirect);

    object owner = ids_owner(mark), ids = borrow(a[4]);
    object generated = owner.is_valid() ? get(owner, "_param_ids_generated"_n) : none();
    if (!is_none(generated)) ids = generated;
    ids = call_kw(get(self, "_resolve_parameter_set_ids"_n), {argnames, ids, sets}, {{"nodeid"_n, nodeid}});
    if (owner.is_valid() && is_none(generated)) set_raw(owner, "_param_ids_generated"_n, ids);

    object directness = call(lookup("_pytest.fixtures", "_resolve_args_directness"_n), argnames, indirect, nodeid);
    check(PyDict_Update(get(self, "_params_directness"_n).ptr(), directness.ptr()));
    define_direct_parameters(self, argnames, directness, scope);
    set(self, "_calls"_n,
        multiplied(get(self, "_calls"_n), ids, sets, ParameterCall{.argnames = argnames, .scope = scope, .nodeid = nodeid}));
    return none();
}

object recompute_indices(Args a) {
    object calls = get(a[0], "_calls"_n);
    for (object pair : each(call_method(get(a[0], "_params_directness"_n), "items"_n))) {
        if (text(item(pair, integer(1))) != "direct") continue;
        long long index = 0;
        for (object callspec : each(calls)) set_item(get(callspec, "indices"_n), item(pair, integer(0)), integer(index++));
    }
    return none();
}

object init(Args a) {
    handle self = a[0], definition = a[1], info = a[2];
    if (!truth(a[6])) call(lookup("_pytest.deprecated", "check_ispytest"_n), a[6]);
    set(self, "definition"_n, definition);
    set(self, "config"_n, a[3]);
    set(self, "module"_n, a[5]);
    set(self, "function"_n, get(definition, "obj"_n));
    set(self, "fixturenames"_n, get(info, "names_closure"_n));
    set(self, "cls"_n, a[4]);
    set(self, "_arg2fixturedefs"_n, get(info, "name2fixturedefs"_n));
    set(self, "_calls"_n, new_list());
    set(self, "_params_directness"_n, new_dict());
    return none();
}

}  // namespace

FASTEST_MODULE(metafunc, "_pytest.python") {
    define_ids(m);
    define_callspec(m);
    m.attr("name2directparamfixturedef_key", call(global<"stash", "StashKey">()));
    m.def("get_direct_param_fixture_func", "request", [](Args a) { return get(a[0], "param"_n); });
    m.def("_infer_parametrize_scope", "argnames, arg2fixturedefs, indirect",
          [](Args a) { return infer_scope(a[0], a[1], a[2]); });
    m.cls("DirectParamFixtureDef", {lookup("_pytest.fixtures", "FixtureDef"_n)})
        .doc("The fixture that stands for a parameter of a test itself.")
        .def("__init__", "self, *, node, argname, scope", init_direct)
        .make();
    m.cls("Metafunc")
        .doc("What pytest_generate_tests hooks get: a test function that is about to become items.")
        .def("__init__", "self, definition, fixtureinfo, config, cls=None, module=None, *, _ispytest=False", init)
        .def("parametrize", "self, argnames, argvalues, *, indirect=False, ids=None, scope=None, _param_mark=None",
             parametrize,
             "Multiply the calls of the test by a list of values.\n\n:param argnames: comma-separated names, or a list of "
             "them.\n:param argvalues: one value or pytest.param() for each call; with several names, tuples.\n:param "
             "indirect: True, or a list of names, to give the values to fixtures as ``request.param``.\n:param ids: a list of "
             "ids, or a function from a value to its id.\n:param scope: scope of the parameters; tests are grouped by it.")
        .def("_resolve_parameter_set_ids", "self, argnames, ids, parametersets, nodeid", resolve_ids)
        .def("_validate_ids", "self, ids, parametersets", [](Args a) { return validate_ids(a[0], a[1], a[2]); })
        .def("_validate_if_using_arg_names", "self, argnames, indirect",
             [](Args a) {
                 validate_argument_names(a[0], a[1], a[2]);
                 return none();
             })
        .def("_recompute_direct_params_indices", "self", recompute_indices)
        .make();
}

}  // namespace fastest::collect
