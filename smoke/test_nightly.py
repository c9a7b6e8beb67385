"""For the night, beside the smoke checks: what needs the senders' own keys."""

import pytest

from fixtures.probes import Probed

pytestmark = pytest.mark.nightly


def test_an_old_event_is_refused(signed_webhook: Probed) -> None:
    """Refuses what was genuine an hour ago and is sent again."""
    assert signed_webhook.wrong is None
