// Outcome exceptions and the callables that raise them: skip, fail, xfail, exit, importorskip.

#include "engine/py/frame.h"
#include "engine/py/module.h"
#include "engine/py/with.h"

namespace fastest::run {
namespace {

using namespace py;

// --- exceptions -------------------------------------------------------------------------------

void init_outcome(handle self, handle msg, handle pytrace) {
    if (!is_none(msg) && !is_str(msg)) {
        handle type(type_of(self));
        raise(PyExc_TypeError, cat(get(type, "__name__"_n), " expected string as 'msg' parameter, got '",
                                   get(type_of(msg), "__name__"_n), "' instead.\nPerhaps you meant to use a mark?"));
    }
    call(get(PyExc_BaseException, "__init__"_n), self, msg);
    set(self, "msg"_n, msg);
    set(self, "pytrace"_n, pytrace);
}

object outcome_init(Args a) {
    init_outcome(a[0], a[1], a[2]);
    return none();
}

object outcome_show(Args a) {
    object msg = get(a[0], "msg"_n);
    if (!is_none(msg)) return msg;
    handle type(type_of(a[0]));
    return strcat("<", get(type, "__name__"_n), " instance>");
}

object skipped_init(Args a) {
    init_outcome(a[0], a[1], a[2]);
    set(a[0], "allow_module_level"_n, a[3]);
    set(a[0], "_use_item_location"_n, a[4]);
    return none();
}

object exit_init(Args a) {
    set(a[0], "msg"_n, a[1]);
    set(a[0], "returncode"_n, a[2]);
    call(get(PyExc_Exception, "__init__"_n), a[0], a[1]);
    return none();
}

// --- raising them -----------------------------------------------------------------------------

/// Raises it in this function of `_pytest.outcomes`.
[[noreturn]] void raise_in(const char* function, std::initializer_list<std::pair<handle, handle>> variables,
                           handle exception) {
    raise_hidden("_pytest.outcomes", function, variables, exception);
}

object skip(Args a) {
    raise_in("_Skip.__call__", {{"self"_n, a[0]}, {"reason"_n, a[1]}, {"allow_module_level"_n, a[2]}},
             call_named<"msg", "allow_module_level">(global<"outcomes", "Skipped">(), a[1], a[2]));
}

object fail(Args a) {
    raise_in("_Fail.__call__", {{"self"_n, a[0]}, {"reason"_n, a[1]}, {"pytrace"_n, a[2]}},
             call_named<"msg", "pytrace">(global<"outcomes", "Failed">(), a[1], a[2]));
}

object xfail(Args a) {
    raise_in("_XFail.__call__", {{"self"_n, a[0]}, {"reason"_n, a[1]}}, call(global<"outcomes", "XFailed">(), a[1]));
}

object exit(Args a) {
    raise_in("_Exit.__call__", {{"self"_n, a[0]}, {"reason"_n, a[1]}, {"returncode"_n, a[2]}},
             call(global<"outcomes", "Exit">(), a[1], a[2]));
}

/// `a`: the arguments of importorskip.
[[noreturn]] void skip_module(Args a, handle reason) {
    raise_in("importorskip", {{"modname"_n, a[0]}, {"minversion"_n, a[1]}, {"reason"_n, reason}, {"exc_type"_n, a[3]}},
             call_named<"msg", "allow_module_level">(global<"outcomes", "Skipped">(), reason, Py_True));
}

/// Imports silently. Null, with the reason to skip in `reason`, when the import raised `expected`.
object import_or_reason(handle name, handle expected, object& reason) {
    return with(call(lookup("warnings", "catch_warnings"_n)), [&](handle) {
        // Modules that are going to be skipped should not litter the summary with their ImportWarnings.
        call(lookup("warnings", "simplefilter"_n), str("ignore"));
        try {
            return call(lookup("builtins", "__import__"_n), name);
        } catch (const nb::python_error& error) {
            if (!error.matches(expected)) throw;
            if (is_none(reason)) reason = strcat("could not import ", repr_of(name), ": ", error.value());
            return object();
        }
    });
}

object importorskip(Args a) {
    handle name = a[0], least = a[1], expected = is_none(a[3]) ? handle(PyExc_ModuleNotFoundError) : a[3];
    call(lookup("builtins", "compile"_n), name, str(""), "eval"_n);  // a bad name is a SyntaxError
    object reason = borrow(a[2]);
    if (!import_or_reason(name, expected, reason).is_valid()) skip_module(a, reason);
    object module = item(lookup("sys", "modules"_n), name);
    if (is_none(least)) return module;
    object found = get_or(module, "__version__"_n, Py_None);
    bool enough = false;
    if (!is_none(found)) {
        object version = lookup("packaging.version", "Version"_n);
        object have = call(version, found), want = call(version, least);
        int less = PyObject_RichCompareBool(have.ptr(), want.ptr(), Py_LT);
        check(less);
        enough = !less;
    }
    if (!enough)
        skip_module(a, strcat("module ", repr_of(name), " has __version__ ", repr_of(found), ", required is: ",
                              repr_of(least)));
    return module;
}

void define_exceptions(Module& m) {
    object outcome = m.cls("OutcomeException", {PyExc_BaseException})
                         .doc("What a test or a collection ended with, raised by the functions of this module.")
                         .def("__init__", "self, msg=None, pytrace=True", outcome_init)
                         .def("__repr__", "self", outcome_show)
                         .def("__str__", "self", outcome_show)
                         .make();
    m.cls("Skipped", {outcome})
        .attr("__module__", "builtins"_n)  // shown by tracebacks, so that it reads well there
        .def("__init__", "self, msg=None, pytrace=True, allow_module_level=False, *, _use_item_location=False",
             skipped_init)
        .make();
    object failed = m.cls("Failed", {outcome})
                        .attr("__module__", "builtins"_n)
                        .doc("Raised from an explicit call to pytest.fail().")
                        .make();
    m.cls("XFailed", {failed}).doc("Raised from an explicit call to pytest.xfail().").make();
    m.cls("Exit", {PyExc_Exception})
        .doc("Ends the test process at once, without tracebacks and summaries.")
        .def("__init__", "self, msg='unknown reason', returncode=None", exit_init)
        .make();
    m.attr("TEST_OUTCOME", tuple_of(outcome, PyExc_Exception));
}

/// A callable instance that carries its exception as `.Exception`.
void define_raiser(Module& m, const char* class_name, const char* name, const char* exception, const char* signature,
                   Body body, const char* doc) {
    object type = m.cls(class_name)
                      .doc(doc)
                      .attr("Exception", m.get(exception))
                      .def("__call__", signature, body, doc)
                      .make();
    m.attr(name, call(type));
}

}  // namespace

FASTEST_MODULE(outcomes, "_pytest.outcomes") {
    define_exceptions(m);
    define_raiser(m, "_Skip", "skip", "Skipped", "self, reason='', allow_module_level=False", skip,
                  "Skip the running test.\n\n:param reason: shown to the user.\n:param allow_module_level: permit the call at "
                  "module level, which skips the whole module.\n:raises pytest.skip.Exception: always.");
    define_raiser(m, "_Fail", "fail", "Failed", "self, reason='', pytrace=True", fail,
                  "Fail the running test.\n\n:param reason: shown to the user.\n:param pytrace: when False, the reason is all "
                  "that is reported, without a traceback.\n:raises pytest.fail.Exception: always.");
    define_raiser(m, "_XFail", "xfail", "XFailed", "self, reason=''", xfail,
                  "Stop the running test or fixture as an expected failure.\n\n:param reason: shown to the user.\n"
                  ":raises pytest.xfail.Exception: always.");
    define_raiser(m, "_Exit", "exit", "Exit", "self, reason='', returncode=None", exit,
                  "End the whole run.\n\n:param reason: shown to the user.\n:param returncode: exit code of the process; None "
                  "means an interrupted run.\n:raises pytest.exit.Exception: always.");
    m.def("importorskip", "modname, minversion=None, reason=None, *, exc_type=None", importorskip,
          "Import a module and return it, or skip the test.\n\n:param modname: dotted name.\n:param minversion: least "
          "``__version__`` of the module.\n:param reason: shown to the user when the import fails.\n:param exc_type: the "
          "ImportError subclass that means skipping, ModuleNotFoundError when None.\n:raises pytest.skip.Exception: when "
          "the module cannot be imported or is too old.");
}

}  // namespace fastest::run
