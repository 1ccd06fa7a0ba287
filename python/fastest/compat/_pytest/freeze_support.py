"""For tools that freeze programs with pytest in them."""

from fastest._engine import freeze_support as _engine

freeze_includes = _engine.freeze_includes
_iter_all_modules = _engine._iter_all_modules
