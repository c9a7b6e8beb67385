"""The rules of a diagnosis that know the app: its conversation list, a conversation, and what the page must show of them.

`postdeploy.page.diagnosis` holds the order in which they and the general rules are asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from postdeploy.model import Cause, Diagnosis
from postdeploy.page.app.answers import is_list, opens_conversation
from postdeploy.page.journal import Exchange, Kind, evidence, lasting
from postdeploy.page.sight import Sight


def opening_fails(sight: Sight) -> Iterator[Diagnosis]:
    """The list is there, but a conversation is not."""
    reads = [call for call in lasting(sight.journal) if call.kind is Kind.API]
    failed = [call for call in reads if opens_conversation(call, sight.runbook)]
    if failed and sight.screen.app.cards and not sight.screen.error:
        said = f": “{failed[-1].error}”" if failed[-1].error else f" ({failed[-1].status})"
        sentence = f"the list loads, but a conversation can't be opened{said}"
        yield Diagnosis(Cause.MESSAGES, sentence, evidence(failed))


def never_settles(sight: Sight) -> Iterator[Diagnosis]:
    """Nothing fails, and the page asks for the same again and again."""
    counts = Counter(one.key for one in sight.of(Kind.API, Kind.ACTION))
    key, count = max(counts.items(), key=lambda each: each[1], default=(None, 0))
    if count > sight.runbook.app.most_requests:
        asked = [one for one in sight.journal if one.key == key]
        sentence = (
            f"the page does not finish loading: it has requested {asked[0].template} {count} times since it was opened"
        )
        yield Diagnosis(Cause.NEVER_RENDERED, sentence, evidence(asked))


def list_fails(sight: Sight) -> Iterator[Diagnosis]:
    """The conversation list answers with an error."""
    failed = _lists(sight, lasting(sight.of(Kind.API)))
    if not failed:
        return
    last = failed[-1]
    attempts = sum(1 for call in sight.journal if call.key == last.key and call.failed)
    text = ", ".join(each for each in (last.platform_error, last.error) if each)
    said = f" “{text}”" if text else ""
    counted = f"{attempts} attempt{'s' if attempts > 1 else ''}"
    throws = ": its route throws" if (last.status or 0) >= 500 and not last.platform_error else ""
    sentence = f"the conversation list answered {last.status}{said} ({counted}){throws}"
    yield Diagnosis(Cause.LIST_ROUTE, sentence, evidence(failed))


def list_is_lost(sight: Sight) -> Iterator[Diagnosis]:
    """The network gave no answer to the conversation list, or to more than that."""
    lost = [call for call in sight.of(Kind.API, Kind.ACTION) if call.lost]
    if _lists(sight, lost) and any(call.kind is not Kind.ACTION for call in lost):
        sentence = f"{lost[-1].template} got no answer: {lost[-1].failure}"
        yield Diagnosis(Cause.LIST_ROUTE, sentence, evidence(lost))


def list_is_unreadable(sight: Sight) -> Iterator[Diagnosis]:
    """The conversation list answers 200 with something else than data."""
    unreadable = sight.unreadable_reads
    for first in _lists(sight, unreadable)[:1]:
        yield Diagnosis(Cause.LIST_ROUTE, first.describe_unreadable(), evidence(unreadable))


def never_rendered(sight: Sight) -> Iterator[Diagnosis]:
    """Nothing failed, and yet the inbox is not to be seen."""
    screen = sight.screen
    if not screen.app.selector and not sight.of(Kind.API, Kind.ACTION):
        sentence = "the page does not show the inbox: no workspace selector, and the page requested no data"
        yield Diagnosis(Cause.NEVER_RENDERED, sentence + _or_another_app(sight))
    elif not screen.app.filled and not screen.app.empty and not screen.error and not screen.form:
        sentence = "every request was answered, but the conversations never appear: the page does not finish loading"
        yield Diagnosis(Cause.NEVER_RENDERED, sentence + _or_another_app(sight))


def _or_another_app(sight: Sight) -> str:
    """What to fill in, where a page shows something, and nothing of it is what runbook.toml names."""
    app = sight.screen.app
    if app.selector or app.cards or app.empty or not sight.screen.text_length:
        return ""
    asked = "" if _lists(sight, list(sight.journal)) else ", and the page does not request [app] list_path"
    return f"; or runbook.toml does not describe this app: nothing matches [inbox] workspace_selector or card{asked}"


def _lists(sight: Sight, exchanges: list[Exchange]) -> list[Exchange]:
    return [one for one in exchanges if is_list(one, sight.runbook)]
