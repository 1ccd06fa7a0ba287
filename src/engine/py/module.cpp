#include "engine/py/module.h"

#include <algorithm>

#include "engine/py/dataclass.h"
#include "engine/py/facades.h"
#include "engine/py/postponed.h"

namespace fastest::py {
namespace {

std::vector<const Registration*>& registrations() {
    static std::vector<const Registration*> table;  // complete before main, never changed afterwards
    return table;
}

struct After {
    std::string_view room;
    const char* imported;
};

/// Namespaces that are made when a module has been imported: who watches for that import may ask for the namespace.
constexpr After kAfter[] = {{"logging_formatters", "logging"}, {"logging_handlers", "logging"}};

PyObject* g_namespaces = nullptr;  // name -> module object; the engine's types live as long as the process

object spec_function(std::string_view name, std::string_view signature, Body body, GeneratorBody generator,
                     std::string_view doc, handle closure, const char* module, std::string_view owner) {
    auto spec = std::make_shared<const FunctionSpec>(std::string(name), Signature(signature), body, generator,
                                                     std::string(doc));
    std::string qualname = owner.empty() ? std::string(name) : cat(owner, ".", name);
    return make_function(std::move(spec), closure, module, qualname);
}

void mark_hook(handle function, const HookOptions& options, bool wrapper) {
    object table = new_dict();
    dict_set(table, "wrapper"_n, boolean(wrapper));
    dict_set(table, "hookwrapper"_n, Py_False);
    dict_set(table, "optionalhook"_n, boolean(options.optionalhook));
    dict_set(table, "tryfirst"_n, boolean(options.tryfirst));
    dict_set(table, "trylast"_n, boolean(options.trylast));
    dict_set(table, "specname"_n, options.specname ? str(options.specname) : none());
    set(function, "pytest_impl"_n, table);
}

}  // namespace

// --- classes ----------------------------------------------------------------------------------

ClassBuilder::ClassBuilder(Module& module, std::string_view name, std::initializer_list<handle> bases)
    : module_(module), name_(name), body_(new_dict()) {
    for (handle base : bases) bases_.push_back(borrow(base));
    attr("__module__", str(module.public_name()));
    attr("__qualname__", str(name));
}

ClassBuilder::ClassBuilder(Module& module, std::string_view name, handle existing)
    : module_(module), name_(name), body_(new_dict()), existing_(borrow(existing)) {}

object ClassBuilder::function(std::string_view name, std::string_view signature, Body body, GeneratorBody generator,
                              std::string_view doc, handle closure) {
    return spec_function(name, signature, body, generator, doc, closure, module_.public_name(), name_);
}

ClassBuilder& ClassBuilder::attr(std::string_view name, handle value) {
    dict_set(body_, str(name), value);
    return *this;
}

ClassBuilder& ClassBuilder::def(std::string_view name, std::string_view signature, Body body, std::string_view doc) {
    last_ = function(name, signature, body, nullptr, doc);
    return attr(name, last_);
}

ClassBuilder& ClassBuilder::generator(std::string_view name, std::string_view signature, GeneratorBody body,
                                      std::string_view doc) {
    last_ = function(name, signature, nullptr, body, doc);
    return attr(name, last_);
}

ClassBuilder& ClassBuilder::staticmethod(std::string_view name, std::string_view signature, Body body,
                                         std::string_view doc) {
    return attr(name, check(PyStaticMethod_New(function(name, signature, body, nullptr, doc).ptr())));
}

ClassBuilder& ClassBuilder::classmethod(std::string_view name, std::string_view signature, Body body,
                                        std::string_view doc) {
    return attr(name, check(PyClassMethod_New(function(name, signature, body, nullptr, doc).ptr())));
}

ClassBuilder& ClassBuilder::prop(std::string_view name, Body getter, Body setter, std::string_view doc) {
    object fget = function(name, "self", getter, nullptr, doc);
    object fset = setter ? function(name, "self, value", setter, nullptr, {}) : none();
    last_ = fget;
    return attr(name, call(type_object(PyProperty_Type), fget, fset));
}

ClassBuilder& ClassBuilder::doc(std::string_view text) { return attr("__doc__", str(text)); }

ClassBuilder& ClassBuilder::slots(std::initializer_list<const char*> names) {
    object list = new_list();
    for (const char* name : names) append(list, str(name));
    return attr("__slots__", to_tuple(list));
}

ClassBuilder& ClassBuilder::metaclass(handle type) {
    metaclass_ = borrow(type);
    return *this;
}

ClassBuilder& ClassBuilder::generic() {
    return classmethod("__class_getitem__", "cls, item",
                       [](Args a) { return check(Py_GenericAlias(a[0].ptr(), a[1].ptr())); });
}

ClassBuilder& ClassBuilder::abstract() {
    set(last_, "__isabstractmethod__"_n, Py_True);
    return *this;
}

ClassBuilder& ClassBuilder::hook(std::string_view name, std::string_view signature, Body body, HookOptions options) {
    def(name, signature, body);
    mark_hook(last_, options, false);
    return *this;
}

ClassBuilder& ClassBuilder::wrapper(std::string_view name, std::string_view signature, GeneratorBody body,
                                    HookOptions options) {
    generator(name, signature, body);
    mark_hook(last_, options, true);
    return *this;
}

ClassBuilder& ClassBuilder::dataclass(std::string_view fields, Dataclass options) {
    DataclassMethods methods = dataclass_methods(fields, name_, module_.public_name(),
                                                 {options.frozen, options.eq, options.repr, options.init});
    if (options.init) attr("__init__", methods.init);
    if (options.repr) attr("__repr__", methods.repr);
    if (options.eq) attr("__eq__", methods.eq);
    if (options.eq && options.frozen) attr("__hash__", methods.hash);
    if (options.eq && !options.frozen) attr("__hash__", Py_None);
    if (options.frozen) {
        attr("__setattr__", methods.setattr);
        attr("__delattr__", methods.delattr);
    }
    attr("__dataclass_fields__", methods.fields);
    attr("__dataclass_params__", methods.params);
    if (options.init)
        for (object name : each(methods.defaults)) dict_set(body_, name, dict_get(methods.defaults, name));
    attr("__match_args__", methods.match_args);
    return *this;
}

object ClassBuilder::make() {
    if (existing_.is_valid()) {
        for (object name : each(body_)) set(existing_, name, dict_get(body_, name));
        module_.attr(name_, existing_);
        return existing_;
    }
    if (object slots = dict_get(body_, "__slots__"_n); slots.is_valid())
        for (object name : each(slots))  // no defaults of a dataclass
            if (PyDict_Contains(body_.ptr(), name.ptr()) == 1) check(PyDict_DelItem(body_.ptr(), name.ptr()));
    object bases = check(PyTuple_New(static_cast<Py_ssize_t>(bases_.size())));
    for (std::size_t i = 0; i < bases_.size(); ++i)
        PyTuple_SET_ITEM(bases.ptr(), static_cast<Py_ssize_t>(i), Py_NewRef(bases_[i].ptr()));
    object type = metaclass_;
    if (!type.is_valid()) type = bases_.empty() ? borrow(type_object(PyType_Type)) : borrow(type_of(bases_[0]));
    object result = call(type, str(name_), bases, body_);
    module_.attr(name_, result);
    return result;
}

// --- namespaces -------------------------------------------------------------------------------

object Module::def(std::string_view name, std::string_view signature, Body body, std::string_view doc) {
    object function = spec_function(name, signature, body, nullptr, doc, {}, public_name_, {});
    attr(name, function);
    return function;
}

object Module::generator(std::string_view name, std::string_view signature, GeneratorBody body, std::string_view doc) {
    object function = spec_function(name, signature, nullptr, body, doc, {}, public_name_, {});
    attr(name, function);
    return function;
}

object Module::hook(std::string_view name, std::string_view signature, Body body, HookOptions options) {
    object function = def(name, signature, body);
    mark_hook(function, options, false);
    return function;
}

object Module::wrapper(std::string_view name, std::string_view signature, GeneratorBody body, HookOptions options) {
    object function = generator(name, signature, body);
    mark_hook(function, options, true);
    return function;
}

void Module::attr(std::string_view name, handle value) { set(module_, str(name), value); }

object Module::get(std::string_view name) const { return py::get(module_, str(name)); }

namespace {

/// Names of a namespace that are defined when somebody looks them up.
struct Postponed {
    PyObject* module;
    const char* public_name;
    std::vector<std::string_view> names;
    Define define;
};

std::vector<Postponed>& postponed() {
    static auto* const all = new std::vector<Postponed>;  // what is in it is made once in a process
    return *all;
}

/// Defines the name if that was postponed. Null when it was not.
object define_postponed(handle module, std::string_view name) {
    for (Postponed& entry : postponed()) {
        if (entry.module != module.ptr() || std::ranges::find(entry.names, name) == entry.names.end()) continue;
        entry.names.clear();
        Module target(module, entry.public_name);
        entry.define(target);
        return dict_get(PyModule_GetDict(module.ptr()), str(name));
    }
    return {};
}

/// Closure: the namespace.
object namespace_getattr(Args a) {
    object found = define_postponed(a.closure(), text(a[0]));
    if (!found.is_valid())
        PyErr_Format(PyExc_AttributeError, "module %R has no attribute %R", get(a.closure(), "__name__"_n).ptr(),
                     a[0].ptr());
    return found;
}

object in_namespace(handle module, handle name) {
    object found = dict_get(PyModule_GetDict(module.ptr()), name);
    return found.is_valid() ? found : define_postponed(module, text(name));
}

}  // namespace

object defined(std::string_view space, std::string_view name) {
    object module = g_namespaces ? dict_get(g_namespaces, str(space)) : object();
    return module.is_valid() ? dict_get(PyModule_GetDict(module.ptr()), str(name)) : object();
}

void Module::later(std::initializer_list<const char*> names, Define define) {
    postponed().push_back({module_.ptr(), public_name_, {names.begin(), names.end()}, define});
    handle table = PyModule_GetDict(module_.ptr());
    if (!dict_get(table, "__getattr__"_n).is_valid())
        dict_set(table, "__getattr__"_n, make_function("__getattr__", "name", namespace_getattr, module_));
}

Registration::Registration(const char* name, const char* public_name, Define define)
    : name(name), public_name(public_name), define(define) {
    registrations().push_back(this);
}

handle room(std::string_view name) {
    if (!g_namespaces) g_namespaces = new_dict().release().ptr();
    object key = str(name);
    if (object found = dict_get(g_namespaces, key); found.is_valid()) return found;
    if (auto* after = std::ranges::find(kAfter, name, &After::room); after != std::end(kAfter)) {
        import_module(after->imported);
        if (object found = dict_get(g_namespaces, key); found.is_valid()) return found;
    }
    for (const Registration* registration : registrations()) {
        if (name != registration->name) continue;
        object full_name = strcat("fastest._engine.", name);
        object module = check(PyModule_NewObject(full_name.ptr()));
        dict_set(g_namespaces, key, module);
        bool collecting = PyGC_Disable();  // all that is made here stays
        try {
            Module target(module, registration->public_name);
            registration->define(target);
        } catch (...) {
            if (collecting) PyGC_Enable();
            dict_remove(g_namespaces, key);
            throw;
        }
        if (collecting) PyGC_Enable();
        return dict_get(g_namespaces, key);
    }
    raise(PyExc_AttributeError, cat("module 'fastest._engine' has no attribute '", name, "'"));
}

object room_value(std::string_view public_name, handle name) {
    for (const Registration* registration : registrations()) {
        if (public_name != registration->public_name) continue;
        if (object found = defined(registration->name, text(name)); found.is_valid()) return found;
    }
    for (const Registration* registration : registrations()) {
        if (public_name != registration->public_name || !is_searched(registration->name)) continue;
        if (object found = in_namespace(room(registration->name), name); found.is_valid()) return found;
    }
    return {};
}

std::vector<std::pair<object, object>> room_hooks(std::string_view public_name) {
    std::vector<std::pair<object, object>> hooks;
    for (const Registration* registration : registrations()) {
        if (public_name != registration->public_name || !is_searched(registration->name)) continue;
        handle table = PyModule_GetDict(room(registration->name).ptr());
        PyObject *key, *value;
        for (Py_ssize_t at = 0; PyDict_Next(table.ptr(), &at, &key, &value);)
            if (is_native_function(value) && text(key).starts_with("pytest_"))
                hooks.emplace_back(borrow(key), borrow(value));
    }
    return hooks;
}

namespace {

/// The import system asks for `__path__` and the like each time.
bool is_namespace(std::string_view name) {
    for (const Registration* registration : registrations())
        if (name == registration->name) return true;
    return false;
}

object missing_namespace(handle name) {
    PyErr_Format(PyExc_AttributeError, "module 'fastest._engine' has no attribute %R", name.ptr());
    return {};
}

}  // namespace

void define_extension(handle module) {
    object getter = make_function(
        "__getattr__", "name",
        [](Args a) {
            std::string name = text(a[0]);
            if (!is_namespace(name)) return missing_namespace(a[0]);
            handle found = room(name);
            set(a.closure(), a[0], found);  // asked once only
            return borrow(found);
        },
        module);
    set(module, "__getattr__"_n, getter);
    object names = new_list();
    for (const Registration* registration : registrations()) append(names, str(registration->name));
    set(module, "namespaces"_n, names);
    define_facades(module);
}

}  // namespace fastest::py
