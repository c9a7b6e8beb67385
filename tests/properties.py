"""How often a property is tried: `make test` is thorough, `make check` quick."""

from __future__ import annotations

from hypothesis import settings

_THOROUGH, _QUICK = 100, 20

settings.register_profile("quick", max_examples=_QUICK)


def tried(examples: int = _THOROUGH) -> settings:
    """Decorates a property: how many examples it deserves, of which a quick run tries a fifth. A busy machine fails none."""
    return settings(max_examples=max(1, examples * settings().max_examples // _THOROUGH), deadline=None)
