#include "engine/py/ini_choices.h"

#include "engine/py/function.h"
#include "engine/py/module.h"

namespace fastest::py {

object ini_choices(handle parser, std::initializer_list<const char*> choices) {
    object texts = new_list();
    for (const char* choice : choices) append(texts, str(choice));
    texts = to_tuple(texts);
    if (is_native_function(get(type_of(parser), "addini"_n))) return call(global<"argparsing", "_IniLiteral">(), texts);
    return item(lookup("typing", "Literal"_n), texts);
}

}  // namespace fastest::py
