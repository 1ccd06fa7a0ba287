#include "engine/run/report_json.h"

#include "engine/py/unpack.h"

namespace fastest::run {
namespace {

object as_dict(handle value) { return call(lookup("dataclasses", "asdict"_n), value); }

object entry_to_json(handle entry) {
    object data = as_dict(entry);
    for (object pair : each(to_list(call_method(data, "items"_n)))) {
        handle value = PyTuple_GET_ITEM(pair.ptr(), 1);
        if (has(value, "__dict__"_n)) dict_set(data, PyTuple_GET_ITEM(pair.ptr(), 0), as_dict(value));
    }
    object out = new_dict();
    dict_set(out, "type"_n, get(type_of(entry), "__name__"_n));
    dict_set(out, "data"_n, data);
    return out;
}

object traceback_to_json(handle traceback) {
    object out = as_dict(traceback), entries = new_list();
    for (object entry : each(get(traceback, "reprentries"_n))) append(entries, entry_to_json(entry));
    dict_set(out, "reprentries"_n, entries);
    return out;
}

object crash_to_json(handle crash) { return is_none(crash) ? none() : as_dict(crash); }

object exception_to_json(handle longrepr) {
    object out = new_dict();
    dict_set(out, "reprcrash"_n, crash_to_json(get(longrepr, "reprcrash"_n)));
    dict_set(out, "reprtraceback"_n, traceback_to_json(get(longrepr, "reprtraceback"_n)));
    dict_set(out, "sections"_n, get(longrepr, "sections"_n));
    object chain = none();
    if (is_instance(longrepr, known<"_pytest._code.code", "ExceptionChainRepr">())) {
        chain = new_list();
        for (object link : each(get(longrepr, "chain"_n))) {
            auto [traceback, crash, description] = unpack<3>(link);
            append(chain, tuple_of(traceback_to_json(traceback), crash_to_json(crash), description));
        }
    }
    dict_set(out, "chain"_n, chain);
    return out;
}

object from_dict(handle type, handle data) { return call_ex(type, check(PyTuple_New(0)), data); }

object repr_type(handle name) { return lookup("_pytest._code.code", name); }

object entry_from_json(handle entry, handle whole) {
    object data = item(entry, "data"_n), type = item(entry, "type"_n);
    if (equal(type, "ReprEntryNative"_n)) return call(repr_type("ReprEntryNative"_n), item(data, "lines"_n));
    if (!equal(type, "ReprEntry"_n)) {
        call(lookup("_pytest.reports", "_report_unserialization_failure"_n), type, global<"reports", "TestReport">(), whole);
        return none();
    }
    object args = item(data, "reprfuncargs"_n), place = item(data, "reprfileloc"_n), locals = item(data, "reprlocals"_n);
    return call_kw(repr_type("ReprEntry"_n), {},
                   {{"lines"_n, item(data, "lines"_n)},
                    {"reprfuncargs"_n, truth(args) ? from_dict(repr_type("ReprFuncArgs"_n), args) : none()},
                    {"reprlocals"_n, truth(locals) ? call(repr_type("ReprLocals"_n), item(locals, "lines"_n)) : none()},
                    {"reprfileloc"_n, truth(place) ? from_dict(repr_type("ReprFileLocation"_n), place) : none()},
                    {"style"_n, item(data, "style"_n)}});
}

object traceback_from_json(handle data, handle whole) {
    object entries = new_list();
    for (object entry : each(item(data, "reprentries"_n))) append(entries, entry_from_json(entry, whole));
    set_item(data, "reprentries"_n, entries);
    return from_dict(repr_type("ReprTraceback"_n), data);
}

object crash_from_json(handle data) {
    return is_none(data) ? none() : from_dict(repr_type("ReprFileLocation"_n), data);
}

object exception_from_json(handle data, handle whole) {
    object traceback = traceback_from_json(item(data, "reprtraceback"_n), whole);
    object crash = crash_from_json(item(data, "reprcrash"_n));
    object chain = item(data, "chain"_n), made;
    if (truth(chain)) {
        object links = new_list();
        for (object link : each(chain)) {
            auto [link_traceback, link_crash, description] = unpack<3>(link);
            append(links, tuple_of(traceback_from_json(link_traceback, whole), crash_from_json(link_crash), description));
        }
        made = call(repr_type("ExceptionChainRepr"_n), links);
    } else {
        made = call_kw(repr_type("ReprExceptionInfo"_n), {}, {{"reprtraceback"_n, traceback}, {"reprcrash"_n, crash}});
    }
    object add_section = get(made, "addsection"_n);
    for (object section : each(item(data, "sections"_n))) call_ex(add_section, to_tuple(section));
    return made;
}

object unserialization_failure(Args a) {
    object rule = call_method(str("-"), "__mul__"_n, integer(100));
    object lines[] = {rule, strcat("INTERNALERROR: Unknown entry type returned: ", a[0]), strcat("report_name: ", a[1]),
                      borrow(a[2]),
                      str("Please report this bug at https://github.com/pytest-dev/pytest/issues"), rule};
    object format = lookup("pprint", "pformat"_n);
    std::string out;
    for (const object& line : lines) out += text(call(format, line)) + "\n";
    raise(PyExc_RuntimeError, out);
}

object to_serializable(Args a) {
    handle report = a[0];
    if (!is_instance(report, global<"reports", "TestReport">()) && !is_instance(report, global<"reports", "CollectReport">()))
        return none();
    object data = call_method(report, "_to_json"_n);
    set_item(data, "$report_type"_n, get(type_of(report), "__name__"_n));
    return data;
}

object from_serializable(Args a) {
    if (!contains(a[0], "$report_type"_n)) return none();
    object name = item(a[0], "$report_type"_n);
    if (equal(name, "TestReport"_n)) return call_method(global<"reports", "TestReport">(), "_from_json"_n, a[0]);
    if (equal(name, "CollectReport"_n)) return call_method(global<"reports", "CollectReport">(), "_from_json"_n, a[0]);
    assertion_failed(cat("Unknown report_type unserialize data: ", name));
}

}  // namespace

object report_to_json(handle report) {
    object data = check(PyDict_Copy(get(report, "__dict__"_n).ptr()));
    if (object id = dict_get(data, "_id"_n); id.is_valid()) {
        dict_remove(data, "_id"_n);
        dict_set(data, "nodeid"_n, to_str(id));
    }
    object longrepr = get(report, "longrepr"_n);
    if (has(longrepr, "toterminal"_n))
        longrepr = has(longrepr, "reprtraceback"_n) && has(longrepr, "reprcrash"_n) ? exception_to_json(longrepr)
                                                                                    : to_str(longrepr);
    dict_set(data, "longrepr"_n, longrepr);
    for (object key : each(to_list(data))) {
        object value = dict_get(data, key);
        if (has(type_of(value), "__fspath__"_n))
            dict_set(data, key, check(PyOS_FSPath(value.ptr())));
        else if (equal(key, "result"_n))
            dict_set(data, key, Py_None);
    }
    return data;
}

object report_kwargs_from_json(handle data) {
    object longrepr = item(data, "longrepr"_n);
    if (truth(longrepr) && contains(longrepr, "reprcrash"_n) && contains(longrepr, "reprtraceback"_n))
        set_item(data, "longrepr"_n, exception_from_json(longrepr, data));
    return borrow(data);
}

void define_report_json(Module& m) {
    m.def("_report_unserialization_failure", "type_name, report_class, reportdict", unserialization_failure);
    m.def("_report_to_json", "report", [](Args a) { return report_to_json(a[0]); });
    m.def("_report_kwargs_from_json", "reportdict", [](Args a) { return report_kwargs_from_json(a[0]); });
    m.def("pytest_report_to_serializable", "report", to_serializable);
    m.def("pytest_report_from_serializable", "data", from_serializable);
}

}  // namespace fastest::run
