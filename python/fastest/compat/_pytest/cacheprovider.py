"""The cache between runs, --lf, --ff and --nf. The engine's `cacheprovider`."""

from __future__ import annotations

from fastest._engine import cacheprovider as _cacheprovider
from fastest._engine import elsewhere as _elsewhere

from _pytest.config import ExitCode, hookimpl
from _pytest.fixtures import fixture
from _pytest.pathlib import resolve_from_str, rm_rf

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

CACHEDIR_FILES = _cacheprovider.CACHEDIR_FILES
Cache = _cacheprovider.Cache
LFPlugin = _cacheprovider.LFPlugin
LFPluginCollSkipfiles = _cacheprovider.LFPluginCollSkipfiles
LFPluginCollWrapper = _cacheprovider.LFPluginCollWrapper
NFPlugin = _cacheprovider.NFPlugin
_make_cachedir = _cacheprovider._make_cachedir
cacheshow = _cacheprovider.cacheshow
pytest_addoption = _cacheprovider.pytest_addoption
pytest_cmdline_main = _cacheprovider.pytest_cmdline_main
pytest_configure = _cacheprovider.pytest_configure
pytest_report_header = _cacheprovider.pytest_report_header


@fixture
def cache(request: FixtureRequest) -> Cache:
    """Values and directories that outlive a run.

    ``cache.set(key, value)`` stores what JSON can hold, ``cache.get(key, default)`` gives it back in later runs,
    ``cache.mkdir(name)`` makes a directory. Keys have parts with ``/`` between them, the first of which should be the name of
    your plugin or application.
    """
    return request.config.cache


# What the engine could not write is tried again here, so that the warning names a line of a file.


def _write_lastfailed(config, self):
    current_lastfailed = {str(n): v for n, v in self.lastfailed.items()}
    config.cache.set("cache/lastfailed", current_lastfailed)


def _write_nodeids(config, self):
    config.cache.set("cache/nodeids", sorted(str(n) for n in self.cached_nodeids))
