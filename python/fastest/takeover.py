"""Start-up of every Python process of an environment in which `fastest takeover on` was said: there `pytest` and
`pluggy` are fastest's.

Imported by the start file `fastest-takeover.pth`.
"""

import os

from fastest import facade

LOOKERS = os.environ.get("FASTEST_LOOKERS") == "all"  # as it was at the start: imports read no environment
facade.put_finder()
