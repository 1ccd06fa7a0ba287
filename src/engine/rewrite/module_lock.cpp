#include "engine/rewrite/module_lock.h"

#include <array>
#include <iterator>

namespace fastest::rewrite {
namespace {

using namespace py;

object importlib(handle name) { return lookup("_frozen_importlib", name); }

/// How importlib's locks look when nobody has them.
struct LockForm {
    PyTypeObject* type = nullptr;  // null: of a form that we don't know
    PyObject* make_inner = nullptr;
    bool counts_in_list = false;
};

bool has_known_attributes(handle attributes) {
    std::array names{"lock"_n, "wakeup"_n, "name"_n, "owner"_n, "count"_n, "waiters"_n};
    if (!PyDict_CheckExact(attributes.ptr()) || PyDict_GET_SIZE(attributes.ptr()) != std::ssize(names)) return false;
    for (handle name : names)
        if (!dict_get(attributes, name).is_valid()) return false;
    return is_none(dict_get(attributes, "owner"_n)) && !truth(dict_get(attributes, "count"_n)) &&
           !truth(dict_get(attributes, "waiters"_n));
}

LockForm find_form() {
    object type = importlib("_ModuleLock"_n), attributes = get(call(type, str("x")), "__dict__"_n);
    if (!PyType_Check(type.ptr()) || !has_known_attributes(attributes)) return {};
    object inner = get(get(dict_get(attributes, "lock"_n), "__class__"_n), "__name__"_n),
           count = dict_get(attributes, "count"_n);
    object make = lookup("_thread", equal(inner, "RLock"_n) ? "RLock"_n : "allocate_lock"_n);
    if (!PyList_CheckExact(count.ptr()) && !PyLong_CheckExact(count.ptr())) return {};
    return {reinterpret_cast<PyTypeObject*>(type.release().ptr()), make.release().ptr(),
            PyList_CheckExact(count.ptr()) != 0};
}

const LockForm& form() {
    static const LockForm kForm = find_form();
    return kForm;
}

/// A lock that the current thread has taken once.
object taken_lock(handle name) {
    object no_args = tuple_of();
    object lock = check(PyBaseObject_Type.tp_new(form().type, no_args.ptr(), nullptr));
    set(lock, "lock"_n, call(form().make_inner));
    set(lock, "wakeup"_n, call(lookup("_thread", "allocate_lock"_n)));
    set(lock, "name"_n, name);
    set(lock, "owner"_n, check(PyLong_FromUnsignedLong(PyThread_get_thread_ident())));
    set(lock, "count"_n, form().counts_in_list ? list_of(Py_True) : integer(1));
    set(lock, "waiters"_n, form().counts_in_list ? new_list() : integer(0));
    return lock;
}

}  // namespace

ModuleLock::ModuleLock(handle name) : name_(borrow(name)) {
    object locks = importlib("_module_locks"_n);
    if (!form().type || !PyDict_CheckExact(locks.ptr()) || dict_get(locks, name).is_valid()) {
        manager_ = call(importlib("_ModuleLockManager"_n), name);
        call_method(manager_, "__enter__"_n);
        return;
    }
    lock_ = taken_lock(name);
    reference_ = check(PyWeakref_NewRef(lock_.ptr(), nullptr));
    dict_set(locks, name, reference_);
}

void ModuleLock::leave() {
    if (manager_.is_valid()) {
        call_method(manager_, "__exit__"_n, Py_None, Py_None, Py_None);
        return;
    }
    if (Py_REFCNT(lock_.ptr()) > 1) call_method(lock_, "release"_n);  // somebody waits, or is about to
    object locks = importlib("_module_locks"_n);
    if (dict_get(locks, name_).is(reference_)) dict_remove(locks, name_);
    lock_ = object();
}

}  // namespace fastest::rewrite
