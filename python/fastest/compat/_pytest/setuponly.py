"""--setup-only and --setup-show. The engine's `setuponly`."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import setuponly as _setuponly

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

_show_fixture_action = _setuponly._show_fixture_action
pytest_addoption = _setuponly.pytest_addoption
pytest_cmdline_main = _setuponly.pytest_cmdline_main
pytest_fixture_post_finalizer = _setuponly.pytest_fixture_post_finalizer
pytest_fixture_setup = _setuponly.pytest_fixture_setup
