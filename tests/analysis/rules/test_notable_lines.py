"""Lines that are a warning, and never a reason against a deployment."""

from __future__ import annotations

import pytest

from postdeploy.analysis.findings import LogSubject
from tests.analysis.rules.judging import failures, findings, warnings
from tests.logs.rows import Sent, healthy


@pytest.mark.parametrize(
    ("message", "says"),
    [
        pytest.param("Failed to fetch clients: { errorClass: 'x' } Error: y", "without a debug id", id="no debug id"),
        pytest.param("Error: can't mail ada@example.com", "e-mail address", id="personal data"),
        pytest.param("[Read API] disabled { route: 'x' }", "switched off by its feature flag", id="read API"),
        pytest.param("Error: Failed to find Server Action \"7f3a\".", "version skew", id="version skew"),
    ],
)  # fmt: skip
def test_it_is_a_warning(message: str, says: str) -> None:
    found = findings([*healthy(9), Sent(3, message=message)])
    assert failures(found) == []
    assert says in " ".join(warnings(found, LogSubject.LINES))
