"""Reading the machine's certificates takes 30 ms: a process does it once, however many clients it makes."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from postdeploy.model import UsageError
from postdeploy.redaction import Secret
from postdeploy.system import loopback
from postdeploy.system.trust import authorities
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel


@pytest.fixture(autouse=True)
def _nothing_read_yet() -> Iterator[None]:
    authorities.cache_clear()
    yield
    authorities.cache_clear()


def test_all_clients_of_a_process_read_the_certificates_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    monkeypatch.delenv("NODE_EXTRA_CA_CERTS", raising=False)
    load = ssl.SSLContext.load_verify_locations

    def counted(context: ssl.SSLContext, *args: str, **more: str) -> None:
        read.append("the certificates")
        load(context, *args, **more)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", counted)
    access = Access(Secret("t"), "prj_1", None, "https://api.example.test")
    for _ in range(3):
        with Vercel(access), httpx.Client(mounts=loopback.mounts(), verify=authorities()):
            pass
    assert read == ["the certificates"]


@pytest.mark.parametrize("content", [None, "", "not a certificate"], ids=["no file", "an empty file", "another file"])
def test_a_file_without_authorities_is_named_with_the_cure(
    content: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with pytest.raises(UsageError, match=r"SSL_CERT_FILE=.*authority.pem: no certificates .* unset it"):
        authorities()


def test_keys_that_cannot_be_kept_are_not_blamed_on_the_certificates(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "nowhere" / "keys"))
    with pytest.raises(UsageError, match=r"SSLKEYLOGFILE=.*keys: can't be written. .* unset it"):
        authorities()


def test_no_more_is_demanded_of_a_certificate_than_browsers_do() -> None:
    """Python 3.13 and later demand more: tests/system/test_certificates.py fails there without this."""
    assert not authorities().verify_flags & ssl.VERIFY_X509_STRICT
