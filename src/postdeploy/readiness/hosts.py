"""Hosts and the patterns of SERVER_ACTIONS_ALLOWED_ORIGINS."""

from __future__ import annotations

from collections.abc import Iterable

PLATFORM = ".vercel.app"
"""Every project on Vercel gets a host below it: not a custom domain."""


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine."""
    return host in ("127.0.0.1", "::1") or host == "localhost" or bool(host and host.endswith(".localhost"))


def custom(domains: Iterable[str]) -> tuple[str, ...]:
    """The domains that are not the platform's own, each once."""
    return tuple(dict.fromkeys(domain for domain in domains if not domain.endswith(PLATFORM)))


def wrong_origins(value: str, domains: Iterable[str]) -> str | None:
    """What is wrong with a list of allowed origins: it allows other sites, has malformed entries, or lacks a production domain."""
    patterns = [pattern.strip() for pattern in value.split(",")]
    if any("://" in pattern or "/" in pattern or " " in pattern for pattern in patterns):
        return "contains an entry that is not a host name (give hosts without scheme or path, separated by commas)"
    for pattern in patterns:
        if pattern.strip("*.") == "" or (pattern.startswith("*") and _is_shared(pattern.lstrip("*."))):
            return f"allows sites that are not yours ({pattern or 'an empty entry'})"
    lacking = [domain for domain in custom(domains) if not any(_covers(pattern, domain) for pattern in patterns)]
    return f"does not cover {', '.join(lacking)}" if lacking else None


def _is_shared(suffix: str) -> bool:
    """Whether other people have sites below it, too."""
    return "." not in suffix or f".{suffix}" == PLATFORM


def _covers(pattern: str, domain: str) -> bool:
    if pattern.startswith("**."):
        return domain.endswith(pattern[2:])
    if pattern.startswith("*."):
        return domain.partition(".")[2] == pattern[2:]
    return pattern.lower() == domain.lower()
