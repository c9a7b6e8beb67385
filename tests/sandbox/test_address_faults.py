"""The address leads to another host."""

from __future__ import annotations

import httpx
import pytest

from postdeploy.system import loopback
from sandbox import Sandbox
from sandbox.address_faults import ADDRESS_FAULTS

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(120)]


@pytest.mark.parametrize("fault", [each.name for each in ADDRESS_FAULTS])
def test_every_request_is_redirected_to_another_host(sandbox: Sandbox, fault: str) -> None:
    sandbox.break_(fault)
    answer = httpx.get(f"{sandbox.url}/auth/login")
    assert answer.is_redirect
    assert httpx.URL(answer.headers["location"]).netloc != httpx.URL(sandbox.url).netloc
    answers = _answers(answer.headers["location"])
    sandbox.heal()
    assert answers is (fault == "address-leads-elsewhere")
    assert httpx.get(f"{sandbox.url}/auth/login").status_code == 200


def _answers(url: str) -> bool:
    with httpx.Client(mounts=loopback.mounts(), timeout=5) as client:
        try:
            client.get(url)
        except httpx.HTTPError:
            return False
    return True
