// Hints at what ends a collection: parameters that a function does not have, markers that nobody has declared.

#include "engine/extras/hints.h"
#include "engine/fixtures/notices.h"
#include "engine/py/version.h"

namespace fastest::extras {
namespace {

/// `In test_it.py::test_a: function uses no argument 'vlaue'`
void hint_at_parameter(const Failure& failure, const std::string& message, Hints& hints) {
    std::string wanted = between(message, "function uses no argument '", "'");
    std::string name = between(message, "In ", ": function uses no");
    if (std::size_t colons = name.rfind("::"); colons != std::string::npos) name = name.substr(colons + 2);
    if (wanted.empty() || name.empty()) return;
    object function = dict_get(to_dict(get(get(failure.node, "obj"_n), "__dict__"_n)), str(name));
    if (!function.is_valid()) return;
    object code = get(call(fixtures::compat("get_real_func"_n), function), "__code__"_n);
    long long count = to_int(get(code, "co_argcount"_n)) + to_int(get(code, "co_kwonlyargcount"_n));
    match::NearestNames nearest(wanted);
    for (long long i = 0; i < count; ++i) nearest.offer(text(item(version::code_varnames(code), integer(i))));
    hints.add(did_you_mean(nearest.found()));
}

/// `'slwo' not found in `markers` configuration option`
void hint_at_marker(const Failure& failure, const std::string& message, Hints& hints) {
    std::string wanted = between(message, "'", "' not found in `markers`");
    if (wanted.empty()) return;
    match::NearestNames nearest(wanted);
    for (object line : each(call_method(failure.config, "getini"_n, str("markers")))) {
        std::string declared = text(line);
        nearest.offer(declared.substr(0, declared.find_first_of(":( ")));
    }
    hints.add(did_you_mean(nearest.found()));
}

}  // namespace

void hint_at_collection(const Failure& failure, Hints& hints) {
    if (!is_instance(failure.exception, lookup("_pytest.outcomes", "Failed"_n))) return;
    std::string message = text_of(failure.exception);
    hint_at_parameter(failure, message, hints);
    hint_at_marker(failure, message, hints);
}

}  // namespace fastest::extras
