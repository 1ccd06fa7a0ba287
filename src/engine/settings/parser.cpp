// `Parser`: where plugins declare options and configuration values.
//
// Options live in one native table (`_arguments`, `_index`). argparse is imported, and its parser built from the table,
// when somebody asks for it (`optparser`), when an option needs it, or when there is help or an error to show; from
// then on it parses.

#include "engine/settings/argparsing.h"
#include "engine/settings/environment.h"
#include "engine/settings/ini_types.h"
#include "engine/settings/option_parser.h"
#include "engine/settings/option_spec.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

constexpr const char* kFileOrDir = "file_or_dir";

object make_group(handle parser, handle name) {
    return py::call_kw(py::global<"argparsing", "OptionGroup">(), {Py_None, name, parser}, {{"_ispytest"_n, Py_True}});
}

object init(Args a) {
    handle self = a[0];
    if (!py::truth(a[4])) py::call(py::facade("_pytest.deprecated", "check_ispytest"_n), a[4]);
    py::set(self, "_usage"_n, a[1]);
    py::set(self, "_processopt"_n, a[2]);
    py::set(self, "_prog"_n, a[3]);
    py::set(self, "extra_info"_n, py::new_dict());
    py::set(self, "_arguments"_n, py::new_list());
    py::set(self, "_index"_n, py::new_dict());
    object anonymous = make_group(self, py::str("_anonymous"));
    py::set(anonymous, "_title"_n, py::str("Custom options"));
    py::set(self, "_anonymous"_n, anonymous);
    py::set(self, "_groups"_n, py::list_of(anonymous));
    // The order in which argparse shows its groups: its own two stand before those of pytest.
    py::set(self, "_shown"_n, py::list_of(Py_None, Py_None, anonymous));
    py::set(self, "_opt2dest"_n, py::new_dict());
    py::set(self, "_inidict"_n, py::new_dict());
    py::set(self, "_ini_aliases"_n, py::new_dict());
    return py::none();
}

// --- argparse ---------------------------------------------------------------------------------

/// Gives an action that was made earlier to argparse, which wants to make it itself. Closure: the action.
object hand_over(Args a) { return py::borrow(a.closure()); }

void add_to_argparse(handle argument) {
    object tuple = py::get(argument, "_spec"_n);
    OptionSpec spec(tuple);
    object keywords = py::check(PyDict_Copy(spec.given().ptr()));
    if (!py::is_none(spec.action()))
        py::dict_set(keywords, "action"_n, py::make_function("action", "**kwargs", hand_over, spec.action()));
    object group = py::get(py::get(argument, "_group"_n), "_made_group"_n);
    object action = py::call_ex(py::get(group, "add_argument"_n), spec.given_names(), keywords);
    py::set(argument, "_made_action"_n, action);
}

object title_of(handle group) { return py::get(group, "_title"_n); }

object build(handle self) {
    object made =
        py::call_kw(py::lookup("_pytest.config.argparsing", "PytestArgumentParser"_n),
                    {py::get(self, "_usage"_n), py::get(self, "extra_info"_n)}, {{"prog"_n, py::get(self, "_prog"_n)}});
    object shown = py::get(self, "_shown"_n), own = py::get(made, "_action_groups"_n);
    object order = py::new_list();
    Py_ssize_t standard = 0;
    for (object group : py::each(shown)) {
        if (py::is_none(group)) {
            py::append(order, PyList_GET_ITEM(own.ptr(), standard++));
            continue;
        }
        object argparse_group = py::call_method(made, "add_argument_group"_n, title_of(group));
        py::set(group, "_made_group"_n, argparse_group);
        py::append(order, argparse_group);
    }
    py::check(PyList_SetSlice(own.ptr(), 0, PY_SSIZE_T_MAX, order.ptr()));
    object rest = py::call_kw(py::get(made, "add_argument"_n), {py::str(kFileOrDir)}, {{"nargs"_n, py::str("*")}});
    py::set(rest, "completer"_n, py::lookup("_pytest._argcomplete", "filescompleter"_n));
    py::set(self, "_argparser"_n, made);
    for (object argument : py::each(py::get(self, "_arguments"_n))) add_to_argparse(argument);
    return made;
}

object set_optparser(Args a) {
    py::set(a[0], "_argparser"_n, a[1]);
    return py::none();
}

object get_prog(Args a) { return py::get(argparse_parser(a[0]), "prog"_n); }

object set_prog(Args a) {
    py::set(a[0], "_prog"_n, a[1]);
    if (object made = existing_argparse_parser(a[0]); made.is_valid()) py::set(made, "prog"_n, a[1]);
    return py::none();
}

// --- groups and options -----------------------------------------------------------------------

object getgroup(Args a) {
    handle self = a[0], name = a[1], description = a[2], after = a[3];
    object groups = py::get(self, "_groups"_n);
    Py_ssize_t at = 0, index = 0, count = PyList_GET_SIZE(groups.ptr());
    for (object group : py::each(groups))
        if (py::equal(py::get(group, "name"_n), name)) return group;
    for (at = 0; at < count; ++at) {
        index = at;
        object other = py::get(handle(PyList_GET_ITEM(groups.ptr(), at)), "name"_n);
        if (py::equal(other, after)) break;
    }
    object group = make_group(self, name);
    object title = py::truth(description) ? py::borrow(description) : py::borrow(name);
    py::set(group, "_title"_n, title);
    py::check(PyList_Insert(groups.ptr(), index + 1, group.ptr()));
    py::check(PyList_Insert(py::get(self, "_shown"_n).ptr(), index + 1, group.ptr()));
    if (object made = existing_argparse_parser(self); made.is_valid()) {
        py::set(group, "_made_group"_n, py::call_method(made, "add_argument_group"_n, title));
        object order = py::get(made, "_action_groups"_n);
        py::call_method(order, "insert"_n, py::integer(index + 1), py::call_method(order, "pop"_n));
    }
    return group;
}

object addoption(Args a) {
    py::call_ex(py::get(py::get(a[0], "_anonymous"_n), "addoption"_n), a[1], a[2]);
    return py::none();
}

object processoption(Args a) {
    object process = py::get(a[0], "_processopt"_n);
    if (py::truth(process) && py::truth(py::get(a[1], "dest"_n))) py::call(process, a[1]);
    return py::none();
}

// --- parsing ----------------------------------------------------------------------------------

object as_texts(handle arguments) {
    object texts = py::new_list();
    for (object argument : py::each(arguments)) py::append(texts, py::check(PyOS_FSPath(argument.ptr())));
    return texts;
}

object namespace_or_new(handle given) {
    return py::is_none(given) ? py::call(py::global<"argparsing", "Namespace">()) : py::borrow(given);
}

ParseOutcome parse_natively(handle self, handle words, handle target, bool allow_unknown) {
    if (existing_argparse_parser(self).is_valid()) return {};
    for (object word : py::each(words))
        if (!py::is_str(word)) return {};
    return parse_options(py::get(self, "_arguments"_n), py::get(self, "_index"_n), words, target, allow_unknown);
}

object known_and_unknown(handle self, handle words, handle target) {
    ParseOutcome outcome = parse_natively(self, words, target, true);
    if (outcome.done) return py::tuple_of(target, outcome.unknown);
    object parser = argparse_parser(self);
    if (!py::version::kIntermixedLosesArguments)
        return py::call_method(parser, "parse_known_intermixed_args"_n, words, target);
    object parsed = py::call_method(parser, "parse_known_args"_n, words, target);
    object result = py::item(parsed, py::integer(0)), unknown = py::new_list();
    object files = py::get(result, "file_or_dir"_n);
    for (object word : py::each(py::item(parsed, py::integer(1))))
        py::call_method(py::text(word).starts_with('-') ? unknown : files, "append"_n, word);
    return py::tuple_of(result, unknown);
}

object parse_known_and_unknown_args(Args a) { return known_and_unknown(a[0], as_texts(a[1]), namespace_or_new(a[2])); }

object parse_known_args(Args a) {
    object parsed = py::call_method_kw(a[0], "parse_known_and_unknown_args"_n, {a[1]}, {{"namespace"_n, a[2]}});
    return py::item(parsed, py::integer(0));
}

object parse_all(handle self, handle words, handle target) {
    if (py::truth(environment("_ARGCOMPLETE")))
        py::call(py::lookup("_pytest._argcomplete", "try_argcomplete"_n), argparse_parser(self));
    if (parse_natively(self, words, target, false).done) return py::borrow(target);
    return py::call_method_kw(argparse_parser(self), "parse_intermixed_args"_n, {words}, {{"namespace"_n, target}});
}

object parse(Args a) {
    object words = as_texts(a[1]), target = namespace_or_new(a[2]);
    py::set(target, "_raise_print_help"_n, Py_True);
    struct Restore {
        handle target;
        ~Restore() {
            nb::error_scope keep;
            if (PyObject_SetAttr(target.ptr(), "_raise_print_help"_n.ptr(), nullptr) < 0) PyErr_Clear();
        }
    } restore{target};
    return parse_all(a[0], words, target);
}

// --- configuration values ---------------------------------------------------------------------

object addini(Args a) {
    handle self = a[0], name = a[1], help = a[2], fallback = a[4];
    object type = normalize_ini_type(name, a[3]);
    object value = py::borrow(fallback);
    if (!value.is_valid() || value.is(py::global<"compat", "NOTSET">())) {
        bool is_union = PyTuple_Check(type.ptr());
        if (is_union || is_ini_literal(type))
            py::raise(PyExc_ValueError,
                      py::cat("ini option ", py::repr_of(name), " has a ", is_union ? "union" : "Literal",
                              " type, which has no implicit default; pass an explicit `default` to `addini`"));
        value = default_of_ini_type(type);
    }
    object known = py::get(self, "_inidict"_n), known_aliases = py::get(self, "_ini_aliases"_n);
    py::set_item(known, name, py::tuple_of(help, type, value));
    for (object alias : py::each(a[5])) {
        if (py::contains(known, alias))
            py::raise(PyExc_ValueError,
                      py::cat("alias ", py::repr_of(alias), " conflicts with existing configuration option"));
        if (object other = py::call_method(known_aliases, "get"_n, alias); !py::is_none(other))
            py::raise(PyExc_ValueError, py::cat(py::repr_of(alias), " is already an alias of ", py::repr_of(other)));
        py::set_item(known_aliases, alias, name);
    }
    return py::none();
}

}  // namespace

object existing_argparse_parser(handle parser) { return py::try_get(parser, "_argparser"_n); }

object argparse_parser(handle parser) {
    object made = existing_argparse_parser(parser);
    return made.is_valid() ? made : build(parser);
}

void define_parser(py::Module& m) {
    m.attr("FILE_OR_DIR", py::str(kFileOrDir));
    m.cls("Parser")
        .def("__init__", "self, usage=None, processopt=None, *, prog=None, _ispytest=False", init)
        .prop(
            "optparser", [](Args a) { return argparse_parser(a[0]); }, set_optparser)
        .prop("prog", get_prog, set_prog)
        .def("processoption", "self, option", processoption)
        .def("getgroup", "self, name, description='', after=None", getgroup,
             "The option group of that name; made when there is none.\n\n"
             ":param name: Name of the group.\n"
             ":param description: Its title in `--help`.\n"
             ":param after: Name of the group after which `--help` shows it.")
        .def("addoption", "self, *opts, **attrs", addoption,
             "Declare a command line option.\n\n"
             ":param opts: Names of the option, short or long.\n"
             ":param attrs: What :meth:`add_argument() <argparse.ArgumentParser.add_argument>` accepts.\n\n"
             "The value is `config.option.NAME`, where NAME is what `dest` says, and `config.getoption(\"NAME\")`.")
        .def("parse", "self, args, namespace=None", parse)
        .def("parse_known_args", "self, args, namespace=None", parse_known_args)
        .def("parse_known_and_unknown_args", "self, args, namespace=None", parse_known_and_unknown_args)
        .def("addini", "self, name, help, type=None, default=_pytest.compat.NOTSET, *, aliases=()", addini,
             "Declare a value of the configuration file.\n\n"
             ":param name: Name of the value.\n"
             ":param type:\n"
             "    `string`, `bool`, `int`, `float`, `args` (split as a shell does), `linelist` (split at line ends), "
             "`paths`\n"
             "    or `pathlist` (relative to the file); one of `str`, `bool`, `int`, `float`; a union of these; a "
             "`Literal` of\n"
             "    strings. `string` when not given.\n"
             ":param default: The value when the file does not set it.\n"
             ":param aliases: Other names for it.\n\n"
             "`config.getini(name)` gives the value.")
        .doc(
            "Declares command line options and configuration values.\n\n"
            ":ivar extra_info: what to show besides when the command line is wrong.")
        .make();
}

}  // namespace fastest::settings
