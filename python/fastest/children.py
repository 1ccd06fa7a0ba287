"""Start-up of Python processes that a run of fastest started: there `pytest` and `pluggy` are fastest's, too.

Imported by the start file `fastest-children.pth` and only when a run has set `FASTEST_CHILDREN`.
"""

import os

from fastest import facade

LOOKERS = os.environ.get("FASTEST_LOOKERS") == "all"  # as it was at the start: imports read no environment
facade.install()
