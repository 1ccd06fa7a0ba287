// Looking into directories.

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/collect/paths.h"

namespace fastest::collect {
namespace {

using py::Args;

/// An error that only says that an entry is not there in a usable form: broken or circular link, vanished, bad descriptor.
bool can_be_ignored(handle error) {
    auto listed = [&](handle attribute, handle table) {
        object code = py::get_or(error, attribute, Py_None);
        return py::contains(py::lookup("_pytest.pathlib", table), code);
    };
    return listed("errno"_n, "_IGNORED_ERRORS"_n) || listed("winerror"_n, "_IGNORED_WINERRORS"_n);
}

/// Whether the entry can be asked for its kind.
bool usable(handle entry) {
    try {
        py::call_method(entry, "is_file"_n);
        return true;
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_OSError) || !can_be_ignored(error.value())) throw;
        return false;
    }
}

/// Leaves a context manager, also when an error is on its way.
object inside(handle manager, object (*body)(handle)) {
    object target = py::call_method(manager, "__enter__"_n);
    object result;
    try {
        result = body(target);
    } catch (nb::python_error& error) {
        py::Handling handling(error);
        py::call_method(manager, "__exit__"_n, error.type(), error.value(), error.traceback());
        throw;
    }
    py::call_method(manager, "__exit__"_n, Py_None, Py_None, Py_None);
    return result;
}

void sort_entries(handle entries, handle sort_key) {
    if (sort_key.is_valid()) {
        py::call_kw(py::get(entries, "sort"_n), {}, {{"key"_n, sort_key}});
        return;
    }
    std::vector<std::pair<object, object>> named;
    for (object entry : py::each(entries)) named.emplace_back(py::get(entry, "name"_n), entry);
    std::stable_sort(named.begin(), named.end(), [](const auto& left, const auto& right) {
        int less = PyObject_RichCompareBool(left.first.ptr(), right.first.ptr(), Py_LT);
        py::check(less);
        return less != 0;
    });
    for (std::size_t i = 0; i < named.size(); ++i)
        py::check(PyList_SetItem(entries.ptr(), static_cast<Py_ssize_t>(i), named[i].second.release().ptr()));
}

py::Generator visit(py::OwnedArgs a) {
    object path = py::borrow(a[0]), recurse = py::borrow(a[1]);
    object entries = py::call(py::lookup("_pytest.pathlib", "scandir"_n), path);
    for (object entry : py::each(entries)) co_yield entry;
    for (object entry : py::each(entries)) {
        if (!py::truth(py::call_method(entry, "is_dir"_n)) || !py::truth(py::call(recurse, entry))) continue;
        object below = py::call(py::lookup("_pytest.pathlib", "visit"_n), py::get(entry, "path"_n), recurse);
        for (object found : py::each(below)) co_yield found;
    }
    co_return py::none();
}

}  // namespace

object scan_directory(handle path, handle sort_key) {
    object iterator;
    try {
        iterator = py::call(py::lookup("os", "scandir"_n), path);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_FileNotFoundError)) throw;
        return py::new_list();
    }
    object entries = inside(iterator, [](handle listing) {
        object found = py::new_list();
        for (object entry : py::each(listing))
            if (usable(entry)) py::append(found, entry);
        return found;
    });
    sort_entries(entries, sort_key);
    return entries;
}

void define_scanning(py::Module& m) {
    m.def("scandir", "path, sort_key=...", [](Args a) { return scan_directory(a[0], a[1]); },
          "The entries of one directory, sorted (by name if no key is given); none if there is no such directory.");
    m.generator("visit", "path, recurse", visit, "The entries of a directory, then those of each subdirectory that `recurse` accepts.");
    m.def("_ignore_error", "exception", [](Args a) { return py::boolean(can_be_ignored(a[0])); });
}

}  // namespace fastest::collect
