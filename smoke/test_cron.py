"""Runbook 117d step 2: the cron routes are there, and closed to whoever lacks the secret."""

import pytest

from fixtures.probes import Probed

pytestmark = pytest.mark.smoke


def test_the_cron_route_refuses_who_lacks_the_secret(cron: Probed) -> None:
    """Refuses whoever has no secret or a wrong one, in the app's own words."""
    assert cron.wrong is None


def test_the_safe_cron_route_runs_with_the_secret(authorised_cron: Probed) -> None:
    """Runs, and reports success, when it is called with CRON_SECRET."""
    assert authorised_cron.wrong is None
