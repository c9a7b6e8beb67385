"""What failed in the browser is found in the log again, and how surely."""

import pytest

from postdeploy.analysis.correlation import Strength, correlate
from postdeploy.logs.entry import LogEntry
from postdeploy.model import Sent

AT = 1_790_000_000_000
BY_ID = LogEntry(AT, " ⨯ Error: nope\n  digest: '3794450012'", "error", "POST", "/", 500, "abcde-17-01")
BY_REF = LogEntry(AT, "Failed to fetch clients: { debugId: 'b3e1c7a0' }", "error", "POST", "/", 200, "fghij-17-01")


@pytest.mark.parametrize(
    ("sent", "strength"),
    [
        pytest.param(Sent("POST", "/", 0, 500, "syd1::iad1::abcde-17-01"), Strength.REQUEST_ID, id="request id"),
        pytest.param(Sent("POST", "/", 0, 200, "x-1-1", ref="b3e1c7a0"), Strength.REF, id="ref"),
        pytest.param(Sent("POST", "/", 0, 500, digest="3794450012@E352"), Strength.DIGEST, id="digest with its suffix"),
        pytest.param(Sent("POST", "/", AT - 60_000 + 900, 500), Strength.PATH_AND_TIME, id="path and time"),
        pytest.param(Sent("POST", "/", AT, 500), None, id="another time"),
        pytest.param(Sent("POST", "/auth/login", AT - 60_000, 500), None, id="another path"),
    ],
)
def test_a_request_is_found_by_the_surest_mark(sent: Sent, strength: Strength | None) -> None:
    (link,) = correlate([sent], [BY_ID, BY_REF], ahead=60_000)
    assert link.strength is strength


def test_a_line_with_personal_data_is_shown_normalized() -> None:
    entry = LogEntry(AT, "Error: can't mail 'Ada Lovelace'", "error", "POST", "/", 500, "abcde-17-01")
    (link,) = correlate([Sent("POST", "/", 0, 500, "abcde-17-01")], [entry], 0)
    assert "Ada" in "\n".join(link.lines())
    assert "Ada" not in "\n".join(link.lines(personal=[entry.message]))
