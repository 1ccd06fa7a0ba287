// MonkeyPatch: changes of attributes, items, environment, sys.path and the current directory that are undone together.
//
// What to restore stands in the instance: `_setattr` and `_setitem`, lists of (target, name, old value or NOTSET),
// `_cwd` and
// `_savesyspath`.

#include "engine/py/context_manager.h"
#include "engine/py/module.h"
#include "engine/py/system_path.h"

namespace fastest::builtin {
namespace {

using namespace py;

object unset() { return lookup("_pytest.compat", "NOTSET"_n); }
object or_unset(object value) { return value.is_valid() ? value : unset(); }
bool is_given(Args& a, std::size_t index) { return a.given(index) && !a[index].is(unset()); }

// --- dotted targets ---------------------------------------------------------------------------

object annotated_getattr(handle target, handle name, handle place) {
    object found = try_get(target, name);
    if (found.is_valid()) return found;
    try {
        return get(target, name);
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_AttributeError)) throw;
        Handling handling(error);
        raise_from(call(PyExc_AttributeError, strcat(repr_of(get(type_of(target), "__name__"_n)), " object at ", place,
                                                     " has no attribute ", repr_of(name))),
                   borrow(error.value()));
    }
}

void import_part(handle path) {
    try {
        call(lookup("importlib", "import_module"_n), path);
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_ImportError)) throw;
        object words = call_method(to_str(error.value()), "split"_n);
        if (equal(item(words, integer(-1)), path)) throw;
        Handling handling(error);
        raise_from(call(PyExc_ImportError, strcat("import error in ", path, ": ", error.value())),
                   borrow(error.value()));
    }
}

/// The object that a dotted name means; modules on the way are imported.
object resolve(handle name) {
    object parts = call_method(name, "split"_n, str(".")), used, found;
    for (object part : each(parts)) {
        if (!found.is_valid()) {
            used = part;
            found = call(lookup("importlib", "import_module"_n), used);
            continue;
        }
        used = strcat(used, ".", part);
        if (object next = try_get(found, part); next.is_valid()) {
            found = next;
            continue;
        }
        import_part(used);
        found = annotated_getattr(found, part, used);
    }
    return found;
}

struct Target {
    object name, object_;
};

Target derive_target(handle path, bool raising) {
    if (!is_str(path) || !contains(path, str(".")))
        raise(PyExc_TypeError, cat("must be absolute import path string, not ", repr_of(path)));
    object parts = call_method(path, "rsplit"_n, str("."), integer(1));
    object module = item(parts, integer(0)), name = item(parts, integer(1));
    object target = resolve(module);
    if (raising) annotated_getattr(target, name, module);
    return {name, target};
}

// --- attributes -------------------------------------------------------------------------------

bool is_data_descriptor(handle type, handle name) {
    for (object base : each(get(type, "__mro__"_n))) {
        object space = get(base, "__dict__"_n);
        if (!contains(space, name)) continue;
        handle kind = type_of(item(space, name));
        return has(kind, "__set__"_n) || has(kind, "__delete__"_n);
    }
    return false;
}

object own_value(handle target, handle name) { return call_method(get(target, "__dict__"_n), "get"_n, name, unset()); }

/// What to put back: of classes and instances their own value, so that inherited ones are not copied down.
object value_to_restore(handle target, handle name, object current) {
    if (PyType_Check(target.ptr())) return own_value(target, name);
    if (is_data_descriptor(type_of(target), name)) return current;
    object space = try_get(target, "__dict__"_n);
    if (space.is_valid() && (PyDict_Check(space.ptr()) || is_instance(space, lookup("collections.abc", "Mapping"_n))))
        return call_method(space, "get"_n, name, unset());
    return current;
}

void remember(handle self, handle list, handle target, handle name, handle value) {
    append(get(self, list), tuple_of(target, name, value));
}

object set_attribute(Args a) {
    bool raising = truth(a[4]);
    Target target{borrow(a[2]), borrow(a[1])};
    object value = a.given(3) ? borrow(a[3]) : unset();
    if (!is_given(a, 3)) {
        if (!is_str(a[1]))
            raise(PyExc_TypeError,
                  "use setattr(target, name, value) or setattr(target, value) with target being a dotted import "
                  "string");
        value = borrow(a[2]);
        target = derive_target(a[1], raising);
    } else if (!is_str(a[2])) {
        raise(PyExc_TypeError,
              "use setattr(target, name, value) with name being a string or setattr(target, value) with target "
              "being a dotted import string");
    }
    object old = or_unset(try_get(target.object_, target.name));
    if (raising && old.is(unset()))
        raise(PyExc_AttributeError, cat(repr_of(target.object_), " has no attribute ", repr_of(target.name)));
    old = value_to_restore(target.object_, target.name, old);
    set(target.object_, target.name, value);
    remember(a[0], "_setattr"_n, target.object_, target.name, old);
    return none();
}

object delete_attribute(Args a) {
    bool raising = truth(a[3]);
    Target target{a.given(2) ? borrow(a[2]) : unset(), borrow(a[1])};
    if (!is_given(a, 2)) {
        if (!is_str(a[1]))
            raise(PyExc_TypeError,
                  "use delattr(target, name) or delattr(target) with target being a dotted import string");
        target = derive_target(a[1], raising);
    }
    object old = try_get(target.object_, target.name);
    if (!old.is_valid()) {
        if (raising) raise_exception(call(PyExc_AttributeError, target.name));
        return none();
    }
    if (PyType_Check(target.object_.ptr())) old = own_value(target.object_, target.name);
    del(target.object_, target.name);
    remember(a[0], "_setattr"_n, target.object_, target.name, old);
    return none();
}

// --- items and environment --------------------------------------------------------------------

void put_item(handle self, handle mapping, handle key, handle value) {
    object old = call_method(mapping, "get"_n, key, unset());
    set_item(mapping, key, value);
    remember(self, "_setitem"_n, mapping, key, old);
}

void remove_item(handle self, handle mapping, handle key, bool raising) {
    if (!contains(mapping, key)) {
        if (raising) raise_exception(call(PyExc_KeyError, key));
        return;
    }
    object old = call_method(mapping, "get"_n, key, unset());
    check(PyObject_DelItem(mapping.ptr(), key.ptr()));
    remember(self, "_setitem"_n, mapping, key, old);
}

object set_environment(Args a) {
    handle name = a[1], prepend = a[3];
    object value = borrow(a[2]), environ = lookup("os", "environ"_n);
    if (!is_str(value)) {
        std::string message =
            cat("Value of environment variable ", name, " type should be str, but got ", repr_of(value),
                " (type: ", get(type_of(value), "__name__"_n), "); converted to str implicitly");
        object category = lookup("_pytest.warning_types", "PytestWarning"_n);
        warn(category, message);
        value = to_str(value);
    }
    if (truth(prepend) && contains(environ, name)) {
        value = check(PyNumber_Add(value.ptr(), prepend.ptr()));
        value = check(PyNumber_Add(value.ptr(), item(environ, name).ptr()));
    }
    call_method(a[0], "setitem"_n, environ, name, value);
    return none();
}

// --- import path and directory ----------------------------------------------------------------

/// Old namespace packages keep lists of their folders, which must learn of the new entry.
void fix_namespace_packages(handle path) {
    object module = steal(PyImport_GetModule(str("pkg_resources").ptr()));
    if (!module.is_valid()) return;
    if (object names = try_get(module, "_namespace_packages"_n); names.is_valid() && truth(names)) {
        object root = call(system_path(), to_str(path));
        for (object name : each(names)) {
            if (is_none(name)) continue;
            object folder =
                call_method(root, "joinpath"_n, call_method(name, "replace"_n, str("."), lookup("os", "sep"_n)));
            if (!truth(call_method(folder, "is_dir"_n))) continue;
            object warning =
                call_method(lookup("_pytest.deprecated", "MONKEYPATCH_LEGACY_NAMESPACE_PACKAGES"_n), "format"_n);
            warn(type_of(warning), text_of(warning));
            break;
        }
    }
    call_method(module, "fixup_namespace_packages"_n, to_str(path));
}

object prepend_path(Args a) {
    object path = lookup("sys", "path"_n);
    if (is_none(get(a[0], "_savesyspath"_n))) set(a[0], "_savesyspath"_n, to_list(path));
    call_method(path, "insert"_n, integer(0), to_str(a[1]));
    fix_namespace_packages(a[1]);
    call(lookup("importlib", "invalidate_caches"_n));
    return none();
}

object change_directory(Args a) {
    if (is_none(get(a[0], "_cwd"_n))) set(a[0], "_cwd"_n, call(lookup("os", "getcwd"_n)));
    call(lookup("os", "chdir"_n), a[1]);
    return none();
}

// --- undoing ----------------------------------------------------------------------------------

void clear_list(handle list) { check(PySequence_DelSlice(list.ptr(), 0, length(list))); }

object reversed(handle list) {
    object copy = to_list(list);
    check(PyList_Reverse(copy.ptr()));
    return copy;
}

void undo_attributes(handle self) {
    object changes = get(self, "_setattr"_n), absent = unset();
    for (object change : each(reversed(changes))) {
        object target = item(change, integer(0)), name = item(change, integer(1)), value = item(change, integer(2));
        if (value.is(absent))
            del(target, name);
        else
            set(target, name, value);
    }
    clear_list(changes);
}

void undo_items(handle self) {
    object changes = get(self, "_setitem"_n), absent = unset();
    for (object change : each(reversed(changes))) {
        object target = item(change, integer(0)), key = item(change, integer(1)), value = item(change, integer(2));
        if (!value.is(absent)) {
            set_item(target, key, value);
        } else if (PyObject_DelItem(target.ptr(), key.ptr()) < 0) {
            if (!PyErr_ExceptionMatches(PyExc_KeyError)) throw nb::python_error();
            PyErr_Clear();
        }
    }
    clear_list(changes);
}

object undo(Args a) {
    handle self = a[0];
    undo_attributes(self);
    undo_items(self);
    if (object path = get(self, "_savesyspath"_n); !is_none(path)) {
        object current = lookup("sys", "path"_n);
        check(PyList_SetSlice(current.ptr(), 0, PyList_GET_SIZE(current.ptr()), path.ptr()));
        set(self, "_savesyspath"_n, Py_None);
    }
    if (object directory = get(self, "_cwd"_n); !is_none(directory)) {
        call(lookup("os", "chdir"_n), directory);
        set(self, "_cwd"_n, Py_None);
    }
    return none();
}

Generator in_context(OwnedArgs a) {
    object patch = call(a[0]);
    std::optional<nb::python_error> failure;
    try {
        co_yield patch;
    } catch (nb::python_error& error) {
        failure.emplace(std::move(error));
    }
    if (failure) {
        Handling handling(*failure);
        call_method(patch, "undo"_n);
        throw std::move(*failure);
    }
    call_method(patch, "undo"_n);
    co_return none();
}

object init(Args a) {
    set(a[0], "_setattr"_n, new_list());
    set(a[0], "_setitem"_n, new_list());
    set(a[0], "_cwd"_n, Py_None);
    set(a[0], "_savesyspath"_n, Py_None);
    return none();
}

}  // namespace

FASTEST_MODULE(monkeypatch, "_pytest.monkeypatch") {
    m.def("resolve", "name", [](Args a) { return resolve(a[0]); });
    m.def("annotated_getattr", "obj, name, ann", [](Args a) { return annotated_getattr(a[0], a[1], a[2]); });
    m.def("derive_importpath", "import_path, raising", [](Args a) {
        Target target = derive_target(a[0], truth(a[1]));
        return tuple_of(target.name, target.object_);
    });
    m.def("_is_data_descriptor", "cls, name", [](Args a) { return boolean(is_data_descriptor(a[0], a[1])); });
    m.cls("MonkeyPatch")
        .doc("Changes things for a while. The fixture ``monkeypatch`` gives one and calls undo() after the test.")
        .def("__init__", "self", init)
        .classmethod(
            "context", "cls", [](Args a) { return make_context_manager(in_context, {a[0]}); },
            "A context manager that gives a new MonkeyPatch and undoes it at the end of the block.")
        .def("setattr", "self, target, name, value=_pytest.compat.NOTSET, raising=True", set_attribute,
             "Set an attribute: ``setattr(obj, \"name\", value)`` or ``setattr(\"dotted.name\", value)``.\n\n:param "
             "raising: raise "
             "AttributeError if there is no such attribute yet.")
        .def(
            "delattr", "self, target, name=_pytest.compat.NOTSET, raising=True", delete_attribute,
            "Delete an attribute: ``delattr(obj, \"name\")`` or ``delattr(\"dotted.name\")``.\n\n:param raising: raise "
            "AttributeError if there is no such attribute.")
        .def(
            "setitem", "self, dic, name, value",
            [](Args a) {
                put_item(a[0], a[1], a[2], a[3]);
                return none();
            },
            "Set an item of a mapping.")
        .def(
            "delitem", "self, dic, name, raising=True",
            [](Args a) {
                remove_item(a[0], a[1], a[2], truth(a[3]));
                return none();
            },
            "Delete an item of a mapping.\n\n:param raising: raise KeyError if there is none.")
        .def("setenv", "self, name, value, prepend=None", set_environment,
             "Set an environment variable.\n\n:param prepend: a separator; the old value is kept behind the new one "
             "and it.")
        .def(
            "delenv", "self, name, raising=True",
            [](Args a) {
                call_kw(get(a[0], "delitem"_n), {lookup("os", "environ"_n), a[1]}, {{"raising"_n, a[2]}});
                return none();
            },
            "Delete an environment variable.\n\n:param raising: raise KeyError if there is none.")
        .def("syspath_prepend", "self, path", prepend_path, "Put a folder in front of sys.path.")
        .def("chdir", "self, path", change_directory, "Change the current directory.")
        .def("undo", "self", undo, "Undo all changes so far, the last first.")
        .make();
}

}  // namespace fastest::builtin
