// `pytest_runtestloop`: item after item, from a source.

#include "engine/nodes/shelter.h"
#include "engine/py/finally.h"
#include "engine/run/quiet_items.h"

namespace fastest::run {
namespace {

/// Where the loop gets its items from: here the session's list, which hooks may change while it runs.
class ItemSource {
public:
    explicit ItemSource(handle session) : session_(session), items_(get(session, "items"_n)) {}
    /// Goes to the next item; false at the end.
    bool advance() {
        if (index_ >= length(items_)) return false;
        item = at(items_, index_++);
        object now = get(session_, "items"_n);
        next = index_ < length(now) ? at(now, index_) : none();
        return true;
    }
    object item, next;

private:
    static object at(handle items, Py_ssize_t index) {
        if (PyList_CheckExact(items.ptr())) return borrow(PyList_GET_ITEM(items.ptr(), index));
        return py::item(items, integer(index));
    }

    handle session_;
    object items_;
    Py_ssize_t index_ = 0;
};

[[noreturn]] void stop(handle session, handle class_name, handle reason) {
    raise_exception(call(get(session, class_name), reason));
}

void shelter_items(handle session) {
    nodes::Shelter shelter(session);
    object items = get(session, "items"_n);
    for (Py_ssize_t i = 0; PyList_CheckExact(items.ptr()) && i < PyList_GET_SIZE(items.ptr()); ++i)
        shelter.hide_item(PyList_GET_ITEM(items.ptr(), i));
}

void run_items(handle session, ItemSource& source, QuietItems& quiet) {
    while (source.advance()) {
        if (!quiet.run(source.item, source.next)) {
            object hook = get(get(get(source.item, "config"_n), "hook"_n), "pytest_runtest_protocol"_n);
            call_named<"item", "nextitem">(hook, source.item, source.next);
        }
        bool fails = truth(get(session, "shouldfail"_n)), stops = truth(get(session, "shouldstop"_n));
        if (!fails && !stops) continue;
        quiet.close();
        if (fails) stop(session, "Failed"_n, get(session, "shouldfail"_n));
        stop(session, "Interrupted"_n, get(session, "shouldstop"_n));
    }
}

object run_test_loop(Args a) {
    handle session = a[0];
    object failed = get(session, "testsfailed"_n);
    object option = get(get(session, "config"_n), "option"_n);
    if (truth(failed) && !truth(get(option, "continue_on_collection_errors"_n))) {
        bool one = equal(failed, integer(1));
        stop(session, "Interrupted"_n, strcat(failed, " error", one ? "" : "s", " during collection"));
    }
    shelter_items(session);
    if (truth(get(option, "collectonly"_n))) return boolean(true);
    QuietItems quiet(session);
    ItemSource source(session);
    py::finally([&] { run_items(session, source, quiet); }, [&] { quiet.close(); });
    return boolean(true);
}

}  // namespace
}  // namespace fastest::run

FASTEST_MODULE(test_loop, "_pytest.main") { m.def("pytest_runtestloop", "session", fastest::run::run_test_loop); }
