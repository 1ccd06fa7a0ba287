#pragma once
// `enum.Enum` classes made natively.

#include <initializer_list>
#include <string_view>

#include "engine/py/module.h"

namespace fastest::py {

struct EnumMember {
    const char* name;
    object value;
};
struct EnumMethod {
    const char* name;
    const char* signature;
    Body body;
    bool classmethod = false;
};

/// Makes an Enum class and puts it into the namespace. `base` is null for `enum.Enum`.
object make_enum(Module& module, std::string_view name, std::initializer_list<EnumMember> members,
                 std::initializer_list<EnumMethod> methods = {}, std::string_view doc = {}, const char* public_name = nullptr,
                 handle base = handle());

}  // namespace fastest::py
