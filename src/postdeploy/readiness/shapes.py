"""What is wrong with a variable's value, described without the value."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from postdeploy.readiness.hosts import is_loopback
from postdeploy.runbook.readiness_tables import Variable

_SHORTEST_SECRET = 16
_PLACEHOLDER = re.compile(
    r"(?i)(?<![a-z0-9])(change[-_ ]?me|placeholder|example|dummy|todo|your[-_ ]\w+)(?![a-z0-9])"
    r"|^(x+|\*+|<.*>|undefined|null|none|secret|password|test)$"
)
_POOLER_PORT = 6543


def mistake(value: str, expected: Variable, *, loopback: bool = False) -> str | None:
    """What is wrong with the value, to follow the variable's name in a sentence; None: nothing.

    `loopback`: the deployment itself is on this machine, so http and localhost are accepted.
    """
    if value != value.strip():
        return "begins or ends with a space or a line break"
    if not value:
        return None if expected.unset_is_safe else "is empty"
    if value[0] == value[-1] and value[0] in "\"'" and len(value) > 1:
        return "is enclosed in quotes, which are part of the value"
    match expected.shape:
        case "https":
            return _https(value, loopback=loopback)
        case "feature-flag":
            return _feature_flag(value, expected.safe)
        case "any" | "origins":
            return None
        case shape:
            return _SHAPES[shape](value)


def role_of(key: str) -> str:
    """The role of an auth service's key: `anon`, `service_role`, …; empty: not such a key."""
    if key.startswith("sb_publishable_"):
        return "anon"
    if key.startswith("sb_secret_"):
        return "service_role"
    try:
        body = key.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return str(claims.get("role", ""))
    except (IndexError, ValueError, binascii.Error, AttributeError):
        return ""


def _https(value: str, *, loopback: bool) -> str | None:
    try:
        split = urlsplit(value)
    except ValueError:
        return "is not an https address"
    if split.scheme == "http" and loopback and is_loopback(split.hostname):
        return None
    if split.scheme != "https" or not split.hostname:
        return "is not an https address"
    if is_loopback(split.hostname):
        return "points to this machine"
    return None


def _feature_flag(value: str, safe: tuple[str, ...]) -> str | None:
    if value.lower() not in {"0", "1", "true", "false"}:
        return "is not a feature flag's value (0, 1, true or false)"
    return None if value.lower() in safe else f"does not have its safe value ({' or '.join(safe) or 'none is named'})"


def _secret(value: str) -> str | None:
    if _PLACEHOLDER.search(value) or len(set(value)) < 4:
        return "is a placeholder"
    return None if len(value) >= _SHORTEST_SECRET else f"is shorter than {_SHORTEST_SECRET} characters"


def _public_key(value: str) -> str | None:
    role = role_of(value)
    if role == "service_role":
        return "is the service-role key, which gives every visitor full access: use the anon key"
    return (
        None if role == "anon" else "is not an anon key (neither a JWT with the role anon nor an sb_publishable_ key)"
    )


def _postgres(value: str) -> tuple[str, int | None, bool] | None:
    """Host, port, and whether the address asks for pgbouncer; None: not a Postgres address."""
    try:
        split = urlsplit(value)
        port = split.port
    except ValueError:
        return None
    if split.scheme not in ("postgres", "postgresql") or not split.hostname:
        return None
    return split.hostname, port, parse_qs(split.query).get("pgbouncer") == ["true"]


def _pooled(value: str) -> str | None:
    found = _postgres(value)
    if found is None:
        return "is not a Postgres address"
    _, port, pgbouncer = found
    return None if pgbouncer or port == _POOLER_PORT else "is not the pooled connection (port 6543 or pgbouncer=true)"


def _direct(value: str) -> str | None:
    found = _postgres(value)
    if found is None:
        return "is not a Postgres address"
    _, port, pgbouncer = found
    return "is the pooled connection, not the direct one" if pgbouncer or port == _POOLER_PORT else None


_SHAPES: dict[str, Callable[[str], str | None]] = {
    "secret": _secret,
    "public-key": _public_key,
    "pooled": _pooled,
    "direct": _direct,
}
