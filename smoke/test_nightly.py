"""Checks that need the senders' own keys, for a nightly run: -m "smoke or nightly"."""

import pytest

from fixtures.probes import Probed

pytestmark = pytest.mark.nightly


def test_an_old_event_is_refused(signed_webhook: Probed) -> None:
    """Rejects a genuine request that is sent again an hour later."""
    assert signed_webhook.wrong is None
