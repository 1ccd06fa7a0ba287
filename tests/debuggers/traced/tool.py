"""A plugin that starts one tool of Python's own for tracing and writes down what it is told of the suite's files."""

import json
import os
import sys
import threading

FOLDER = os.path.dirname(__file__)
TOOL, _, KIND = os.environ["TRACED_BY"].partition("-")
WRITTEN_IN = ("locals",)  # called by what pytest writes into asserts
MONITORED = {
    "line": ("LINE",),
    "once": ("LINE",),
    "call": ("PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "PY_THROW", "PY_UNWIND"),
    "raise": ("RAISE", "RERAISE", "EXCEPTION_HANDLED", "STOP_ITERATION"),
}
NUMBER = 4
events = []


def is_of_suite(code):
    return code.co_filename.startswith(FOLDER) and code.co_filename != __file__


def note(code, *what):
    events.append(" ".join(map(str, (os.path.basename(code.co_filename), code.co_name, *what))))


def trace(frame, event, value):
    if is_of_suite(frame.f_code):
        note(frame.f_code, event, frame.f_lineno, value[0].__name__ if event == "exception" else type(value).__name__)
    return trace


def profile(frame, event, value):
    name = getattr(value, "__qualname__", "") if event.startswith("c_") else ""
    if is_of_suite(frame.f_code) and name not in WRITTEN_IN:
        note(frame.f_code, event, frame.f_lineno, name)


def monitor(event):
    def callback(code, *args):
        if is_of_suite(code):
            note(code, event, args[0] if event == "LINE" else type(args[1]).__name__ if len(args) > 1 else "")
        return sys.monitoring.DISABLE if KIND == "once" else None

    return callback


def start_monitoring():
    monitoring = sys.monitoring
    monitoring.use_tool_id(NUMBER, "tests")
    wanted = 0
    for name in MONITORED[KIND]:
        event = getattr(monitoring.events, name)
        monitoring.register_callback(NUMBER, event, monitor(name))
        wanted |= event
    monitoring.set_events(NUMBER, wanted)


STARTS = {
    "settrace": lambda: sys.settrace(trace),
    "setprofile": lambda: sys.setprofile(profile),
    "threads": lambda: threading.settrace(trace),
    "profiled_threads": lambda: threading.setprofile(profile),
    "all_threads": lambda: threading.settrace_all_threads(trace),
    "monitoring": start_monitoring,
}
STOPS = {
    "settrace": lambda: sys.settrace(None),
    "setprofile": lambda: sys.setprofile(None),
    "threads": lambda: threading.settrace(None),
    "profiled_threads": lambda: threading.setprofile(None),
    "all_threads": lambda: threading.settrace_all_threads(None),
    "monitoring": lambda: sys.monitoring.free_tool_id(NUMBER),
}
STARTS[TOOL]()


def pytest_unconfigure():
    if TOOL == "monitoring":
        sys.monitoring.set_events(NUMBER, 0)
    STOPS[TOOL]()
    with open(os.environ["TRACED_INTO"], "w") as file:
        json.dump(events, file)
