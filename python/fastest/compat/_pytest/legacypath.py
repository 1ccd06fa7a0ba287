"""py.path.local beside pathlib. The engine's `legacypath`."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import legacypath as _legacypath

from _pytest.compat import legacy_path
from _pytest.fixtures import fixture

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

Cache_makedir = _legacypath.Cache_makedir
Config__getini_unknown_type = _legacypath.Config__getini_unknown_type
Config_inifile = _legacypath.Config_inifile
Config_invocation_dir = _legacypath.Config_invocation_dir
Config_rootdir = _legacypath.Config_rootdir
FixtureRequest_fspath = _legacypath.FixtureRequest_fspath
Node_fspath = _legacypath.Node_fspath
Node_fspath_set = _legacypath.Node_fspath_set
Session_startdir = _legacypath.Session_startdir
TempdirFactory = _legacypath.TempdirFactory
TerminalReporter_startdir = _legacypath.TerminalReporter_startdir
Testdir = _legacypath.Testdir
pytest_configure = _legacypath.pytest_configure
pytest_load_initial_conftests = _legacypath.pytest_load_initial_conftests
pytest_plugin_registered = _legacypath.pytest_plugin_registered


class LegacyTestdirPlugin:
    @fixture
    @staticmethod
    def testdir(pytester):
        """:fixture:`pytester`, with ``py.path.local`` objects where that has pathlib's. New code should use :fixture:`pytester`."""
        return Testdir(pytester, _ispytest=True)


class LegacyTmpdirPlugin:
    @fixture(scope="session")
    @staticmethod
    def tmpdir_factory(request):
        """The :class:`pytest.TempdirFactory` for the test session. New code should use :fixture:`tmp_path_factory`."""
        return request.config._tmpdirhandler

    @fixture
    @staticmethod
    def tmpdir(tmp_path):
        """A new temporary directory for each test that asks for it, as a ``py.path.local``. New code should use :fixture:`tmp_path`."""
        return legacy_path(tmp_path)
