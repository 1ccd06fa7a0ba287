// `_pytest.debugging`: --pdb, --trace, and `pdb.set_trace` inside tests. pdb is slow to import, so its `set_trace` is
// replaced when something imports it.

#include "engine/builtin/pdb_session.h"
#include "engine/py/import_watch.h"

namespace fastest::builtin {
namespace {

handle session_class() { return global<"debugging", "pytestPDB">(); }

object validate_class_name(Args a) {
    object parts = call_method(a[0], "split"_n, ":"_n);
    if (length(parts) == 2) return to_tuple(parts);
    object cause =
        call(handle(PyExc_ValueError), length(parts) < 2 ? str("not enough values to unpack (expected 2, got 1)")
                                                         : str("too many values to unpack (expected 2)"));
    raise_from(call(lookup("argparse", "ArgumentTypeError"_n),
                    strcat(repr_of(a[0]), " is not in the format 'modname:classname'")),
               cause);
}

object add_options(Args a) {
    object add = get(call_method(a[0], "getgroup"_n, "general"_n), "addoption"_n);
    call_kw(add, {str("--pdb")},
            {{"dest"_n, "usepdb"_n},
             {"action"_n, "store_true"_n},
             {"help"_n, str("Start the interactive Python debugger on errors or KeyboardInterrupt")}});
    call_kw(add, {str("--pdbcls")},
            {{"dest"_n, str("usepdb_cls")},
             {"metavar"_n, str("modulename:classname")},
             {"type"_n, lookup("_pytest.debugging", "_validate_usepdb_cls"_n)},
             {"help"_n, str("Specify a custom interactive Python debugger for use with --pdb."
                            "For example: --pdbcls=IPython.terminal.debugger:TerminalPdb")}});
    call_kw(add, {str("--trace")},
            {{"dest"_n, "trace"_n},
             {"action"_n, "store_true"_n},
             {"help"_n, str("Immediately break when running each test")}});
    return none();
}

// --- replacing pdb.set_trace --------------------------------------------------------------------

/// Replaces it, and remembers the real one for the session that ends last.
object replace_set_trace(Args a) {
    handle pdb = a[0];
    object ours = get(session_class(), "set_trace"_n);
    if (equal(get(pdb, "set_trace"_n), ours)) return none();  // by a session inside this one
    set(session_class(), "_real_set_trace"_n, get(pdb, "set_trace"_n));
    set(pdb, "set_trace"_n, ours);
    return none();
}

/// The code that has called the engine: below it no frame belongs to the run.
object calling_code() {
    PyFrameObject* frame = PyEval_GetFrame();
    return frame ? steal(reinterpret_cast<PyObject*>(PyFrame_GetCode(frame))) : none();
}

/// Undoes the last configuration. The outermost one undoes what an import in between replaced.
object restore(Args) {
    handle cls = session_class();
    object saved_list = get(cls, "_saved"_n);
    call_method(get(cls, "_entries"_n), "pop"_n);
    object saved = call_method(saved_list, "pop"_n);
    object set_trace = item(saved, integer(0));
    object pdb = imported("pdb");
    if (!is_none(set_trace)) {
        set(pdb, "set_trace"_n, set_trace);
    } else if (pdb.is_valid() && !length(saved_list)) {
        object real = get_or(cls, "_real_set_trace"_n, Py_None);
        if (!is_none(real)) {
            set(pdb, "set_trace"_n, real);
            set(cls, "_real_set_trace"_n, Py_None);
        }
    }
    set(cls, "_pluginmanager"_n, item(saved, integer(1)));
    set(cls, "_config"_n, item(saved, integer(2)));
    return none();
}

object configure(Args a) {
    handle config = a[0], cls = session_class();
    object plugins = get(config, "pluginmanager"_n);
    if (truth(call_method(config, "getvalue"_n, "trace"_n)))
        call_method(plugins, "register"_n, call(lookup("_pytest.debugging", "PdbTrace"_n)), str("pdbtrace"));
    if (truth(call_method(config, "getvalue"_n, "usepdb"_n)))
        call_method(plugins, "register"_n, call(lookup("_pytest.debugging", "PdbInvoke"_n)), str("pdbinvoke"));
    object pdb = imported("pdb");
    append(get(cls, "_saved"_n), tuple_of(pdb.is_valid() ? get(pdb, "set_trace"_n) : none(),
                                          get(cls, "_pluginmanager"_n), get(cls, "_config"_n)));
    append(get(cls, "_entries"_n), calling_code());
    set(cls, "_pluginmanager"_n, plugins);
    set(cls, "_config"_n, config);
    if (pdb.is_valid())
        set(pdb, "set_trace"_n, get(cls, "set_trace"_n));
    else
        call_method(config, "add_cleanup"_n,
                    watch_import("pdb", make_function("replace_set_trace", "pdb", replace_set_trace)));
    call_method(config, "add_cleanup"_n, make_function("fin", "", restore));
    return none();
}

// --- --pdb and --trace --------------------------------------------------------------------------

object on_exception(Args a) {
    object capture = call_method(get(get(a[1], "config"_n), "pluginmanager"_n), "getplugin"_n, "capturemanager"_n);
    if (truth(capture)) {
        call_kw(get(capture, "suspend_global_capture"_n), {}, {{"in_"_n, Py_True}});
        for (object text : each(call_method(capture, "read_global_capture"_n)))
            call_method(lookup("sys", "stdout"_n), "write"_n, text);
    }
    object excinfo = get(a[2], "excinfo"_n);
    if (is_none(excinfo)) assertion_failed();
    call(lookup("_pytest.debugging", "_enter_pdb"_n), a[1], excinfo, a[3]);
    return none();
}

object post_mortem_of(handle excinfo) {
    return call(lookup("_pytest.debugging", "post_mortem"_n),
                call(lookup("_pytest.debugging", "_postmortem_exc_or_tb"_n), excinfo));
}

object on_internal_error(Args a) {
    post_mortem_of(a[1]);
    return none();
}

Generator trace_call(OwnedArgs a) {
    call(lookup("_pytest.debugging", "wrap_pytest_function_for_tracing"_n), a[1]);
    co_return co_yield none();
}

object wrap_for_tracing(Args a) {
    object pdb = call_method(session_class(), "_init_pdb"_n, "runcall"_n);
    set(a[0], "obj"_n, call(lookup("fastest.debugger", "traced"_n), pdb, get(a[0], "obj"_n)));
    return none();
}

object maybe_wrap(Args a) {
    if (truth(call_method(get(a[0], "config"_n), "getvalue"_n, "trace"_n)))
        call(lookup("_pytest.debugging", "wrap_pytest_function_for_tracing"_n), a[0]);
    return none();
}

/// Shows the captured output and the failure, then stops there.
object enter_pdb(Args a) {
    handle report = a[2];
    object config = get(a[0], "config"_n);
    object writer = get(call_method(get(config, "pluginmanager"_n), "getplugin"_n, "terminalreporter"_n), "_tw"_n);
    call_method(writer, "line"_n);
    object shown = get(get(config, "option"_n), "showcapture"_n);
    constexpr const char* sections[][2] = {{"stdout", "capstdout"}, {"stderr", "capstderr"}, {"log", "caplog"}};
    for (auto [name, attribute] : sections) {
        object content = get(report, str(attribute));
        if (!truth(content) || !(equal(shown, str(name)) || equal(shown, "all"_n))) continue;
        call_method(writer, "sep"_n, ">"_n, strcat("captured ", name));
        call_method(writer, "line"_n, call_method(content, "removesuffix"_n, str("\n")));
    }
    call_method(writer, "sep"_n, ">"_n, "traceback"_n);
    call_method(report, "toterminal"_n, writer);
    call_method(writer, "sep"_n, ">"_n, str("entering PDB"));
    object place = call(lookup("_pytest.debugging", "_postmortem_exc_or_tb"_n), a[1]);
    set(report, "_pdbshown"_n, Py_True);
    call(lookup("_pytest.debugging", "post_mortem"_n), place);
    return borrow(report);
}

/// The exception (from Python 3.13) or traceback to look at: for wrapped errors, that of the error inside.
object exception_or_traceback(Args a) {
    constexpr bool kByException = version::kPostMortemTakesException;
    object value = get(a[0], "value"_n);
    object triple = get(a[0], "_excinfo"_n);
    if (object doctest = imported("doctest");
        doctest.is_valid() && is_instance(value, get(doctest, "UnexpectedException"_n))) {
        triple = get(value, "exc_info"_n);
    } else if (is_instance(value, lookup("_pytest.config", "ConftestImportFailure"_n))) {
        object cause = get(value, "cause"_n);
        object traceback = get(cause, "__traceback__"_n);
        if (!kByException && is_none(traceback)) assertion_failed();
        return kByException ? cause : traceback;
    }
    if (is_none(triple)) assertion_failed();
    return item(triple, integer(kByException ? 1 : 2));
}

object post_mortem(Args a) {
    object pdb = call_method(session_class(), "_init_pdb"_n, "post_mortem"_n);
    call_method(pdb, "reset"_n);
    call_method(pdb, "interaction"_n, Py_None, a[0]);
    if (truth(get(pdb, "quitting"_n))) call(lookup("_pytest.outcomes", "exit"_n), str("Quitting debugger"));
    return none();
}

}  // namespace
}  // namespace fastest::builtin

FASTEST_MODULE(debugging, "_pytest.debugging") {
    using namespace fastest::builtin;
    define_pdb_session(m);
    m.cls("PdbInvoke")
        .def("pytest_exception_interact", "self, node, call, report", on_exception)
        .def("pytest_internalerror", "self, excinfo", on_internal_error)
        .make();
    m.cls("PdbTrace").wrapper("pytest_pyfunc_call", "self, pyfuncitem", trace_call).make();
    m.def("_validate_usepdb_cls", "value", validate_class_name);
    m.def("pytest_addoption", "parser", add_options);
    m.def("pytest_configure", "config", configure);
    m.def("wrap_pytest_function_for_tracing", "pyfuncitem", wrap_for_tracing);
    m.def("maybe_wrap_pytest_function_for_tracing", "pyfuncitem", maybe_wrap);
    m.def("_enter_pdb", "node, excinfo, rep", enter_pdb);
    m.def("_postmortem_exc_or_tb", "excinfo", exception_or_traceback);
    m.def("post_mortem", "tb_or_exc", post_mortem);
}
