#include "engine/marks/expression.h"

#include "engine/py/enumeration.h"

namespace fastest::marks {
namespace {

using namespace py;

constexpr const char* kCapsule = "fastest.match.Expression";
constexpr const char* kFileName = "<pytest match expression>";

[[noreturn]] void raise_syntax_error(std::string_view message, handle input, std::size_t position) {
    raise_exception(call(PyExc_SyntaxError, str(message),
                         tuple_of(str(kFileName), integer(1), integer(static_cast<long long>(position) + 1), input)));
}

[[noreturn]] void raise_parse_error(const match::ParseError& error, handle input) {
    switch (error.kind) {
        case match::ParseError::Kind::kTooDeep: raise(PyExc_RecursionError, "maximum recursion depth exceeded");
        case match::ParseError::Kind::kRepeatedKeyword:
            raise_exception(call(PyExc_SyntaxError, str(error.message),
                                 tuple_of(str(kFileName), integer(1), integer(1), Py_None, integer(1), integer(1))));
        case match::ParseError::Kind::kSyntax: raise_syntax_error(error.message, input, error.position);
    }
    std::unreachable();
}

// --- scanner ----------------------------------------------------------------------------------

handle token_type(match::TokenKind kind) {
    constexpr int kKinds = 10;
    static PyObject* table[kKinds] = {};
    PyObject*& place = table[static_cast<int>(kind)];
    if (!place) place = call(global<"mark_expression", "TokenType">(), str(match::kind_name(kind))).release().ptr();
    return place;
}

Generator lex(OwnedArgs a) {
    object input = borrow(a[1]);
    match::Lexer lexer(text(input), python_alphabet());
    for (;;) {
        auto token = lexer.next();
        if (!token) raise_parse_error(token.error(), input);
        object made = call(global<"mark_expression", "Token">(), token_type(token->kind), str(token->value),
                           integer(static_cast<long long>(token->position)));
        bool last = token->kind == match::TokenKind::kEnd;
        co_yield std::move(made);
        if (last) break;
    }
    co_return none();
}

object scanner_init(Args a) {
    set(a[0], "input"_n, a[1]);
    set(a[0], "idents"_n, check(PySet_New(nullptr)));
    object tokens = call_method(a[0], "lex"_n, a[1]);
    set(a[0], "tokens"_n, tokens);
    set(a[0], "current"_n, call(lookup("builtins", "next"_n), tokens));
    return none();
}

object scanner_accept(Args a) {
    object current = get(a[0], "current"_n);
    if (get(current, "type"_n).is(a[1])) {
        if (!get(current, "type"_n).is(token_type(match::TokenKind::kEnd)))
            set(a[0], "current"_n, call(lookup("builtins", "next"_n), get(a[0], "tokens"_n)));
        return current;
    }
    if (truth(a[2])) call_method(a[0], "reject"_n, tuple_of(a[1]));
    return none();
}

object scanner_reject(Args a) {
    std::string expected;
    for (object type : each(a[1])) expected += cat(expected.empty() ? "" : " OR ", get(type, "value"_n));
    object current = get(a[0], "current"_n);
    raise_syntax_error(cat("expected ", expected, "; got ", get(get(current, "type"_n), "value"_n)), get(a[0], "input"_n),
                       static_cast<std::size_t>(to_int(get(current, "pos"_n))));
}

// --- expressions ------------------------------------------------------------------------------

object value_object(const match::Value& value) {
    struct Visitor {
        object operator()(std::monostate) const { return none(); }
        object operator()(bool truth) const { return boolean(truth); }
        object operator()(const match::Integer& number) const {
            return call(type_object(PyLong_Type), str(number.digits));
        }
        object operator()(const std::string& text) const { return str(text); }
    };
    return std::visit(Visitor{}, value);
}

object wrap(match::Expression expression) {
    auto compiled = std::make_unique<CompiledExpression>();
    for (const match::Name& name : expression.names()) {
        compiled->names.push_back(str(name.name));
        object arguments;
        if (!name.arguments.empty()) {
            arguments = new_dict();
            for (const auto& [key, value] : name.arguments) dict_set(arguments, str(key), value_object(value));
        }
        compiled->arguments.push_back(std::move(arguments));
    }
    compiled->expression = std::move(expression);
    object capsule = check(PyCapsule_New(compiled.get(), kCapsule, [](PyObject* self) {
        delete static_cast<CompiledExpression*>(PyCapsule_GetPointer(self, kCapsule));
    }));
    compiled.release();
    return capsule;
}

object compile(Args a) {
    auto parsed = match::Expression::compile(text(a[1]), python_alphabet());
    if (!parsed) raise_parse_error(parsed.error(), a[1]);
    object idents = check(PySet_New(nullptr));
    for (const match::Name& name : parsed->names()) check(PySet_Add(idents.ptr(), str(name.name).ptr()));
    return call(a[0], a[1], wrap(std::move(*parsed)), check(PyFrozenSet_New(idents.ptr())));
}

object evaluate(Args a) {
    const CompiledExpression* code = compiled(a[0]);
    if (!code) raise(PyExc_TypeError, "only expressions made by Expression.compile() can be evaluated");
    object keep = get(a[0], "_code"_n);
    return boolean(code->expression.evaluate([&](std::size_t index) {
        object answer = call_ex(a[1], tuple_of(code->names[index]), code->arguments[index]);
        if (!code->arguments[index].is_valid() && !PyBool_Check(answer.ptr()))
            raise(PyExc_TypeError, cat("__bool__ should return bool, returned ", Py_TYPE(answer.ptr())->tp_name));
        return truth(answer);
    }));
}

object init_expression(Args a) {
    set(a[0], "_idents"_n, a[3]);
    set(a[0], "_code"_n, a[2]);
    set(a[0], "input"_n, a[1]);
    return none();
}

void define_adapters(Module& m) {
    m.cls("MatcherNameAdapter")
        .doc("One name of an expression together with the matcher to ask.")
        .dataclass("matcher, name")
        .def("__bool__", "self", [](Args a) { return call(get(a[0], "matcher"_n), get(a[0], "name"_n)); })
        .def("__call__", "self, **kwargs",
             [](Args a) { return call_ex(get(a[0], "matcher"_n), tuple_of(get(a[0], "name"_n)), a[1]); })
        .make();
    auto unsupported = [](Args) -> object { raise(PyExc_NotImplementedError, ""); };
    m.cls("MatcherAdapter", {lookup("collections.abc", "Mapping"_n)})
        .doc("A read-only namespace whose names ask a matcher.")
        .def("__init__", "self, matcher",
             [](Args a) {
                 set(a[0], "matcher"_n, a[1]);
                 return none();
             })
        .def("__getitem__", "self, key",
             [](Args a) {
                 return call(global<"mark_expression", "MatcherNameAdapter">(), get(a[0], "matcher"_n),
                             str(text(a[1]).substr(1)));
             })
        .def("__iter__", "self", unsupported)
        .def("__len__", "self", unsupported)
        .make();
}

void define_scanner(Module& m) {
    make_enum(m, "TokenType",
              {{"LPAREN", str("left parenthesis")},
               {"RPAREN", str("right parenthesis")},
               {"OR", str("or")},
               {"AND", str("and")},
               {"NOT", str("not")},
               {"IDENT", str("identifier")},
               {"EOF", str("end of input")},
               {"EQUAL", str("=")},
               {"STRING", str("string literal")},
               {"COMMA", str(",")}});
    m.cls("Token").dataclass("type, value, pos", {.frozen = true}).make();
    m.cls("Scanner")
        .slots({"current", "idents", "input", "tokens"})
        .def("__init__", "self, input", scanner_init)
        .generator("lex", "self, input", lex)
        .def("accept", "self, type, *, reject=False", scanner_accept)
        .def("reject", "self, expected", scanner_reject)
        .make();
}

}  // namespace

const match::Alphabet& python_alphabet() {
    static const match::Alphabet alphabet{
        [](char32_t c) { return c == U'_' || Py_UNICODE_ISALNUM(c); },
        [](const std::string& word) { return PyUnicode_IsIdentifier(str(word).ptr()) == 1; },
        [](const std::string& word) { return truth(call(lookup("keyword", "iskeyword"_n), str(word))); },
        [](const std::string& word) { return truth(call_method(str(word), "isdigit"_n)); },
    };
    return alphabet;
}

const CompiledExpression* compiled(handle expression) {
    object code = get(expression, "_code"_n);
    if (!PyCapsule_IsValid(code.ptr(), kCapsule)) return nullptr;
    return static_cast<const CompiledExpression*>(PyCapsule_GetPointer(code.ptr(), kCapsule));
}

FASTEST_MODULE(mark_expression, "_pytest.mark.expression") {
    m.attr("FILE_NAME", str(kFileName));
    m.attr("IDENT_PREFIX", str("$"));
    object builtin = new_dict();
    dict_set(builtin, "True"_n, Py_True);
    dict_set(builtin, "False"_n, Py_False);
    dict_set(builtin, "None"_n, Py_None);
    m.attr("BUILTIN_MATCHERS", builtin);
    define_adapters(m);
    m.cls("Expression")
        .doc("A compiled match expression of ``-k`` or ``-m``.")
        .slots({"_code", "_idents", "input"})
        .def("__init__", "self, input, code, idents", init_expression)
        .classmethod("compile", "cls, input", compile,
                     "Compile an expression.\n\n:raises SyntaxError: if it is malformed.")
        .def("idents", "self", [](Args a) { return get(a[0], "_idents"_n); }, "The set of all names in the expression.")
        .def("evaluate", "self, matcher", evaluate,
             "Evaluate the expression.\n\n:param matcher: called as ``matcher(name, **arguments)`` for each name.")
        .make();
    define_scanner(m);
}

}  // namespace fastest::marks
