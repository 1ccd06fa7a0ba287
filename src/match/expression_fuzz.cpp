// Any text compiles or gives an error within it; what compiles can be asked, and asks only for names that it lists.

#include <cstdint>
#include <cstdlib>

#include "match/ascii_alphabet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fastest::match;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    auto expression = Expression::compile(text, ascii_alphabet());
    if (!expression) {
        if (expression.error().position > size || (expression.error().message.empty() && expression.error().kind == ParseError::Kind::kSyntax))
            std::abort();
        return 0;
    }
    for (std::size_t pattern = 0; pattern < 4; ++pattern)
        expression->evaluate([&](std::size_t index) {
            if (index >= expression->names().size()) std::abort();
            return (pattern >> (index & 1)) & 1;
        });
    return 0;
}
