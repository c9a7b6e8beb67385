"""What the log says of the revision path while the canary is running.

Source: launch runbook 117e, step 4; Phase 116e.
"""

import pytest

from fixtures.canary import Canary

pytestmark = pytest.mark.canary


def test_the_revision_path_logs_no_errors(canary: Canary) -> None:
    """The revision path exceeds hardly any deadline and has hardly any error of the database."""
    assert canary.errors == []
