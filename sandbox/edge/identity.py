"""The id every answer carries in ``x-vercel-id``, which is also the request's id in the logs."""

from __future__ import annotations

import secrets
import string

REGION = "iad1"
ALPHABET = string.ascii_lowercase + string.digits


def request_id(milliseconds: int, *, function: bool) -> str:
    """A new id: ``<edge region>::[<function region>::]<random>-<epoch ms>-<random>``."""
    regions = f"{REGION}::{REGION}" if function else REGION
    first = "".join(secrets.choice(ALPHABET) for _ in range(5))
    return f"{regions}::{first}-{milliseconds}-{secrets.token_hex(6)}"
