"""The session: collection, the loop, the run as a whole."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import main as _main_room
from fastest._engine import test_loop as _test_loop

from _pytest import nodes
from _pytest.pathlib import absolutepath
from _pytest.pathlib import bestrelpath
from _pytest.pathlib import fnmatch_ex
from _pytest.pathlib import safe_exists
from _pytest.pathlib import samefile_nofollow
from _pytest.pathlib import scandir

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

Interrupted = _main_room.Interrupted
Failed = _main_room.Failed
FSHookProxy = _main_room.FSHookProxy
_bestrelpath_cache = _main_room._bestrelpath_cache
Dir = _main_room.Dir
Session = _main_room.Session
CollectionArgument = _main_room.CollectionArgument

pytest_addoption = _main_room.pytest_addoption
validate_basetemp = _main_room.validate_basetemp
wrap_session = _main_room.wrap_session
pytest_cmdline_main = _main_room.pytest_cmdline_main
_main = _main_room._main
pytest_collection = _main_room.pytest_collection
pytest_runtestloop = _test_loop.pytest_runtestloop
_in_venv = _main_room._in_venv
pytest_ignore_collect = _main_room.pytest_ignore_collect
pytest_collect_directory = _main_room.pytest_collect_directory
pytest_collection_modifyitems = _main_room.pytest_collection_modifyitems
search_pypath = _main_room.search_pypath
resolve_collection_argument = _main_room.resolve_collection_argument
is_collection_argument_subsumed_by = _main_room.is_collection_argument_subsumed_by
normalize_collection_arguments = _main_room.normalize_collection_arguments
