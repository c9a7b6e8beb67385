"""A real deployment in miniature: the app, its database, its auth service and its platform, with switches to break it.

with Sandbox.start() as sandbox:
sandbox.break_("database-down-before-load")
...
sandbox.heal()
"""

from sandbox.faults import FAULTS
from sandbox.sandbox import Sandbox
from sandbox.shapes import ODDITIES

__all__ = ["FAULTS", "ODDITIES", "Sandbox"]
