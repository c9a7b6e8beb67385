"""An unreachable database is held; one burst is a warning."""

from __future__ import annotations

import pytest

from postdeploy.analysis.findings import LogSubject
from tests.analysis.rules.judging import OUTAGE, UNREACHABLE, failures, findings, warnings
from tests.logs.rows import Sent, healthy

POOL = (
    "Failed to fetch conversations with cursor: {\n  debugId: 'b3e1c7a0-1111-4222-8333-123456789abc',\n  errorClass: 'db_error'\n} "
    "Error: Timed out fetching a new connection from the connection pool. code: 'P2024'"
)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param([Sent(10 * n, message=UNREACHABLE) for n in range(30)], [OUTAGE], id="every answer is 200"),
        pytest.param([Sent(5 * n, message=POOL if n % 7 == 0 else "") for n in range(100)], [OUTAGE], id="15 % time-outs"),
        pytest.param([Sent(1, message=UNREACHABLE), Sent(2, message=UNREACHABLE)], [OUTAGE], id="half of little traffic"),
        pytest.param([*healthy(100), *(Sent(1 + n / 10, message=UNREACHABLE) for n in range(8))], [], id="a burst, then clean"),
        pytest.param([Sent(580 + n / 10, message=UNREACHABLE) for n in range(8)], [OUTAGE], id="a burst, and nothing after it"),
        pytest.param([*healthy(100), Sent(1, message=UNREACHABLE), Sent(99, message=UNREACHABLE)], [], id="2 of 102"),
    ],
)  # fmt: skip
def test_an_outage_is_held(sent: list[Sent], expected: list[object]) -> None:
    assert failures(findings(sent)) == expected


def test_a_burst_is_a_warning() -> None:
    [warning] = warnings(
        findings([*healthy(100), *(Sent(1 + n / 10, message=UNREACHABLE) for n in range(8))]), LogSubject.DATABASE
    )
    assert warning == "the database was unreachable for 8 requests of 108 in one burst; clean since"
