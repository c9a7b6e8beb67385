"""When the platform answers instead of the app: bot protection, or deployment protection."""

from __future__ import annotations

from collections.abc import Mapping

from postdeploy.model import Blocked

CHALLENGE_HEADER = "x-vercel-mitigated"
_CHALLENGE_TEXTS = ("Vercel Security Checkpoint", "Just a moment...")
_SIGN_IN = "vercel.com/sso-api"
_PROTECTED = "Protected deployment"


def is_challenge(headers: Mapping[str, str], text: str) -> bool:
    """Whether this is the bot protection's answer."""
    return CHALLENGE_HEADER in headers or any(mark in text for mark in _CHALLENGE_TEXTS)


def is_protection(status: int | None, headers: Mapping[str, str], text: str) -> bool:
    """Whether this is deployment protection's answer: a redirect to sign in, or 401 for programs."""
    return _SIGN_IN in headers.get("location", "") or (status == 401 and _PROTECTED in text)


def challenged(what: str) -> Blocked:
    """Bot protection challenged the suite; `what` was challenged."""
    cure = "Allow the runner in the firewall's bypass rules, or set VERCEL_AUTOMATION_BYPASS_SECRET; then re-run."
    return Blocked(what, cure)


def protected(what: str) -> Blocked:
    """Deployment protection answered; `what` says instead of what."""
    return Blocked(what, "Set VERCEL_AUTOMATION_BYPASS_SECRET to the project's bypass secret; then re-run.")
