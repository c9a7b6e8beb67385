"""What the suite calls itself, to every server that it asks."""

from __future__ import annotations

from functools import cache

PREFIX = "postdeploy/"
"""How the user agent of every HTTP probe begins; the suite's browsers add the same to their own, after a space."""


@cache
def user_agent() -> str:
    """With the version that is installed."""
    from importlib.metadata import version  # noqa: PLC0415 - reading a log needs none

    return PREFIX + version("postdeploy")
