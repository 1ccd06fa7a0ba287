#include "engine/capture/quiet_capture.h"

#include <array>
#include <cerrno>

#include "engine/capture/stream_capture.h"
#include "engine/py/own_method.h"
#include "engine/py/short_cut.h"
#include "engine/py/threads.h"
#include "os/descriptor.h"

namespace fastest::capture {

namespace {

constexpr const char* kMethods[] = {"resume_global_capture", "suspend_global_capture", "read_global_capture",
                                    "activate_fixture", "deactivate_fixture"};
constexpr const char* kMultiMethods[] = {"suspend_capturing", "resume_capturing"};
constexpr const char* kStreamMethods[] = {"suspend", "resume"};
py::OwnMethods<std::size(kMethods)> g_methods;  // constants
py::OwnMethods<std::size(kMultiMethods)> g_multi;
py::OwnMethods<std::size(kStreamMethods)> g_descriptor, g_stream;

py::ShortCut g_standing{
    "capture.standing",
    "after a phase without output the capture stays on until something else than a test could see it"};

/// One of the captured streams, while the capture of its descriptor stands.
struct Stream {
    object capture, sys_capture, file, raw;
    int target = -1, kept = -1, descriptor = -1;
    os::OpenFile captured;
};

class QuietCapture final : public hooks::QuietPart {
public:
    QuietCapture(handle manager, hooks::QuietRun& run) : manager_(manager), run_(run) {}

    bool plain(handle) override { return g_methods.found_on(manager_); }

    /// A capture whose file a test has closed makes every phase fail, and other threads see each phase: they could
    /// write, and would see where to.
    bool needs(handle, hooks::Phase) override {
        if (standing_) return false;
        if (py::other_threads()) return true;
        object capture = py::get(manager_, "_global_capturing"_n);
        if (py::is_none(capture)) return false;
        for (handle name : {"out"_n, "err"_n}) {
            object file = py::get_or(py::get(capture, name), "tmpfile"_n, Py_None);
            if (py::truth(py::get_or(file, "closed"_n, Py_False))) return true;
        }
        return false;
    }

    void enter(handle, hooks::Phase) override {
        unseen_ = false;
        if (!standing_ && !resume()) return begin_phase(manager_);
        if (!py::is_none(fixture())) py::call_method(manager_, "activate_fixture"_n);
    }

    void leave(handle item, hooks::Phase phase, bool failed) override {
        if (g_standing.take(!failed && py::is_none(fixture()) && can_stand())) {
            standing_ = unseen_ = true;
            return;
        }
        standing_ = false;
        end_phase(manager_, item, hooks::name_of(phase));
    }

    void settle() override {
        if (!standing_) return;
        standing_ = false;
        if (!suspend()) py::call_method(manager_, "suspend_global_capture"_n, handle(Py_False));
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
        if (py::other_threads()) return false;
        for (const Stream& stream : streams_) {
            if (!is_untouched(stream) || py::truth(py::get(stream.raw, "closed"_n))) return false;
            if (py::dict_get(sys_dict(), stream_name(stream.target)).is(stream.file)) continue;
            if (!all_in(state_started())) return false;
            set_stream(stream, stream.file);
        }
        return true;
    }

    /// Whether nothing was written. Where the capture goes on, the descriptor has to lead to its file still.
    bool is_untouched(const Stream& stream) const {
        if (run_.settles_each_phase()) return os::seek_to_end(stream.descriptor) == 0;
        os::OpenFile now = os::open_file(stream.target);
        return now.size == 0 && now.same_file(stream.captured);
    }

    // What `MultiCapture.suspend_capturing()` and `resume_capturing()` do, without the calls. False, with nothing done,
    // when the capture is none that can stand, or was changed since it was looked at.

    bool suspend() {
        if ((!unseen_ && !is_known()) || !all_in(state_started())) return false;
        switch_to(state_suspended(), [](const Stream& stream) {
            set_stream(stream, py::get(stream.sys_capture, "_old"_n));
            return os::duplicate_to(stream.kept, stream.target);
        });
        return true;
    }

    bool resume() {
        if (!is_known() || !all_in(state_suspended())) return false;
        switch_to(state_started(), [](const Stream& stream) {
            set_stream(stream, stream.file);
            return os::duplicate_to(stream.descriptor, stream.target);
        });
        return true;
    }

    bool is_known() const {
        return capture_.is_valid() && g_multi.found_on(capture_) &&
               py::get(manager_, "_global_capturing"_n).is(capture_) &&
               py::get(capture_, "_in_suspended"_n).is(Py_False) && is_unpatched(streams_[0]) &&
               is_unpatched(streams_[1]);
    }

    static bool is_unpatched(const Stream& stream) {
        return g_descriptor.found_on(stream.capture) && g_stream.found_on(stream.sys_capture);
    }

    bool all_in(handle state) const {
        if (!py::get(capture_, "_state"_n).is(state)) return false;
        for (const Stream& stream : streams_)
            if (!py::get(stream.capture, "_state"_n).is(state) || !py::get(stream.sys_capture, "_state"_n).is(state))
                return false;
        return true;
    }

    template <class Switch>
    void switch_to(handle state, Switch&& change) {
        enter_state(capture_, state);
        for (const Stream& stream : streams_) {
            int result = change(stream);
            if (result < 0) {
                errno = -result;
                PyErr_SetFromErrno(PyExc_OSError);
                throw nb::python_error();
            }
            enter_state(stream.sys_capture, state);
            enter_state(stream.capture, state);
        }
    }

    static void set_stream(const Stream& stream, handle file) {
        py::dict_set(sys_dict(), stream_name(stream.target), file);
    }

    /// What `sys.stdout` and the others stand in.
    static handle sys_dict() {
        static PyObject* const dict = py::get(py::import_module("sys"), "__dict__"_n).release().ptr();
        return dict;
    }

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
            object buffer = py::get_or(stream.file, "buffer"_n, Py_None);
            stream.raw = py::get_or(buffer, "raw"_n, buffer);
            stream.descriptor = PyObject_AsFileDescriptor(stream.file.ptr());
            if (stream.descriptor < 0) throw nb::python_error();
            stream.captured = os::open_file(stream.descriptor);
        }
        return true;
    }

    static bool is_exactly(handle value, handle type) { return py::type_of(value).is(type); }

    handle manager_;
    hooks::QuietRun& run_;
    object capture_;
    std::array<Stream, 2> streams_;
    bool standing_ = false;
    bool unseen_ = false;  // no code of others has run since the last look at what stands
};

}  // namespace

std::unique_ptr<hooks::QuietPart> quiet_capture(handle manager, hooks::QuietRun& run) {
    return std::make_unique<QuietCapture>(manager, run);
}

void remember_manager_methods(handle manager_class) {
    g_methods.remember(manager_class, kMethods);
    g_multi.remember(py::global<"capture_multi", "MultiCapture">(), kMultiMethods);
    g_descriptor.remember(py::global<"capture_descriptors", "FDCapture">(), kStreamMethods);
    g_stream.remember(py::global<"capture_streams", "SysCapture">(), kStreamMethods);
}

}  // namespace fastest::capture
