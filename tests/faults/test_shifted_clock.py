"""A runner whose clock is wrong, by an hour or a year: as the operating system tells it (libfaketime).

Without a browser: that does not come up under the library. A clock that is set during a run: tests/adversary/clocks.toml.
"""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from werkzeug import Response

from tests.faults.measure import Measured, run_suite
from tests.servers import QuickServer
from tests.site import RUNBOOK, SOMEBODY, let_in, site, to_the_login_page

pytestmark = pytest.mark.timeout(540)

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
SHIFTS = ("+1h", "-1h", "+365d", "-365d")
NO_BROWSER = ("-k", "unauthenticated")


@pytest.fixture
def faked() -> dict[str, str]:
    if not LIBRARIES:
        pytest.skip("needs libfaketime (Debian: faketime)")
    return {
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DISABLE_SHM": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


def is_blocked_by_the_clock(measured: Measured) -> bool:
    return (measured.exit_code, measured.verdict["reason"]) == (10, "blocked") and (
        "this machine's clock is" in measured.output
    )


@pytest.mark.processes
@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("inbox", [to_the_login_page, let_in], ids=["healthy", "broken"])
def test_by_a_wrong_clock_nothing_is_judged(
    faked: dict[str, str], tmp_path: Path, shift: str, inbox: Callable[[], Response]
) -> None:
    (tmp_path / "runbook.toml").write_text(RUNBOOK.format(look=0.2), encoding="utf-8")
    with site() as served:
        served.inbox = inbox
        options = (*NO_BROWSER, f"--runbook={tmp_path / 'runbook.toml'}")
        measured = run_suite(served.url, SOMEBODY | faked | {"FAKETIME": shift}, tmp_path, *options)
    assert is_blocked_by_the_clock(measured), measured.output


def certificate(folder: Path, ends: int) -> Path:
    """For localhost, valid since a month ago and for so many days: key and certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now + dt.timedelta(days=-30)).not_valid_after(now + dt.timedelta(days=ends))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    form, secret = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file = folder / "localhost.pem"
    file.write_bytes(
        made.sign(key, hashes.SHA256()).public_bytes(form)
        + key.private_bytes(form, secret, serialization.NoEncryption())
    )
    return file


@pytest.mark.processes
@pytest.mark.parametrize(
    ("ends", "shift", "exit_code"),
    [
        pytest.param(30, "+365d", 10, id="it has expired, by a clock a year ahead"),
        pytest.param(30, "-365d", 10, id="it is not valid yet, by a clock a year behind"),
        pytest.param(-1, "", 1, id="it has expired, and the clock is right"),
    ],
)
def test_a_certificate_is_judged_by_a_clock_that_is_right(
    faked: dict[str, str], tmp_path: Path, ends: int, shift: str, exit_code: int
) -> None:
    file = certificate(tmp_path, ends)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    clock = faked | {"FAKETIME": shift} if shift else {}
    environment = SOMEBODY | clock | {"SSL_CERT_FILE": str(file)}
    with QuickServer(ssl_context=context) as server:
        measured = run_suite(f"https://localhost:{server.port}", environment, tmp_path, *NO_BROWSER)
    assert measured.exit_code == exit_code, measured.output
    assert is_blocked_by_the_clock(measured) == (exit_code == 10), measured.output
