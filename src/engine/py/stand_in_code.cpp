#include "engine/py/stand_in_code.h"

#include "engine/py/error.h"
#include "engine/py/version.h"

namespace fastest::py {
namespace {

/// `(a, /, b, *args, c, **more)`: code objects know no defaults.
std::string parameter_list(const Signature& signature) {
    std::string list;
    bool only_positional = false, only_keywords = false;
    auto add = [&](std::string_view text) { list += cat(list.empty() ? "" : ", ", text); };
    for (const Parameter& p : signature.parameters()) {
        if (only_positional && p.kind != ParameterKind::kPositionalOnly) add("/");
        only_positional = p.kind == ParameterKind::kPositionalOnly;
        if (p.kind == ParameterKind::kKeywordOnly && !only_keywords) add("*");
        only_keywords |= p.kind == ParameterKind::kKeywordOnly || p.kind == ParameterKind::kVarPositional;
        bool many = p.kind == ParameterKind::kVarPositional, named = p.kind == ParameterKind::kVarKeyword;
        add(cat(many ? "*" : named ? "**" : "", p.name));
    }
    if (only_positional) add("/");
    return list;
}

std::string file_of(handle module_name) {
    object module = is_str(module_name) ? imported(text(module_name).c_str()) : object();
    return module.is_valid() ? text_of(get_or(module, "__file__"_n, "<engine>"_n)) : "<engine>";
}

}  // namespace

object stand_in_code(handle module_name, handle name, handle qualname, const Signature& signature, bool is_generator) {
    std::string source = cat("def f(", parameter_list(signature), "): ", is_generator ? "yield" : "pass", "\n");
    object whole = check(Py_CompileString(source.c_str(), file_of(module_name).c_str(), Py_file_input));
    for (object part : each(get(whole, "co_consts"_n))) {
        if (!PyCode_Check(part.ptr())) continue;
        object code = call_kw(get(part, "replace"_n), {}, {{"co_name"_n, name}});
        version::set_qualified_name(reinterpret_cast<PyCodeObject*>(code.ptr()), borrow(qualname));
        return code;
    }
    raise(PyExc_RuntimeError, "a function without code");
}

}  // namespace fastest::py
