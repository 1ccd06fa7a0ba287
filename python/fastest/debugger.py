"""What needs Python to debug tests: subclasses of debuggers, and traced test functions. Imported when a debugger starts."""

import os
import sysconfig
from functools import partial, wraps

OWN = (os.path.dirname(__file__) + os.sep, sysconfig.get_path("scripts") + os.sep)
INSTALLED = ("<frozen ", "<string>", *(sysconfig.get_path(kind) + os.sep for kind in ("stdlib", "platstdlib", "purelib", "platlib")))


def is_own(frame):
    """Whether this frame runs the program itself."""
    return frame.f_code.co_filename.startswith(OWN) or frame.f_globals.get("__name__") == "runpy"


def called_by_engine(frame, entries):
    """Whether the engine has called installed code here: no code of the user's is in between, nor was it there at a stop.

    :param entries: the code objects that called the engine.
    """
    while frame.f_trace is None and frame.f_code.co_filename.startswith(INSTALLED):
        frame = frame.f_back
        if frame is None or is_own(frame) or frame.f_code in entries:
            return True
    return False


def wrapper_class(session, base, capture):
    """A subclass of this debugger class that resumes capture on continue and ends the run on quit.

    :param session: `_pytest.debugging.pytestPDB`.
    :param capture: the capture manager or None.
    """
    from _pytest.config import create_terminal_writer
    from _pytest.outcomes import exit

    def described_like(name):
        def copy_doc(method):
            method.__doc__ = getattr(getattr(base, name, None), "__doc__", None)
            return method

        return copy_doc

    class PytestPdbWrapper(base):
        _pytest_capman = capture
        _continued = False

        @described_like("do_debug")
        def do_debug(self, arg):
            session._recursive_debug += 1
            result = super().do_debug(arg)
            session._recursive_debug -= 1
            return result

        def _resume_capture(self):
            writer = create_terminal_writer(session._config)
            writer.line()
            capturing = session._is_capturing(self._pytest_capman)
            if not capturing:
                writer.sep(">", "PDB continue")
                return
            suffix = "" if capturing == "global" else f" for {capturing}"
            writer.sep(">", f"PDB continue (IO-capturing resumed{suffix})")
            self._pytest_capman.resume()

        @described_like("do_continue")
        def do_continue(self, arg):
            result = super().do_continue(arg)
            if session._recursive_debug == 0:
                self._resume_capture()
            session._pluginmanager.hook.pytest_leave_pdb(config=session._config, pdb=self)
            self._continued = True
            return result

        do_c = do_cont = do_continue

        @described_like("do_quit")
        def do_quit(self, arg):
            result = super().do_quit(arg)
            if session._recursive_debug == 0:
                exit("Quitting debugger")
            return result

        do_q = do_exit = do_quit

        def setup(self, frame, traceback):
            wants_to_exit = super().setup(frame, traceback)
            if self._continued and not wants_to_exit and self._pytest_capman:
                self._pytest_capman.suspend_global_capture(in_=True)
            return wants_to_exit

        def stop_here(self, frame):
            if not super().stop_here(frame) or is_own(frame):
                return False
            # What runs after the session, and was not there at a stop, is the interpreter's end.
            over = session._config is None and frame.f_trace is None
            return not over and not called_by_engine(frame, session._entries)

        def user_call(self, frame, argument_list):
            self._come_forward()
            super().user_call(frame, argument_list)

        def user_line(self, frame):
            self._come_forward()
            super().user_line(frame)

        def user_return(self, frame, return_value):
            self._come_forward()
            super().user_return(frame, return_value)

        def user_exception(self, frame, exc_info):
            self._come_forward()
            super().user_exception(frame, exc_info)

        def _come_forward(self):
            """Step by step, code may be reached for which capture has been resumed: what follows a test's end."""
            if self._continued or not self._pytest_capman:
                return
            capturing = self._pytest_capman._global_capturing
            if capturing is not None and (capturing.is_started() or capturing.in_ and not capturing._in_suspended):
                self._pytest_capman.suspend(in_=True)

        def get_stack(self, frame, traceback):
            stack, index = super().get_stack(frame, traceback)
            if frame is None:
                shown = [at for at, (entry, _) in enumerate(stack) if not entry.f_locals.get("__tracebackhide__", False)]
                index = shown[-1] if shown else 0
            return stack, index

    return PytestPdbWrapper


def traced(debugger, function):
    """The test function, started in the debugger."""

    @wraps(function)
    def wrapper(*args, **kwargs):
        debugger.runcall(partial(function, *args, **kwargs))

    return wrapper
