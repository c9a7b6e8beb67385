"""What became of a login form that was sent, however the page sends it. Pure.

Apps send it by a Server Action, to a route of their own, to the auth service itself, or as a form that loads the next page. Each says
in its own way that it refuses: an error in the result, a status, a redirect to anywhere but the inbox.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from postdeploy.page.journal import Exchange, Kind
from postdeploy.page.observation import Observation

_REFUSALS = (400, 401, 403, 422, 429)
_OK = 200


def sent_since(seen: Observation, pressed: float) -> list[Exchange]:
    """The requests that may have carried the form, also those without an answer yet; a page sends others at the same time."""
    return [one for one in seen.journal if one.method not in ("GET", "HEAD") and one.started >= pressed]


def answers_to(seen: Observation, pressed: float) -> list[Exchange]:
    """Those of them that were answered."""
    return [one for one in sent_since(seen, pressed) if not one.pending]


def refusal(seen: Observation, pressed: float) -> Exchange | None:
    """The answer that refuses, where it is certain that the form was asked about: without a session that is final."""
    answers = [one for one in answers_to(seen, pressed) if _carries_the_form(one, seen)]
    return next((one for one in answers if _says_no(one)), None)


def failure(seen: Observation, pressed: float) -> Exchange | None:
    """The answer that fails, where it is certain that the form was asked about."""
    return next((one for one in answers_to(seen, pressed) if one.failed and _carries_the_form(one, seen)), None)


def is_sent_back(seen: Observation, pressed: float) -> bool:
    """Whether a route refuses, or an answer leads anywhere but to the inbox, or brings the form again.

    Only from a page that has settled without a session does it follow that this was about the form.
    """
    sent = sent_since(seen, pressed)
    answered = not any(one.pending for one in sent) and failure(seen, pressed) is None
    return answered and any(_says_no(one) or _leads_away(one, seen) for one in sent)


def _carries_the_form(one: Exchange, seen: Observation) -> bool:
    return one.kind is Kind.ACTION or one.path.partition("?")[0] == seen.runbook.login.service_path


def _says_no(one: Exchange) -> bool:
    if one.kind is Kind.ACTION:
        return one.error is not None and one.status == _OK
    return one.kind is Kind.OTHER and one.status in _REFUSALS


def _leads_away(one: Exchange, seen: Observation) -> bool:
    if one.location is not None:
        return urlsplit(one.location).path != urlsplit(seen.runbook.app.inbox_path).path
    return one.kind is Kind.PAGE and one.status == _OK and seen.screen.form
