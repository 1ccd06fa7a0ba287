#include "engine/settings/option_parser.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "engine/py/module.h"
#include "engine/settings/option_spec.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::handle;
using py::object;

/// Thrown to leave the whole command line to argparse.
struct NeedsArgparse {};

enum class WordKind { kPositional, kOption, kUnknown };

struct Word {
    WordKind kind;
    object text;
    std::string option;   // the option string of kOption
    object spec;          // its spec
    bool has_value = false;
    std::string value;    // what is attached to the option: --name=value, -nvalue
};

class Run {
public:
    Run(handle arguments, handle index, handle stage) : arguments_(arguments), index_(index), stage_(stage) {
        values_ = py::get(stage, "__dict__"_n);
    }

    void read(handle words, bool allow_unknown) {
        for (object word : py::each(words)) {
            words_.push_back(classify(word));
            if (words_.back().kind == WordKind::kUnknown && !allow_unknown) throw NeedsArgparse{};
        }
    }

    void run() {
        set_defaults();
        for (std::size_t i = 0; i < words_.size();) {
            if (words_[i].kind == WordKind::kOption) {
                i = consume(i);
                continue;
            }
            py::append(words_[i].kind == WordKind::kPositional ? files : unknown, words_[i].text);
            ++i;
        }
        finish();
    }

    object files = py::new_list();
    object unknown = py::new_list();

private:
    object find(const std::string& name) {
        object argument = py::dict_get(index_, py::str(name));
        return argument.is_valid() ? py::get(argument, "_spec"_n) : object();
    }

    /// Short options of the table are ASCII: what is none cannot be cut into characters here.
    static bool is_ascii(char byte) { return static_cast<unsigned char>(byte) < 0x80; }

    Word classify(object text) {
        std::string word = py::text(text);
        if (word == "-" || word == "--" || word[0] == '@') throw NeedsArgparse{};
        if (word.empty() || word[0] != '-') return {WordKind::kPositional, std::move(text)};
        if (object spec = find(word); spec.is_valid()) return {WordKind::kOption, std::move(text), word, spec};
        if (std::size_t equals = word.find('='); equals != std::string::npos)
            if (object spec = find(word.substr(0, equals)); spec.is_valid())
                return {WordKind::kOption, std::move(text), word.substr(0, equals), spec, true, word.substr(equals + 1)};
        if (!is_ascii(word[1])) throw NeedsArgparse{};
        if (word[1] != '-') {
            if (object spec = find(word.substr(0, 2)); spec.is_valid())
                return {WordKind::kOption, std::move(text), word.substr(0, 2), spec, true, word.substr(2)};
            if ((word[1] >= '0' && word[1] <= '9') || word[1] == '.')
                throw NeedsArgparse{};
        }
        if (word.find(' ') != std::string::npos) throw NeedsArgparse{};
        return {WordKind::kUnknown, std::move(text)};
    }

    void set_defaults() {
        for (object argument : py::each(arguments_)) {
            object tuple = py::get(argument, "_spec"_n);
            OptionSpec spec(tuple);
            if (!PyDict_Contains(values_.ptr(), spec.dest().ptr())) py::dict_set(values_, spec.dest(), spec.fallback());
        }
    }

    std::size_t words_after(std::size_t at) const {
        std::size_t end = at + 1;
        while (end < words_.size() && words_[end].kind == WordKind::kPositional) ++end;
        return end - at - 1;
    }

    /// How many of `available` words an option takes.
    static std::size_t arity(const OptionSpec& spec, std::size_t available) {
        if (!spec.takes_arguments()) return 0;
        std::size_t least = 1, most = 1;
        if (PyLong_CheckExact(spec.nargs().ptr())) {
            least = most = static_cast<std::size_t>(py::to_int(spec.nargs()));
        } else if (!py::is_none(spec.nargs())) {
            std::string text = py::text(spec.nargs());
            least = text == "+" ? 1 : 0;
            most = text == "?" ? 1 : available;
        }
        if (available < least) throw NeedsArgparse{};
        return std::min(available, most);
    }

    std::size_t consume(std::size_t at) {
        Word word = words_[at];
        while (word.has_value) {
            OptionSpec spec(word.spec);
            if (arity(spec, 1) == 1) {
                act(spec, py::list_of(py::str(word.value)), word.option);
                return at + 1;
            }
            // A cluster of short flags: -xvs
            if (word.option.starts_with("--") || word.value.empty() || word.value[0] == '=' || !is_ascii(word.value[0]))
                throw NeedsArgparse{};
            act(spec, py::new_list(), word.option);
            word.option = std::string("-") + word.value[0];
            word.value.erase(0, 1);
            word.has_value = !word.value.empty();
            word.spec = find(word.option);
            if (!word.spec.is_valid()) throw NeedsArgparse{};
        }
        OptionSpec spec(word.spec);
        std::size_t count = arity(spec, words_after(at));
        object given = py::new_list();
        for (std::size_t i = 1; i <= count; ++i) py::append(given, words_[at + i].text);
        act(spec, given, word.option);
        return at + 1 + count;
    }

    object convert(const OptionSpec& spec, handle text) {
        if (py::is_none(spec.type())) return py::borrow(text);
        try {
            return py::call(spec.type(), text);
        } catch (nb::python_error& error) {
            if (error.matches(PyExc_TypeError) || error.matches(PyExc_ValueError)) throw NeedsArgparse{};
            object loaded = py::dict_get(PyImport_GetModuleDict(), "argparse"_n);
            if (loaded.is_valid() && error.matches(py::get(loaded, "ArgumentTypeError"_n))) throw NeedsArgparse{};
            throw;
        }
    }

    object checked(const OptionSpec& spec, handle text) {
        object value = convert(spec, text);
        if (!py::is_none(spec.choices()) && !py::contains(spec.choices(), value)) throw NeedsArgparse{};
        return value;
    }

    object values_of(const OptionSpec& spec, handle given) {
        Py_ssize_t count = PyList_GET_SIZE(given.ptr());
        bool optional = py::is_str(spec.nargs()) && py::text(spec.nargs()) == "?";
        if (optional && count == 0)
            return py::is_str(spec.constant()) ? checked(spec, spec.constant()) : py::borrow(spec.constant());
        if (count == 1 && (optional || py::is_none(spec.nargs()))) return checked(spec, PyList_GET_ITEM(given.ptr(), 0));
        object values = py::new_list();
        for (object text : py::each(given)) py::append(values, checked(spec, text));
        return values;
    }

    object current(handle dest) {
        object value = py::dict_get(values_, dest);
        return value.is_valid() ? value : py::none();
    }

    object copied_list(handle dest) {
        object items = current(dest);
        if (py::is_none(items)) return py::new_list();
        if (PyList_CheckExact(items.ptr())) return py::to_list(items);
        return py::call(py::lookup("copy", "copy"_n), items);
    }

    void act(const OptionSpec& spec, handle given, const std::string& option) {
        seen_.push_back(spec.tuple().ptr());
        object values = values_of(spec, given);
        handle dest = spec.dest();
        switch (spec.kind()) {
        case ActionKind::kStore:
            py::dict_set(values_, dest, values);
            break;
        case ActionKind::kStoreConst:
            py::dict_set(values_, dest, spec.constant());
            break;
        case ActionKind::kAppend:
        case ActionKind::kAppendConst: {
            object items = copied_list(dest);
            py::call_method(items, "append"_n, spec.kind() == ActionKind::kAppend ? handle(values) : spec.constant());
            py::dict_set(values_, dest, items);
            break;
        }
        case ActionKind::kExtend: {
            object items = copied_list(dest);
            py::call_method(items, "extend"_n, values);
            py::dict_set(values_, dest, items);
            break;
        }
        case ActionKind::kCount: {
            object count = current(dest);
            if (py::is_none(count)) count = py::integer(0);
            py::dict_set(values_, dest, py::check(PyNumber_Add(count.ptr(), py::integer(1).ptr())));
            break;
        }
        case ActionKind::kCustom:
            // An action of a user's may want the parser itself.
            if (!py::has(spec.action(), "_fastest_native"_n)) throw NeedsArgparse{};
            py::call(spec.action(), Py_None, stage_, values, py::str(option));
            break;
        }
    }

    void finish() {
        for (object argument : py::each(arguments_)) {
            object tuple = py::get(argument, "_spec"_n);
            OptionSpec spec(tuple);
            if (std::ranges::count(seen_, tuple.ptr())) continue;
            if (spec.required()) throw NeedsArgparse{};
            if (!py::is_str(spec.fallback()) || py::is_none(spec.type())) continue;
            if (current(spec.dest()).is(spec.fallback())) py::dict_set(values_, spec.dest(), convert(spec, spec.fallback()));
        }
        py::dict_set(values_, "file_or_dir"_n, files);
    }

    handle arguments_, index_, stage_;
    object values_;
    std::vector<Word> words_;
    std::vector<PyObject*> seen_;
};

}  // namespace

ParseOutcome parse_options(handle arguments, handle index, handle words, handle namespace_object,
                           bool allow_unknown) {
    object given = py::try_get(namespace_object, "__dict__"_n);
    if (!given.is_valid() || !PyDict_CheckExact(given.ptr())) return {};
    object stage = py::call(py::global<"argparsing", "Namespace">());
    object staged = py::get(stage, "__dict__"_n);
    py::check(PyDict_Update(staged.ptr(), given.ptr()));
    auto commit = [&] {
        PyObject *key, *value;
        for (Py_ssize_t at = 0; PyDict_Next(staged.ptr(), &at, &key, &value);)
            if (!py::dict_get(given, key).is(handle(value))) py::set(namespace_object, key, value);
    };
    Run run(arguments, index, stage);
    try {
        run.read(words, allow_unknown);
        run.run();
    } catch (const NeedsArgparse&) {
        return {};
    } catch (const nb::python_error&) {
        commit();  // argparse leaves behind what was parsed before an action raised
        throw;
    }
    commit();
    return {true, run.unknown};
}

}  // namespace fastest::settings
