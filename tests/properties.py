"""How often a property is tried: `make check` is quick about it (the profile is in conftest.py), `make test` thorough."""

from __future__ import annotations

from hypothesis import settings

_USUAL = 100


def tried(examples: int) -> settings:
    """Decorates a property that deserves more or fewer examples than others; a quick run tries its share of them."""
    return settings(max_examples=max(1, examples * settings().max_examples // _USUAL))
