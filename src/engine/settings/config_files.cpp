#include "engine/settings/config_files.h"

#include "config/ini_file.h"
#include "config/toml_file.h"
#include "engine/settings/paths.h"
#include "os/files.h"
#include "os/paths.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

// --- ini --------------------------------------------------------------------------------------

config::IniFile read_ini(const std::string& path) {
    std::optional<std::string> bytes = os::read_file(path);
    object text;
    if (bytes) text = py::steal(PyUnicode_DecodeUTF8(bytes->data(), static_cast<Py_ssize_t>(bytes->size()), nullptr));
    if (!text.is_valid()) {
        // Python's words for a file that is missing or not UTF-8. One that is there by now is taken.
        PyErr_Clear();
        bytes = py::text(py::call_method_kw(make_path(path), "read_text"_n, {}, {{"encoding"_n, py::str("utf-8")}}));
    }
    auto parsed = config::IniFile::parse(*bytes);
    if (parsed) return std::move(*parsed);
    const config::IniError& error = parsed.error();
    std::string detail = error.quoted ? py::cat(py::repr_of(py::str(*error.quoted))) : std::string();
    usage_error(py::cat(fs_str(path), ":", error.line, ": ", error.message, detail));
}

object ini_values(const config::IniSection& section) {
    object values = py::new_dict();
    for (const auto& [name, value] : section.values)
        py::dict_set(values, py::str(name), config_value(py::str(value), "file", "ini"));
    return values;
}

object read_pytest_ini(const std::string& path) {
    config::IniFile file = read_ini(path);
    const config::IniSection* section = file.section("pytest");
    return section ? ini_values(*section) : py::new_dict();
}

object read_other_ini(const std::string& path) {
    config::IniFile file = read_ini(path);
    const config::IniSection* section = file.section("pytest");
    return section ? ini_values(*section) : object();
}

object read_cfg(const std::string& path) {
    config::IniFile file = read_ini(path);
    if (const config::IniSection* section = file.section("tool:pytest")) return ini_values(*section);
    if (file.section("pytest")) {
        object message = py::call_method_kw(py::facade("_pytest.config.findpaths", "CFG_PYTEST_SECTION"_n), "format"_n,
                                            {}, {{"filename"_n, py::str("setup.cfg")}});
        py::call_kw(py::lookup("_pytest.outcomes", "fail"_n), {message}, {{"pytrace"_n, Py_False}});
    }
    return object();
}

// --- TOML -------------------------------------------------------------------------------------

/// The Python value, or null when the tree holds something that only Python's own reader makes (dates).
object python_value(const config::TomlValue& toml) {
    return std::visit(
        [](const auto& value) -> object {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, bool>)
                return py::boolean(value);
            else if constexpr (std::is_same_v<T, std::int64_t>)
                return py::integer(value);
            else if constexpr (std::is_same_v<T, double>)
                return py::real(value);
            else if constexpr (std::is_same_v<T, std::string>)
                return py::str(value);
            else if constexpr (std::is_same_v<T, config::TomlArray>) {
                object list = py::new_list();
                for (const config::TomlValue& item : value) {
                    object converted = python_value(item);
                    if (!converted.is_valid()) return converted;
                    py::append(list, converted);
                }
                return list;
            } else if constexpr (std::is_same_v<T, config::TomlTable>) {
                object dict = py::new_dict();
                for (const auto& [name, item] : value) {
                    object converted = python_value(item);
                    if (!converted.is_valid()) return converted;
                    py::dict_set(dict, py::str(name), converted);
                }
                return dict;
            } else
                return object();
        },
        toml.value);
}

/// The document by Python's reader, with its messages for what is wrong.
object read_toml_in_python(const std::string& path) {
    object python_path = make_path(path);
    object text = py::call_method_kw(python_path, "read_text"_n, {}, {{"encoding"_n, py::str("utf-8")}});
    object reader = py::import_module(py::version::kTomlReader);
    try {
        return py::call_method(reader, "loads"_n, text);
    } catch (nb::python_error& error) {
        if (!error.matches(py::get(reader, "TOMLDecodeError"_n))) throw;
        object usage = py::call(py::lookup("_pytest.config.exceptions", "UsageError"_n),
                                py::strcat(python_path, ": ", error.value()));
        py::raise_from(usage, error.value());
    }
}

object read_toml(const std::string& path) {
    std::optional<std::string> text = os::read_file(path);
    if (text && !text->starts_with("\xEF\xBB\xBF"))
        if (std::optional<config::TomlTable> table = config::parse_toml(*text))
            if (object document = python_value({std::move(*table)}); document.is_valid()) return document;
    return read_toml_in_python(path);
}

object as_config(handle table, const char* mode) {
    object values = py::new_dict();
    for (object entry : py::each(py::call_method(table, "items"_n)))
        py::dict_set(values, py::item(entry, py::integer(0)),
                     config_value(py::item(entry, py::integer(1)), "file", mode));
    return values;
}

object from_pytest_table(const std::string& path, handle document) {
    if (object table = py::dict_get(document, "pytest"_n); table.is_valid()) return as_config(table, "toml");
    std::string loose;
    PyObject *key, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(document.ptr(), &at, &key, &value))
        if (!PyDict_Check(value)) loose += py::cat(loose.empty() ? "" : ", ", handle(key));
    if (!loose.empty())
        usage_error(py::cat(fs_str(path),
                            ": pytest configuration must be under a [pytest] table (found top-level options: ", loose,
                            ")"));
    return object();
}

object scalars_as_text(handle table) {
    object converted = py::new_dict();
    for (object entry : py::each(py::call_method(table, "items"_n))) {
        object value = py::item(entry, py::integer(1));
        py::dict_set(converted, py::item(entry, py::integer(0)), PyList_Check(value.ptr()) ? value : py::to_str(value));
    }
    return converted;
}

object from_tool_table(const std::string& path, handle document) {
    object tool = py::call_method(document, "get"_n, "tool"_n, py::new_dict());
    object pytest = py::call_method(tool, "get"_n, "pytest"_n, py::new_dict());
    object native = py::new_dict();
    for (object entry : py::each(py::call_method(pytest, "items"_n))) {
        object key = py::item(entry, py::integer(0));
        if (!py::equal(key, "ini_options"_n)) py::dict_set(native, key, py::item(entry, py::integer(1)));
    }
    object ini = py::call_method(pytest, "get"_n, "ini_options"_n);
    if (py::truth(native) && py::truth(ini))
        usage_error(py::cat(fs_str(path),
                            ": Cannot use both [tool.pytest] (native TOML types) and [tool.pytest.ini_options] "
                            "(string-based INI format) simultaneously. Please use [tool.pytest] with native TOML types "
                            "(recommended) or [tool.pytest.ini_options] for backwards compatibility."));
    if (py::truth(native)) return as_config(native, "toml");
    return py::is_none(ini) ? object() : as_config(scalars_as_text(ini), "ini");
}

object read_pytest_toml(const std::string& path) {
    object found = from_pytest_table(path, read_toml(path));
    return found.is_valid() ? found : py::new_dict();
}

object read_pyproject(const std::string& path) { return from_tool_table(path, read_toml(path)); }

object read_other_toml(const std::string& path) {
    object document = read_toml(path);
    object found = from_tool_table(path, document);
    if (!found.is_valid()) return from_pytest_table(path, document);
    if (py::dict_get(document, "pytest"_n).is_valid())
        usage_error(
            py::cat(fs_str(path),
                    ": Cannot use both [pytest] and [tool.pytest]/[tool.pytest.ini_options] in the same file. "
                    "Please use [pytest], which is what pytest's own configuration files use; the [tool.pytest] "
                    "tables are meant for pyproject.toml."));
    return found;
}

/// A reader as a Python function; its index in the closure.
object call_reader(Args a) {
    long long index = py::to_int(a.closure());
    const auto& names = readers_by_name();
    auto count = static_cast<long long>(names.size());
    ConfigReader read = index < count ? names[static_cast<std::size_t>(index)].read
                                      : readers_by_suffix()[static_cast<std::size_t>(index - count)].read;
    object found = read(fs_text(a[0]));
    return found.is_valid() ? found : py::none();
}

}  // namespace

object config_value(handle value, const char* origin, const char* mode) {
    return py::call_kw(py::global<"findpaths", "ConfigValue">(), {value},
                       {{"origin"_n, py::str(origin)}, {"mode"_n, py::str(mode)}});
}

void usage_error(std::string_view message) {
    py::raise(py::lookup("_pytest.config.exceptions", "UsageError"_n), message);
}

const std::vector<NamedReader>& readers_by_name() {
    static const std::vector<NamedReader> readers{
        {"pytest.toml", "_load_pytest_toml", read_pytest_toml},
        {".pytest.toml", "_load_pytest_toml", read_pytest_toml},
        {"pytest.ini", "_load_pytest_ini", read_pytest_ini},
        {".pytest.ini", "_load_pytest_ini", read_pytest_ini},
        {"pyproject.toml", "_load_pyproject_toml", read_pyproject},
        {"tox.ini", "_load_ini_file", read_other_ini},
        {"setup.cfg", "_load_cfg_file", read_cfg},
    };
    return readers;
}

const std::vector<NamedReader>& readers_by_suffix() {
    static const std::vector<NamedReader> readers{
        {".ini", "_load_ini_file", read_other_ini},
        {".cfg", "_load_cfg_file", read_cfg},
        {".toml", "_load_custom_toml", read_other_toml},
    };
    return readers;
}

ConfigReader reader_for(const std::string& path) {
    for (const NamedReader& reader : readers_by_name())
        if (os::name_of(path) == reader.name) return reader.read;
    for (const NamedReader& reader : readers_by_suffix())
        if (os::suffix(path) == reader.name) return reader.read;
    return nullptr;
}

void define_config_files(py::Module& m) {
    m.cls("ConfigValue")
        .dataclass("value, *, origin, mode", {.frozen = true})
        .doc(
            "A value of the configuration, where it came from (`file` or `override`) and how it is to be read: `ini` "
            "values "
            "are text or lists of text, `toml` values have their own types.")
        .make();
    long long index = 0;
    auto table = [&](const std::vector<NamedReader>& readers) {
        object dict = py::new_dict();
        for (const NamedReader& reader : readers) {
            object function = py::make_function(reader.function, "path", call_reader, py::integer(index++));
            py::set(function, "__module__"_n, py::str("_pytest.config.findpaths"));
            m.attr(reader.function, function);
            py::dict_set(dict, py::str(reader.name), function);
        }
        return dict;
    };
    m.attr("CONFIG_LOADERS_BY_NAME", table(readers_by_name()));
    m.attr("CONFIG_LOADERS_BY_SUFFIX", table(readers_by_suffix()));
}

}  // namespace fastest::settings
