#include "engine/run/quiet_plan.h"

#include <algorithm>

#include "engine/hooks/native_caller.h"
#include "engine/py/version.h"

namespace fastest::run {
namespace {

/// The caller of `config.hook` as it is; null for anything that is not a plain, unwatched one.
const hooks::Caller* plain_caller(handle value) {
    if (!value.is_valid() || Py_TYPE(value.ptr()) != hooks::caller_type()) return nullptr;
    const hooks::Caller* caller = hooks::as_caller(value);
    return hooks::is_unwatched(caller) && PyList_CheckExact(caller->hookimpls) ? caller : nullptr;
}

bool same_items(handle tuple, handle list) {
    PyObject* const* known = PySequence_Fast_ITEMS(tuple.ptr());
    PyObject* const* now = PySequence_Fast_ITEMS(list.ptr());
    return std::equal(known, known + PyTuple_GET_SIZE(tuple.ptr()), now, now + PyList_GET_SIZE(list.ptr()));
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
    unsigned long long version = version::dict_version(table);
    bool same_callers = version && version == callers_version_;
    for (const Hook& hook : hooks_) {
        if (!same_callers && !dict_get(table, hook.name).is(hook.caller)) return false;
        const hooks::Caller* plain = plain_caller(hook.caller);
        if (!plain || !same_items(hook.implementations, plain->hookimpls)) return false;
    }
    callers_version_ = version;
    return true;
}

void QuietPlan::make() {
    callers_version_ = 0;
    hooks_.clear();
    all_.clear();
    made_.clear();
    has_foreign_ = false;
    quiet_ = true;
    struct Wanted {
        handle name;
        Foreign allowed;
    };
    for (const Wanted& wanted :
         {Wanted{"pytest_runtest_protocol"_n, Foreign::kWrappers}, Wanted{"pytest_runtest_logstart"_n, Foreign::kPlain},
          Wanted{"pytest_runtest_setup"_n, Foreign::kAll}, Wanted{"pytest_runtest_call"_n, Foreign::kAll},
          Wanted{"pytest_runtest_teardown"_n, Foreign::kAll}, Wanted{"pytest_runtest_makereport"_n, Foreign::kWrappers},
          Wanted{"pytest_report_teststatus"_n, Foreign::kNone}, Wanted{"pytest_runtest_logreport"_n, Foreign::kPlain},
          Wanted{"pytest_runtest_logfinish"_n, Foreign::kPlain}, Wanted{"pytest_pyfunc_call"_n, Foreign::kAll}}) {
        Hook& hook = hooks_.emplace_back();
        hook.name = wanted.name;
        quiet_ = fill(hook, wanted.allowed) && quiet_;
        has_foreign_ = has_foreign_ || hook.has_foreign;
    }
}

bool QuietPlan::fill(Hook& hook, Foreign allowed) {
    hook.caller = dict_get(dict_of(get(config_, "hook"_n)), hook.name);
    hook.implementations = tuple_of();
    const hooks::Caller* plain = plain_caller(hook.caller);
    if (!hook.caller.is_valid()) hook.caller = none();
    if (!plain) return false;
    hook.implementations = to_tuple(handle(plain->hookimpls));
    for (Py_ssize_t i = PyTuple_GET_SIZE(hook.implementations.ptr()); i-- > 0;) {
        const hooks::Impl* impl = hooks::as_impl(PyTuple_GET_ITEM(hook.implementations.ptr(), i));
        if (!hooks::is_ours(impl)) {
            if (allowed == Foreign::kNone ||
                (allowed != Foreign::kAll && impl->wraps() != (allowed == Foreign::kWrappers)))
                return false;
            hook.has_foreign = true;
            hook.places.push_back({nullptr, impl});
            continue;
        }
        hooks::MakeQuietPart make = hooks::quiet_part_of(hooks::implementing_function(impl));
        hooks::QuietPart* part = make ? part_for(make, worker_of(impl)) : nullptr;
        if (!part) return false;
        if (hooks::implementing_function(impl).is(dict_get(PyModule_GetDict(room("runner").ptr()), hook.name)))
            hook.runner = hook.places.size();
        hook.places.push_back({part, nullptr});
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
