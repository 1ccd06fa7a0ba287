"""Temporary directories of tests. The engine's `tmpdir`."""

from __future__ import annotations

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import tmpdir as _tmpdir

from _pytest.compat import get_user_id
from _pytest.fixtures import fixture
from _pytest.pathlib import (
    LOCK_TIMEOUT,
    _force_symlink,
    cleanup_dead_symlinks,
    find_suffixes,
    make_numbered_dir_with_cleanup,
    parse_num,
    rm_rf,
)

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

TempPathFactory = _tmpdir.TempPathFactory
_mk_tmp = _tmpdir._mk_tmp
get_user = _tmpdir.get_user
pytest_addoption = _tmpdir.pytest_addoption
pytest_configure = _tmpdir.pytest_configure
pytest_runtest_makereport = _tmpdir.pytest_runtest_makereport
pytest_sessionfinish = _tmpdir.pytest_sessionfinish
tmppath_result_key = _tmpdir.tmppath_result_key


@fixture(scope="session")
def tmp_path_factory(request: FixtureRequest) -> TempPathFactory:
    """The :class:`pytest.TempPathFactory` for the test session: makes temporary directories, for fixtures of any scope."""
    return request.config._tmp_path_factory


@fixture
def tmp_path(request: FixtureRequest, tmp_path_factory: TempPathFactory) -> Generator[Path]:
    """A new temporary directory for each test that asks for it, as a :class:`pathlib.Path`.

    It lies in the base temporary directory of the run. How many runs' directories are kept, and of which tests, is a setting:
    :ref:`temporary directory location and retention`.
    """
    path = _mk_tmp(request, tmp_path_factory)
    yield path
    _tmpdir.end_tmp_path(request, tmp_path_factory, path)
