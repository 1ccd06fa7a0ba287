#pragma once
// Namespaces of the extension, and the classes and functions in them.
//
//   FASTEST_MODULE(outcomes, "_pytest.outcomes") {
//       m.def("fail", "reason='', pytrace=True", &fail);
//       m.cls("OutcomeException", {PyExc_BaseException}).def("__init__", "self, msg=None", &init).make();
//   }
//
// defines `fastest._engine.outcomes`; the second name is the `__module__` that its classes and functions show. A namespace is
// made when it is first asked for, once in a process. Classes are ordinary Python classes with native methods: users may
// subclass, patch, copy and pickle them.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "engine/py/function.h"

namespace fastest::py {

/// How a hook implementation wants to be called (pluggy's HookimplOpts).
struct HookOptions {
    bool tryfirst = false;
    bool trylast = false;
    bool optionalhook = false;
    const char* specname = nullptr;
};

class Module;
using Define = void (*)(Module&);

/// Collects a class body, then makes the class.
class ClassBuilder {
public:
    ClassBuilder(Module& module, std::string_view name, std::initializer_list<handle> bases);
    /// Adds to a type that exists.
    ClassBuilder(Module& module, std::string_view name, handle existing);

    ClassBuilder& def(std::string_view name, std::string_view signature, Body body, std::string_view doc = {});
    ClassBuilder& generator(std::string_view name, std::string_view signature, GeneratorBody body,
                            std::string_view doc = {});
    ClassBuilder& staticmethod(std::string_view name, std::string_view signature, Body body, std::string_view doc = {});
    ClassBuilder& classmethod(std::string_view name, std::string_view signature, Body body, std::string_view doc = {});
    /// Getter "self"; setter "self, value". The deleter, "self", is rare.
    ClassBuilder& prop(std::string_view name, Body getter, Body setter = nullptr, std::string_view doc = {});
    ClassBuilder& attr(std::string_view name, handle value);
    ClassBuilder& doc(std::string_view text);
    ClassBuilder& slots(std::initializer_list<const char*> names);
    ClassBuilder& metaclass(handle type);
    /// `Class[...]` works, as with typing.Generic, and typing is not imported.
    ClassBuilder& generic();
    /// Marks the method defined last as abstract (the metaclass must be an ABCMeta).
    ClassBuilder& abstract();
    /// A hook implementation as a method of this class.
    ClassBuilder& hook(std::string_view name, std::string_view signature, Body body, HookOptions options = {});
    ClassBuilder& wrapper(std::string_view name, std::string_view signature, GeneratorBody body, HookOptions options = {});
    /// Dataclass behaviour: `__init__` with this signature (without self; fields in order), `__repr__`, `__eq__`,
    /// `__dataclass_fields__`, `__match_args__`; frozen ones hash and refuse assignment. `__post_init__` is called if there is one.
    struct Dataclass {
        bool frozen = false;
        bool eq = true;
        bool repr = true;
        bool init = true;
    };
    ClassBuilder& dataclass(std::string_view fields, Dataclass options);
    ClassBuilder& dataclass(std::string_view fields) { return dataclass(fields, Dataclass{}); }

    /// Makes the class and puts it into the namespace.
    object make();

private:
    object function(std::string_view name, std::string_view signature, Body body, GeneratorBody generator,
                    std::string_view doc, handle closure = handle());

    Module& module_;
    std::string name_;
    std::vector<object> bases_;
    object body_;
    object metaclass_;
    object existing_;
    object last_;
};

/// A namespace while it is being filled.
class Module {
public:
    Module(handle module, const char* public_name) : module_(borrow(module)), public_name_(public_name) {}

    object def(std::string_view name, std::string_view signature, Body body, std::string_view doc = {});
    object generator(std::string_view name, std::string_view signature, GeneratorBody body, std::string_view doc = {});
    /// A hook implementation; `pytest_impl` is set on it as `pytest.hookimpl` sets it.
    object hook(std::string_view name, std::string_view signature, Body body, HookOptions options = {});
    /// A new-style hook wrapper, written as a coroutine.
    object wrapper(std::string_view name, std::string_view signature, GeneratorBody body, HookOptions options = {});
    ClassBuilder cls(std::string_view name, std::initializer_list<handle> bases = {}) { return {*this, name, bases}; }
    /// Gives a raw heap type (see record.h) its methods and properties, and puts it into the namespace.
    ClassBuilder extend(std::string_view name, handle type) { return {*this, name, type}; }
    void attr(std::string_view name, handle value);
    object get(std::string_view name) const;
    /// Leaves these names to `define`, which is called when one of them is first looked up.
    void later(std::initializer_list<const char*> names, Define define);

    handle module() const { return module_; }
    const char* public_name() const { return public_name_; }

private:
    object module_;
    const char* public_name_;
};

/// A namespace's entry in the table; made by FASTEST_MODULE before main.
struct Registration {
    const char* name;
    const char* public_name;
    Define define;
    Registration(const char* name, const char* public_name, Define define);
};

/// The namespace `fastest._engine.<name>`, made when needed.
handle room(std::string_view name);

/// Something of a namespace, remembered after the first look-up: `global<"nodes", "Item">()`. For classes and constants
/// of the engine, never for what users may patch.
template <FixedString Namespace, FixedString Name>
handle global() {
    static PyObject* value = nullptr;
    if (!value) [[unlikely]]
        value = get(room(Namespace.text), operator""_n<Name>()).release().ptr();
    return value;
}

/// An attribute of a module, remembered after the first look-up: for classes and constants that nobody replaces.
template <FixedString ModuleName, FixedString Name>
handle known() {
    static PyObject* value = nullptr;
    if (!value) [[unlikely]]
        value = lookup(ModuleName.text, operator""_n<Name>()).release().ptr();
    return value;
}

/// A module, imported at the first call: for names that users patch on it, `get(module_of<"time">(), "time"_n)`.
template <FixedString Name>
handle module_of() {
    static PyObject* value = nullptr;
    if (!value) [[unlikely]]
        value = import_module(Name.text).release().ptr();
    return value;
}

/// The attribute of a facade module as it is now (users and tests patch these), e.g. `facade("_pytest.timing", "time"_n)`.
inline object facade(const char* module, handle name) { return lookup(module, name); }

/// Fills the extension module: its `__getattr__` makes namespaces.
void define_extension(handle module);

#define FASTEST_MODULE(name, public_name)                                                            \
    [[gnu::cold]] static void fastest_define_##name(::fastest::py::Module&);                         \
    static const ::fastest::py::Registration fastest_registration_##name{#name, public_name,         \
                                                                         &fastest_define_##name};    \
    static void fastest_define_##name([[maybe_unused]] ::fastest::py::Module& m)

}  // namespace fastest::py
