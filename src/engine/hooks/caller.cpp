#include "engine/hooks/caller.h"

#include "engine/py/module.h"

namespace fastest::hooks {

using namespace py::literals;

namespace {

/// The arguments of a call with the defaults of the specification filled in.
class Completed {
public:
    Completed(const Spec* spec, const Arguments& given)
        : names_(given.names, given.names + given.count), values_(given.values, given.values + given.count) {
        PyObject *name, *value;
        for (Py_ssize_t at = 0; PyDict_Next(spec->kwargdefaults, &at, &name, &value);) {
            if (given.find(name)) continue;
            names_.push_back(name);
            values_.push_back(value);
        }
    }
    Arguments arguments() const { return {names_.data(), values_.data(), names_.size()}; }

private:
    std::vector<PyObject*> names_, values_;
};

object as_dict(const Arguments& arguments) {
    object table = py::new_dict();
    for (std::size_t i = 0; i < arguments.count; ++i) py::dict_set(table, arguments.names[i], arguments.values[i]);
    return table;
}

/// The UserWarning about arguments of the specification that the call leaves out; `lacks(name)` says which.
template <class Lacks>
void warn_missing(const Spec* spec, Lacks&& lacks) {
    std::string missing;
    for (object name : py::each(spec->argnames)) {
        if (!lacks(name)) continue;
        if (!missing.empty()) missing += ", ";
        missing += py::text(py::repr_of(name));
    }
    if (missing.empty()) return;
    std::string text =
        py::cat("Argument(s) ", missing, " which are declared in the hookspec cannot be found in this hook call");
    py::warn(PyExc_UserWarning, text);
}

void verify_arguments(Spec* spec, const Arguments& arguments, PyObject* keyword_names) {
    if (keyword_names && spec->complete == keyword_names) return;
    bool complete = true;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(spec->argnames); ++i)
        complete = complete && arguments.find(PyTuple_GET_ITEM(spec->argnames, i));
    if (complete && keyword_names) py::store(spec->complete, keyword_names);
    if (!complete) warn_missing(spec, [&](handle name) { return !arguments.find(name.ptr()); });
}

bool wants_first(const Spec* spec) {
    if (!spec) return false;
    if (PyDict_CheckExact(spec->opts)) {
        object value = py::dict_get(spec->opts, "firstresult"_n);
        return value.is_valid() && py::truth(value);
    }
    return py::truth(py::call_method(spec->opts, "get"_n, "firstresult"_n, handle(Py_False)));
}

/// Runs a list of implementations, which may change meanwhile: it is copied.
PyObject* run_list(const Caller* caller, handle list, const Arguments& arguments, bool firstresult) {
    auto count = static_cast<std::size_t>(PyList_GET_SIZE(list.ptr()));
    if (!count) return firstresult ? py::share(Py_None) : PyList_New(0);
    object copy = py::check(PyList_AsTuple(list.ptr()));
    PyObject** items = &PyTuple_GET_ITEM(copy.ptr(), 0);
    for (std::size_t i = 0; i < count; ++i) as_impl(items[i]);
    return run_implementations(caller->name, items, count, arguments, firstresult);
}

PyObject* execute(const Caller* caller, handle list, const Arguments& arguments, bool firstresult) {
    if (is_unwatched(caller)) return run_list(caller, list, arguments, firstresult);
    object copy = py::check(PyList_GetSlice(list.ptr(), 0, PyList_GET_SIZE(list.ptr())));
    return py::call(handle(caller->hookexec), handle(caller->name), copy, as_dict(arguments), py::boolean(firstresult))
        .release()
        .ptr();
}

PyObject* call_hook(Caller* caller, const Arguments& given, PyObject* keyword_names) {
    if (is_historic(caller))
        py::raise(PyExc_AssertionError, "Cannot directly call a historic hook - use call_historic instead.");
    Spec* spec = caller_spec(caller);
    if (spec) verify_arguments(spec, given, keyword_names);
    bool first = wants_first(spec);
    object list = caller_impls(caller);
    if (spec && PyDict_GET_SIZE(spec->kwargdefaults))
        return execute(caller, list, Completed(spec, given).arguments(), first);
    return execute(caller, list, given, first);
}

PyObject* caller_vectorcall(PyObject* self, PyObject* const* args, size_t nargsf, PyObject* keyword_names) {
    if (Py_ssize_t positional = PyVectorcall_NARGS(nargsf)) {
        PyErr_Format(PyExc_TypeError, "HookCaller.__call__() takes 1 positional argument but %zd were given",
                     positional + 1);
        return nullptr;
    }
    object alive = py::borrow(self);
    PyObject* result = nullptr;
    try {
        Arguments arguments{nullptr, args, 0};
        if (keyword_names) {
            arguments.names = &PyTuple_GET_ITEM(keyword_names, 0);
            arguments.count = static_cast<std::size_t>(PyTuple_GET_SIZE(keyword_names));
        }
        result = call_hook(py::as_record<Caller>(self), arguments, keyword_names);
    } catch (...) {
        py::set_current_error();
    }
    return result;
}

PyObject* caller_new(PyTypeObject* type, PyObject*, PyObject*) {
    PyObject* self = type->tp_alloc(type, 0);
    if (!self) return nullptr;
    auto* caller = py::as_record<Caller>(self);
    caller->vectorcall = caller_vectorcall;
    caller->name = py::share(Py_None);
    caller->spec = py::share(Py_None);
    caller->call_history = py::share(Py_None);
    return self;
}

/// Remembers whose executor it is when that is PluginManager's own method.
void set_hookexec(Caller* caller, handle hookexec) {
    caller->manager = nullptr;
    py::store(caller->hookexec, hookexec);
    if (!PyMethod_Check(hookexec.ptr())) return;
    handle self = PyMethod_GET_SELF(hookexec.ptr());
    if (!PyObject_TypeCheck(self.ptr(), manager_core_type())) return;
    if (PyMethod_GET_FUNCTION(hookexec.ptr()) == py::global<"pluggy_manager", "_hookexec">().ptr())
        caller->manager = py::as_record<ManagerCore>(self);
}

PyObject* get_hookexec(PyObject* self, void*) {
    PyObject* value = py::as_record<Caller>(self)->hookexec;
    if (!value) PyErr_SetString(PyExc_AttributeError, "_hookexec");
    return py::share(value);
}

int put_hookexec(PyObject* self, PyObject* value, void*) {
    return py::guard_status([&] {
        if (!value) py::raise(PyExc_AttributeError, "_hookexec");
        set_hookexec(py::as_record<Caller>(self), value);
    });
}

PyMemberDef kMembers[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Caller, vectorcall), READONLY, nullptr},
    {"spec", T_OBJECT_EX, offsetof(Caller, spec), 0, nullptr},
    {"_hookimpls", T_OBJECT_EX, offsetof(Caller, hookimpls), 0, nullptr},
    {"_call_history", T_OBJECT_EX, offsetof(Caller, call_history), 0, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

PyGetSetDef kProperties[] = {
    py::kept_field<Caller, &Caller::name>("name"),
    {"_hookexec", get_hookexec, put_hookexec, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyMemberDef kSubsetMembers[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Caller, vectorcall), READONLY, nullptr},
    {"_orig", T_OBJECT_EX, offsetof(Caller, orig), READONLY, nullptr},
    {"_remove_plugins", T_OBJECT_EX, offsetof(Caller, removed), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

PyMemberDef kCoreMembers[] = {
    {"_inner_hookexec", T_OBJECT_EX, offsetof(ManagerCore, inner_hookexec), 0, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

const Caller* whole(const Caller* caller) {
    while (caller->orig) caller = py::as_record<Caller>(caller->orig);
    return caller;
}

object remaining_impls(handle list, handle removed) {
    object kept = py::new_list();
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list.ptr()); ++i) {
        object impl = py::borrow(PyList_GET_ITEM(list.ptr(), i));
        if (!py::contains(removed, as_impl(impl)->plugin)) py::append(kept, impl);
    }
    return kept;
}

Caller* self_of(py::Args a) { return py::as_record<Caller>(a[0]); }

object initialise(py::Args a) {
    Caller* self = self_of(a);
    py::store(self->name, a[1]);
    set_hookexec(self, a[2]);
    py::store(self->hookimpls, py::new_list());
    py::store(self->call_history, Py_None);
    py::store(self->spec, Py_None);
    if (!py::is_none(a[3])) {
        if (py::is_none(a[4])) py::raise_exception(py::call(handle(PyExc_AssertionError)));
        set_specification(self, a[3], a[4]);
    }
    return py::none();
}

object initialise_subset(py::Args a) {
    Caller* self = self_of(a);
    Caller* orig = as_caller(a[1]);
    py::store(self->orig, a[1]);
    py::store(self->removed, a[2]);
    py::store(self->name, orig->name);
    set_hookexec(self, orig->hookexec);
    return py::none();
}

/// A mapping of keyword arguments, taken apart.
struct Unpacked {
    explicit Unpacked(handle mapping)
        : table(PyDict_Check(mapping.ptr()) ? py::borrow(mapping) : py::call(py::type_object(PyDict_Type), mapping)) {
        PyObject *name, *value;
        for (Py_ssize_t at = 0; PyDict_Next(table.ptr(), &at, &name, &value);) {
            names.push_back(name);
            values.push_back(value);
        }
    }
    Arguments arguments() const { return {names.data(), values.data(), names.size()}; }

    object table;
    std::vector<PyObject*> names, values;
};

/// The call's arguments and the defaults of the specification, in a dict: the one given when there are no defaults.
object with_defaults(const Caller* caller, handle kwargs) {
    const Spec* spec = caller_spec(caller);
    if (!spec || !PyDict_GET_SIZE(spec->kwargdefaults)) return py::borrow(kwargs);
    object merged = py::check(PyDict_Copy(spec->kwargdefaults));
    py::check(PyDict_Update(merged.ptr(), kwargs.ptr()));
    return merged;
}

void verify_mapping(const Caller* caller, handle kwargs) {
    if (const Spec* spec = caller_spec(caller))
        warn_missing(spec, [&](handle name) { return !py::contains(kwargs, name); });
}

object call_historic(py::Args a) {
    Caller* self = self_of(a);
    if (!is_historic(self)) py::raise_exception(py::call(handle(PyExc_AssertionError)));
    object kwargs = py::is_none(a[2]) || !py::truth(a[2]) ? py::new_dict() : py::borrow(a[2]);
    verify_mapping(self, kwargs);
    kwargs = with_defaults(self, kwargs);
    py::append(whole(self)->call_history, py::tuple_of(kwargs, a[1]));
    object result = py::check(execute(self, caller_impls(self), Unpacked(kwargs).arguments(), false));
    if (!py::is_none(a[1]) && PyList_Check(result.ptr()))
        for (object value : py::each(result)) py::call(a[1], value);
    return py::none();
}

object extra_options() {
    object opts = py::new_dict();
    for (handle name : {"wrapper"_n, "hookwrapper"_n, "optionalhook"_n, "trylast"_n, "tryfirst"_n})
        py::dict_set(opts, name, Py_False);
    py::dict_set(opts, "specname"_n, Py_None);
    return opts;
}

object call_extra(py::Args a) {
    Caller* self = self_of(a);
    if (is_historic(self))
        py::raise(PyExc_AssertionError, "Cannot directly call a historic hook - use call_historic instead.");
    verify_mapping(self, a[2]);
    object kwargs = with_defaults(self, a[2]);
    object list = py::to_list(caller_impls(self));
    object opts = extra_options();
    for (object method : py::each(a[1])) {
        object impl = make_impl(Py_None, "<temp>"_n, method, opts);
        Py_ssize_t at = PyList_GET_SIZE(list.ptr());
        while (at > 0) {
            const Impl* before = as_impl(PyList_GET_ITEM(list.ptr(), at - 1));
            if (!before->tryfirst && !before->wraps()) break;
            --at;
        }
        py::check(PyList_Insert(list.ptr(), at, impl.ptr()));
    }
    return py::check(execute(self, list, Unpacked(kwargs).arguments(), wants_first(caller_spec(self))));
}

object caller_repr(py::Args a) { return py::strcat("<HookCaller ", py::repr_of(py::get(a[0], "name"_n)), ">"); }
object subset_repr(py::Args a) { return py::strcat("<_SubsetHookCaller ", py::repr_of(py::get(a[0], "name"_n)), ">"); }

object get_hookimpls(py::Args a) {
    object list = caller_impls(self_of(a));
    return py::check(PyList_GetSlice(list.ptr(), 0, PyList_GET_SIZE(list.ptr())));
}

void define_caller(py::Module& m) {
    m.extend("HookCaller", reinterpret_cast<PyObject*>(caller_type()))
        .def("__init__", "self, name, hook_execute, specmodule_or_class=None, spec_opts=None", &initialise)
        .def("__repr__", "self", &caller_repr)
        .def("has_spec", "self", [](py::Args a) -> object { return py::boolean(caller_spec(self_of(a))); })
        .def(
            "is_historic", "self", [](py::Args a) -> object { return py::boolean(is_historic(self_of(a))); },
            "Whether calls are kept for implementations that are registered later.")
        .def("set_specification", "self, specmodule_or_class, spec_opts",
             [](py::Args a) -> object {
                 set_specification(self_of(a), a[1], a[2]);
                 return py::none();
             })
        .def("get_hookimpls", "self", &get_hookimpls, "The implementations, the one called last first.")
        .def("_add_hookimpl", "self, hookimpl",
             [](py::Args a) -> object {
                 add_impl(self_of(a), a[1]);
                 return py::none();
             })
        .def("_remove_plugin", "self, plugin",
             [](py::Args a) -> object {
                 remove_plugin(self_of(a), a[1]);
                 return py::none();
             })
        .def("_maybe_apply_history", "self, method",
             [](py::Args a) -> object {
                 apply_history(self_of(a), a[1]);
                 return py::none();
             })
        .def("_apply_defaults", "self, kwargs", [](py::Args a) -> object { return with_defaults(self_of(a), a[1]); })
        .def("_verify_all_args_are_provided", "self, kwargs",
             [](py::Args a) -> object {
                 verify_mapping(self_of(a), a[1]);
                 return py::none();
             })
        .def("call_historic", "self, result_callback=None, kwargs=None", &call_historic,
             "Call the hook with `kwargs` for all plugins registered now or later; results go to `result_callback`.")
        .def("call_extra", "self, methods, kwargs", &call_extra,
             "Call the hook with `methods` as further implementations for this call.")
        .doc("A caller of all registered implementations of a hook.")
        .make();
}

void define_subset(py::Module& m) {
    m.extend("_SubsetHookCaller", reinterpret_cast<PyObject*>(subset_caller_type()))
        .def("__init__", "self, orig, remove_plugins", &initialise_subset)
        .def("__repr__", "self", &subset_repr)
        .prop("_hookimpls", [](py::Args a) -> object { return caller_impls(self_of(a)); })
        .prop("spec", [](py::Args a) -> object { return py::borrow(whole(self_of(a))->spec); })
        .prop("_call_history", [](py::Args a) -> object { return py::borrow(whole(self_of(a))->call_history); })
        .doc("A caller that leaves the implementations of some plugins out.")
        .make();
}

}  // namespace

PyTypeObject* manager_core_type() {
    static PyTypeObject* type = py::make_record<ManagerCore>("pluggy._manager._ManagerCore", kCoreMembers);
    return type;
}

PyTypeObject* caller_type() {
    static PyTypeObject* type = py::make_record<Caller>("pluggy._caller.HookCaller", kMembers,
                                                        {{Py_tp_new, reinterpret_cast<void*>(caller_new)},
                                                         {Py_tp_getset, kProperties},
                                                         {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)}},
                                                        Py_TPFLAGS_HAVE_VECTORCALL);
    return type;
}

PyTypeObject* subset_caller_type() {
    static PyTypeObject* type = py::make_record<Caller>(
        "pluggy._caller._SubsetHookCaller", kSubsetMembers,
        {{Py_tp_new, reinterpret_cast<void*>(caller_new)}, {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)}},
        Py_TPFLAGS_HAVE_VECTORCALL, caller_type());
    return type;
}

Caller* as_caller(handle value) {
    if (!PyObject_TypeCheck(value.ptr(), caller_type()))
        py::raise(PyExc_TypeError, py::cat("expected a HookCaller, not ", Py_TYPE(value.ptr())->tp_name));
    return py::as_record<Caller>(value);
}

object make_caller(handle name, handle hookexec) {
    return py::call(py::global<"pluggy_caller", "HookCaller">(), name, hookexec);
}

object make_subset_caller(handle orig, handle removed) {
    return py::call(py::global<"pluggy_caller", "_SubsetHookCaller">(), orig, removed);
}

Spec* caller_spec(const Caller* caller) {
    PyObject* spec = whole(caller)->spec;
    return !spec || spec == Py_None ? nullptr : as_spec(spec);
}

bool is_historic(const Caller* caller) {
    PyObject* history = whole(caller)->call_history;
    return history && history != Py_None;
}

object caller_impls(const Caller* caller) {
    if (caller->orig) return remaining_impls(caller_impls(py::as_record<Caller>(caller->orig)), caller->removed);
    if (!caller->hookimpls || !PyList_Check(caller->hookimpls)) py::raise(PyExc_TypeError, "_hookimpls is not a list");
    return py::borrow(caller->hookimpls);
}

bool is_unwatched(const Caller* caller) {
    return caller->manager && caller->manager->inner_hookexec == multicall_function().ptr();
}

void set_specification(Caller* caller, handle namespace_, handle opts) {
    if (const Spec* spec = caller_spec(caller))
        py::raise(PyExc_ValueError, py::cat("Hook ", py::repr_of(spec->name),
                                            " is already registered within namespace ", handle(spec->namespace_)));
    py::store(caller->spec, py::call(py::global<"pluggy_spec", "HookSpec">(), namespace_, handle(caller->name), opts));
    if (py::truth(py::call_method(opts, "get"_n, "historic"_n))) py::store(caller->call_history, py::new_list());
}

void add_impl(Caller* caller, handle impl) {
    const Impl* added = as_impl(impl);
    object list = caller_impls(caller);
    Py_ssize_t size = PyList_GET_SIZE(list.ptr());
    auto at = [&](Py_ssize_t i) { return as_impl(PyList_GET_ITEM(list.ptr(), i)); };
    Py_ssize_t first_wrapper = 0;
    while (first_wrapper < size && !at(first_wrapper)->wraps()) ++first_wrapper;
    Py_ssize_t begin = added->wraps() ? first_wrapper : 0;
    Py_ssize_t end = added->wraps() ? size : first_wrapper;
    Py_ssize_t place = end;
    if (added->trylast) {
        place = begin;
    } else if (!added->tryfirst) {
        while (place > begin && at(place - 1)->tryfirst) --place;
    }
    py::check(PyList_Insert(list.ptr(), place, impl.ptr()));
}

void remove_plugin(Caller* caller, handle plugin) {
    object list = caller_impls(caller);
    object kept = py::new_list();
    for (object impl : py::each(list))
        if (!py::equal(as_impl(impl)->plugin, plugin)) py::append(kept, impl);
    if (PyList_GET_SIZE(kept.ptr()) == PyList_GET_SIZE(list.ptr()))
        py::raise(PyExc_ValueError, py::cat("plugin ", py::repr_of(plugin), " not found"));
    py::check(PyList_SetSlice(list.ptr(), 0, PyList_GET_SIZE(list.ptr()), kept.ptr()));
}

void apply_history(Caller* caller, handle impl) {
    if (!is_historic(caller)) return;
    for (object entry : py::each(whole(caller)->call_history)) {
        object kwargs = py::item(entry, py::integer(0));
        object callback = py::item(entry, py::integer(1));
        object result = py::check(execute(caller, py::list_of(impl), Unpacked(kwargs).arguments(), false));
        if (py::truth(result) && !py::is_none(callback)) py::call(callback, py::item(result, py::integer(0)));
    }
}

FASTEST_MODULE(pluggy_caller, "pluggy._caller") {
    define_caller(m);
    define_subset(m);
    m.cls("HookRelay")
        .slots({"__dict__"})
        .def("__init__", "self", [](py::Args) -> object { return py::none(); })
        .doc("Holds a hook caller for every hook, under its name.")
        .make();
}

}  // namespace fastest::hooks
