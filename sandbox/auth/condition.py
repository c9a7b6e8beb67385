"""The states the auth service can be put into."""

from __future__ import annotations

from enum import StrEnum


class Condition(StrEnum):
    """How the service behaves towards all clients, until that is changed."""

    HEALTHY = "healthy"
    HANGING = "hanging"
    """Accepts every request and answers none."""
    REFRESH_REJECTED = "refresh-rejected"
    """Knows no refresh token any more; access tokens stay good until they expire."""
    ISSUES_EXPIRED = "issues-expired"
    """Signs in, and the access tokens that it issues have expired already."""
    FORGETS = "forgets"
    """Signs in, and knows none of the sessions that it has issued."""
    FAILING = "failing"
    """Answers 500 to everything."""
    CAPTCHA_REQUIRED = "captcha-required"
    """Requires a solved CAPTCHA for every sign-in."""
    RATE_LIMITED = "rate-limited"
    """Refuses sign-ins and refreshes with 429."""
