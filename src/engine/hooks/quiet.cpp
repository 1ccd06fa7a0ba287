#include "engine/hooks/quiet.h"

#include <unordered_map>
#include <unordered_set>

namespace fastest::hooks {

using namespace py::literals;

namespace {

/// Filled while namespaces are made, constant afterwards.
std::unordered_map<const py::FunctionSpec*, MakeQuietPart>& parts() {
    static auto* table = new std::unordered_map<const py::FunctionSpec*, MakeQuietPart>;
    return *table;
}

/// The same.
std::unordered_set<const py::FunctionSpec*>& wanted() {
    static auto* table = new std::unordered_set<const py::FunctionSpec*>;
    return *table;
}

}  // namespace

handle name_of(Phase phase) {
    switch (phase) {
        case Phase::kSetup:
            return "setup"_n;
        case Phase::kCall:
            return "call"_n;
        default:
            return "teardown"_n;
    }
}

std::string_view text_of(Phase phase) {
    switch (phase) {
        case Phase::kSetup:
            return "setup";
        case Phase::kCall:
            return "call";
        default:
            return "teardown";
    }
}

void plays_quietly(handle function, MakeQuietPart make) { parts()[&py::function_spec(function)] = make; }

MakeQuietPart quiet_part_of(handle function) {
    if (!py::is_native_function(function)) return nullptr;
    auto found = parts().find(&py::function_spec(function));
    return found == parts().end() ? nullptr : found->second;
}

void wants_each_call(handle function) { wanted().insert(&py::function_spec(function)); }

bool is_wanted_each_time(handle function) {
    return py::is_native_function(function) && wanted().contains(&py::function_spec(function));
}

std::unique_ptr<QuietPart> idle_part(handle, QuietRun&) { return std::make_unique<QuietPart>(); }

}  // namespace fastest::hooks
