// Values of options and of the configuration file.

#include "base/text.h"
#include "config/shell_words.h"
#include "engine/nodes/skip.h"
#include "engine/py/frame.h"
#include "engine/py/ini_choices.h"
#include "engine/py/pathlib_path.h"
#include "engine/settings/config.h"
#include "engine/settings/config_files.h"
#include "engine/settings/ini_types.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

object parser_of(handle self) { return py::get(self, "_parser"_n); }

object aliases_of(handle self) { return py::get(parser_of(self), "_ini_aliases"_n); }

object canonical(handle self, handle name) {
    object target = py::dict_get(aliases_of(self), name);
    return target.is_valid() ? target : py::borrow(name);
}

object getini(Args a) {
    object name = canonical(a[0], a[1]), cache = py::get(a[0], "_inicache"_n);
    if (object value = py::dict_get(cache, name); value.is_valid()) return value;
    object value = py::call_method(a[0], "_getini"_n, name);
    py::dict_set(cache, name, value);
    return value;
}

object addinivalue_line(Args a) {
    object lines = py::call_method(a[0], "getini"_n, a[1]);
    if (!PyList_Check(lines.ptr())) py::raise(PyExc_AssertionError, "");
    py::append(lines, a[2]);
    return py::none();
}

/// The value that counts for an option: overrides before the file, the name itself before its aliases. Null when not
/// set.
object select_value(handle self, handle name) {
    object values = py::get(self, "_inicfg"_n), best;
    int best_rank = -1;
    auto consider = [&](handle key, bool own) {
        object value = py::dict_get(values, key);
        if (!value.is_valid()) return;
        bool override = PyUnicode_CompareWithASCIIString(py::get(value, "origin"_n).ptr(), "override") == 0;
        int rank = (override ? 2 : 0) + (own ? 1 : 0);
        if (rank > best_rank) (best = value, best_rank = rank);
    };
    consider(name, true);
    for (object entry : py::each(py::call_method(aliases_of(self), "items"_n)))
        if (py::equal(py::item(entry, py::integer(1)), name)) consider(py::item(entry, py::integer(0)), false);
    return best;
}

object class_name(handle value) { return py::get(py::type_of(value), "__name__"_n); }

bool is_bad_value(const nb::python_error& error) {
    return error.matches(PyExc_TypeError) || error.matches(PyExc_ValueError);
}

object convert_union(handle self, handle name, handle own_name, handle type, handle found, handle fallback) {
    object mode = py::get(found, "mode"_n), value = py::get(found, "value"_n);
    for (object member : py::each(type)) {
        try {
            return py::call_method(self, "_getini_value"_n, mode, name, own_name, member, value, fallback);
        } catch (nb::python_error& error) {
            if (!is_bad_value(error)) throw;
        }
    }
    py::raise(PyExc_TypeError, py::cat(py::get(self, "inipath"_n), ": config option '", name, "' expects one of ",
                                       ini_type_text(type), ", got ", class_name(value), ": ", py::repr_of(value)));
}

object getini_uncached(Args a) {
    handle self = a[0], name = a[1];
    object own_name = canonical(self, name);
    object declared = py::dict_get(py::get(parser_of(self), "_inidict"_n), own_name);
    if (!declared.is_valid()) {
        object error = py::call(PyExc_ValueError, py::strcat("unknown configuration value: ", py::repr_of(name)));
        py::raise_from(error, py::call(PyExc_KeyError, own_name));
    }
    object type = py::item(declared, py::integer(1)), fallback = py::item(declared, py::integer(2));
    object found = select_value(self, own_name);
    if (!found.is_valid()) return fallback;
    try {
        if (PyTuple_Check(type.ptr())) return convert_union(self, name, own_name, type, found, fallback);
        return py::call_method(self, "_getini_value"_n, py::get(found, "mode"_n), name, own_name, type,
                               py::get(found, "value"_n), fallback);
    } catch (nb::python_error& error) {
        if (!is_bad_value(error)) throw;
        py::Handling handling(error);
        py::ensure_traceback(error.value(), "_pytest.config", "Config._getini");
        py::raise_from(py::call(py::lookup("_pytest.config.exceptions", "UsageError"_n), py::to_str(error.value())),
                       error.value());
    }
}

/// self, mode, name, canonical_name, type, value, default
object getini_value(Args a) {
    handle self = a[0], name = a[2], type = a[4], value = a[5];
    if (is_ini_literal(type)) {
        std::string prefix = py::cat(py::get(self, "inipath"_n), ": config option '", name, "' expects ");
        if (!py::is_str(value))
            py::raise(PyExc_TypeError, py::cat(prefix, "a string, got ", class_name(value), ": ", py::repr_of(value)));
        if (!py::contains(py::get(type, "choices"_n), value))
            py::raise(PyExc_ValueError, py::cat(prefix, "one of ", ini_type_text(type), ", got ", py::repr_of(value)));
        return py::borrow(value);
    }
    bool ini = PyUnicode_CompareWithASCIIString(a[1].ptr(), "ini") == 0;
    return py::call_method(self, ini ? "_getini_ini"_n : "_getini_toml"_n, name, a[3], type, value, a[6]);
}

/// Paths are relative to the configuration file, or to where pytest was called.
object paths_of(handle self, handle names) {
    object inipath = py::get(self, "inipath"_n);
    object folder =
        py::is_none(inipath) ? py::get(py::get(self, "invocation_params"_n), "dir"_n) : py::get(inipath, "parent"_n);
    object paths = py::new_list();
    for (object name : py::each(names)) py::append(paths, py::check(PyNumber_TrueDivide(folder.ptr(), name.ptr())));
    return paths;
}

object stripped_lines(handle text) {
    std::string whole = py::text(text);
    object lines = py::new_list();
    for (std::string_view line : base::split(whole, '\n'))
        if (std::string_view content = base::strip(line); !content.empty()) py::append(lines, py::str(content));
    return lines;
}

bool truth_of_word(handle word) {
    std::string text = base::lower_ascii(py::text(word));
    for (const char* yes : {"y", "yes", "t", "true", "on", "1"})
        if (text == yes) return true;
    for (const char* no : {"n", "no", "f", "false", "off", "0"})
        if (text == no) return false;
    py::raise(PyExc_ValueError, py::cat("invalid truth value ", py::repr_of(py::call_method(word, "lower"_n))));
}

object number_of(handle name, handle value, PyTypeObject& type, const char* article, const char* type_word) {
    if (!py::is_str(value))
        py::raise(PyExc_TypeError, py::cat("Expected ", article, " string for option ", name, " of type ", type_word,
                                           ", but got: ", py::repr_of(value)));
    return py::call(handle(reinterpret_cast<PyObject*>(&type)), value);
}

/// self, name, canonical_name, type, value, default: the value is a str or a list of str.
object getini_ini(Args a) {
    handle self = a[0], name = a[1], value = a[4];
    std::string type = py::text_of(a[3]);
    bool is_text = py::is_str(value);
    if (!is_text && !PyList_Check(value.ptr())) py::raise(PyExc_AssertionError, "");
    if (type == "paths") return paths_of(self, is_text ? words_of(value) : py::borrow(value));
    if (type == "args") return is_text ? words_of(value) : py::borrow(value);
    if (type == "linelist") return is_text ? stripped_lines(value) : py::borrow(value);
    if (type == "bool") return py::boolean(truth_of_word(py::call_method(py::to_str(value), "strip"_n)));
    if (type == "int") return number_of(name, value, PyLong_Type, "an int", "integer");
    if (type == "float") return number_of(name, value, PyFloat_Type, "a float", "float");
    if (type != "string") return py::call_method(self, "_getini_unknown_type"_n, name, a[3], value);
    if (!is_text)
        py::call(py::lookup("warnings", "warn"_n), py::facade("_pytest.deprecated", "INI_STRING_TYPE_NON_STR_VALUE"_n));
    return py::borrow(value);
}

[[noreturn]] void raise_expected(handle self, handle name, std::string_view expected, handle value) {
    py::raise(PyExc_TypeError, py::cat(py::get(self, "inipath"_n), ": config option '", name, "' expects ", expected,
                                       ", got ", class_name(value), ": ", py::repr_of(value)));
}

void require_texts(handle self, handle name, const std::string& type, handle value) {
    if (!PyList_Check(value.ptr())) raise_expected(self, name, py::cat("a list for type '", type, "'"), value);
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(value.ptr()); ++i) {
        handle item = PyList_GET_ITEM(value.ptr(), i);
        if (!py::is_str(item))
            py::raise(PyExc_TypeError, py::cat(py::get(self, "inipath"_n), ": config option '", name,
                                               "' expects a list of strings, but item at index ", i, " is ",
                                               class_name(item), ": ", py::repr_of(item)));
    }
}

/// self, name, canonical_name, type, value, default: the value has the type it has in the TOML file.
object getini_toml(Args a) {
    handle self = a[0], name = a[1], value = a[4];
    std::string type = py::text_of(a[3]);
    bool is_bool = PyBool_Check(value.ptr()), is_int = PyLong_Check(value.ptr()) && !is_bool;
    if (type == "paths" || type == "args" || type == "linelist") {
        require_texts(self, name, type, value);
        return type == "paths" ? paths_of(self, value) : py::to_list(value);
    }
    if (type == "bool") {
        if (!is_bool) raise_expected(self, name, "a bool", value);
    } else if (type == "int") {
        if (!is_int) raise_expected(self, name, "an int", value);
    } else if (type == "float") {
        if (!is_int && !PyFloat_Check(value.ptr())) raise_expected(self, name, "a float", value);
    } else if (type == "string") {
        if (!py::is_str(value)) raise_expected(self, name, "a string", value);
    } else {
        return py::call_method(self, "_getini_unknown_type"_n, name, a[3], value);
    }
    return py::borrow(value);
}

object getini_unknown_type(Args a) {
    py::raise(PyExc_ValueError,
              py::cat("Option ", a[1], " has unknown configuration type ", a[2], " with value ", py::repr_of(a[3])));
}

object iter_registered_markers(Args a) {
    object markers = py::new_list(), type = py::facade("_pytest.config", "RegisteredMarker"_n);
    for (object line : py::each(py::call_method(a[0], "getini"_n, py::str("markers")))) {
        std::string text = py::text(line);
        std::size_t colon = text.find(':');
        std::string signature = text.substr(0, colon);
        std::string_view description =
            colon == std::string::npos ? std::string_view() : std::string_view(text).substr(colon + 1);
        std::string_view name = std::string_view(signature).substr(0, signature.find('('));
        py::append(markers,
                   py::call(type, py::str(base::strip(name)), py::str(signature), py::str(base::strip(description))));
    }
    return py::check(PyObject_GetIter(markers.ptr()));
}

object get_unknown_ini_keys(Args a) {
    object parser = parser_of(a[0]);
    object keys = py::check(PySet_New(py::get(a[0], "_inicfg"_n).ptr()));
    py::call_method(keys, "difference_update"_n, py::get(parser, "_inidict"_n), py::get(parser, "_ini_aliases"_n));
    return keys;
}

// --- options ----------------------------------------------------------------------------------

[[noreturn]] void skip_for(handle name) {
    nodes::skip_from("_pytest.config", "getoption", py::strcat("no ", py::repr_of(name), " option found"));
}

/// The namespace's own error says why there is no such option.
[[noreturn]] void raise_unknown_option(handle options, handle name) {
    object error = py::call(PyExc_ValueError, py::strcat("no option named ", py::repr_of(name))), missing = py::none();
    try {
        py::get(options, name);
    } catch (nb::python_error& raised) {
        if (!raised.matches(PyExc_AttributeError)) throw;
        missing = py::borrow(raised.value());
    }
    py::raise_from(error, missing);
}

/// self, name, default=NOTSET, skip=False
object getoption(Args a) {
    object name = py::dict_get(py::get(parser_of(a[0]), "_opt2dest"_n), a[1]);
    if (!name.is_valid()) name = py::borrow(a[1]);
    bool skip = py::truth(a[3]);
    object options = py::get(a[0], "option"_n), value = py::try_get(options, name);
    if (value.is_valid() && !(py::is_none(value) && skip)) return value;
    if (a.given(2) && !a[2].is(py::global<"compat", "NOTSET">())) return py::borrow(a[2]);
    if (skip) skip_for(name);
    raise_unknown_option(options, name);
}

object getvalue(Args a) { return py::call_method(a[0], "getoption"_n, a[1]); }

object getvalueorskip(Args a) { return py::call_method_kw(a[0], "getoption"_n, {a[1]}, {{"skip"_n, Py_True}}); }

object get_verbosity(Args a) {
    object level = py::call_method_kw(a[0], "getoption"_n, {py::str("verbose")}, {{"default"_n, py::integer(0)}});
    if (py::is_none(a[1])) return level;
    object name = py::strcat("verbosity_", a[1]);
    if (!py::contains(py::get(parser_of(a[0]), "_inidict"_n), name)) return level;
    object own = py::call_method(a[0], "getini"_n, name);
    if (py::is_str(own) && PyUnicode_CompareWithASCIIString(own.ptr(), "auto") == 0) return level;
    return py::call(py::type_object(PyLong_Type), own);
}

object add_verbosity_ini(Args a) {
    object automatic = py::ini_choices(a[0], {"auto"});
    py::call_method_kw(
        a[0], "addini"_n, {py::strcat("verbosity_", a[1])},
        {{"help"_n, a[2]}, {"type"_n, py::tuple_of(py::str("int"), automatic)}, {"default"_n, py::str("auto")}});
    return py::none();
}

object getconftest_pathlist(Args a) {
    object found;
    try {
        found = py::call_method(py::get(a[0], "pluginmanager"_n), "_rget_with_confmod"_n, a[1], a[2]);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_KeyError)) throw;
        return py::none();
    }
    handle path_type = py::pathlib_path();
    object folder = py::get(py::call(path_type, py::get(py::item(found, py::integer(0)), "__file__"_n)), "parent"_n);
    object paths = py::new_list();
    for (object relative : py::each(py::item(found, py::integer(1)))) {
        if (py::is_str(relative))
            py::append(paths, py::call(py::lookup("_pytest.pathlib", "absolutepath"_n),
                                       py::check(PyNumber_TrueDivide(folder.ptr(), relative.ptr()))));
        else
            py::append(paths, py::call(path_type, relative));
    }
    return paths;
}

}  // namespace

object words_of(handle line) {
    auto words = config::shell_words(py::text(line));
    if (!words) py::raise(PyExc_ValueError, words.error());
    object list = py::new_list();
    for (const std::string& word : *words) py::append(list, py::str(word));
    return list;
}

void define_config_values(py::Module& m, py::ClassBuilder& config) {
    m.def("_strtobool", "val", [](Args a) { return py::boolean(truth_of_word(a[0])); });
    config
        .def("getini", "self, name", getini,
             "The value of the configuration file, or the default that was declared with it.\n\n"
             "ValueError when no such value was declared; UsageError when it does not have the declared type.")
        .def("addinivalue_line", "self, name, line", addinivalue_line,
             "Add a line to a value that is a list of lines; the value need not be set.")
        .def("_getini", "self, name", getini_uncached)
        .def("_getini_value", "self, mode, name, canonical_name, type, value, default", getini_value)
        .def("_getini_ini", "self, name, canonical_name, type, value, default", getini_ini)
        .def("_getini_toml", "self, name, canonical_name, type, value, default", getini_toml)
        .def("_getini_unknown_type", "self, name, type, value", getini_unknown_type)
        .def("_iter_registered_markers", "self", iter_registered_markers)
        .def("_get_unknown_ini_keys", "self", get_unknown_ini_keys)
        .def("_getconftest_pathlist", "self, name, path", getconftest_pathlist)
        .def("getoption", "self, name, default=_pytest.compat.NOTSET, skip=False", getoption,
             "The value of a command line option.\n\n"
             ":param name: The name under which it is kept, or the option itself, `--OPT`.\n"
             ":param default: What to give when no such option was declared.\n"
             ":param skip: Skip the test when there is no such option or its value is None, and no default is given.")
        .def("getvalue", "self, name, path=None", getvalue, "Deprecated, use getoption().")
        .def("getvalueorskip", "self, name, path=None", getvalueorskip, "Deprecated, use getoption(skip=True).")
        .attr("VERBOSITY_ASSERTIONS", py::str("assertions"))
        .attr("VERBOSITY_TEST_CASES", py::str("test_cases"))
        .attr("VERBOSITY_SUBTESTS", py::str("subtests"))
        .attr("_VERBOSITY_INI_DEFAULT", py::str("auto"))
        .def("get_verbosity", "self, verbosity_type=None", get_verbosity,
             "The verbosity, or that of one kind of output (`Config.VERBOSITY_...`) where it is configured.")
        .staticmethod("_verbosity_ini_name", "verbosity_type", [](Args a) { return py::strcat("verbosity_", a[0]); })
        .staticmethod("_add_verbosity_ini", "parser, verbosity_type, help", add_verbosity_ini);
}

}  // namespace fastest::settings
