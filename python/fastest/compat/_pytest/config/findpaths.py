"""Where the root of a run is and which file configures it."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import findpaths as _engine

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

CFG_PYTEST_SECTION = _engine.CFG_PYTEST_SECTION
CONFIG_LOADERS_BY_NAME = _engine.CONFIG_LOADERS_BY_NAME
CONFIG_LOADERS_BY_SUFFIX = _engine.CONFIG_LOADERS_BY_SUFFIX
ConfigValue = _engine.ConfigValue
determine_setup = _engine.determine_setup
get_common_ancestor = _engine.get_common_ancestor
get_dirs_from_args = _engine.get_dirs_from_args
is_fs_root = _engine.is_fs_root
load_config_dict_from_file = _engine.load_config_dict_from_file
locate_config = _engine.locate_config
parse_override_ini = _engine.parse_override_ini
ConfigDict = dict[str, ConfigValue]
_load_cfg_file = _engine._load_cfg_file
_load_custom_toml = _engine._load_custom_toml
_load_ini_file = _engine._load_ini_file
_load_pyproject_toml = _engine._load_pyproject_toml
_load_pytest_ini = _engine._load_pytest_ini
_load_pytest_toml = _engine._load_pytest_toml
