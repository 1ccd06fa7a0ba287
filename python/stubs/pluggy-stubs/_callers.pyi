from pluggy._execution import (
    Teardown as Teardown,
)
from pluggy._execution import (
    _multicall as _multicall,
)
from pluggy._execution import (
    _raise_wrapfail as _raise_wrapfail,
)
from pluggy._execution import (
    _warn_teardown_exception as _warn_teardown_exception,
)
from pluggy._execution import (
    run_old_style_hookwrapper as run_old_style_hookwrapper,
)

__all__ = [
    "Teardown",
    "_multicall",
    "_raise_wrapfail",
    "_warn_teardown_exception",
    "run_old_style_hookwrapper",
]
