#include "engine/builtin/pdb_session.h"

namespace fastest::builtin {
namespace {

object is_capturing(Args a) { return truth(a[1]) ? call_method(a[1], "is_capturing"_n) : boolean(false); }

/// What `--pdbcls=module:Outer.Inner` names.
object import_named(handle module_name, handle path) {
    try {
        object found = call(lookup("importlib", "import_module"_n), module_name);
        for (object part : each(call_method(path, "split"_n, "."_n))) found = get(found, part);
        return found;
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_Exception)) throw;
        object name = strcat(module_name, ":", path);
        object refusal = call(lookup("_pytest.config", "UsageError"_n),
                              strcat("--pdbcls: could not import ", repr_of(name), ": ", error.value()));
        Handling handling(error);
        raise_from(refusal, error.value());
    }
}

object import_pdb_class(Args a) {
    handle cls = a[0];
    object config = get(cls, "_config"_n);
    if (!truth(config)) return lookup("pdb", "Pdb"_n);
    object wanted = call_method(config, "getvalue"_n, str("usepdb_cls"));
    object cached = get(cls, "_wrapped_pdb_cls"_n);
    if (truth(cached) && equal(item(cached, integer(0)), wanted)) return item(cached, integer(1));
    object base =
        truth(wanted) ? import_named(item(wanted, integer(0)), item(wanted, integer(1))) : lookup("pdb", "Pdb"_n);
    object wrapped = call_method(cls, "_get_pdb_wrapper_class"_n, base, a[1]);
    set(cls, "_wrapped_pdb_cls"_n, tuple_of(wanted, wrapped));
    return wrapped;
}

object wrapper_class(Args a) { return call(lookup("fastest.debugger", "wrapper_class"_n), a[0], a[1], a[2]); }

void announce(handle cls, handle method, handle capture, handle header) {
    object writer = call(lookup("_pytest.config", "create_terminal_writer"_n), get(cls, "_config"_n));
    call_method(writer, "line"_n);
    if (to_int(get(cls, "_recursive_debug"_n)) != 0) return;
    auto rule = [&](handle title) { call_method(writer, "sep"_n, ">"_n, title); };
    if (header.is_valid() && !is_none(header)) return rule(header);
    object capturing = call_method(cls, "_is_capturing"_n, capture);
    if (!truth(capturing)) return rule(strcat("PDB ", method));
    if (equal(capturing, "global"_n)) return rule(strcat("PDB ", method, " (IO-capturing turned off)"));
    rule(strcat("PDB ", method, " (IO-capturing turned off for ", capturing, ")"));
}

/// Arguments: cls, method, args, kwargs.
object init_pdb(Args a) {
    handle cls = a[0];
    object plugins = get(cls, "_pluginmanager"_n), config = get(cls, "_config"_n);
    object capture = is_none(plugins) ? none() : call_method(plugins, "getplugin"_n, "capturemanager"_n);
    if (truth(capture)) call_kw(get(capture, "suspend"_n), {}, {{"in_"_n, Py_True}});
    object keywords = check(PyDict_Copy(a[3].ptr()));
    if (truth(config)) {
        object header = dict_get(keywords, "header"_n);
        if (to_int(get(cls, "_recursive_debug"_n)) == 0) dict_remove(keywords, "header"_n);
        announce(cls, a[1], capture, header);
    }
    object pdb = call_ex(call_method(cls, "_import_pdb_cls"_n, capture), check(PyTuple_New(0)), keywords);
    if (truth(plugins)) call_named<"config", "pdb">(get(get(plugins, "hook"_n), "pytest_enter_pdb"_n), config, pdb);
    return pdb;
}

object set_trace(Args a) {
    object frame = borrow(reinterpret_cast<PyObject*>(PyEval_GetFrame()));
    object args = list_of("set_trace"_n);
    call_method(args, "extend"_n, a[1]);
    object pdb = call_ex(get(a[0], "_init_pdb"_n), to_tuple(args), a[2]);
    call_method(pdb, "set_trace"_n, frame.is_valid() ? frame : none());
    return none();
}

}  // namespace

void define_pdb_session(Module& m) {
    m.cls("pytestPDB")
        .doc("A pdb that knows of capture and of --pdbcls.")
        .attr("_pluginmanager", Py_None)
        .attr("_config", Py_None)
        .attr("_saved", new_list())
        .attr("_entries", new_list())
        .attr("_recursive_debug", integer(0))
        .attr("_wrapped_pdb_cls", Py_None)
        .classmethod("_is_capturing", "cls, capman", is_capturing)
        .classmethod("_import_pdb_cls", "cls, capman", import_pdb_class)
        .classmethod("_get_pdb_wrapper_class", "cls, pdb_cls, capman", wrapper_class)
        .classmethod("_init_pdb", "cls, method, *args, **kwargs", init_pdb)
        .classmethod("set_trace", "cls, *args, **kwargs", set_trace,
                     "Invoke debugging via ``Pdb.set_trace``, dropping any IO capturing.")
        .make();
}

}  // namespace fastest::builtin
