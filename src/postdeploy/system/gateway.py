"""When a gateway answers in the app's place: 502 to 504 without a header of the app's framework or of the platform."""

from __future__ import annotations

from collections.abc import Mapping

STATUSES = (502, 503, 504)


def by_the_framework(headers: Mapping[str, str]) -> bool:
    """Whether an answer's headers say that the app's framework made it."""
    return headers.get("x-powered-by") == "Next.js" or any(name.startswith("x-nextjs-") for name in headers)


def is_a_gateways(status: int | None, headers: Mapping[str, str]) -> bool:
    """Whether this is a gateway's answer."""
    return status in STATUSES and "x-vercel-error" not in headers and not by_the_framework(headers)
