// The namespace of `_pytest.assertion.rewrite`.

#include "engine/py/module.h"
#include "engine/rewrite/functions.h"
#include "engine/rewrite/hook.h"
#include "engine/rewrite/rewriter.h"

namespace fastest::rewrite {
namespace {

using py::Args;

// Part of the cache's file names: changes whenever the form of rewritten code does. pytest's own files are never
// touched, as neither could run the other's code.
const char* kForm = "-fastest4-pytest-9.2.0";

object rewriter_init(Args a) {
    py::set(a[0], "module_path"_n, a[1]);
    py::set(a[0], "config"_n, a[2]);
    py::set(a[0], "source"_n, a[3]);
    return py::none();
}

object rewriter_run(Args a) {
    return py::call(py::facade("_pytest.assertion.rewrite", "rewrite_asserts"_n), a[1], py::get(a[0], "source"_n),
                    py::get(a[0], "module_path"_n), py::get(a[0], "config"_n));
}

object is_rewrite_disabled(Args a) { return py::boolean(Rewriter::disabled_by(a[0])); }

}  // namespace

FASTEST_MODULE(assertion_rewrite, "_pytest.assertion.rewrite") {
    object cache_tag = py::get(py::lookup("sys", "implementation"_n), "cache_tag"_n);
    object tag = py::strcat(cache_tag, kForm);
    std::string extension = Py_OptimizeFlag ? ".pyo" : ".pyc";
    m.attr("PYTEST_TAG", tag);
    m.attr("assertstate_key", py::call(py::lookup("_pytest.stash", "StashKey"_n)));
    m.attr("PYC_EXT", py::str(extension));
    m.attr("PYC_TAIL", py::strcat(".", tag, extension));

    m.def("rewrite_asserts", "mod, source, module_path=None, config=None", &rewrite_asserts,
          "Rewrite the assert statements of an `ast.Module` in place.");
    m.def("_get_assertion_exprs", "src", &assertion_sources, "Line number to source of the asserted expression.");
    m.def("traverse_node", "node", &traverse_node);
    m.def("_walrus_targets", "nodes", &walrus_targets);
    m.cls("AssertionRewriter")
        .def("__init__", "self, module_path, config, source", &rewriter_init)
        .def("run", "self, mod", &rewriter_run)
        .staticmethod("is_rewrite_disabled", "docstring", &is_rewrite_disabled)
        .make();

    m.def("_get_maxsize_for_saferepr", "config", &maxsize_for_saferepr);
    m.def("_saferepr", "obj", &saferepr_of_value);
    m.def("_format_assertmsg", "obj", &format_assertmsg);
    m.def("_should_repr_global_name", "obj", &should_repr_global_name);
    m.def("_format_boolop", "explanations, is_or", &format_boolop);
    m.def("_call_reprcompare", "ops, results, expls, each_obj", &call_reprcompare);
    m.def("_call_assertion_pass", "lineno, orig, expl", &call_assertion_pass);
    m.def("_check_if_assertion_pass_impl", "", &has_assertion_pass);
    m.def("_fail", "shape, message=...", &fail);
    m.def("_fail_as", "error, shape, message=...", &fail_as);
    m.def("_explain_parts", "shape", &explain_parts);
    m.def("_explain_whole", "shape", &explain_whole);
    m.def("_report_pass", "shape, lineno, orig", &report_pass);

    m.def("_read_pyc", "source, pyc, trace=...", &read_pyc);
    m.def("_write_pyc", "state, co, source_hash, pyc", &write_pyc);
    m.def("_write_pyc_fp", "fp, source_hash, co", &write_pyc_file);
    m.def("_rewrite_test", "fn, config", &rewrite_test);
    m.def("get_cache_dir", "file_path", &get_cache_dir);
    m.def("try_makedirs", "cache_dir", &try_makedirs);
    m.def("_fix_code_filename", "co, filename", &fix_code_filename);
    m.def("_replace_code_filenames", "co, filename", &replace_code_filenames);
    m.attr("_imp_fix_co_filename", py::get_or(py::import_module("_imp"), "_fix_co_filename"_n, Py_None));
    define_hook(m);
}

}  // namespace fastest::rewrite
