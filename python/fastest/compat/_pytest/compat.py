"""Small questions about Python objects."""

import sys

from fastest._engine import compat as _engine
from fastest._engine import elsewhere as _elsewhere

NOTSET = _engine.NOTSET
NotSetType = _engine.NotSetType
CallableBool = _engine.CallableBool
ascii_escaped = _engine.ascii_escaped
assert_never = _engine.assert_never
get_default_arg_names = _engine.get_default_arg_names
get_real_func = _engine.get_real_func
get_user_id = _engine.get_user_id
getfuncargnames = _engine.getfuncargnames
getimfunc = _engine.getimfunc
getlocation = _engine.getlocation
is_async_function = _engine.is_async_function
iscoroutinefunction = _engine.iscoroutinefunction
legacy_path = _engine.legacy_path
num_mock_patch_args = _engine.num_mock_patch_args
running_on_ci = _engine.running_on_ci
safe_getattr = _engine.safe_getattr
safe_isclass = _engine.safe_isclass
signature = _engine.signature
if sys.version_info >= (3, 13):
    from warnings import deprecated
else:
    deprecated = _engine.deprecated

__dir__ = _elsewhere.names(__name__, "LEGACY_PATH py")


def __getattr__(name):
    if name in ("LEGACY_PATH", "py"):
        import py

        globals().update(LEGACY_PATH=py.path.local, py=py)
        return globals()[name]
    return _elsewhere.find(__name__, name, "LEGACY_PATH py")
