"""Start-up of every Python process of an environment in which `fastest takeover on` was said: there `pytest` and
`pluggy` are fastest's.

Imported by the start file `fastest-takeover.pth`.
"""

from fastest import facade

facade.put_finder()
