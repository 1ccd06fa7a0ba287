"""Source fragments. Implemented in src/engine/explain/source.cpp."""

from fastest._engine import code_source as _native
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

Source = _native.Source
findsource = _native.findsource
getrawcode = _native.getrawcode
deindent = _native.deindent
_statement_linenos = _native._statement_linenos
get_statement_startend2 = _native.get_statement_startend2
getstatementrange_ast = _native.getstatementrange_ast
