"""A workshop for testing plugins and pytest itself: makes files, runs pytest on them, looks at what came out.

PYTEST_DONT_REWRITE: imported before anything is rewritten.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import logging as _logging  # noqa: F401  (a nested run's import of it would be undone with the run)
import os
import pathlib
import subprocess
import sys
import weakref

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import hook_recorder as _recorder
from fastest._engine import line_matcher as _matcher
from fastest._engine import run_result as _result

from _pytest import timing
from fastest.lsof import IGNORE_PAM  # noqa: F401
from fastest.lsof import LsofFdLeakChecker
from _pytest.capture import _get_multicapture
from _pytest.compat import NOTSET
from _pytest.config import ExitCode
from _pytest.config import hookimpl
from _pytest.config import main
from _pytest.deprecated import check_ispytest
from _pytest.fixtures import fixture
from _pytest.outcomes import importorskip
from _pytest.outcomes import skip

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

pytest_plugins = ["pytester_assertions"]

RecordedHookCall = _recorder.RecordedHookCall
HookRecorder = _recorder.HookRecorder
LineMatcher = _matcher.LineMatcher
RunResult = _result.RunResult
SysModulesSnapshot = _result.SysModulesSnapshot
SysPathsSnapshot = _result.SysPathsSnapshot
PytestArg = _recorder.PytestArg
LineComp = _matcher.LineComp

def pytest_addoption(parser):
    parser.addoption(
        "--lsof",
        action="store_true",
        dest="lsof",
        default=False,
        help="Run FD checks if lsof is available",
    )
    parser.addoption(
        "--runpytest",
        default="inprocess",
        dest="runpytest",
        choices=("inprocess", "subprocess"),
        help="Run pytest sub runs in tests using an 'inprocess' or 'subprocess' (python -m main) method",
    )
    parser.addini("pytester_example_dir", help="Directory to take the pytester example files from")


def pytest_configure(config):
    if config.getvalue("lsof"):
        checker = LsofFdLeakChecker()
        if checker.matching_platform():
            config.pluginmanager.register(checker)
    config.addinivalue_line(
        "markers",
        "pytester_example_path(*path_segments): join the given path "
        "segments to `pytester_example_dir` for this test.",
    )


def get_public_names(values):
    """The names that do not start with an underscore."""
    return [name for name in values if not name.startswith("_")]


@fixture
def _pytest(request: FixtureRequest) -> PytestArg:
    """A helper that makes recorders of hook calls."""
    return PytestArg(request)


@fixture
def linecomp() -> LineComp:
    """A :class:`LineComp`: a buffer, and checks of the lines in it."""
    return LineComp()


@fixture(name="LineMatcher")
def LineMatcher_fixture(request: FixtureRequest) -> type[LineMatcher]:
    """The class :class:`LineMatcher`, for checks of the lines of a text."""
    return LineMatcher


@fixture
def pytester(request: FixtureRequest, tmp_path_factory: TempPathFactory, monkeypatch: MonkeyPatch) -> Pytester:
    """Make files in a folder of the test's own, run pytest on them, and check what it writes.

    The folder is the current one during the test; see :class:`Pytester`.
    """
    return Pytester(request, tmp_path_factory, monkeypatch, _ispytest=True)


@fixture
def _sys_snapshot() -> Generator[None]:
    paths = SysPathsSnapshot()
    modules = SysModulesSnapshot()
    yield
    modules.restore()
    paths.restore()


@fixture
def _config_for_test() -> Generator[Config]:
    from _pytest.config import get_config

    config = get_config()
    yield config
    config._ensure_unconfigure()


def _outcome(ret):
    """A stand-in for the recorder of a run that has not got as far as having one."""
    return type("reprec", (), {"ret": ret})


class Pytester:
    """A folder, ways to make files in it, and ways to run pytest there, in this process or in a new one.

    `plugins` is a list of plugins (or their names) for the runs.
    """

    __test__ = False
    CLOSE_STDIN = NOTSET
    TimeoutExpired = _result.TimeoutExpired

    def __init__(self, request, tmp_path_factory, monkeypatch, *, _ispytest=False):
        check_ispytest(_ispytest)
        self._request = request
        self._mod_collections = weakref.WeakKeyDictionary()
        self._name = request.function.__name__ if request.function else request.node.name
        self._path = tmp_path_factory.mktemp(self._name, numbered=True)
        self.plugins = []
        self._sys_path_snapshot = SysPathsSnapshot()
        self._sys_modules_snapshot = self.__take_sys_modules_snapshot()
        request.addfinalizer(self._finalize)
        self._method = request.config.getoption("--runpytest")
        self._test_tmproot = tmp_path_factory.mktemp(f"tmp-{self._name}", numbered=True)
        self._monkeypatch = monkeypatch
        self.chdir()
        self._shield_environment()

    def _shield_environment(self):
        """Keeps the settings of the user and of the outer run away from the inner runs."""
        for name in ("TOX_ENV_DIR", "PYTEST_ADDOPTS"):
            self._monkeypatch.delenv(name, raising=False)
        home = str(self.path)
        for name, value in (
            ("PYTEST_DEBUG_TEMPROOT", str(self._test_tmproot)),
            ("HOME", home),
            ("USERPROFILE", home),
            ("PY_COLORS", "0"),
        ):
            self._monkeypatch.setenv(name, value)

    def __repr__(self):
        return f"<Pytester {self.path!r}>"

    @property
    def path(self):
        """The folder."""
        return self._path

    def _finalize(self):
        self._sys_modules_snapshot.restore()
        self._sys_path_snapshot.restore()

    def __take_sys_modules_snapshot(self):
        # zope.interface and readline hold state outside of their modules: they cannot be imported anew.
        return SysModulesSnapshot(preserve=lambda name: name.startswith(("zope", "readline")))

    def make_hook_recorder(self, pluginmanager):
        """A recorder of the hook calls of a plugin manager, until the test ends."""
        pluginmanager.reprec = recorder = HookRecorder(pluginmanager, _ispytest=True)
        self._request.addfinalizer(recorder.finish_recording)
        return recorder

    def chdir(self):
        """Make the folder the current one, for the rest of the test."""
        self._monkeypatch.chdir(self.path)

    # --- files --------------------------------------------------------------------------------

    def _makefile(self, ext, lines, files, encoding="utf-8"):
        from _pytest._code import Source

        if ext is None:
            raise TypeError("ext must not be None")
        if ext and not ext.startswith("."):
            raise ValueError(f"pytester.makefile expects a file extension, try .{ext} instead of {ext}")

        def text(value):
            return value.decode(encoding) if isinstance(value, bytes) else str(value)

        contents = dict(files)
        if lines:
            contents = {self._name: "\n".join(map(text, lines)), **{k: v for k, v in files.items() if k != self._name}}
        made = []
        for name, content in contents.items():
            path = self.path.joinpath(name).with_suffix(ext)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(map(text, Source(content).lines)).strip(), encoding=encoding)
            made.append(path)
        assert made, "no file to make"
        return made[0]

    def makefile(self, ext, *args, **kwargs):
        r"""Make files with this extension (".txt", with its dot) and give the path of the first.

        Positional arguments are the lines of a file named like the test; keywords are names and contents of more files.
        Indentation that all lines share is taken off.
        """
        return self._makefile(ext, args, kwargs)

    def makepyfile(self, *args, **kwargs):
        """makefile with the extension ".py"."""
        return self._makefile(".py", args, kwargs)

    def maketxtfile(self, *args, **kwargs):
        """makefile with the extension ".txt"."""
        return self._makefile(".txt", args, kwargs)

    def makeconftest(self, source):
        """Write a conftest.py."""
        return self.makepyfile(conftest=source)

    def makeini(self, source):
        """Write a tox.ini."""
        return self.makefile(".ini", tox=source)

    def maketoml(self, source):
        """Write a pytest.toml."""
        return self.makefile(".toml", pytest=source)

    def makepyprojecttoml(self, source):
        """Write a pyproject.toml."""
        return self.makefile(".toml", pyproject=source)

    def getinicfg(self, source):
        """Write a tox.ini and give the settings of its section [pytest]."""
        from iniconfig import IniConfig

        return IniConfig(str(self.makeini(source)))["pytest"]

    def mkdir(self, name):
        """Make a folder in the folder."""
        made = self.path / name
        made.mkdir()
        return made

    def mkpydir(self, name):
        """Make a package: a folder with an empty __init__.py."""
        made = self.mkdir(name)
        made.joinpath("__init__.py").touch()
        return made

    def syspathinsert(self, path=None):
        """Put a path, by default the folder, at the front of `sys.path` for the rest of the test."""
        self._monkeypatch.syspath_prepend(str(self.path if path is None else path))

    def _example_folder(self):
        config = self._request.config
        folder = config.rootpath / config.getini("pytester_example_dir")
        for mark in self._request.node.iter_markers("pytester_example_path"):
            assert mark.args
            folder = folder.joinpath(*mark.args)
        return folder

    def copy_example(self, name=None):
        """Copy an example, a file or the contents of a folder, out of `pytester_example_dir`. Default: named like the test."""
        import shutil

        folder = self._example_folder()
        if name is None:
            candidates = (folder / self._name, folder / (self._name + ".py"))
            example = next((path for path, there in zip(candidates, (candidates[0].is_dir(), candidates[1].is_file())) if there), None)
            if example is None:
                raise LookupError(f"{self._name} can't be found as module or package in {folder}")
        else:
            example = folder.joinpath(name)
        if example.is_dir() and not example.joinpath("__init__.py").is_file():
            shutil.copytree(example, self.path, symlinks=True, dirs_exist_ok=True)
            return self.path
        if not example.is_file():
            raise LookupError(f'example "{example}" is not found as a file or directory')
        return pathlib.Path(shutil.copy(example, self.path / example.name))

    # --- nodes --------------------------------------------------------------------------------

    def _collect_one(self, config, start):
        from _pytest.main import Session

        session = Session.from_config(config)
        config.hook.pytest_sessionstart(session=session)
        found = session.perform_collect([start(session)], genitems=False)[0]
        config.hook.pytest_sessionfinish(session=session, exitstatus=ExitCode.OK)
        return found

    def getnode(self, config, arg):
        """The node of a file, collected in a session of this config."""
        assert "::" not in str(arg)
        return self._collect_one(config, lambda session: os.path.abspath(arg))

    def getpathnode(self, path):
        """The node of a file, in a session of a new config."""
        from _pytest.pathlib import bestrelpath

        path = pathlib.Path(path)
        return self._collect_one(self.parseconfigure(path), lambda session: bestrelpath(session.path, path))

    def genitems(self, colitems):
        """All items in these nodes."""
        session = colitems[0].session
        return [item for node in colitems for item in session.genitems(node)]

    def getmodulecol(self, source, configargs=(), *, withinit=False):
        """The collector of a module: a path, or source that is written to a file. `withinit`: in a package."""
        if isinstance(source, os.PathLike):
            assert not withinit, "not supported for paths"
            path = self.path.joinpath(source)
        else:
            path = self.makepyfile(**{self._name: str(source)})
        if withinit:
            self.makepyfile(__init__="#")
        self.config = self.parseconfigure(path, *configargs)
        return self.getnode(self.config, path)

    def getitems(self, source):
        """All items of a module with this source."""
        return self.genitems([self.getmodulecol(source)])

    def getitem(self, source, funcname="test_func"):
        """The item with this name, of a module with this source."""
        items = self.getitems(source)
        for item in items:
            if item.name == funcname:
                return item
        raise AssertionError(f"{funcname!r} item not found in module:\n{source}\nitems: {items}")

    def collect_by_name(self, modcol, name):
        """The child of this name that a collector collects, or None."""
        children = self._mod_collections.get(modcol)
        if children is None:
            children = self._mod_collections[modcol] = list(modcol.collect())
        return next((child for child in children if child.name == name), None)

    def runitem(self, source):
        """Run the item `test_func` of this source with the runner that the test's instance gives (`getrunner()`)."""
        return self._request.instance.getrunner()(self.getitem(source))

    # --- runs in this process -----------------------------------------------------------------

    def parseconfig(self, *args):
        """A config for this command line. It is unconfigured when the test ends."""
        from _pytest.config import _prepareconfig

        config = _prepareconfig([str(arg) for arg in self._ensure_basetemp(args)], self.plugins)
        self._request.addfinalizer(config._ensure_unconfigure)
        return config

    def parseconfigure(self, *args):
        """A config for this command line, configured."""
        config = self.parseconfig(*args)
        config._do_configure()
        return config

    def _ensure_basetemp(self, args):
        args = list(args)
        if not any(str(arg).startswith("--basetemp") for arg in args):
            args.append("--basetemp={}".format(self.path.parent / "basetemp"))
        return args

    def inline_run(self, *args, plugins=(), no_reraise_ctrlc=False):
        """Run `pytest.main()` in this process and give the recorder of its hook calls, with the exit code in `ret`.

        What the run imports and puts on the paths is undone. A KeyboardInterrupt is raised again, unless told otherwise.
        """
        from _pytest.unraisableexception import gc_collect_iterations_key

        recorders = []
        make_recorder = self.make_hook_recorder

        class PytesterHelperPlugin:
            @staticmethod
            def pytest_configure(config):
                recorders.append(make_recorder(config.pluginmanager))
                # Collecting garbage at the end of each of many small runs takes too long.
                config.stash[gc_collect_iterations_key] = 0

        importlib.invalidate_caches()
        with contextlib.ExitStack() as undo:
            undo.callback(SysPathsSnapshot().restore)
            undo.callback(self.__take_sys_modules_snapshot().restore)
            ret = main([str(arg) for arg in args], plugins=[*plugins, PytesterHelperPlugin()])
            recorder = recorders[0] if len(recorders) == 1 else _outcome(None)
            recorder.ret = ret
            if ret == ExitCode.INTERRUPTED and not no_reraise_ctrlc:
                interrupts = recorder.getcalls("pytest_keyboard_interrupt")
                if interrupts and interrupts[-1].excinfo.type is KeyboardInterrupt:
                    raise KeyboardInterrupt
            return recorder

    def inline_runsource(self, source, *cmdlineargs):
        """inline_run on a file with this source."""
        return self.inline_run(*cmdlineargs, self.makepyfile(source))

    def inline_genitems(self, *args):
        """Collect in this process; gives the items and the recorder."""
        recorder = self.inline_run("--collect-only", *args)
        return [call.item for call in recorder.getcalls("pytest_itemcollected")], recorder

    def runpytest_inprocess(self, *args, syspathinsert=False, **kwargs):
        """Run pytest in this process, its output captured; gives a RunResult."""
        if syspathinsert:
            self.syspathinsert()
        start = timing.Instant()
        capture = _get_multicapture("sys")
        capture.start_capturing()
        try:
            recorder = self._run_or_fail(args, kwargs)
        finally:
            out, err = capture.readouterr()
            capture.stop_capturing()
            sys.stdout.write(out)
            sys.stderr.write(err)
        assert recorder.ret is not None
        result = RunResult(recorder.ret, out.splitlines(), err.splitlines(), start.elapsed().seconds)
        result.reprec = recorder
        return result

    def _run_or_fail(self, args, kwargs):
        try:
            return self.inline_run(*args, **kwargs)
        except SystemExit as exit:
            code = exit.args[0]
            with contextlib.suppress(ValueError):
                code = ExitCode(code)
            return _outcome(code)
        except Exception:
            import traceback

            traceback.print_exc()
            return _outcome(ExitCode.INTERNAL_ERROR)

    def runpytest(self, *args, **kwargs):
        """Run pytest in this process or in a new one, as the option `--runpytest` says; gives a RunResult."""
        runs = {"inprocess": self.runpytest_inprocess, "subprocess": self.runpytest_subprocess}
        if self._method not in runs:
            raise RuntimeError(f"Unrecognized runpytest option: {self._method}")
        return runs[self._method](*self._ensure_basetemp(args), **kwargs)

    # --- other processes ----------------------------------------------------------------------

    def popen(self, cmdargs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=NOTSET, **kw):
        """A `subprocess.Popen` that has the current folder on its PYTHONPATH.

        `stdin`: as for Popen, or bytes to be written to it, or CLOSE_STDIN.
        """
        paths = filter(None, (os.getcwd(), os.environ.get("PYTHONPATH", "")))
        kw["env"] = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        piped = stdin is self.CLOSE_STDIN or isinstance(stdin, bytes)
        process = subprocess.Popen(
            cmdargs, stdout=stdout, stderr=stderr, stdin=subprocess.PIPE if piped else stdin, **kw
        )
        if isinstance(stdin, bytes):
            process.stdin.write(stdin)
        elif piped:
            process.stdin.close()
        return process

    def run(self, *cmdargs, timeout=None, stdin=CLOSE_STDIN):
        """Run a command with its output in files; gives a RunResult. TimeoutExpired after `timeout` seconds."""
        command = tuple(map(os.fspath, cmdargs))
        paths = (self.path / "stdout", self.path / "stderr")
        print("running:", *command)
        print("     in:", pathlib.Path.cwd())
        start = timing.Instant()
        with paths[0].open("w", encoding="utf8") as out, paths[1].open("w", encoding="utf8") as err:
            process = self.popen(command, stdin=stdin, stdout=out, stderr=err, close_fds=sys.platform != "win32")
            if process.stdin is not None:
                process.stdin.close()
            try:
                ret = process.wait(timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise self.TimeoutExpired(f"{timeout} second timeout expired running: {command}") from None
        lines = [path.read_text(encoding="utf8").splitlines() for path in paths]
        for text, stream in zip(lines, (sys.stdout, sys.stderr)):
            self._dump_lines(text, stream)
        return RunResult(ret, *lines, start.elapsed().seconds)

    def _dump_lines(self, lines, fp):
        try:
            for line in lines:
                print(line, file=fp)
        except UnicodeEncodeError:
            print(f"couldn't print to {fp} because of encoding")

    def _getpytestargs(self):
        return sys.executable, "-mpytest"

    def runpython(self, script):
        """Run a Python script."""
        return self.run(sys.executable, script)

    def runpython_c(self, command):
        """Run `python -c command`."""
        return self.run(sys.executable, "-c", command)

    def runpytest_subprocess(self, *args, timeout=None):
        """Run pytest in a new process; gives a RunResult. Plugins must be names."""
        from _pytest.pathlib import make_numbered_dir

        basetemp = make_numbered_dir(root=self.path, prefix="runpytest-", mode=0o700)
        words = [f"--basetemp={basetemp}", *args]
        for plugin in self.plugins:
            if not isinstance(plugin, str):
                raise ValueError(
                    "Specifying plugins as objects is not supported in pytester subprocess mode; "
                    f"specify by name instead: {plugin}"
                )
            words[:0] = "-p", plugin
        return self.run(*self._getpytestargs(), *words, timeout=timeout)

    def spawn_pytest(self, string, expect_timeout=10.0):
        """Run pytest under pexpect; gives the child."""
        basetemp = self.path / "temp-pexpect"
        basetemp.mkdir(mode=0o700)
        invocation = " ".join(self._getpytestargs())
        return self.spawn(f"{invocation} --basetemp={basetemp} {string}", expect_timeout=expect_timeout)

    def spawn(self, cmd, expect_timeout=10.0):
        """Run a command under pexpect; gives the child."""
        pexpect = importorskip("pexpect", "3.0")
        if not hasattr(pexpect, "spawn"):
            skip("pexpect.spawn not available")
        logfile = (self.path / "spawn.out").open("wb")
        child = pexpect.spawn(cmd, logfile=logfile, timeout=expect_timeout)
        self._request.addfinalizer(logfile.close)
        return child
