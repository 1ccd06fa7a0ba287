#include "engine/hooks/execution.h"

#include "engine/hooks/result.h"
#include "engine/py/module.h"

namespace fastest::hooks {

using namespace py::literals;

namespace {

handle bare(handle function) {
    return PyMethod_Check(function.ptr()) ? handle(PyMethod_GET_FUNCTION(function.ptr())) : function;
}

bool is_native_wrapper(const Impl* impl) {
    if (!impl->wrapper || impl->hookwrapper) return false;
    handle function = bare(impl->function);
    return py::is_native_function(function) && py::function_spec(function).generator;
}

void set_missing_argument(PyObject* name) {
    py::guard([&]() -> object {
        object cause = py::call(handle(PyExc_KeyError), handle(name));
        py::Handling handling(cause);
        object text = py::strcat("hook call must provide argument ", py::repr_of(name));
        py::raise_from(py::call(py::global<"pluggy_result", "HookCallError">(), text), cause);
    });
}

/// The arguments of one implementation, laid out for a vectorcall. Place 0 is for the callee's use.
class Row {
public:
    /// False with the Python error set when a required argument is missing.
    bool fill(const Impl* impl, const Arguments& arguments) {
        auto required = static_cast<std::size_t>(PyTuple_GET_SIZE(impl->argnames));
        auto optional = static_cast<std::size_t>(PyTuple_GET_SIZE(impl->kwargnames));
        reserve(required + optional);
        if (PyMethod_Check(impl->function)) push(PyMethod_GET_SELF(impl->function));
        for (std::size_t i = 0; i < required; ++i) {
            PyObject* name = PyTuple_GET_ITEM(impl->argnames, static_cast<Py_ssize_t>(i));
            PyObject* value = arguments.find(name);
            if (!value) {
                set_missing_argument(name);
                return false;
            }
            push(value);
        }
        return !optional || fill_optional(impl, arguments, optional);
    }

    PyObject* call(handle function) {
        return PyObject_Vectorcall(function.ptr(), values_ + 1, positional_ | PY_VECTORCALL_ARGUMENTS_OFFSET,
                                   names_.ptr());
    }

private:
    static constexpr std::size_t kInline = 18;

    void reserve(std::size_t count) {
        if (count + 2 <= kInline) return;
        overflow_.resize(count + 2);
        values_ = overflow_.data();
    }
    void push(PyObject* value) { values_[1 + positional_++] = value; }

    bool fill_optional(const Impl* impl, const Arguments& arguments, std::size_t count) {
        std::size_t given = 0;
        PyObject** keyword = values_ + 1 + positional_;
        object names = py::steal(PyTuple_New(static_cast<Py_ssize_t>(count)));
        if (!names.is_valid()) return false;
        for (std::size_t i = 0; i < count; ++i) {
            PyObject* name = PyTuple_GET_ITEM(impl->kwargnames, static_cast<Py_ssize_t>(i));
            PyObject* value = arguments.find(name);
            if (!value) continue;
            keyword[given] = value;
            PyTuple_SET_ITEM(names.ptr(), static_cast<Py_ssize_t>(given++), py::share(name));
        }
        if (given == count)
            names_ = std::move(names);
        else if (given)
            names_ = py::steal(PyTuple_GetSlice(names.ptr(), 0, static_cast<Py_ssize_t>(given)));
        return !given || names_.is_valid();
    }

    PyObject* inline_[kInline];
    std::vector<PyObject*> overflow_;
    PyObject** values_ = inline_;
    std::size_t positional_ = 0;
    object names_;
};

PyObject* invoke(const Impl* impl, const Arguments& arguments) {
    Row row;
    if (!row.fill(impl, arguments)) return nullptr;
    return row.call(bare(impl->function));
}

/// Starts a native wrapper's body. Throws.
py::Generator start_native(const Impl* impl, const Arguments& arguments) {
    handle function = bare(impl->function);
    const auto& parameters = py::function_spec(function).signature.parameters();
    PyObject* values[32] = {};
    std::size_t at = 0;
    if (PyMethod_Check(impl->function)) values[at++] = PyMethod_GET_SELF(impl->function);
    for (; at < parameters.size(); ++at) {
        const py::Parameter& parameter = parameters[at];
        values[at] = arguments.find(parameter.interned);
        if (values[at]) continue;
        values[at] = parameter.default_value;
        if (parameter.optional) continue;
        set_missing_argument(parameter.interned);
        throw nb::python_error();
    }
    py::Generator body = py::start_generator(function, values);
    body.send(py::none());
    return body;
}

/// A wrapper that waits at its yield.
struct Suspended {
    const Impl* impl;
    object generator;      // a Python one, or
    py::Generator native;  // a native one
};

[[noreturn]] void raise_wrap_fail(handle generator, std::string_view what) {
    object code = py::get(generator, "gi_code"_n);
    py::raise(PyExc_RuntimeError,
              py::cat("wrap_controller at ", py::repr_of(py::get(code, "co_name"_n)), " ",
                      py::get(code, "co_filename"_n), ":", py::get(code, "co_firstlineno"_n), " ", what));
}

/// `error` has left an old-style wrapper.
void warn_of_teardown(handle hook_name, const Impl* impl, handle error) {
    std::string text = py::cat(
        "A plugin raised an exception during an old-style hookwrapper teardown.\nPlugin: ", handle(impl->plugin_name),
        ", Hook: ", hook_name, "\n", py::get(py::type_of(error), "__name__"_n), ": ", error,
        "\nFor more information see https://pluggy.readthedocs.io/en/stable/api_reference.html"
        "#pluggy.PluggyTeardownRaisedWarning");
    py::warn(py::global<"pluggy_warnings", "PluggyTeardownRaisedWarning">(), text);
}

class HookCall {
public:
    HookCall(handle name, const Arguments& arguments, bool firstresult)
        : name_(name), arguments_(arguments), firstresult_(firstresult) {}

    /// One implementation. Throws what it raises.
    void run_one(const Impl* impl) {
        if (step(impl) || !error_) return;
        nb::python_error raised = std::move(*error_);
        error_.reset();
        throw raised;
    }

    void set_value(object value) { value_ = std::move(value); }
    object value() const { return value_; }

    void end_one(std::optional<nb::python_error>& error) {
        if (wrappers_.empty()) return;
        if (!value_.is_valid()) value_ = py::new_list();
        move_error(error, error_);
        Suspended wrapper = std::move(wrappers_.back());
        wrappers_.pop_back();
        finish(wrapper);
        move_error(error_, error);
    }

    static void move_error(std::optional<nb::python_error>& from, std::optional<nb::python_error>& to) {
        to.reset();
        if (from) to.emplace(std::move(*from));
        from.reset();
    }

    PyObject* run(PyObject* const* impls, std::size_t count) {
        while (count-- > 0)
            if (!step(py::as_record<Impl>(impls[count]))) break;
        if (!value_.is_valid()) {
            value_ = firstresult_ ? py::none() : py::steal(PyList_New(0));
            if (!value_.is_valid()) return nullptr;
        }
        bool finished = true;
        while (finished && !wrappers_.empty()) {
            Suspended wrapper = std::move(wrappers_.back());
            wrappers_.pop_back();
            finished = finish(wrapper);
        }
        if (!wrappers_.empty()) abandon();
        if (!error_) return value_.release().ptr();
        error_->restore();
        return nullptr;
    }

private:
    /// Runs one implementation; false ends the way to the innermost.
    bool step(const Impl* impl) {
        if (impl->wraps()) return start(impl);
        PyObject* result = invoke(impl, arguments_);
        if (!result) return fail();
        if (result == Py_None) {
            py::drop(result);
            return true;
        }
        object owned = py::steal(result);
        if (firstresult_) {
            value_ = std::move(owned);
            return false;
        }
        if (!value_.is_valid()) value_ = py::steal(PyList_New(0));
        if (!value_.is_valid() || PyList_Append(value_.ptr(), result) < 0) return fail();
        return true;
    }

    /// Takes the Python error that is set.
    bool fail() {
        error_.emplace();
        return false;
    }

    void succeed(object value) {
        value_ = std::move(value);
        error_.reset();
    }

    bool start(const Impl* impl) {
        Suspended wrapper{impl, {}, {}};
        if (is_native_wrapper(impl)) {
            try {
                wrapper.native = start_native(impl, arguments_);
            } catch (...) {
                py::set_current_error();
                return fail();
            }
            if (wrapper.native.done()) return never_yielded(wrapper, wrapper.native.take());
        } else {
            wrapper.generator = py::steal(invoke(impl, arguments_));
            if (!wrapper.generator.is_valid()) return fail();
            PyObject* generator = wrapper.generator.ptr();
            if (!PyIter_Check(generator)) {
                PyErr_Format(PyExc_TypeError, "'%.200s' object is not an iterator", Py_TYPE(generator)->tp_name);
                return fail();
            }
            PyObject* yielded = nullptr;
            PySendResult sent = PyIter_Send(generator, Py_None, &yielded);
            object owned = py::steal(yielded);
            if (sent == PYGEN_ERROR) return fail();
            if (sent == PYGEN_RETURN) return never_yielded(wrapper, std::move(owned));
        }
        wrappers_.push_back(std::move(wrapper));
        return true;
    }

    /// The error's context is the StopIteration that a Python caller of the generator would have seen.
    bool never_yielded(const Suspended& wrapper, object returned) {
        bool has_value = returned.is_valid() && !py::is_none(returned);
        object stop = py::steal(has_value ? PyObject_CallOneArg(PyExc_StopIteration, returned.ptr())
                                          : PyObject_CallNoArgs(PyExc_StopIteration));
        if (!stop.is_valid()) return fail();
        wrap_fail(wrapper, "did not yield");
        PyException_SetContext(error_->value().ptr(), stop.release().ptr());
        return false;
    }

    /// Takes the RuntimeError about a wrapper that does not yield exactly once.
    bool wrap_fail(const Suspended& wrapper, const char* what) {
        PyObject* nothing = py::guard([&]() -> object {
            if (!wrapper.generator.is_valid()) {
                handle function = bare(wrapper.impl->function);
                py::raise(
                    PyExc_RuntimeError,
                    py::cat("wrap_controller at ", py::repr_of(py::get(function, "__name__"_n)), " <native>:0 ", what));
            }
            raise_wrap_fail(wrapper.generator, what);
        });
        py::drop(nothing);
        return fail();
    }

    /// Lets a wrapper end. False when no other wrapper may be ended any more.
    bool finish(Suspended& wrapper) {
        if (!wrapper.generator.is_valid()) return finish_native(wrapper);
        return wrapper.impl->hookwrapper ? finish_old_style(wrapper) : finish_new_style(wrapper);
    }

    bool finish_native(Suspended& wrapper) {
        try {
            if (error_)
                wrapper.native.throw_in(*error_);
            else
                wrapper.native.send(value_);
        } catch (...) {
            py::set_current_error();
            fail();
            return true;
        }
        if (!wrapper.native.done()) return wrap_fail(wrapper, "has second yield");
        succeed(wrapper.native.take());
        return true;
    }

    bool finish_new_style(Suspended& wrapper) {
        PyObject* generator = wrapper.generator.ptr();
        PyObject* result = nullptr;
        PySendResult sent;
        if (error_)
            sent = throw_into(generator, &result);
        else
            sent = PyIter_Send(generator, value_.ptr(), &result);
        object owned = py::steal(result);
        if (sent == PYGEN_RETURN) {
            succeed(std::move(owned));
        } else if (sent == PYGEN_ERROR) {
            nb::python_error raised;
            if (error_ && is_stop_iteration_echo(raised, *error_))
                close(generator);
            else
                error_.emplace(std::move(raised));
        } else if (close(generator)) {
            return wrap_fail(wrapper, "has second yield");
        }
        return true;
    }

    /// A StopIteration thrown into a generator comes back as the cause of a RuntimeError: the wrapper has let it pass.
    static bool is_stop_iteration_echo(const nb::python_error& raised, const nb::python_error& thrown) {
        if (!thrown.matches(PyExc_StopIteration) || !raised.matches(PyExc_RuntimeError)) return false;
        object cause = py::steal(PyException_GetCause(raised.value().ptr()));
        return cause.ptr() == thrown.value().ptr();
    }

    PySendResult throw_into(PyObject* generator, PyObject** result) {
        *result = PyObject_CallMethodOneArg(generator, "throw"_n.ptr(), error_->value().ptr());
        if (*result) return PYGEN_NEXT;
        if (!PyErr_ExceptionMatches(PyExc_StopIteration)) return PYGEN_ERROR;
        nb::python_error stop;
        *result = PyObject_GetAttr(stop.value().ptr(), "value"_n.ptr());
        return *result ? PYGEN_RETURN : PYGEN_ERROR;
    }

    bool close(PyObject* generator) {
        object closed = py::steal(PyObject_CallMethodNoArgs(generator, "close"_n.ptr()));
        return closed.is_valid() || fail();
    }

    bool finish_old_style(Suspended& wrapper) {
        PyObject* generator = wrapper.generator.ptr();
        object outcome = py::steal(py::guard([&]() -> object {
            return make_result(error_ ? handle(Py_None) : handle(value_), error_ ? error_->value() : handle());
        }));
        if (!outcome.is_valid()) {
            fail();
            return true;
        }
        std::optional<nb::python_error> incoming = std::move(error_);
        error_.reset();
        PyObject* result = nullptr;
        PySendResult sent = PyIter_Send(generator, outcome.ptr(), &result);
        py::drop(result);
        if (sent == PYGEN_ERROR) {
            fail();
            warn_teardown(wrapper.impl);
        } else if (sent == PYGEN_NEXT) {
            wrap_fail(wrapper, "has second yield");
            close(generator);
        } else if (PyObject* value = result_or_raise(py::as_record<Result>(outcome))) {
            succeed(py::steal(value));
        } else {
            fail();
            forbid_stop_iteration();
        }
        if (error_ && incoming && is_stop_iteration_echo(*error_, *incoming)) error_.emplace(*incoming);
        return true;
    }

    /// pluggy's controller of old-style wrappers is a generator: a StopIteration leaves it as a RuntimeError.
    void forbid_stop_iteration() {
        if (!error_->matches(PyExc_StopIteration)) return;
        error_->restore();
        py::forbid_stop_iteration();
        fail();
    }

    /// What happens to wrappers that wait when the call is given up: their generators are closed, innermost first.
    void abandon() {
        std::optional<nb::python_error> error = std::move(error_);
        while (!wrappers_.empty()) {
            Suspended wrapper = std::move(wrappers_.back());
            wrappers_.pop_back();
            if (!wrapper.generator.is_valid() || !wrapper.impl->hookwrapper) continue;
            PyErr_SetNone(PyExc_GeneratorExit);
            fail();
            finish_old_style(wrapper);
            if (error_ && !error_->matches(PyExc_GeneratorExit))
                error_->discard_as_unraisable(handle(wrapper.generator));
        }
        error_.reset();
        if (error) error_.emplace(std::move(*error));
    }

    /// `error_` has left an old-style wrapper.
    void warn_teardown(const Impl* impl) {
        try {
            py::Handling handling(*error_);
            warn_of_teardown(name_, impl, error_->value());
        } catch (nb::python_error& error) {
            nb::python_error replacement(error);
            error_.emplace(std::move(replacement));
        }
    }

    handle name_;
    const Arguments& arguments_;
    bool firstresult_;
    object value_;
    std::optional<nb::python_error> error_;
    std::vector<Suspended> wrappers_;
};

object multicall(py::Args a) {
    object impls = py::check(PySequence_Fast(a[1].ptr(), "hook_impls must be a sequence"));
    impls = py::to_tuple(impls);
    for (object impl : py::each(impls)) as_impl(impl);
    object table = py::borrow(a[2]);
    if (!PyDict_Check(table.ptr())) table = py::call(py::type_object(PyDict_Type), a[2]);
    object pairs = py::check(PyDict_Items(table.ptr()));
    std::vector<PyObject*> names, values;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(pairs.ptr()); ++i) {
        PyObject* pair = PyList_GET_ITEM(pairs.ptr(), i);
        names.push_back(PyTuple_GET_ITEM(pair, 0));
        values.push_back(PyTuple_GET_ITEM(pair, 1));
    }
    Arguments arguments{names.data(), values.data(), names.size()};
    return py::check(run_implementations(a[0], &PyTuple_GET_ITEM(impls.ptr(), 0),
                                         static_cast<std::size_t>(PyTuple_GET_SIZE(impls.ptr())), arguments,
                                         py::truth(a[3])));
}

}  // namespace

PyObject* Arguments::find_equal(PyObject* name) const {
    for (std::size_t i = 0; i < count; ++i)
        if (PyUnicode_Check(names[i]) && PyUnicode_Check(name) && PyUnicode_Compare(names[i], name) == 0)
            return values[i];
    return nullptr;
}

PyObject* run_implementations(handle hook_name, PyObject* const* impls, std::size_t count, const Arguments& arguments,
                              bool firstresult) noexcept {
    return HookCall(hook_name, arguments, firstresult).run(impls, count);
}

struct StepwiseCall::State {
    HookCall call;
};

StepwiseCall::StepwiseCall(handle hook_name, const Arguments& arguments)
    : state_(new State{HookCall(hook_name, arguments, false)}) {}
StepwiseCall::~StepwiseCall() = default;
void StepwiseCall::run(const Impl* impl) { state_->call.run_one(impl); }
void StepwiseCall::set_result(object value) { state_->call.set_value(std::move(value)); }
object StepwiseCall::result() const { return state_->call.value(); }
void StepwiseCall::end_wrapper(std::optional<nb::python_error>& error) { state_->call.end_one(error); }

namespace {

/// hook_impl, hook_name, args, kwargs: an old-style wrapper as a new-style one, for managers that call hooks in a way
/// of their own.
py::Generator run_old_style(py::OwnedArgs a) {
    const Impl* impl = as_impl(a[0]);
    object names = py::to_list(py::get(a[0], "argnames"_n)), values = py::to_list(a[2]);
    if (py::truth(a[3]))
        for (object name : py::each(a[3])) {
            py::append(names, name);
            py::append(values, py::item(a[3], name));
        }
    std::size_t count = static_cast<std::size_t>(std::min(py::length(names), py::length(values)));
    Arguments arguments{PySequence_Fast_ITEMS(names.ptr()), PySequence_Fast_ITEMS(values.ptr()), count};
    StepwiseCall call(a[1], arguments);
    call.run(impl);
    std::optional<nb::python_error> error;
    try {
        call.set_result(co_yield py::none());
    } catch (nb::python_error& raised) {
        error.emplace(raised);
    }
    call.end_wrapper(error);
    if (error) throw nb::python_error(*error);
    co_return call.result();
}

}  // namespace

handle multicall_function() { return py::global<"pluggy_execution", "_multicall">(); }

FASTEST_MODULE(pluggy_execution, "pluggy._execution") {
    m.def("_multicall", "hook_name, hook_impls, caller_kwargs, firstresult", &multicall,
          "Call the implementations with the arguments they ask for and give the result or results.");
    m.generator("run_old_style_hookwrapper", "hook_impl, hook_name, args, kwargs", &run_old_style,
                "Run an old-style hookwrapper as a wrapper.");
    m.def("_raise_wrapfail", "wrap_controller, msg",
          [](py::Args a) -> object { raise_wrap_fail(a[0], py::text(a[1])); });
    m.def("_warn_teardown_exception", "hook_name, hook_impl, e", [](py::Args a) -> object {
        warn_of_teardown(a[0], as_impl(a[1]), a[2]);
        return py::none();
    });
}

FASTEST_MODULE(pluggy_warnings, "pluggy") {
    object base =
        m.cls("PluggyWarning", {PyExc_UserWarning}).doc("Base class of the warnings that pluggy emits.").make();
    m.cls("PluggyTeardownRaisedWarning", {base})
        .doc(
            "A plugin raised an exception while an old-style hookwrapper was ending.\n\n"
            "Later wrappers may then end at unexpected times or not at all. Use `Result.force_exception()`, or a\n"
            "new-style wrapper, to fail on purpose.")
        .make();
}

}  // namespace fastest::hooks
