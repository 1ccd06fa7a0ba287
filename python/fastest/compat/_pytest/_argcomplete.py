"""Completion of arguments in the shell, for those who have `argcomplete` installed and set up.

The shell's completion runs pytest with `_ARGCOMPLETE` in its environment; then `try_argcomplete` answers and ends the process.
"""

import os

from fastest._engine import argcomplete as _engine
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

FastFilesCompleter = _engine.FastFilesCompleter

if os.environ.get("_ARGCOMPLETE"):
    import sys

    try:
        import argcomplete.completers
    except ImportError:
        sys.exit(-1)
    filescompleter = FastFilesCompleter()

    def try_argcomplete(parser):
        argcomplete.autocomplete(parser, always_complete_options=False)

else:
    filescompleter = None

    def try_argcomplete(parser):
        """Nothing to do."""
