"""The front door: what Vercel's edge does between a browser and a deployment, on loopback."""

from sandbox.edge.server import Edge
from sandbox.edge.watches import InboxServed, Sighting, Watch, WorkspaceSwitched

__all__ = ["Edge", "InboxServed", "Sighting", "Watch", "WorkspaceSwitched"]
