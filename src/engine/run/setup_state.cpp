#include "engine/run/setup_state.h"

#include "engine/nodes/ours.h"
#include "engine/py/list.h"

namespace fastest::run {
namespace {

object stack_of(handle self) { return get(self, "stack"_n); }

void refuse_failed_or_foreign(handle stack, handle chain) {
    for (object node : each(to_list(stack))) {
        object entry = dict_get(stack, node);
        if (!contains(chain, node)) assertion_failed("previous item was not torn down properly");
        object failure = item(entry, integer(1));
        if (truth(failure))
            raise_exception(call_method(item(failure, integer(0)), "with_traceback"_n, item(failure, integer(1))));
    }
}

/// A failure stays in the node's entry: the next item below it fails in the same way.
void set_up_node(handle stack, handle node) {
    try {
        call_method(node, "setup"_n);
    } catch (nb::python_error& error) {
        object exception = borrow(error.value());
        if (!is_test_outcome(exception)) throw;
        object traceback = steal(PyException_GetTraceback(exception.ptr()));
        if (!traceback.is_valid()) traceback = none();
        set_item(stack, node, tuple_of(item(item(stack, node), integer(0)), tuple_of(exception, traceback)));
        throw;
    }
}

object setup(Args a) {
    object chain = to_list(call_method(a[1], "listchain"_n));
    object stack = stack_of(a[0]);
    refuse_failed_or_foreign(stack, chain);
    Py_ssize_t count = length(chain);
    for (Py_ssize_t i = length(stack); i < count; ++i) {
        object node = borrow(PyList_GET_ITEM(chain.ptr(), i));
        if (contains(stack, node)) assertion_failed();
        set_item(stack, node, tuple_of(list_of(get(node, "teardown"_n)), Py_None));
        set_up_node(stack, node);
    }
    return none();
}

object add_finalizer(Args a) {
    handle node = a[2];
    if (!truth(node) || PyTuple_Check(node.ptr()) || !PyCallable_Check(a[1].ptr())) assertion_failed();
    object stack = stack_of(a[0]);
    if (!contains(stack, node)) raise_exception(call(handle(PyExc_AssertionError), tuple_of(node, stack)));
    append(item(item(stack, node), integer(0)), a[1]);
    return none();
}

bool is_prefix(handle stack, handle chain) {
    Py_ssize_t depth = length(stack);
    if (depth > length(chain)) return false;
    object nodes = to_list(stack);
    for (Py_ssize_t i = 0; i < depth; ++i)
        if (!equal(PyList_GET_ITEM(nodes.ptr(), i), PyList_GET_ITEM(chain.ptr(), i))) return false;
    return true;
}

/// Runs a node's finalizers, last one first. Gives the errors, in the order in which they came.
object finalize(handle finalizers) {
    object errors = new_list();
    while (truth(finalizers)) {
        object finalizer = pop_last(finalizers);
        try {
            call(finalizer);
        } catch (nb::python_error& error) {
            object exception = borrow(error.value());
            if (!is_test_outcome(exception)) throw;
            append(errors, exception);
        }
    }
    return errors;
}

/// One error as it is, several as a group, the last one first.
object gathered(handle errors, std::string_view message) {
    if (length(errors) == 1) return item(errors, integer(0));
    object reversed = to_list(errors);
    check(PyList_Reverse(reversed.ptr()));
    return call(base_exception_group(), str(message), reversed);
}

/// A group that was made here gets a place in the runner: skips in it are reported there.
[[noreturn]] void raise_gathered(handle error) {
    if (object traceback = steal(PyException_GetTraceback(error.ptr())); traceback.is_valid()) raise_exception(error);
    raise_from_facade(error, "_pytest.runner", "teardown_exact", 1);
}

/// Runs the finalizers of a node that was taken from the stack; notes what they raised.
void tear_down_node(handle node, handle finalizers, handle errors) {
    object raised = finalize(finalizers);
    if (length(raised)) append(errors, gathered(raised, cat("errors while tearing down ", repr_of(node))));
}

object teardown_exact(Args a) {
    handle next = a[1];
    object chain = truth(next) ? to_list(call_method(next, "listchain"_n)) : new_list();
    object stack = stack_of(a[0]), errors = new_list();
    while (truth(stack) && !is_prefix(stack, chain)) {
        object popped = call_method(stack, "popitem"_n);
        tear_down_node(item(popped, integer(0)), item(item(popped, integer(1)), integer(0)), errors);
    }
    if (length(errors)) raise_gathered(gathered(errors, "errors during test teardown"));
    if (is_none(next) && truth(stack)) assertion_failed();
    return none();
}

py::OwnMethod g_setup, g_teardown_exact;

/// The dict, if it is one whose entries the engine may read and write itself.
object plain_stack(handle state) {
    object stack = stack_of(state);
    return PyDict_CheckExact(stack.ptr()) ? stack : object();
}

/// Whether exactly the parents of an item are set up, none of them with an error.
bool holds_parents_of(handle item, handle stack) {
    PyObject* entries[64];
    Py_ssize_t depth = 0;
    PyObject *node, *entry;
    for (Py_ssize_t at = 0; PyDict_Next(stack.ptr(), &at, &node, &entry);) {
        if (depth == std::ssize(entries) || !PyTuple_CheckExact(entry) || PyTuple_GET_SIZE(entry) != 2 ||
            PyTuple_GET_ITEM(entry, 1) != Py_None)
            return false;
        entries[depth++] = node;
    }
    for (object parent = nodes::parent_of(item); !is_none(parent); parent = nodes::parent_of(parent))
        if (depth == 0 || entries[--depth] != parent.ptr()) return false;
    return depth == 0;
}

bool is_sibling(handle item, handle next) { return !is_none(next) && nodes::parent_of(next).is(nodes::parent_of(item)); }

/// Whether the item is the last that was set up, below its parents.
bool is_deepest(handle item, handle stack) {
    Py_ssize_t depth = 1;
    for (object parent = nodes::parent_of(item); !is_none(parent); parent = nodes::parent_of(parent)) ++depth;
    return PyDict_GET_SIZE(stack.ptr()) == depth && dict_get(stack, item).is_valid();
}

}  // namespace

bool has_own_setup_state(handle session) {
    object state = try_get(session, "_setupstate"_n);
    if (!state.is_valid() || !type_of(state).is(global<"runner", "SetupState">())) return false;
    PyTypeObject* type = Py_TYPE(state.ptr());
    object own = dict_of(state);
    return g_setup.found_in(type) && g_teardown_exact.found_in(type) && !dict_get(own, "setup"_n).is_valid() &&
           !dict_get(own, "teardown_exact"_n).is_valid();
}

object push_leaf(handle state, handle item) {
    object stack = plain_stack(state);
    if (!stack.is_valid() || !holds_parents_of(item, stack)) return {};
    object finalizers = list_of(get(item, "teardown"_n));
    dict_set(stack, item, tuple_of(finalizers, Py_None));
    return finalizers;
}

bool pop_leaf(handle state, handle item, handle next, handle finalizers) {
    if (!is_sibling(item, next) || length(finalizers) != 1) return false;
    object stack = plain_stack(state);
    if (!stack.is_valid()) return false;
    object entry = dict_get(stack, item);
    if (!entry.is_valid() || !PyTuple_CheckExact(entry.ptr()) || PyTuple_GET_ITEM(entry.ptr(), 0) != finalizers.ptr())
        return false;
    return dict_remove(stack, item);
}

void set_up_item(handle state, handle item) {
    if (push_leaf(state, item).is_valid())
        set_up_node(stack_of(state), item);
    else
        call_method(state, "setup"_n, item);
}

void tear_down_item(handle state, handle item, handle next) {
    object stack = plain_stack(state);
    object entry = stack.is_valid() && is_deepest(item, stack) && is_sibling(item, next) ? dict_get(stack, item) : object();
    if (!entry.is_valid() || !PyTuple_CheckExact(entry.ptr())) {
        call_method(state, "teardown_exact"_n, next);
        return;
    }
    object errors = new_list();
    dict_remove(stack, item);
    tear_down_node(item, PyTuple_GET_ITEM(entry.ptr(), 0), errors);
    if (length(errors)) raise_gathered(gathered(errors, "errors during test teardown"));
}

void define_setup_state(Module& m) {
    m.cls("SetupState")
        .doc("The nodes that are set up, outermost first, with their finalizers.")
        .def("__init__", "self",
             [](Args a) {
                 set(a[0], "stack"_n, new_dict());
                 return none();
             })
        .def("is_node_active", "self, node", [](Args a) { return boolean(contains(stack_of(a[0]), a[1])); })
        .def("setup", "self, item", setup, "Set up the nodes from the session to the item that are not set up yet.")
        .def("addfinalizer", "self, finalizer, node", add_finalizer, "Call this when the node, now active, is torn down.")
        .def("teardown_exact", "self, nextitem", teardown_exact,
             "Tear down all nodes that the next item does not need; all of them if it is None.")
        .make();
    g_setup.remember(m.get("SetupState"), "setup");
    g_teardown_exact.remember(m.get("SetupState"), "teardown_exact");
}

}  // namespace fastest::run
