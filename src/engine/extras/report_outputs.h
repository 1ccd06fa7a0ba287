#pragma once
// Where the reports of a run go that its options ask for: files, and the screen.

#include <memory>

#include "engine/extras/run_events.h"
#include "engine/py/module.h"
#include "report/agent_text.h"
#include "report/ctrf.h"
#include "report/github_annotations.h"
#include "report/json_lines.h"

namespace fastest::extras {

using namespace py;

class ReportOutputs {
public:
    /// Null when no option asks for any. Options that make no sense end the run.
    static std::unique_ptr<ReportOutputs> wanted(handle config);

    void listen(RunEvents& events);
    /// When the run has ended: what could not be written before.
    void write(handle config);

private:
    void want_json(handle config);
    void want_ctrf(handle config);
    void want_annotations(handle config);
    void want_agent_text(handle config);
    /// The system's words for what failed, else empty.
    std::string write_ctrf() const;

    std::shared_ptr<report::JsonLines> json_;
    std::shared_ptr<report::Ctrf> ctrf_;
    std::shared_ptr<report::GithubAnnotations> annotations_;
    std::shared_ptr<report::AgentText> agent_;
    object json_path_, ctrf_path_;  // absolute
    object screen_;                 // the file that the agent's text goes to
};

}  // namespace fastest::extras
