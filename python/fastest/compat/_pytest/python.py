"""Python test modules, classes and functions."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import metafunc as _metafunc
from fastest._engine import python as _python

from _pytest import fixtures
from _pytest import nodes
from _pytest.pathlib import fnmatch_ex
from _pytest.pathlib import import_path
from _pytest.pathlib import ImportPathMismatchError
from _pytest.pathlib import scandir

_LONG_STR_STRATEGIES = frozenset(("short", "sha256", "legacy", "disallow"))

PyobjMixin = _python.PyobjMixin
PyCollector = _python.PyCollector
Module = _python.Module
Package = _python.Package
Class = _python.Class
Function = _python.Function
FunctionDefinition = _python.FunctionDefinition

importtestmodule = _python.importtestmodule
hasinit = _python.hasinit
hasnew = _python.hasnew
path_matches_patterns = _python.path_matches_patterns
_call_with_optional_argument = _python._call_with_optional_argument
_get_first_non_fixture_func = _python._get_first_non_fixture_func

pytest_addoption = _python.pytest_addoption
pytest_configure = _python.pytest_configure
pytest_generate_tests = _python.pytest_generate_tests
async_fail = _python.async_fail
pytest_pyfunc_call = _python.pytest_pyfunc_call
pytest_collect_file = _python.pytest_collect_file
pytest_collect_directory = _python.pytest_collect_directory
pytest_pycollect_makemodule = _python.pytest_pycollect_makemodule
pytest_pycollect_makeitem = _python.pytest_pycollect_makeitem

IGNORED_ATTRIBUTES = _python.IGNORED_ATTRIBUTES
_ascii_escaped_by_config = _metafunc._ascii_escaped_by_config
_infer_parametrize_scope = _metafunc._infer_parametrize_scope
CallSpec = _metafunc.CallSpec
DirectParamFixtureDef = _metafunc.DirectParamFixtureDef
get_direct_param_fixture_func = _metafunc.get_direct_param_fixture_func
IdMaker = _metafunc.IdMaker
Metafunc = _metafunc.Metafunc
name2directparamfixturedef_key = _metafunc.name2directparamfixturedef_key

__dir__ = _elsewhere.names(__name__)


def __getattr__(name):
    if name == "CallSpec2":
        import warnings

        from _pytest.deprecated import CALLSPEC2_RENAMED

        warnings.warn(CALLSPEC2_RENAMED.format(), stacklevel=2)
        return CallSpec
    return _elsewhere.find(__name__, name)
