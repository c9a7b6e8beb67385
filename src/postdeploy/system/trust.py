"""Whose certificates are believed: httpx's choice, or what `SSL_CERT_FILE` and `SSL_CERT_DIR` name."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING

import httpx

from postdeploy.model import UsageError

if TYPE_CHECKING:
    import ssl


@functools.cache
def authorities() -> ssl.SSLContext:
    """For `httpx.Client(verify=…)`. One for all clients of the process: each of its own would read 150 certificates, for 30 ms.

    Raises:
        UsageError: what the variables name cannot be read.
    """
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        name = "SSL_CERT_FILE" if os.environ.get("SSL_CERT_FILE") else "SSL_CERT_DIR"
        raise UsageError(
            f"{name}={os.environ.get(name, '')}: no certificates can be read there ({error.strerror or error}). "
            "Name a PEM file of authorities, or unset it."
        ) from None
