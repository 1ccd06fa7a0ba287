#include "engine/collect/metafunc_ids.h"

#include "engine/collect/metafunc.h"
#include "engine/fixtures/notices.h"

#include <unordered_map>

#include "engine/hooks/native_caller.h"
#include "engine/marks/mark.h"
#include "engine/py/short_cut.h"
#include "engine/py/slots.h"

namespace fastest::collect {
namespace {

using namespace py;

constexpr Py_ssize_t kLongText = 100;

/// Whether escaping would change nothing.
bool is_plain(handle value) {
    if (!PyUnicode_Check(value.ptr()) || !PyUnicode_IS_ASCII(value.ptr())) return false;
    const Py_UCS1* data = PyUnicode_1BYTE_DATA(value.ptr());
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(value.ptr()); ++i)
        if (data[i] < 32 || data[i] == 127 || data[i] == '\\') return false;
    return true;
}

object escape(handle value) {
    if (is_plain(value)) return check(PyUnicode_FromObject(value.ptr()));
    return call(lookup("_pytest.compat", "ascii_escaped"_n), value);
}

bool keeps_text(handle config) {
    return truth(call_method(config, "getini"_n,
                             "disable_test_id_escaping_and_forfeit_all_rights_to_community_support"_n));
}

bool is_number(handle value) {
    return is_none(value) || PyFloat_Check(value.ptr()) || PyLong_Check(value.ptr()) || PyComplex_Check(value.ptr());
}

std::string shown(handle id) { return id.is(marks::hidden_param()) ? "<hidden>" : text(id); }

std::string joined(const std::vector<std::string>& parts) {
    std::string out;
    for (const std::string& part : parts) out += (out.empty() && &part == &parts.front() ? "" : ", ") + part;
    return out;
}

bool ends_with_digit(handle id) {
    Py_ssize_t size = PyUnicode_GET_LENGTH(id.ptr());
    return size && Py_UNICODE_ISDIGIT(PyUnicode_READ_CHAR(id.ptr(), size - 1));
}

}  // namespace

object escaped_by_config(handle value, handle config) {
    return !is_none(config) && keeps_text(config) ? borrow(value) : escape(value);
}

ParameterIds::ParameterIds(handle argnames, handle sets, handle idfn, handle ids, handle config, handle nodeid)
    : argnames_(borrow(argnames)), sets_(borrow(sets)), idfn_(borrow(idfn)), ids_(borrow(ids)), config_(borrow(config)),
      nodeid_(borrow(nodeid)) {}

bool ParameterIds::has_config() const { return !is_none(config_) && truth(config_); }

object ParameterIds::escaped(handle value) {
    if (raw_text_ < 0) raw_text_ = !is_none(config_) && keeps_text(config_);
    return raw_text_ ? borrow(value) : escape(value);
}

std::string ParameterIds::error_prefix() const { return is_none(nodeid_) ? "" : cat("In ", nodeid_, ": "); }

bool ParameterIds::strict() {
    if (is_none(config_)) return false;
    object value = call_method(config_, "getini"_n, "strict_parametrization_ids"_n);
    if (is_none(value)) value = call_method(config_, "getini"_n, "strict"_n);
    return truth(value);
}

// --- one value --------------------------------------------------------------------------------

object ParameterIds::from_value(handle value) {
    if (PyUnicode_Check(value.ptr()) || PyBytes_Check(value.ptr())) return escaped(value);
    if (is_number(value)) return to_str(value);
    if (is_instance_if_imported(value, "re", "Pattern"_n)) return escape(get(value, "pattern"_n));
    if (is_instance(value, lookup("_pytest.compat", "NotSetType"_n))) return none();
    if (is_instance_if_imported(value, "enum", "Enum"_n)) return to_str(value);
    object name = try_get(value, "__name__"_n);
    return name.is_valid() && is_str(name) ? name : none();
}

object ParameterIds::from_function(handle value, handle argname, Py_ssize_t index) {
    if (is_none(idfn_)) return none();
    object id;
    try {
        id = call(idfn_, value);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_Exception)) throw;
        Handling handling(error);
        std::string prefix = is_none(nodeid_) ? "" : cat(nodeid_, ": ");
        raise_from(call(PyExc_ValueError, strcat(prefix, "error raised while trying to determine id of parameter '", argname,
                                                 "' at position ", index)),
                   borrow(error.value()));
    }
    return is_none(id) ? id : from_value(id);
}

ShortCut g_silent_ids{
    "collect.silent_ids",
    "pytest_make_parametrize_id is not called for each value when it has no implementation. Seen by plugins that "
    "implement it, and by whoever watches hook calls."};

bool ParameterIds::hook_is_silent() {
    if (silent_hook_ < 0) {
        hook_ = get(get(config_, "hook"_n), "pytest_make_parametrize_id"_n);
        silent_hook_ = g_silent_ids.take(hooks::only_ours(hook_) && hooks::Implementations(handle(hook_)).size() == 0);
    }
    return silent_hook_ == 1;
}

object ParameterIds::from_hook(handle value, handle argname) {
    if (!has_config() || hook_is_silent()) return none();
    return call_named<"config", "val", "argname">(hook_, config_, value, argname);
}

object ParameterIds::long_text_strategy() {
    if (!has_config()) return str("short");
    object value = call_method(config_, "getini"_n, "parametrize_long_str_id_strategy"_n);
    for (const char* known : {"short", "sha256", "legacy", "disallow"})
        if (is_str(value) && text(value) == known) return value;
    raise(lookup("_pytest.config", "UsageError"_n),
          cat("Unknown parametrize_long_str_id_strategy: ", repr_of(value), ". Valid values: disallow, legacy, sha256, short"));
}

object ParameterIds::from_long_text(handle value, handle argname, Py_ssize_t index) {
    if (length(value) <= kLongText) return escaped(value);
    std::string strategy = text(long_text_strategy());
    if (strategy == "legacy") return escaped(value);
    if (strategy == "short") return none();
    if (strategy == "sha256") {
        object data = is_str(value) ? call_method(value, "encode"_n, str("utf-8")) : borrow(value);
        return call_method(call(lookup("hashlib", "sha256"_n), data), "hexdigest"_n);
    }
    fixtures::fail(
        cat(error_prefix(), "parametrize value for '", argname, "' at index ", index,
            " is too long for an auto-generated ID (", length(value),
            " characters). Use pytest.param(..., id=...) or parametrize(..., ids=...) to set an explicit ID, or "
            "change parametrize_long_str_id_strategy."));
}

object ParameterIds::of_value_in_set(handle value, handle argname, Py_ssize_t index) {
    object id = from_function(value, argname, index);
    if (is_none(id)) id = from_hook(value, argname);
    if (is_none(id))
        id = PyUnicode_Check(value.ptr()) || PyBytes_Check(value.ptr()) ? from_long_text(value, argname, index)
                                                                        : from_value(value);
    return is_none(id) ? strcat(argname, index) : id;
}

object ParameterIds::required(handle value, Py_ssize_t index) {
    object id = from_value(value);
    if (!is_none(id)) return id;
    fixtures::fail(cat(error_prefix(), "ids contains unsupported value ",
                       call(lookup("_pytest._io.saferepr", "saferepr"_n), value), " (type: ", repr_of(type_of(value)),
                       ") at index ", index,
                       ". Supported types are: str, bytes, int, float, complex, bool, enum, regex or anything with a "
                       "__name__."));
}

// --- all of them ------------------------------------------------------------------------------

object ParameterIds::resolved() {
    object result = new_list();
    bool any_ids = !is_none(ids_) && truth(ids_);
    Py_ssize_t given = any_ids ? length(ids_) : 0, index = 0;
    for (object set : each(sets_)) {
        object own = get(set, "id"_n);
        if (is_none(own) && index < given) {
            own = item(ids_, integer(index));
            if (!is_none(own) && !own.is(marks::hidden_param())) own = required(own, index);
        } else if (!is_none(own) && !own.is(marks::hidden_param())) {
            own = escaped(own);
        }
        if (is_none(own)) {
            object values = to_tuple(get(set, "values"_n)), names = to_tuple(argnames_), parts = new_list();
            Py_ssize_t value_count = PyTuple_GET_SIZE(values.ptr()), name_count = PyTuple_GET_SIZE(names.ptr());
            for (Py_ssize_t i = 0; i < value_count && i < name_count; ++i)
                append(parts,
                       of_value_in_set(PyTuple_GET_ITEM(values.ptr(), i), PyTuple_GET_ITEM(names.ptr(), i), index));
            if (value_count != name_count) complain_of_lengths(value_count, name_count);
            own = PyList_GET_SIZE(parts.ptr()) == 1 && PyUnicode_CheckExact(PyList_GET_ITEM(parts.ptr(), 0))
                      ? borrow(PyList_GET_ITEM(parts.ptr(), 0))
                      : call_method(str("-"), "join"_n, parts);
        }
        append(result, own);
        ++index;
    }
    return result;
}

object ParameterIds::unique() {
    object ids = resolved();
    if (PyList_GET_SIZE(ids.ptr()) != length(check(PySet_New(ids.ptr())))) {
        if (strict()) complain_duplicates(ids);
        tell_apart(ids);
    }
    return ids;
}

/// Numbers the ids that occur more than once, past those that are taken.
void ParameterIds::tell_apart(handle ids) {
    std::unordered_map<std::string, int> total, present, next;
    int hidden = 0;
    for (object id : each(ids)) {
        if (id.is(marks::hidden_param()))
            ++hidden;
        else
            ++total[text(id)];
    }
    present = total;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(ids.ptr()); ++i) {
        object id = borrow(PyList_GET_ITEM(ids.ptr(), i));
        if (id.is(marks::hidden_param())) {
            if (hidden > 1) complain_hidden();
            continue;
        }
        std::string base = text(id);
        if (total[base] < 2) continue;
        std::string stem = base + (ends_with_digit(id) ? "_" : "");
        int& number = next[base];
        std::string made = stem + std::to_string(number);
        while (present.contains(made) && present[made] > 0) made = stem + std::to_string(++number);
        check(PyList_SetItem(ids.ptr(), i, str(made).release().ptr()));
        --present[base];
        ++present[made];
        ++number;
    }
}

void ParameterIds::complain_hidden() const {
    call(global<"outcomes", "fail">(),
         strcat(error_prefix(), "multiple instances of HIDDEN_PARAM cannot be used in the same parametrize call, because the "
                                "tests names need to be unique."));
    throw std::logic_error("fail() returned");
}

void ParameterIds::complain_duplicates(handle ids) const {
    std::vector<std::string> names, sets, all, duplicates;
    object saferepr = lookup("_pytest._io.saferepr", "saferepr"_n);
    for (object name : each(argnames_)) names.push_back(text_of(name));
    for (object set : each(sets_)) sets.push_back(text_of(call(saferepr, to_list(get(set, "values"_n)))));
    std::unordered_map<std::string, int> counts;
    for (object id : each(ids)) ++counts[shown(id)];
    for (object id : each(ids)) {
        std::string word = shown(id);
        all.push_back(word);
        if (std::exchange(counts[word], 0) > 1) duplicates.push_back(word);
    }
    raise(get(lookup("_pytest.nodes", "Collector"_n), "CollectError"_n),
          cat("Duplicate parametrization IDs detected, but strict_parametrization_ids is set.\n\nTest name:      ", nodeid_,
              "\nParameters:     ", joined(names), "\nParameter sets: ", joined(sets), "\nIDs:            ", joined(all),
              "\nDuplicates:     ", joined(duplicates),
              "\n\nYou can fix this problem using `@pytest.mark.parametrize(..., ids=...)` or `pytest.param(..., id=...)`."));
}

// --- IdMaker ----------------------------------------------------------------------------------

namespace {

ParameterIds maker(handle self) {
    return {get(self, "argnames"_n), get(self, "parametersets"_n), get(self, "idfn"_n),
            get(self, "ids"_n),      get(self, "config"_n),        get(self, "nodeid"_n)};
}

Py_ssize_t index_of(handle value) { return static_cast<Py_ssize_t>(to_int(value)); }

}  // namespace

void define_ids(Module& m) {
    m.def("_ascii_escaped_by_config", "val, config", [](Args a) { return escaped_by_config(a[0], a[1]); });
    m.cls("IdMaker")
        .doc("Makes the ids of the parameter sets of one parametrize call.")
        .slots({"argnames", "config", "idfn", "ids", "nodeid", "parametersets"})
        .dataclass("argnames, parametersets, idfn, ids, config, nodeid", {.frozen = true})
        .def("make_unique_parameterset_ids", "self", [](Args a) { return maker(a[0]).unique(); })
        .def("_strict_parametrization_ids_enabled", "self", [](Args a) { return boolean(maker(a[0]).strict()); })
        .def("_resolve_ids", "self", [](Args a) { return check(PyObject_GetIter(maker(a[0]).resolved().ptr())); })
        .def("_idval", "self, val, argname, idx",
             [](Args a) { return maker(a[0]).of_value_in_set(a[1], a[2], index_of(a[3])); })
        .def("_get_long_str_strategy", "self", [](Args a) { return maker(a[0]).long_text_strategy(); })
        .def("_apply_long_str_strategy", "self, val, argname, idx",
             [](Args a) { return maker(a[0]).from_long_text(a[1], a[2], index_of(a[3])); })
        .def("_idval_from_function", "self, val, argname, idx",
             [](Args a) { return maker(a[0]).from_function(a[1], a[2], index_of(a[3])); })
        .def("_idval_from_hook", "self, val, argname", [](Args a) { return maker(a[0]).from_hook(a[1], a[2]); })
        .def("_idval_from_value", "self, val", [](Args a) { return maker(a[0]).from_value(a[1]); })
        .def("_idval_from_value_required", "self, val, idx",
             [](Args a) { return maker(a[0]).required(a[1], index_of(a[2])); })
        .staticmethod("_idval_from_argname", "argname, idx", [](Args a) { return strcat(a[0], a[1]); })
        .def("_complain_multiple_hidden_parameter_sets", "self",
             [](Args a) -> object { maker(a[0]).complain_hidden(); })
        .def("_make_error_prefix", "self", [](Args a) { return str(maker(a[0]).error_prefix()); })
        .make();
}

}  // namespace fastest::collect
