#include "engine/terminal/results.h"

#include <vector>

#include "engine/nodes/shelter.h"
#include "engine/py/record.h"
#include "engine/py/short_cut.h"
#include "engine/run/reports.h"

namespace fastest::terminal {

using namespace py;

namespace {

ShortCut g_pending{"terminal.pending_reports", "reports of passed phases are made when `stats` is read"};

/// One report, or the event that one is to be made of.
struct Entry {
    bool passed;  // in the category "passed", else in ""
    bool made;    // the object is the report, else the item
    hooks::Phase phase;
    double start, stop, duration;
};

struct Results {
    PyObject_HEAD;
    PyObject* objects;    // list, one for each entry
    PyObject* reported;   // set of str: ids of reported items
    PyObject* unseen;     // list of items that `_progress_nodeids_reported` lacks
    PyObject* teardowns;  // {NodeId: list of made teardown reports of ""}, of what is indexed; or null
    std::vector<Entry>* entries;
    Py_ssize_t waiting[2];    // entries of "" and "passed"
    Py_ssize_t made[2];       // those of them that are reports
    std::size_t indexed;      // entries that are in `teardowns`
    Py_ssize_t indexed_kept;  // reports of the list in `_stats` that are
    bool sheltered;

    static constexpr auto refs() {
        return std::array{&Results::objects, &Results::reported, &Results::unseen, &Results::teardowns};
    }
    static void finalize(Results* self) { delete self->entries; }
};

PyTypeObject* results_type() {
    static PyTypeObject* type = make_record<Results>("_pytest.terminal._Results", nullptr);
    return type;
}

/// Null for reporters that were made without `__init__`.
Results* results_of(handle reporter) {
    object value = dict_get(get(reporter, "__dict__"_n), "_results"_n);
    return value.is_valid() && Py_TYPE(value.ptr()) == results_type() ? as_record<Results>(value) : nullptr;
}

handle category_of(bool passed) { return passed ? "passed"_n : ""_n; }

/// 0 or 1 for the categories that events may wait for, else -1.
int waiting_place(handle category) {
    if (equal(category, ""_n)) return 0;
    return equal(category, "passed"_n) ? 1 : -1;
}

/// Whether entries wait for this category.
bool is_waited_for(handle reporter, handle category) {
    Results* results = results_of(reporter);
    int place = results ? waiting_place(category) : -1;
    return place >= 0 && results->waiting[place];
}

object list_for(handle stats, handle category, bool& is_new) {
    object reports = PyDict_CheckExact(stats.ptr()) ? dict_get(stats, category) : call_method(stats, "get"_n, category);
    is_new = !reports.is_valid() || is_none(reports);
    if (is_new) {
        reports = new_list();
        set_item(stats, category, reports);
    }
    return reports;
}

/// Makes the reports of all entries and puts them into the dict.
void settle(Results* results, handle stats) {
    if (!results || !results->entries || results->entries->empty()) return;
    // All reports first: what fails on the way leaves everything as it was.
    std::vector<py::object> reports;
    for (std::size_t i = 0; i < results->entries->size(); ++i) {
        const Entry entry = (*results->entries)[i];
        py::object object = borrow(PyList_GET_ITEM(results->objects, static_cast<Py_ssize_t>(i)));
        reports.push_back(
            entry.made ? object
                       : run::report_of({object, handle(), entry.phase, entry.start, entry.stop, entry.duration}));
    }
    std::vector<Entry> entries = std::move(*results->entries);
    results->entries->clear();
    store(results->objects, new_list());
    for (int place : {0, 1}) results->waiting[place] = results->made[place] = 0;
    store(results->teardowns, handle());
    results->indexed = 0;
    results->indexed_kept = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        bool is_new = false;
        call_method(list_for(stats, category_of(entries[i].passed), is_new), "append"_n, reports[i]);
    }
}

/// These lists refer to items, which are hidden, and live as long.
void shelter_own(Results* results, handle item) {
    if (results->sheltered || !nodes::is_node(item)) return;
    results->sheltered = true;
    nodes::Shelter shelter(nodes::session_of(item));
    shelter.hide(results->objects);
    shelter.hide(results->unseen);
    shelter.hide(results->reported);
}

void push(Results* results, handle object, const Entry& entry) {
    append(results->objects, object);
    if (!results->entries) results->entries = new std::vector<Entry>;
    if (!entry.made) shelter_own(results, object);
    results->entries->push_back(entry);
    ++results->waiting[entry.passed];
    results->made[entry.passed] += entry.made;
}

/// Notes that an item was reported; its NodeId is made when somebody asks for the ids.
void count_item(Results* results, const hooks::PhasePassed& event) {
    shelter_own(results, event.item);
    check(PySet_Add(results->reported, event.nodeid.ptr()));
    append(results->unseen, event.item);
}

bool is_teardown_of(handle report, handle id) {
    return equal(get(report, "when"_n), "teardown"_n) && equal(get(report, "id"_n), id);
}

object teardowns_in(handle reports, handle id) {
    object found = new_list();
    for (object report : each(reports))
        if (is_teardown_of(report, id)) append(found, report);
    return found;
}

void index_teardown(Results* results, handle report) {
    if (!equal(get(report, "when"_n), "teardown"_n)) return;
    object id = get(report, "id"_n), list = dict_get(results->teardowns, id);
    if (!list.is_valid()) dict_set(results->teardowns, id, list = new_list());
    append(list, report);
}

/// A summary asks for each failure, so the reports are sorted by their ids once: those of a list that nobody else has,
/// then those of entries. Lists and entries only grow.
void index_teardowns(Results* results, handle kept) {
    if (!results->teardowns) store(results->teardowns, new_dict());
    for (; results->indexed_kept < length(kept); ++results->indexed_kept)
        index_teardown(results, item(kept, integer(results->indexed_kept)));
    for (; results->entries && results->indexed < results->entries->size(); ++results->indexed) {
        const Entry& entry = (*results->entries)[results->indexed];
        if (entry.made && !entry.passed)
            index_teardown(results, PyList_GET_ITEM(results->objects, static_cast<Py_ssize_t>(results->indexed)));
    }
}

/// Whether the reporter has handed out an attribute, or was given one: then it is an ordinary attribute.
bool is_handed_out(handle reporter, handle name) { return dict_get(get(reporter, "__dict__"_n), name).is_valid(); }

/// The ids as NodeIds, with those that were only counted so far.
object known_ids(handle reporter, Results* results) {
    if (object ids = dict_get(get(reporter, "__dict__"_n), "_progress_nodeids_reported"_n); ids.is_valid()) return ids;
    object ids = get(reporter, "_reported_ids"_n);
    if (!results) return ids;
    object unseen = borrow(results->unseen);
    if (!length(unseen)) return ids;
    store(results->unseen, new_list());
    for (object item : each(unseen)) call_method(ids, "add"_n, get(item, "id"_n));
    return ids;
}

/// The two attributes are made when somebody asks for them, and stay.
object missing_attribute(Args a) {
    handle self = a[0], name = a[1];
    Results* results = results_of(self);
    object value;
    if (results && equal(name, "stats"_n)) {
        value = get(self, "_stats"_n);
        settle(results, value);
    } else if (results && equal(name, "_progress_nodeids_reported"_n)) {
        value = known_ids(self, results);
    } else {
        raise(PyExc_AttributeError,
              cat("'", get(type_of(self), "__name__"_n), "' object has no attribute ", repr_of(name)));
    }
    set(self, name, value);
    return value;
}

}  // namespace

py::object make_results() {
    object made = check(PyType_GenericNew(results_type(), nullptr, nullptr));
    auto* results = as_record<Results>(made);
    store(results->objects, new_list());
    store(results->unseen, new_list());
    store(results->reported, check(PySet_New(nullptr)));
    return made;
}

py::object settled_stats(handle reporter) {
    object given = dict_get(get(reporter, "__dict__"_n), "stats"_n);
    return given.is_valid() ? given : get(reporter, "_stats"_n);
}

py::object reports_of(handle reporter, handle category) {
    object stats = settled_stats(reporter);
    if (is_waited_for(reporter, category)) settle(results_of(reporter), stats);
    object reports = call_method(stats, "get"_n, category);
    return is_none(reports) ? object() : reports;
}

py::object made_reports_of(handle reporter, handle category) {
    object reports = call_method(settled_stats(reporter), "get"_n, category);
    object made = is_none(reports) ? new_list() : to_list(reports);
    if (!is_waited_for(reporter, category)) return made;
    Results* results = results_of(reporter);
    bool passed = waiting_place(category) == 1;
    for (std::size_t i = 0; i < results->entries->size(); ++i)
        if (const Entry& entry = (*results->entries)[i]; entry.made && entry.passed == passed)
            append(made, PyList_GET_ITEM(results->objects, static_cast<Py_ssize_t>(i)));
    return made;
}

py::object made_teardowns_of(handle reporter, handle id) {
    Results* results = results_of(reporter);
    if (!results || is_handed_out(reporter, "stats"_n)) return teardowns_in(made_reports_of(reporter, ""_n), id);
    object kept = call_method(settled_stats(reporter), "get"_n, ""_n);
    index_teardowns(results, is_none(kept) ? tuple_of() : kept);
    object found = dict_get(results->teardowns, id);
    return found.is_valid() ? teardowns_in(found, id) : new_list();
}

Py_ssize_t pending_passes(handle reporter, handle category) {
    if (!is_waited_for(reporter, category)) return 0;
    Results* results = results_of(reporter);
    int place = waiting_place(category);
    if (!results->made[place]) return results->waiting[place];
    settle(results, settled_stats(reporter));
    return 0;
}

bool add_reports(handle reporter, handle category, handle reports) {
    bool is_new = false;
    object list = list_for(settled_stats(reporter), category, is_new);
    Results* results = results_of(reporter);
    if (!is_waited_for(reporter, category)) {
        call_method(list, "extend"_n, reports);
        return is_new;
    }
    bool passed = waiting_place(category) == 1;
    for (object report : each(reports)) push(results, report, {passed, true, hooks::Phase::kCall, 0, 0, 0});
    return is_new;
}

bool add_pass_report(handle reporter, const hooks::PhasePassed& event, nodes::Shelter& shelter) {
    bool passed = event.phase == hooks::Phase::kCall, is_new = false;
    Results* results = results_of(reporter);
    const nodes::Node* node = nodes::as_node(event.item);
    handle category = category_of(passed);
    object id = get(event.report, "_id"_n);
    if (passed && results && node && id.is(nodes::field(node, nodes::kId)) &&
        !is_handed_out(reporter, "_progress_nodeids_reported"_n))
        count_item(results, event);
    else if (passed)
        note_reported(reporter, id);
    if (is_waited_for(reporter, category)) return add_reports(reporter, category, list_of(event.report));
    object list = list_for(settled_stats(reporter), category, is_new);
    if (!PyList_CheckExact(list.ptr())) {
        call_method(list, "append"_n, event.report);
        return is_new;
    }
    append(list, event.report);
    shelter.hide(event.report);
    for (handle name : {"sections"_n, "user_properties"_n}) shelter.hide(get(event.report, name));
    return is_new;
}

bool add_pass(handle reporter, const hooks::PhasePassed& event) {
    bool passed = event.phase == hooks::Phase::kCall;
    Results* results = results_of(reporter);
    bool is_new = false;
    object list = list_for(settled_stats(reporter), category_of(passed), is_new);
    if (g_pending.take(results && !is_handed_out(reporter, "stats"_n)))
        push(results, event.item, {passed, false, event.phase, event.start, event.stop, event.duration});
    else
        call_method(list, "append"_n, run::report_of(event));
    if (!passed) return is_new;
    if (results && !is_handed_out(reporter, "_progress_nodeids_reported"_n))
        count_item(results, event);
    else
        call_method(known_ids(reporter, results), "add"_n, get(event.item, "id"_n));
    return is_new;
}

void note_reported(handle reporter, handle id) {
    Results* results = results_of(reporter);
    if (results && !is_handed_out(reporter, "_progress_nodeids_reported"_n)) {
        check(PySet_Add(results->reported, to_str(id).ptr()));
        call_method(get(reporter, "_reported_ids"_n), "add"_n, id);
    } else {
        call_method(known_ids(reporter, results), "add"_n, id);
    }
}

Py_ssize_t reported_items(handle reporter) {
    Results* results = results_of(reporter);
    if (results && !is_handed_out(reporter, "_progress_nodeids_reported"_n)) return PySet_GET_SIZE(results->reported);
    return length(known_ids(reporter, results));
}

void define_results(ClassBuilder& reporter) { reporter.def("__getattr__", "self, name", missing_attribute); }

}  // namespace fastest::terminal
