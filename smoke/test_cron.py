"""The cron routes exist and reject calls without the secret.

Source: launch checklist 117d, step 2.
"""

import pytest

from fixtures.probes import Probed

pytestmark = pytest.mark.smoke


def test_the_cron_route_rejects_calls_without_the_secret(cron: Probed) -> None:
    """Rejects calls without the secret, or with a wrong one, with the app's own error."""
    assert cron.wrong is None


def test_the_safe_cron_route_runs_with_the_secret(authorised_cron: Probed) -> None:
    """Runs and reports success when it is called with CRON_SECRET."""
    assert authorised_cron.wrong is None
