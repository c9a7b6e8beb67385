"""The auth service's address and key, as the scripts of the login page carry them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from postdeploy.target.preflight import Target

_SCRIPT = re.compile(r'(?:src|href)="(/[^"]+?\.js[^"]*)"')
_KEY = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+|sb_publishable_[\w-]+")
_ANY_KEY = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+|sb_(?:publishable|secret)_[\w-]+")
_URL = re.compile(r"https?://[\w.-]+(?::\d+)?(?=[\"'`])")
_MOST_SCRIPTS = 40
_NEAR = 2000
"""Characters between an address and a key that belong together."""


def find_service(target: Target, login_path: str) -> tuple[str, str] | None:
    """Address and public key of the auth service; None: the scripts do not name it, or do not load."""
    try:
        return next((found for script in scripts(target, login_path) if (found := read_bundle(script))), None)
    except httpx.HTTPError:
        return None


def scripts(target: Target, login_path: str) -> Iterator[str]:
    """The text of each script of the login page, as it is needed."""
    page = target.get(login_path).text
    for script in list(dict.fromkeys(_SCRIPT.findall(page)))[:_MOST_SCRIPTS]:
        yield target.get(script).text


def keys_in(script: str) -> list[str]:
    """Everything in a script that looks like a key of the auth service, also what must not be there."""
    return [found[0] for found in _ANY_KEY.finditer(script)]


def read_bundle(script: str) -> tuple[str, str] | None:
    """The address nearest to a public key in a script, with the key."""
    for key in _KEY.finditer(script):
        near = [url for url in _URL.finditer(script) if abs(url.start() - key.start()) < _NEAR]
        services = [url for url in near if _may_be_service(url[0])]
        if services:
            nearest = min(services, key=lambda url: abs(url.start() - key.start()))
            return nearest[0], key[0]
    return None


def _may_be_service(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host.endswith((".supabase.co", ".supabase.in")) or not host.endswith((".org", ".io", ".dev"))
