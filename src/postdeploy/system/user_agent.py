"""What the suite calls itself, to every server that it asks."""

from __future__ import annotations

import importlib.metadata

PREFIX = "postdeploy/"
"""How the user agent of every HTTP probe begins; the suite's browsers add the same to their own, after a space."""
USER_AGENT = PREFIX + importlib.metadata.version("postdeploy")
