#include "engine/py/fork.h"
#include "engine/run/known.h"
#include "os/descriptor.h"

namespace fastest::builtin {
namespace {

using namespace run;

handle file_key() { return global<"pastebin", "pastebinfile_key">(); }

object reporter_of(handle config) {
    return call_method(get(config, "pluginmanager"_n), "getplugin"_n, "terminalreporter"_n);
}

object add_options(Args a) {
    call_kw(get(call_method(a[0], "getgroup"_n, str("terminal reporting")), "addoption"_n), {str("--pastebin")},
            {{"metavar"_n, "mode"_n}, {"action"_n, "store"_n}, {"dest"_n, "pastebin"_n}, {"default"_n, Py_None},
             {"choices"_n, list_of("failed"_n, "all"_n)}, {"help"_n, str("Send failed|all info to bpaste.net pastebin service")}});
    return none();
}

/// Closure: (the writer's own write, config).
object tee_write(Args a) {
    call_ex(PyTuple_GET_ITEM(a.closure().ptr(), 0), tuple_of(a[0]), a[1]);
    object text = is_str(a[0]) ? call_method(a[0], "encode"_n, str("utf-8")) : borrow(a[0]);
    call_method(item(get(PyTuple_GET_ITEM(a.closure().ptr(), 1), "stash"_n), file_key()), "write"_n, text);
    return none();
}

/// Closure: the file.
object flush(Args a) { return call_method(a.closure(), "flush"_n); }

/// In a forked child: what is written from now on is not for the parent's paste. Closure: the file.
object part(Args a) {
    int status = os::replace_by_own(static_cast<int>(to_int(call_method(a.closure(), "fileno"_n))), os::Contents::kKept);
    if (status < 0) raise(PyExc_OSError, "forking the session log");
    return none();
}

object configure(Args a) {
    handle config = a[0];
    object mode = get(get(config, "option"_n), "pastebin"_n);
    if (!truth(mode)) return none();
    call_method(config, "issue_config_time_warning"_n, call_method(lookup("_pytest.deprecated", "PASTEBIN"_n), "format"_n), integer(2));
    object reporter = reporter_of(config);
    if (!equal(mode, "all"_n) || is_none(reporter)) return none();
    object file = call(lookup("tempfile", "TemporaryFile"_n), str("w+b"));
    set_item(get(config, "stash"_n), file_key(), file);
    on_fork(config, make_function("before_fork", "config", flush, file), make_function("after_fork", "config", part, file));
    object writer = get(reporter, "_tw"_n);
    set(writer, "write"_n, make_function("tee_write", "s, **kwargs", tee_write, tuple_of(get(writer, "write"_n), config)));
    return none();
}

object paste(handle contents) { return call(lookup("_pytest.pastebin", "create_new_paste"_n), contents); }

object unconfigure(Args a) {
    object stash = get(a[0], "stash"_n);
    if (!contains(stash, file_key())) return none();
    object file = item(stash, file_key());
    call_method(file, "seek"_n, integer(0));
    object contents = call_method(file, "read"_n);
    call_method(file, "close"_n);
    check(PyObject_DelItem(stash.ptr(), file_key().ptr()));
    object reporter = reporter_of(a[0]);
    del(get(reporter, "_tw"_n), "write"_n);
    call_method(reporter, "write_sep"_n, "="_n, str("Sending information to Paste Service"));
    call_method(reporter, "write_line"_n, strcat("pastebin session-log: ", paste(contents), "\n"));
    return none();
}

object send(handle url, handle contents) {
    object fields = new_dict();
    dict_set(fields, "code"_n, contents);
    dict_set(fields, "lexer"_n, "text"_n);
    dict_set(fields, "expiry"_n, "1week"_n);
    object data = call_method(call(lookup("urllib.parse", "urlencode"_n), fields), "encode"_n, str("ascii"));
    object response = call_kw(lookup("urllib.request", "urlopen"_n), {url}, {{"data"_n, data}});
    return call_method(call_method(response, "read"_n), "decode"_n, str("utf-8"));
}

object create_paste(Args a) {
    object url = str("https://bpa.st"), response;
    try {
        response = send(url, a[0]);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_OSError)) throw;
        object problem = strcat("bad response: ", error.value());
        if (is_instance(error.value(), lookup("urllib.error", "HTTPError"_n))) call_method(error.value(), "close"_n);
        return problem;
    }
    object link = call(lookup("re", "search"_n), str("href=\"/raw/(\\w+)\""), response);
    if (truth(link)) return strcat(url, "/show/", call_method(link, "group"_n, integer(1)));
    return strcat("bad response: invalid format ('", response, "')");
}

/// Where the failure is, as short as possible.
object place_of(handle reporter, handle report) {
    try {
        object entries = get(get(get(report, "longrepr"_n), "reprtraceback"_n), "reprentries"_n);
        return get(item(entries, integer(-1)), "reprfileloc"_n);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_AttributeError)) throw;
        return call_method(reporter, "_getfailureheadline"_n, report);
    }
}

object summary(Args a) {
    handle reporter = a[0];
    object config = get(reporter, "config"_n);
    if (!equal(get(get(config, "option"_n), "pastebin"_n), "failed"_n)) return none();
    object stats = get(reporter, "stats"_n);
    if (!contains(stats, "failed"_n)) return none();
    call_method(reporter, "write_sep"_n, "="_n, str("Sending information to Paste Service"));
    for (object report : each(item(stats, "failed"_n))) {
        object place = place_of(reporter, report), file = call(lookup("io", "StringIO"_n));
        call_method(report, "toterminal"_n, call(lookup("_pytest.config", "create_terminal_writer"_n), config, file));
        object contents = call_method(file, "getvalue"_n);
        if (!length(contents)) assertion_failed();
        call_method(reporter, "write_line"_n, strcat(place, " --> ", paste(contents)));
    }
    return none();
}

}  // namespace
}  // namespace fastest::builtin

FASTEST_MODULE(pastebin, "_pytest.pastebin") {
    using namespace fastest::builtin;
    m.attr("pastebinfile_key", call(known<"_pytest.stash", "StashKey">()));
    m.def("pytest_addoption", "parser", add_options);
    m.hook("pytest_configure", "config", configure, {.trylast = true});
    m.def("pytest_unconfigure", "config", unconfigure);
    m.def("create_new_paste", "contents", create_paste,
          "Send text to bpa.st.\n\n:param contents: str or bytes.\n:returns: The URL, or what went wrong.");
    m.def("pytest_terminal_summary", "terminalreporter", summary);
}
