"""--stepwise. The engine's `stepwise`."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import stepwise as _stepwise

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

STEPWISE_CACHE_DIR = _stepwise.STEPWISE_CACHE_DIR
StepwiseCacheInfo = _stepwise.StepwiseCacheInfo
StepwisePlugin = _stepwise.StepwisePlugin
pytest_addoption = _stepwise.pytest_addoption
pytest_configure = _stepwise.pytest_configure
pytest_sessionfinish = _stepwise.pytest_sessionfinish
