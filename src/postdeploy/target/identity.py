"""Which build served a page, by the marks in its HTML."""

from __future__ import annotations

import hashlib
import re

from postdeploy.model import Deployment

_DEPLOYMENT_ID = (re.compile(r'data-dpl-id="([\w.-]{1,128})"'), re.compile(r"[?&]dpl=([\w.-]{1,128})"))
_BUILD_ID = (
    re.compile(r"^<!DOCTYPE html><!--([\w-]+)-->", re.IGNORECASE),
    re.compile(r'\\?"b\\?":\\?"([\w-]{8,})\\?"'),
)
_ASSET = re.compile(r'(?:src|href)="(/[^"?]*/_next/[^"?]+|/_next/[^"?]+)')


def read_identity(url: str, html: str) -> Deployment:
    """The build that a page names: deployment id, build id and, where neither is served, a fingerprint of its assets."""
    assets = sorted(set(_ASSET.findall(html)))
    return Deployment(
        url=url,
        deployment_id=_first(_DEPLOYMENT_ID, html),
        build_id=_first(_BUILD_ID, html),
        assets=hashlib.sha256("\n".join(assets).encode()).hexdigest()[:12] if assets else None,
    )


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str | None:
    return next((found[1] for pattern in patterns if (found := pattern.search(text))), None)
