#include "engine/py/enumeration.h"

#include "engine/py/light_import.h"

namespace fastest::py {

object make_enum(Module& module, std::string_view name, std::initializer_list<EnumMember> members,
                 std::initializer_list<EnumMethod> methods, std::string_view doc, const char* public_name,
                 handle base) {
    object parent = base.is_valid() ? borrow(base) : get(light_import("enum"), "Enum"_n);
    handle metaclass(type_of(parent));
    const char* shown = public_name ? public_name : module.public_name();
    object bases = tuple_of(parent);
    object body = call_method(metaclass, "__prepare__"_n, str(name), bases);
    set_item(body, "__module__"_n, str(shown));
    set_item(body, "__qualname__"_n, str(name));
    if (!doc.empty()) set_item(body, "__doc__"_n, str(doc));
    for (const EnumMember& member : members) set_item(body, str(member.name), member.value);
    for (const EnumMethod& method : methods) {
        auto spec = std::make_shared<const FunctionSpec>(method.name, Signature(method.signature), method.body, nullptr,
                                                         std::string());
        object function = make_function(std::move(spec), handle(), shown, cat(name, ".", method.name));
        set_item(body, str(method.name), method.classmethod ? check(PyClassMethod_New(function.ptr())) : function);
    }
    object result = call(metaclass, str(name), bases, body);
    module.attr(name, result);
    return result;
}

}  // namespace fastest::py
