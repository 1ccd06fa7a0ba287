"""--setup-plan. The engine's `setupplan`."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import setupplan as _setupplan

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

pytest_addoption = _setupplan.pytest_addoption
pytest_cmdline_main = _setupplan.pytest_cmdline_main
pytest_fixture_setup = _setupplan.pytest_fixture_setup
