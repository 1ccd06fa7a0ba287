#include "engine/capture/quiet_capture.h"

#include <array>

#include "engine/capture/stream_capture.h"
#include "engine/py/own_method.h"
#include "os/descriptor.h"

namespace fastest::capture {

namespace {

constexpr const char* kMethods[] = {"resume_global_capture", "suspend_global_capture", "read_global_capture",
                                    "activate_fixture", "deactivate_fixture"};
py::OwnMethods<std::size(kMethods)> g_methods;  // constants

/// One of the captured streams, while the capture of its descriptor stands.
struct Stream {
    object capture, sys_capture, file;
    int target = -1, kept = -1;
    os::OpenFile captured;
};

/// Whether other threads could write, and would see where to.
bool other_threads() {
    PyThreadState* own = PyThreadState_Get();
    for (PyThreadState* thread = PyInterpreterState_ThreadHead(own->interp); thread; thread = PyThreadState_Next(thread))
        if (thread != own) return true;
    return false;
}

class QuietCapture final : public hooks::QuietPart {
public:
    explicit QuietCapture(handle manager) : manager_(manager) {}

    bool plain(handle) override {
        return g_methods.found_on(manager_);
    }

    void enter(handle, hooks::Phase) override {
        if (!standing_) return begin_phase(manager_);
        if (!py::is_none(fixture())) py::call_method(manager_, "activate_fixture"_n);
    }

    void leave(handle item, hooks::Phase phase, bool failed) override {
        if (!failed && py::is_none(fixture()) && can_stand()) {
            standing_ = true;
            return;
        }
        standing_ = false;
        end_phase(manager_, item, hooks::name_of(phase));
    }

    void settle() override {
        if (!standing_) return;
        standing_ = false;
        py::call_method(manager_, "suspend_global_capture"_n, handle(Py_False));
    }

    int kept_descriptor(int fd) override {
        if (standing_)
            for (const Stream& stream : streams_)
                if (stream.target == fd) return stream.kept;
        return -1;
    }

private:
    object fixture() const { return py::get(manager_, "_capture_fixture"_n); }

    /// Whether nothing was written and everything is on as the phase found it.
    bool can_stand() {
        object capture = py::get(manager_, "_global_capturing"_n);
        if (!capture.is(capture_)) {
            capture_ = object();
            if (!know(capture)) return false;
            capture_ = capture;
        }
        if (!has_started(capture) || other_threads()) return false;
        for (const Stream& stream : streams_) {
            if (!has_started(stream.capture) || !has_started(stream.sys_capture)) return false;
            os::OpenFile now = os::open_file(stream.target);
            if (now.size != 0 || !now.same_file(stream.captured)) return false;
            handle name = stream_name(stream.target);
            const char* text = PyUnicode_AsUTF8(name.ptr());
            if (PySys_GetObject(text) != stream.file.ptr()) py::check(PySys_SetObject(text, stream.file.ptr()));
        }
        return true;
    }

    static bool has_started(handle capture) { return py::get(capture, "_state"_n).is(state_started()); }

    /// Reads what the capture consists of. False if it is not a capture of descriptors by the engine's classes.
    bool know(handle capture) {
        if (!is_exactly(capture, py::global<"capture_multi", "MultiCapture">())) return false;
        std::size_t at = 0;
        for (handle name : {"out"_n, "err"_n}) {
            Stream& stream = streams_[at++];
            stream.capture = py::get(capture, name);
            if (!is_exactly(stream.capture, py::global<"capture_descriptors", "FDCapture">())) return false;
            stream.sys_capture = py::get(stream.capture, "syscapture"_n);
            if (!is_exactly(stream.sys_capture, py::global<"capture_streams", "SysCapture">())) return false;
            stream.file = py::get(stream.sys_capture, "tmpfile"_n);
            stream.target = static_cast<int>(py::to_int(py::get(stream.capture, "targetfd"_n)));
            stream.kept = static_cast<int>(py::to_int(py::get(stream.capture, "targetfd_save"_n)));
            int file = PyObject_AsFileDescriptor(stream.file.ptr());
            if (file < 0) throw nb::python_error();
            stream.captured = os::open_file(file);
        }
        return true;
    }

    static bool is_exactly(handle value, handle type) {
        return reinterpret_cast<PyObject*>(Py_TYPE(value.ptr())) == type.ptr();
    }

    handle manager_;
    object capture_;
    std::array<Stream, 2> streams_;
    bool standing_ = false;
};

}  // namespace

std::unique_ptr<hooks::QuietPart> quiet_capture(handle manager, hooks::QuietRun&) {
    return std::make_unique<QuietCapture>(manager);
}

void remember_manager_methods(handle manager_class) {
    g_methods.remember(manager_class, kMethods);
}

}  // namespace fastest::capture
