#pragma once
// Twisted's trial hands its own Failure objects to a TestResult, where unittest hands `sys.exc_info()`.

#include "engine/run/known.h"

namespace fastest::builtin {

using namespace run;

/// Twisted's major version if trial was imported, else 0.
long long twisted_major();

/// The `sys.exc_info()` triple that a Failure stands for; anything else is given back.
object unwrap_failure(handle raised);

/// While it lives, Failures of old Twisted versions keep the triple that they were made from.
class KeepRawFailures {
public:
    KeepRawFailures();
    ~KeepRawFailures();
    KeepRawFailures(const KeepRawFailures&) = delete;
    KeepRawFailures& operator=(const KeepRawFailures&) = delete;

private:
    object failure_, original_;
};

/// Lets the class, TestCaseFunction, pass for one of trial's reporters; asks for it only when there is a twisted.
void declare_reporter(handle (*cls)());

}  // namespace fastest::builtin
