"""Start-up of Python processes that a run of fastest started: there `pytest` and `pluggy` are fastest's, too.

Imported by the start file `fastest-children.pth` and only when a run has set `FASTEST_CHILDREN`.
"""

from fastest import facade

facade.install()
