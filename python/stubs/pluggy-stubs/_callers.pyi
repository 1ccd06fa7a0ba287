from pluggy._execution import (
    Teardown as Teardown,
    _multicall as _multicall,
    _raise_wrapfail as _raise_wrapfail,
    _warn_teardown_exception as _warn_teardown_exception,
    run_old_style_hookwrapper as run_old_style_hookwrapper,
)

__all__ = ["Teardown", "_multicall", "_raise_wrapfail", "_warn_teardown_exception", "run_old_style_hookwrapper"]
