"""How senders sign their requests: shared secrets, and keyed hashes of a body and a time."""

from __future__ import annotations

import hashlib
import hmac

from postdeploy.runbook.readiness_tables import Endpoint

SIGNED = ("hmac", "slack", "calendly")
"""Schemes that sign the body."""
TIMED = ("slack", "calendly")
"""Schemes that sign a time, too."""


def sign(endpoint: Endpoint, key: str, body: str, at: int) -> dict[str, str]:
    """The headers that authenticate the body's sender to this endpoint; `at`: epoch seconds."""
    match endpoint.scheme:
        case "hmac":
            return {endpoint.header: _digest(key, body)}
        case "slack":
            signature = f"v0={_digest(key, f'v0:{at}:{body}')}"
            return {endpoint.header: signature, "x-slack-request-timestamp": str(at)}
        case "calendly":
            return {endpoint.header: f"t={at},v1={_digest(key, f'{at}.{body}')}"}
        case _:
            return {endpoint.header: key} if endpoint.header else {}


def _digest(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
