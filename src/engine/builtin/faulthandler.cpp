#include "engine/hooks/quiet.h"
#include "engine/run/known.h"

namespace fastest::builtin {
namespace {

using namespace run;

handle original_fd_key() { return global<"faulthandler", "fault_handler_original_stderr_fd_key">(); }
handle own_fd_key() { return global<"faulthandler", "fault_handler_stderr_fd_key">(); }

object add_options(Args a) {
    object number_or_text = check(PyNumber_Or(type_object(PyFloat_Type).ptr(), type_object(PyUnicode_Type).ptr()));
    call_method_kw(a[0], "addini"_n,
                   {str("faulthandler_timeout"),
                    str("Dump the traceback of all threads if a test takes more than TIMEOUT seconds to finish")},
                   {{"type"_n, number_or_text}, {"default"_n, real(0.0)}});
    call_method_kw(a[0], "addini"_n,
                   {str("faulthandler_exit_on_timeout"),
                    str("Exit the test process if a test takes more than faulthandler_timeout seconds to finish")},
                   {{"type"_n, "bool"_n}, {"default"_n, Py_False}});
    return none();
}

/// The fd of sys.stderr, or of the original one when sys.stderr was replaced by something without a usable fd.
object stderr_fd(Args) {
    try {
        object fd = call_method(lookup("sys", "stderr"_n), "fileno"_n);
        if (!equal(fd, integer(-1))) return fd;
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_AttributeError) && !error.matches(PyExc_ValueError)) throw;
    }
    object original = lookup("sys", "__stderr__"_n);
    if (is_none(original)) assertion_failed();
    return call_method(original, "fileno"_n);
}

object module() { return import_module("faulthandler"); }

void erase(handle stash, handle key) { check(PyObject_DelItem(stash.ptr(), key.ptr())); }

object configure(Args a) {
    object stash = get(a[0], "stash"_n);
    object fd = call(lookup("_pytest.faulthandler", "get_stderr_fileno"_n));
    if (truth(call_method(module(), "is_enabled"_n))) set_item(stash, original_fd_key(), fd);
    object own = call(lookup("os", "dup"_n), fd);
    set_item(stash, own_fd_key(), own);
    call_method_kw(module(), "enable"_n, {}, {{"file"_n, own}});
    return none();
}

object unconfigure(Args a) {
    object stash = get(a[0], "stash"_n);
    call_method(module(), "disable"_n);
    if (contains(stash, own_fd_key())) {
        call(lookup("os", "close"_n), item(stash, own_fd_key()));
        erase(stash, own_fd_key());
    }
    if (contains(stash, original_fd_key())) {
        call_method(module(), "enable"_n, item(stash, original_fd_key()));
        erase(stash, original_fd_key());
    }
    return none();
}

object timeout_of(handle config) {
    object value = call_method(config, "getini"_n, "faulthandler_timeout"_n);
    return truth(value) ? check(PyNumber_Float(value.ptr())) : real(0.0);
}

object exits_on_timeout(handle config) {
    object value = call_method(config, "getini"_n, "faulthandler_exit_on_timeout"_n);
    if (!PyBool_Check(value.ptr())) assertion_failed();
    return value;
}

struct CancelAtEnd {
    object cancel = get(module(), "cancel_dump_traceback_later"_n);
    ~CancelAtEnd() {
        nb::error_scope keep;
        steal(PyObject_CallNoArgs(cancel.ptr()));
        PyErr_Clear();
    }
};

Generator around_protocol(OwnedArgs a) {
    object config = get(a[0], "config"_n);
    object timeout = timeout_of(config), exits = exits_on_timeout(config);
    if (to_double(timeout) <= 0) co_return co_yield none();
    call_method_kw(module(), "dump_traceback_later"_n, {timeout},
                   {{"file"_n, item(get(config, "stash"_n), own_fd_key())}, {"exit"_n, exits}});
    CancelAtEnd cancel;
    co_return co_yield none();
}

/// Without a timeout there is nothing to do.
std::unique_ptr<hooks::QuietPart> quiet_timeout(handle plugin, hooks::QuietRun& run) {
    if (to_double(timeout_of(get(run.session(), "config"_n))) > 0) return nullptr;
    return hooks::idle_part(plugin, run);
}

object cancel(Args) {
    call_method(module(), "cancel_dump_traceback_later"_n);
    return none();
}

}  // namespace
}  // namespace fastest::builtin

FASTEST_MODULE(faulthandler, "_pytest.faulthandler") {
    using namespace fastest::builtin;
    m.attr("fault_handler_original_stderr_fd_key", call(known<"_pytest.stash", "StashKey">()));
    m.attr("fault_handler_stderr_fd_key", call(known<"_pytest.stash", "StashKey">()));
    m.def("pytest_addoption", "parser", add_options);
    m.def("pytest_configure", "config", configure);
    m.def("pytest_unconfigure", "config", unconfigure);
    m.def("get_stderr_fileno", "", stderr_fd);
    m.def("get_timeout_config_value", "config", [](Args a) { return timeout_of(a[0]); });
    m.def("get_exit_on_timeout_config_value", "config", [](Args a) { return exits_on_timeout(a[0]); });
    fastest::hooks::plays_quietly(m.wrapper("pytest_runtest_protocol", "item", around_protocol, {.trylast = true}), quiet_timeout);
    m.hook("pytest_enter_pdb", "", cancel, {.tryfirst = true});
    m.hook("pytest_exception_interact", "", cancel, {.tryfirst = true});
}
