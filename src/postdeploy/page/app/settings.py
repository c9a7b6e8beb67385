"""The rule of a diagnosis about settings: what the app itself says of a variable, in an error that it shows or answers with.

The signal `database_misconfigured` of the runbook holds the patterns, as it does for log lines.
"""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.model import Cause, Diagnosis
from postdeploy.page.journal import Kind, evidence
from postdeploy.page.sight import Sight
from postdeploy.page.spoken import texts_of

_ORIGIN_REFUSED = "E80"
"""The framework's error where a Server Action's origin is not allowed."""
_MOST = 160


def wrong_setting(sight: Sight) -> Iterator[Diagnosis]:
    """The app names a variable that is missing or malformed, or a database that is there and not the right one."""
    refused = [one for one in sight.of(Kind.ACTION) if one.framework_error == _ORIGIN_REFUSED]
    if refused:
        sentence = "Server Actions refuse the origin of their own page: SERVER_ACTIONS_ALLOWED_ORIGINS lacks it"
        yield Diagnosis(Cause.ENVIRONMENT, sentence, evidence(refused))
    outside = sight.runbook.outside_the_inbox
    named = [text for text in texts_of(sight, "database_misconfigured") if not any(name in text for name in outside)]
    if named:
        failed = [one for one in sight.journal if one.error in named]
        sentence = (
            f"“{' '.join(named[0].split())[:_MOST]}”: a setting is missing or wrong, not the code and not an outage"
        )
        yield Diagnosis(Cause.ENVIRONMENT, sentence, evidence(failed))
