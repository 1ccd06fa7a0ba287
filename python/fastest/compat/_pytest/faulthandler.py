"""Dumps all threads' tracebacks on crashes and timeouts. The engine's `faulthandler`."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import faulthandler as _faulthandler

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

fault_handler_original_stderr_fd_key = _faulthandler.fault_handler_original_stderr_fd_key
fault_handler_stderr_fd_key = _faulthandler.fault_handler_stderr_fd_key
get_exit_on_timeout_config_value = _faulthandler.get_exit_on_timeout_config_value
get_stderr_fileno = _faulthandler.get_stderr_fileno
get_timeout_config_value = _faulthandler.get_timeout_config_value
pytest_addoption = _faulthandler.pytest_addoption
pytest_configure = _faulthandler.pytest_configure
pytest_enter_pdb = _faulthandler.pytest_enter_pdb
pytest_exception_interact = _faulthandler.pytest_exception_interact
pytest_runtest_protocol = _faulthandler.pytest_runtest_protocol
pytest_unconfigure = _faulthandler.pytest_unconfigure
