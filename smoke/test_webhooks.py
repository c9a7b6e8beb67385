"""Runbook 117d step 3: webhooks and admin routes take nothing from strangers and forgers."""

import pytest

from fixtures.probes import Probed

pytestmark = pytest.mark.smoke


def test_the_endpoint_refuses_what_is_not_genuine(webhook: Probed) -> None:
    """Refuses missing and forged credentials, in the app's own words."""
    assert webhook.wrong is None


def test_the_open_webhook_takes_nonsense_calmly(open_webhook: Probed) -> None:
    """Open by design: answers nonsense without failing."""
    assert open_webhook.wrong is None
