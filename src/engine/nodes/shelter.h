#pragma once
// Keeping what a session holds for its whole length out of the garbage collector's sight.
//
// Collections walk through everything that is tracked, again and again while tests run, and ten thousand items are half
// a million references. Nothing of that can be garbage before the session ends. Then it is tracked again, so that
// sessions that ran in a living process are found; where the process ends with the session, it is let go of instead.

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
    /// Hides a list of the engine's own that refers to items.
    void hide_own_list(handle list);
    /// Hides an object that refers to data only, and that nobody has to see going at the end of the process.
    void hide_data(handle value);
    /// Hides an item and what the engine has made for it alone, as far as no Python code has had it.
    void hide_item(handle item);

private:
    Shelter() = default;
    object all_, own_lists_, data_;
};

/// The session will have an end that comes to one of the two below.
void begin_shelter(handle session);
/// Tracks everything again.
void end_shelter(handle session);
/// The end of the process: what nobody else holds goes by its reference counts. Its data stays, like the memory of the
/// process.
void end_shelter_at_exit(handle session);

}  // namespace fastest::nodes
