#pragma once
// Which names of a module or class are tests.

#include "engine/collect/garbage_pause.h"
#include "engine/collect/siblings.h"

namespace fastest::collect {

using py::handle;
using py::object;
using namespace py::literals;

/// Whether a name starts with one of the patterns, or matches it as a glob.
bool matches_patterns(handle patterns, handle name);
/// The same with the patterns of an ini key.
bool matches_option(handle collector, handle option, handle name);
/// `__test__` is True.
bool asks_to_be_test(handle obj);
/// `PyCollector.istestfunction`, by the collector's own filters.
bool is_test_function(handle collector, handle obj, handle name);
/// `PyCollector.istestclass`, by the collector's own filters.
bool is_test_class(handle collector, handle obj, handle name);
/// Keeps the filter methods as they are now, to tell later whether they were replaced.
void remember_filter_methods(handle pycollector);
/// Fails for a generator function.
void refuse_generator(handle name, handle function);
/// The items of a function, or None with a warning for what is none.
object make_function_items(handle collector, handle name, handle obj);

/// Goes through the namespaces of one module or class. Short cut: while nobody but the engine implements
/// `pytest_pycollect_makeitem` or replaces a filter, functions and plain values are told without the hook.
class NamespaceScan {
public:
    /// `only_own`: leave out what a module imported.
    NamespaceScan(handle collector, bool only_own);
    /// The nodes for the names of one namespace (a mapping) that were not seen before.
    object collect(handle names);
    /// Whether no code but the engine's has run so far.
    bool was_quiet() const { return quiet_ && !interrupted_; }

private:
    object make(handle name, handle obj);
    object make_quietly(handle name, handle obj);
    void read_patterns(handle config);
    bool is_test_name(handle name) const;
    /// Other code may run now.
    void interrupt();

    object collector_, hook_, ignored_, seen_, patterns_;
    std::vector<std::string> prefixes_;
    bool has_globs_ = false;
    Siblings siblings_;
    bool only_own_, quiet_ = false, interrupted_ = false;
    GarbagePause pause_;
};

}  // namespace fastest::collect
