#pragma once
// Keeping what a session holds for its whole length out of the garbage collector's sight.
//
// Collections walk through everything that is tracked, again and again while tests run, and ten thousand items are half
// a million references. Nothing of that can be garbage before the session ends. Then it is tracked again, so that
// sessions that ran in a living process are found. A program does that only when its process has to end in the usual way.

#include "engine/nodes/node.h"

namespace fastest::nodes {

/// What is hidden of one session.
class Shelter {
public:
    /// Hides nothing when the session takes no short cuts.
    explicit Shelter(handle session);
    /// Of a session that may have no end: hides nothing before `begin_shelter`.
    static Shelter if_begun(handle session);
    /// Hides one object until the session ends, which it outlives.
    void hide(handle value);
    /// Hides an item and what the engine has made for it alone, as far as no Python code has had it.
    void hide_item(handle item);

private:
    Shelter() = default;
    object objects_;
};

/// The session will have an end.
void begin_shelter(handle session);
/// Tracks everything again.
void end_shelter(handle session);

}  // namespace fastest::nodes
