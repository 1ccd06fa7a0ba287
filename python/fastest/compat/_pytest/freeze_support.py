"""For tools that freeze programs with pytest in them."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import freeze_support as _engine

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

freeze_includes = _engine.freeze_includes
_iter_all_modules = _engine._iter_all_modules
