#pragma once

#include "engine/py/object.h"

namespace fastest::collect {

/// No garbage collection while nothing but the engine runs: what it makes during collection is kept, so that looking through it
/// again and again is for nothing. A `Break` is where other code may run; it finds the collector as it left it.
class GarbagePause {
public:
    GarbagePause() = default;
    ~GarbagePause() { end(); }
    GarbagePause(const GarbagePause&) = delete;
    GarbagePause& operator=(const GarbagePause&) = delete;

    void begin() { paused_ = paused_ || PyGC_Disable(); }
    void end() {
        if (paused_) PyGC_Enable();
        paused_ = false;
    }

    class Break {
    public:
        /// A null pause: nothing to interrupt.
        explicit Break(GarbagePause* pause) : pause_(pause && pause->paused_ ? pause : nullptr) {
            if (pause_) pause_->end();
        }
        ~Break() {
            if (pause_) pause_->begin();
        }
        Break(const Break&) = delete;
        Break& operator=(const Break&) = delete;

    private:
        GarbagePause* pause_;
    };

private:
    bool paused_ = false;
};

}  // namespace fastest::collect
