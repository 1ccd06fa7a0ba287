#include "engine/py/function.h"

#include <structmember.h>
#include <cstddef>
#include <new>

#include "engine/py/error.h"
#include "engine/py/recursion.h"
#include "engine/py/shown_default.h"
#include "engine/py/stand_in_code.h"

namespace fastest::py {
namespace {

struct NativeFunction {
    PyObject_HEAD;
    vectorcallfunc vectorcall;
    std::shared_ptr<const FunctionSpec> spec;
    PyObject* closure;
    PyObject* name;
    PyObject* qualname;
    PyObject* module;
    PyObject* doc;  // when it has been set; else that of the spec
    PyObject* dict;
    PyObject* code;  // when somebody has asked for it
    PyObject* weakrefs;

    template <class F>
    int for_each_ref(F&& visit) {
        for (PyObject** ref : {&closure, &name, &qualname, &module, &doc, &dict, &code})
            if (int status = visit(*ref)) return status;
        return 0;
    }
};

PyTypeObject* g_function_type = nullptr;  // made once, immutable

NativeFunction* as_function(PyObject* self) { return reinterpret_cast<NativeFunction*>(self); }

object run(NativeFunction* function, PyObject* const* values) {
    const FunctionSpec& spec = *function->spec;
    Args args(values, function->closure);
    if (spec.generator) return make_generator(spec.generator(OwnedArgs(args, spec.signature.size())));
    return spec.body(args);
}

PyObject* function_vectorcall(PyObject* self, PyObject* const* args, size_t nargsf, PyObject* keyword_names) {
    NativeFunction* function = as_function(self);
    const FunctionSpec& spec = *function->spec;
    auto count = static_cast<std::size_t>(PyVectorcall_NARGS(nargsf));
    if (!enter_level(" in a native function")) return nullptr;
    PyObject* result = guard([&] {
        if (!keyword_names && spec.signature.exact(count)) return run(function, args);
        PyObject* values[32];
        std::vector<object> owned;
        spec.signature.bind(PyUnicode_AsUTF8(function->qualname), args, count, keyword_names, values, owned);
        return run(function, values);
    });
    Py_LeaveRecursiveCall();
    return result;
}

PyObject* function_get(PyObject* self, PyObject* instance, PyObject*) {
    if (!instance || instance == Py_None) return Py_NewRef(self);
    return PyMethod_New(self, instance);
}

int function_traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    return as_function(self)->for_each_ref([&](PyObject* ref) { return ref ? visit(ref, arg) : 0; });
}

int function_clear(PyObject* self) {
    return as_function(self)->for_each_ref([](PyObject*& ref) {
        Py_CLEAR(ref);
        return 0;
    });
}

void function_dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (as_function(self)->weakrefs) PyObject_ClearWeakRefs(self);
    function_clear(self);
    as_function(self)->spec.~shared_ptr();
    type->tp_free(self);
    Py_DECREF(type);
}

void track(PyObject* self) {
    if (!PyObject_GC_IsTracked(self)) PyObject_GC_Track(self);
}

int function_set(PyObject* self, PyObject* name, PyObject* value) {
    track(self);
    return PyObject_GenericSetAttr(self, name, value);
}

PyObject* get_dict(PyObject* self, void* context) {
    track(self);
    return PyObject_GenericGetDict(self, context);
}

PyObject* function_repr(PyObject* self) {
    return PyUnicode_FromFormat("<function %U at %p>", as_function(self)->qualname, self);
}

/// A function that wraps another has no signature of its own: `inspect` asks the other one.
PyObject* get_signature(PyObject* self, void*) {
    return guard([&] {
        handle dict = as_function(self)->dict;
        if (dict.is_valid() && dict_get(dict, "__wrapped__"_n).is_valid()) raise(PyExc_AttributeError, "__signature__");
        return as_function(self)->spec->signature.inspect_signature();
    });
}

template <PyObject* NativeFunction::*Field>
PyObject* get_text(PyObject* self, void*) {
    return Py_NewRef(as_function(self)->*Field);
}

template <PyObject* NativeFunction::*Field>
int set_text(PyObject* self, PyObject* value, void* name) {
    if (!value || !PyUnicode_Check(value)) {
        PyErr_Format(PyExc_TypeError, "%s must be set to a string object", static_cast<const char*>(name));
        return -1;
    }
    Py_XSETREF(as_function(self)->*Field, Py_NewRef(value));
    return 0;
}

int set_doc(PyObject* self, PyObject* value, void*) {
    Py_XSETREF(as_function(self)->doc, Py_NewRef(value ? value : Py_None));
    return 0;
}

PyObject* get_doc(PyObject* self, void*) {
    if (as_function(self)->doc) return Py_NewRef(as_function(self)->doc);
    const std::string& doc = as_function(self)->spec->doc;
    return doc.empty() ? Py_NewRef(Py_None)
                       : PyUnicode_FromStringAndSize(doc.data(), static_cast<Py_ssize_t>(doc.size()));
}

PyObject* reduce(PyObject* self, PyObject*) { return Py_NewRef(as_function(self)->qualname); }

PyObject* get_defaults(PyObject* self, void*) {
    return guard([&]() -> object {
        object values = new_list();
        for (const Parameter& p : as_function(self)->spec->signature.parameters())
            if (p.optional && p.kind <= ParameterKind::kPositional) append(values, shown_default(p));
        return length(values) ? to_tuple(values) : none();
    });
}

PyObject* get_keyword_defaults(PyObject* self, void*) {
    return guard([&]() -> object {
        object values = new_dict();
        for (const Parameter& p : as_function(self)->spec->signature.parameters())
            if (p.optional && p.kind == ParameterKind::kKeywordOnly) dict_set(values, str(p.name), shown_default(p));
        return length(values) ? values : none();
    });
}

PyObject* get_code(PyObject* self, void*) {
    return guard([&]() -> object {
        NativeFunction* function = as_function(self);
        if (!function->code) {
            const FunctionSpec& spec = *function->spec;
            function->code = stand_in_code(function->module, function->name, function->qualname, spec.signature,
                                           spec.generator != nullptr)
                                 .release()
                                 .ptr();
        }
        return borrow(function->code);
    });
}

PyObject* get_globals(PyObject* self, void*) {
    return guard([&]() -> object {
        handle name = as_function(self)->module;
        object module = is_str(name) ? imported(text(name).c_str()) : object();
        return module.is_valid() ? borrow(PyModule_GetDict(module.ptr())) : new_dict();
    });
}

/// `isinstance` and `inspect` take it for a function of Python.
PyObject* get_class(PyObject*, void*) { return Py_NewRef(reinterpret_cast<PyObject*>(&PyFunction_Type)); }

PyObject* get_none(PyObject*, void*) { return Py_NewRef(Py_None); }

/// There are none until somebody sets some, as `functools.wraps` does.
PyObject* get_annotations(PyObject* self, void*) {
    PyObject* own = as_function(self)->dict;
    PyObject* known = own ? PyDict_GetItemWithError(own, "__annotations__"_n.ptr()) : nullptr;
    return known || PyErr_Occurred() ? Py_XNewRef(known) : PyDict_New();
}

int set_annotations(PyObject* self, PyObject* value, void*) {
    return guard_status([&] {
        object own = steal(get_dict(self, nullptr));
        if (!own.is_valid()) throw nb::python_error();
        dict_set(own, "__annotations__"_n, value ? handle(value) : handle(new_dict()));
    });
}

PyMemberDef kMembers[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(NativeFunction, vectorcall), READONLY, nullptr},
    {"__dictoffset__", T_PYSSIZET, offsetof(NativeFunction, dict), READONLY, nullptr},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(NativeFunction, weakrefs), READONLY, nullptr},
    {"__module__", T_OBJECT, offsetof(NativeFunction, module), 0, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

char kName[] = "__name__", kQualname[] = "__qualname__";

PyGetSetDef kProperties[] = {
    {kName, get_text<&NativeFunction::name>, set_text<&NativeFunction::name>, nullptr, kName},
    {kQualname, get_text<&NativeFunction::qualname>, set_text<&NativeFunction::qualname>, nullptr, kQualname},
    {"__dict__", get_dict, PyObject_GenericSetDict, nullptr, nullptr},
    {"__signature__", get_signature, nullptr, nullptr, nullptr},
    {"__doc__", get_doc, set_doc, nullptr, nullptr},
    {"__defaults__", get_defaults, nullptr, nullptr, nullptr},
    {"__kwdefaults__", get_keyword_defaults, nullptr, nullptr, nullptr},
    {"__annotations__", get_annotations, set_annotations, nullptr, nullptr},
    {"__code__", get_code, nullptr, nullptr, nullptr},
    {"__globals__", get_globals, nullptr, nullptr, nullptr},
    {"__closure__", get_none, nullptr, nullptr, nullptr},
    {"__class__", get_class, nullptr, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyMethodDef kMethods[] = {
    {"__reduce__", reduce, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyTypeObject* make_type() {
    PyType_Slot slots[] = {
        {Py_tp_dealloc, reinterpret_cast<void*>(function_dealloc)},
        {Py_tp_traverse, reinterpret_cast<void*>(function_traverse)},
        {Py_tp_clear, reinterpret_cast<void*>(function_clear)},
        {Py_tp_repr, reinterpret_cast<void*>(function_repr)},
        {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
        {Py_tp_setattro, reinterpret_cast<void*>(function_set)},
        {Py_tp_descr_get, reinterpret_cast<void*>(function_get)},
        {Py_tp_members, kMembers},
        {Py_tp_getset, kProperties},
        {Py_tp_methods, kMethods},
        {0, nullptr},
    };
    PyType_Spec spec{"fastest._engine.native_function", sizeof(NativeFunction), 0,
                     Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL |
                         Py_TPFLAGS_METHOD_DESCRIPTOR | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                     slots};
    return reinterpret_cast<PyTypeObject*>(check(PyType_FromSpec(&spec)).release().ptr());
}

}  // namespace

handle function_type() {
    if (!g_function_type) g_function_type = make_type();
    return reinterpret_cast<PyObject*>(g_function_type);
}

bool is_native_function(handle value) { return Py_TYPE(value.ptr()) == g_function_type; }

const FunctionSpec& function_spec(handle function) { return *as_function(function.ptr())->spec; }

handle function_closure(handle function) { return as_function(function.ptr())->closure; }

Generator start_generator(handle function, PyObject* const* args) {
    const FunctionSpec& spec = function_spec(function);
    return spec.generator(OwnedArgs(Args(args, function_closure(function).ptr()), spec.signature.size()));
}

object make_function(std::shared_ptr<const FunctionSpec> spec, handle closure, std::string_view module,
                     std::string_view qualname) {
    auto* type = reinterpret_cast<PyTypeObject*>(function_type().ptr());
    object self = check(type->tp_alloc(type, 0));
    NativeFunction* function = as_function(self.ptr());
    new (&function->spec) std::shared_ptr<const FunctionSpec>(std::move(spec));
    function->vectorcall = function_vectorcall;
    function->closure = Py_XNewRef(closure.ptr());
    function->name = str(function->spec->name).release().ptr();
    PyUnicode_InternInPlace(&function->name);
    function->qualname = qualname.empty() ? Py_NewRef(function->name) : str(qualname).release().ptr();
    function->module = module.empty() ? Py_NewRef(Py_None) : str(module).release().ptr();
    if (!closure.ptr())
        PyObject_GC_UnTrack(self.ptr());  // until it has a dict, it refers to nothing that could refer back
    return self;
}

object make_function(std::string_view name, std::string_view signature, Body body, handle closure,
                     std::string_view doc) {
    return make_function(
        std::make_shared<const FunctionSpec>(std::string(name), Signature(signature), body, nullptr, std::string(doc)),
        closure);
}

}  // namespace fastest::py
