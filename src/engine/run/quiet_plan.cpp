#include "engine/run/quiet_plan.h"

#include "engine/hooks/native_caller.h"

namespace fastest::run {
namespace {

/// The caller of `config.hook` as it is; null for anything that is not a plain, unwatched one.
const hooks::Caller* plain_caller(handle value) {
    if (!value.is_valid() || Py_TYPE(value.ptr()) != hooks::caller_type()) return nullptr;
    const hooks::Caller* caller = hooks::as_caller(value);
    return hooks::is_unwatched(caller) && PyList_CheckExact(caller->hookimpls) ? caller : nullptr;
}

bool same_items(handle tuple, handle list) {
    Py_ssize_t size = PyTuple_GET_SIZE(tuple.ptr());
    if (PyList_GET_SIZE(list.ptr()) != size) return false;
    for (Py_ssize_t i = 0; i < size; ++i)
        if (PyTuple_GET_ITEM(tuple.ptr(), i) != PyList_GET_ITEM(list.ptr(), i)) return false;
    return true;
}

/// Whom a function works for: the object that it is bound to, or the plugin.
handle worker_of(const hooks::Impl* impl) {
    handle function = impl->function;
    return PyMethod_Check(function.ptr()) ? handle(PyMethod_GET_SELF(function.ptr())) : handle(impl->plugin);
}

}  // namespace

bool QuietPlan::holds() const {
    if (hooks_.empty()) return false;
    object relay = get(config_, "hook"_n);
    object table = dict_of(relay);
    for (const Hook& hook : hooks_) {
        handle caller = PyDict_GetItemWithError(table.ptr(), hook.name.ptr());
        if (!caller.is_valid() || !caller.is(hook.caller)) return false;
        const hooks::Caller* plain = plain_caller(caller);
        if (!plain || !same_items(hook.implementations, plain->hookimpls)) return false;
    }
    return true;
}

void QuietPlan::make() {
    hooks_.clear();
    all_.clear();
    for (Parts& place : places_) place.clear();
    made_.clear();
    Parts ignored;
    auto [protocol, start, setup, call, teardown, report, log] = std::tie(
        places_[0], places_[1], places_[2], places_[3], places_[4], places_[5], places_[6]);
    struct Place {
        handle name;
        Parts* parts;
    };
    quiet_ = true;
    for (const Place& place : {Place{"pytest_runtest_protocol"_n, &protocol}, Place{"pytest_runtest_logstart"_n, &start},
                               Place{"pytest_runtest_setup"_n, &setup}, Place{"pytest_runtest_call"_n, &call},
                               Place{"pytest_runtest_teardown"_n, &teardown}, Place{"pytest_pyfunc_call"_n, &ignored},
                               Place{"pytest_runtest_makereport"_n, &report}, Place{"pytest_report_teststatus"_n, &report},
                               Place{"pytest_runtest_logreport"_n, &log}, Place{"pytest_runtest_logfinish"_n, &ignored}})
        quiet_ = add_hook(place.name, place.parts) && quiet_;
}

bool QuietPlan::add_hook(handle name, Parts* place) {
    object caller = dict_get(dict_of(get(config_, "hook"_n)), name);
    const hooks::Caller* plain = plain_caller(caller);
    if (!plain) {
        hooks_.push_back({name, caller.is_valid() ? caller : none(), tuple_of()});
        return false;
    }
    object implementations = to_tuple(handle(plain->hookimpls));
    hooks_.push_back({name, caller, implementations});
    for (Py_ssize_t i = PyTuple_GET_SIZE(implementations.ptr()); i-- > 0;) {
        const hooks::Impl* impl = hooks::as_impl(PyTuple_GET_ITEM(implementations.ptr(), i));
        hooks::MakeQuietPart make = hooks::quiet_part_of(hooks::implementing_function(impl));
        if (!make) return false;
        hooks::QuietPart* part = part_for(make, worker_of(impl));
        if (!part) return false;
        place->push_back(part);
    }
    return true;
}

hooks::QuietPart* QuietPlan::part_for(hooks::MakeQuietPart make, handle plugin) {
    for (const Made& known : made_)
        if (known.make == make && known.plugin == plugin.ptr()) return known.part.get();
    std::unique_ptr<hooks::QuietPart> part = make(plugin, run_);
    if (!part) return nullptr;
    made_.push_back({make, plugin.ptr(), std::move(part)});
    all_.push_back(made_.back().part.get());
    return all_.back();
}

}  // namespace fastest::run
