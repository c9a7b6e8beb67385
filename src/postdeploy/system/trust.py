"""Whose certificates are believed: httpx's choice, or what `SSL_CERT_FILE` and `SSL_CERT_DIR` name; and `NODE_EXTRA_CA_CERTS`."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import ssl

import httpx

from postdeploy.model import UsageError

CURE = (
    "If this machine is behind a proxy with a certificate of its own: export SSL_CERT_FILE=/path/to/authorities.pem, "
    "with that authority in it; then re-run."
)
BROWSER_CURE = (
    "Chromium reads the system's own store: add the authority there. On Linux: certutil -d sql:$HOME/.pki/nssdb -A -t C,, "
    "-n proxy -i AUTHORITY.pem; then re-run."
)
_REFUSED = re.compile(
    r"CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)"
    r"|ERR_CERT_AUTHORITY|self[- ]signed certificate|unable to (?:get (?:local )?issuer|verify the first) certificate"
)
_NAMES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS")


@functools.cache
def authorities() -> ssl.SSLContext:
    """For `httpx.Client(verify=…)`. One for all clients of the process: each of its own would read 150 certificates, for 30 ms.

    Raises:
        UsageError: what the variables name cannot be read, or the file of SSLKEYLOGFILE cannot be written.
    """
    try:
        context = httpx.create_ssl_context()
    except OSError as error:
        if keys := _unwritable_keys():
            raise UsageError(f"SSLKEYLOGFILE={keys}: can't be written. Make its folder, or unset it.") from None
        name = "SSL_CERT_FILE" if os.environ.get("SSL_CERT_FILE") else "SSL_CERT_DIR"
        raise UsageError(
            f"{name}={os.environ.get(name, '')}: no certificates can be read there ({error.strerror or error}). "
            "Name a PEM file of authorities, or unset it."
        ) from None
    # Python 3.13 demands fields that browsers, Node and curl do not: proxies' certificates and those of old authorities lack them.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    extra = os.environ.get("NODE_EXTRA_CA_CERTS")
    if extra and extra != os.environ.get("SSL_CERT_FILE"):
        with contextlib.suppress(OSError):  # Node, whose variable it is, goes on without what it can't read
            context.load_verify_locations(extra)
    return context


def _unwritable_keys() -> str | None:
    """The file in which Python keeps the keys of connections, if it can't."""
    file = os.environ.get("SSLKEYLOGFILE")
    try:
        if file:
            with open(file, "ab"):  # noqa: PTH123 - as OpenSSL takes it: relative to where the process is
                pass
    except OSError:
        return file
    return None


def names_authorities() -> bool:
    """Whether the environment says whose certificates to believe: ours then accept what a browser may not."""
    return any(os.environ.get(name) for name in _NAMES)


def for_node() -> dict[str, str]:
    """What Node, npm and Playwright's download need to believe what SSL_CERT_FILE names: they read another variable."""
    file = os.environ.get("SSL_CERT_FILE")
    return {"NODE_EXTRA_CA_CERTS": file} if file and not os.environ.get("NODE_EXTRA_CA_CERTS") else {}


def is_certificate_refused(output: str) -> bool:
    """Whether a tool (pip, npm, Playwright, Chromium, OpenSSL) failed because it does not know who signed a certificate."""
    return _REFUSED.search(output) is not None
