"""A certificate authority that only these tests know, and a server on loopback whose certificate it has signed."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_httpserver import HTTPServer

from tests.servers import QuickServer

BEGUN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PEM = serialization.Encoding.PEM
VARIABLES = (
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "npm_config_cafile"),
)
"""What tells the tools whose certificates to believe, and what would lead them elsewhere."""


@dataclass(frozen=True)
class Private:
    """A running server, and the file with the authority that vouches for it."""

    server: HTTPServer
    authority: Path

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server.port}"


@contextmanager
def served(folder: Path) -> Iterator[Private]:
    """A server whose certificate a private authority has signed."""
    key, name = ec.generate_private_key(ec.SECP256R1()), _named("a proxy of one's own")
    anchor = _certificate(name, name, key).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    (folder / "authority.pem").write_bytes(anchor.sign(key, hashes.SHA256()).public_bytes(PEM))
    own = ec.generate_private_key(ec.SECP256R1())
    host = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    leaf = _certificate(_named("localhost"), name, own).add_extension(host, critical=False).sign(key, hashes.SHA256())
    secret = own.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(leaf.public_bytes(PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    with QuickServer(ssl_context=context, threaded=True) as server:
        yield Private(server, folder / "authority.pem")


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    serial = x509.random_serial_number()
    return made.serial_number(serial).not_valid_before(BEGUN).not_valid_after(BEGUN + dt.timedelta(days=36500))
