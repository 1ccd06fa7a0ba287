"""What needs Python to debug tests: subclasses of debuggers, and traced test functions. Imported when a debugger starts."""

from functools import partial, wraps


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
