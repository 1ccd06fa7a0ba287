#include "engine/terminal/quiet_sink.h"

#include "engine/py/short_cut.h"
#include "os/descriptor.h"

namespace fastest::terminal {

using namespace py;

namespace {

ShortCut g_letter{
    "terminal.letter",
    "while capture stays on, what a passed test shows goes to the original descriptor past the terminal's file, "
    "which has nothing else to write; seen with other files and without the capture of descriptors"};

}  // namespace

void Sink::find(handle file) {
    file_ = borrow(file);
    descriptor_ = -1;
    bool text_file = type_of(file).is(lookup("io", "TextIOWrapper"_n));
    plain_ = text_file || type_of(file).is(lookup("io", "StringIO"_n)) ||
             type_of(file).is(global<"capture_stand_ins", "EncodedFile">()) ||
             type_of(file).is(global<"capture_stand_ins", "CaptureIO">());
    if (!text_file) return;
    descriptor_ = PyObject_AsFileDescriptor(file.ptr());
    if (descriptor_ < 0)
        PyErr_Clear();
    else
        call_method(file, "flush"_n);
}

void Sink::flush(hooks::QuietRun& run) const {
    if (!file_.is_valid() || (descriptor_ >= 0 && run.real_descriptor(descriptor_) != descriptor_)) return;
    if (!plain_) run.settle();
    call_method(file_, "flush"_n);
}

bool Sink::write(handle text, hooks::QuietRun& run) const {
    if (!plain_ || !PyUnicode_IS_ASCII(text.ptr())) return false;
    int original = descriptor_ >= 0 ? run.real_descriptor(descriptor_) : descriptor_;
    if (!g_letter.take(original != descriptor_)) {
        call_method(file_, "write"_n, text);
        call_method(file_, "flush"_n);
        return true;
    }
    const char* bytes = static_cast<const char*>(PyUnicode_DATA(text.ptr()));
    return os::write_all(original, {bytes, static_cast<std::size_t>(PyUnicode_GET_LENGTH(text.ptr()))}) == 0;
}

}  // namespace fastest::terminal
