#pragma once
// Generators written as C++ coroutines: hook wrappers, context managers, iterators.
//
// `object sent = co_yield value;` suspends as a Python `yield` does. It gives what `send` gave, or throws what `throw`
// threw in. `co_return value;` ends with StopIteration(value). Locals are destroyed in order when the generator ends,
// is closed or dies, so RAII stands for `finally`; one that dies while it waits gets GeneratorExit first.

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "engine/py/object.h"

namespace fastest::py {

class Generator {
public:
    struct promise_type {
        object value;                            // yielded or returned
        object sent;                             // for the resumed body
        std::optional<nb::python_error> thrown;  // thrown into the resumed body
        std::exception_ptr failure;              // what left the body

        /// What is thrown into a body that has not started ends it before its first statement.
        struct Start {
            promise_type& promise;
            bool await_ready() noexcept { return false; }
            void await_suspend(std::coroutine_handle<>) noexcept {}
            void await_resume() { promise.throw_what_was_thrown_in(); }
        };

        Generator get_return_object() { return Generator(Handle::from_promise(*this)); }
        Start initial_suspend() noexcept { return {*this}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void unhandled_exception() { failure = std::current_exception(); }
        void return_value(object result) { value = std::move(result); }

        void throw_what_was_thrown_in() {
            if (!thrown) return;
            nb::python_error error = std::move(*thrown);
            thrown.reset();
            throw error;
        }

        struct Resumption {
            promise_type& promise;
            bool await_ready() noexcept { return false; }
            void await_suspend(std::coroutine_handle<>) noexcept {}
            object await_resume() {
                promise.throw_what_was_thrown_in();
                return std::move(promise.sent);
            }
        };
        Resumption yield_value(object yielded) {
            value = std::move(yielded);
            return {*this};
        }
    };

    using Handle = std::coroutine_handle<promise_type>;

    Generator() = default;
    Generator(Generator&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Generator& operator=(Generator&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Generator() {
        if (handle_) handle_.destroy();
    }

    bool done() const { return !handle_ || handle_.done(); }
    /// Runs to the next `co_yield` or the end. Throws what the body threw; `done()` tells which it was.
    void send(object value) {
        handle_.promise().sent = std::move(value);
        run();
    }
    void throw_in(nb::python_error error) {
        handle_.promise().thrown.emplace(std::move(error));
        run();
    }
    /// What the last `send` or `throw_in` yielded or returned.
    object take() { return std::move(handle_.promise().value); }

private:
    explicit Generator(Handle handle) : handle_(handle) {}
    void run() {
        handle_.resume();
        if (auto failure = std::exchange(handle_.promise().failure, nullptr)) std::rethrow_exception(failure);
    }

    Handle handle_ = nullptr;
};

/// A Python object with the generator protocol (`send`, `throw`, `close`, iteration) that runs a native body.
object make_generator(Generator body);
bool is_generator_type(handle type);
/// Whether a generator of this kind would be closed if it died now. The collector does not know them.
bool has_waiting_generators();
/// Makes a StopIteration that is set the RuntimeError that Python has for one that leaves a generator.
void forbid_stop_iteration();

}  // namespace fastest::py
