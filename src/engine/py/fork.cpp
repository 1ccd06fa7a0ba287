#include "engine/py/fork.h"

#include "engine/py/module.h"

namespace fastest::py {
namespace {

constexpr Py_ssize_t kBefore = 0, kAfter = 1;

object actions(handle config) {
    object known = try_get(config, "_fork_actions"_n);
    if (known.is_valid()) return known;
    known = new_list();
    set(config, "_fork_actions"_n, known);
    return known;
}

void call_all(handle config, Py_ssize_t which) {
    for (object pair : each(to_list(actions(config)))) {
        handle action = PyTuple_GET_ITEM(pair.ptr(), which);
        if (!is_none(action)) call(action, config);
    }
}

void flush_streams() {
    for (handle name : {"stdout"_n, "stderr"_n, "__stdout__"_n, "__stderr__"_n})
        if (object stream = lookup("sys", name); !is_none(stream)) call_method(stream, "flush"_n);
}

}  // namespace

void on_fork(handle config, handle before, handle after) { append(actions(config), tuple_of(before, after)); }

object fork_run(handle config) {
    flush_streams();
    call_all(config, kBefore);
    object pid = call(lookup("os", "fork"_n));
    if (!truth(pid)) call_all(config, kAfter);
    return pid;
}

}  // namespace fastest::py

FASTEST_MODULE(fork, "fastest") {
    m.def("fork_run", "config", [](fastest::py::Args a) { return fastest::py::fork_run(a[0]); },
          "Fork a run. The child has capture files and temporary directories of its own; the parent gets its pid.");
}
