"""Webhooks and admin routes reject unauthenticated and forged requests.

Source: launch checklist 117d, step 3.
"""

import pytest

from fixtures.probes import Probed

pytestmark = pytest.mark.smoke


def test_the_endpoint_rejects_missing_and_forged_credentials(webhook: Probed) -> None:
    """Rejects missing and forged credentials with the app's own error."""
    assert webhook.wrong is None


def test_the_open_webhook_tolerates_malformed_input(open_webhook: Probed) -> None:
    """Open by design: answers malformed input without a server error."""
    assert open_webhook.wrong is None
