// Each method of Testdir hands its arguments to the Pytester method of that name; a table says which results become
// py.path.local.

#include "engine/builtin/legacy_testdir.h"

#include "engine/fixtures/notices.h"

namespace fastest::builtin {

using namespace py;

namespace {

struct Forward {
    const char* name;
    const char* signature;
    bool path = false;             // the result becomes a py.path.local
    const char* target = nullptr;  // when Pytester's name differs
};

constexpr Forward kForwards[] = {
    {"make_hook_recorder", "self, pluginmanager"},
    {"chdir", "self"},
    {"finalize", "self", false, "_finalize"},
    {"makeconftest", "self, source", true},
    {"makeini", "self, source", true},
    {"getinicfg", "self, source"},
    {"makepyprojecttoml", "self, source", true},
    {"makepyfile", "self, *args, **kwargs", true},
    {"maketxtfile", "self, *args, **kwargs", true},
    {"syspathinsert", "self, path=None"},
    {"mkdir", "self, name", true},
    {"mkpydir", "self, name", true},
    {"copy_example", "self, name=None", true},
    {"getnode", "self, config, arg"},
    {"getpathnode", "self, path"},
    {"genitems", "self, colitems"},
    {"runitem", "self, source"},
    {"inline_runsource", "self, source, *cmdlineargs"},
    {"inline_genitems", "self, *args"},
    {"inline_run", "self, *args, plugins=(), no_reraise_ctrlc=False"},
    {"runpytest_inprocess", "self, *args, **kwargs"},
    {"runpytest", "self, *args, **kwargs"},
    {"parseconfig", "self, *args"},
    {"parseconfigure", "self, *args"},
    {"getitem", "self, source, funcname='test_func'"},
    {"getitems", "self, source"},
    {"getmodulecol", "self, source, configargs=(), withinit=False"},
    {"collect_by_name", "self, modcol, name"},
    {"popen", "self, cmdargs, stdout=-1, stderr=-1, stdin=_pytest.compat.NOTSET, **kw"},
    {"run", "self, *cmdargs, timeout=None, stdin=_pytest.compat.NOTSET"},
    {"runpython", "self, script"},
    {"runpython_c", "self, command"},
    {"runpytest_subprocess", "self, *args, timeout=None"},
    {"spawn_pytest", "self, string, expect_timeout=10.0"},
    {"spawn", "self, cmd, expect_timeout=10.0"},
};

/// Closure: the place in the table.
object forward(Args a) {
    const Forward& entry = kForwards[to_int(a.closure())];
    Signature signature(entry.signature);
    object args = new_list(), keywords = new_dict();
    for (std::size_t i = 1; i < signature.size(); ++i) {
        const Parameter& parameter = signature.parameters()[i];
        if (!a.given(i)) continue;
        switch (parameter.kind) {
            case ParameterKind::kVarPositional:
                call_method(args, "extend"_n, a[i]);
                break;
            case ParameterKind::kVarKeyword:
                call_method(keywords, "update"_n, a[i]);
                break;
            case ParameterKind::kKeywordOnly:
                dict_set(keywords, parameter.interned, a[i]);
                break;
            default:
                parameter.optional ? dict_set(keywords, parameter.interned, a[i]) : append(args, a[i]);
        }
    }
    object method = get(get(a[0], "_pytester"_n), str(entry.target ? entry.target : entry.name));
    object result = call_ex(method, to_tuple(args), keywords);
    return entry.path ? legacy_path(result) : result;
}

object makefile(Args a) {
    object ext = borrow(a[1]);
    if (truth(ext) && !text(ext).starts_with(".")) ext = strcat(".", ext);
    object args = list_of(ext);
    call_method(args, "extend"_n, a[2]);
    return legacy_path(call_ex(get(get(a[0], "_pytester"_n), "makefile"_n), to_tuple(args), a[3]));
}

object inner(handle self, handle name) { return get(get(self, "_pytester"_n), name); }

}  // namespace

void define_testdir(Module& m) {
    ClassBuilder builder = m.cls("Testdir");
    builder.doc("A :class:`Pytester` whose methods give ``py.path.local`` objects.")
        .attr("__test__", Py_False)
        .attr("__final__", Py_True)
        .attr("CLOSE_STDIN", lookup("_pytest.compat", "NOTSET"_n))
        .attr("TimeoutExpired", global<"run_result", "TimeoutExpired">())
        .def("__init__", "self, pytester, *, _ispytest=False",
             [](Args a) {
                 fixtures::check_ispytest(a[2]);
                 set(a[0], "_pytester"_n, a[1]);
                 return none();
             })
        .prop(
            "tmpdir", [](Args a) { return legacy_path(inner(a[0], "path"_n)); }, nullptr,
            "The directory in which tests are executed.")
        .prop("test_tmproot", [](Args a) { return legacy_path(inner(a[0], "_test_tmproot"_n)); })
        .prop("request", [](Args a) { return inner(a[0], "_request"_n); })
        .prop(
            "plugins", [](Args a) { return inner(a[0], "plugins"_n); },
            [](Args a) {
                set(get(a[0], "_pytester"_n), "plugins"_n, a[1]);
                return none();
            })
        .prop("monkeypatch", [](Args a) { return inner(a[0], "_monkeypatch"_n); })
        .def("makefile", "self, ext, *args, **kwargs", makefile, "See :meth:`Pytester.makefile`.")
        .def("__repr__", "self", [](Args a) { return strcat("<Testdir ", repr_of(get(a[0], "tmpdir"_n)), ">"); })
        .def("__str__", "self", [](Args a) { return to_str(get(a[0], "tmpdir"_n)); });
    long long place = 0;
    for (const Forward& entry : kForwards) {
        auto spec = std::make_shared<const FunctionSpec>(entry.name, Signature(entry.signature), forward, nullptr,
                                                         cat("See :meth:`Pytester.", entry.name, "`."));
        builder.attr(entry.name, make_function(spec, integer(place++), m.public_name(), cat("Testdir.", entry.name)));
    }
    builder.make();
}

}  // namespace fastest::builtin
