"""What contradicts the proof although no request failed: rows, cards and selector that do not match.

Pure. A wrong answer is the server's fault; a page that differs from a right answer is the page's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from postdeploy.model import Cause, Diagnosis
from postdeploy.page.app.answers import ALL, ConversationList
from postdeploy.page.app.expectation import Expectation
from postdeploy.page.app.identity import Rows, candidates, marked_row, rows_of
from postdeploy.page.app.screen import Card
from postdeploy.page.observation import Observation
from postdeploy.page.screen import Screen

_NOT_BY_CHANCE = 2
"""Conversations that two workspaces don't share: a single one may be sent to both."""
_NO_ID = "None"
"""The id of a row that has none."""


def contradiction(seen: Observation, wanted: Expectation) -> Diagnosis | None:
    """The first difference between what was asked for, what the server sent and what the page shows; None: they agree."""
    selector = seen.screen.app.selector
    shown = seen.answers.workspace_in(selector) if selector else None
    name = wanted.workspace or shown
    listed = wanted.lists(seen)
    if name is None:
        return None
    if shown != name:
        return Diagnosis(Cause.WRONG_CARDS, f"{name} was selected, but the selector shows {shown}")
    if not listed:
        return _no_list(seen, wanted, name)
    return (
        _wrong_rows(seen, wanted, listed[-1], name)
        or _rows_of_another(seen, listed[-1], name)
        or _doubled_rows(listed[-1], name)
        or _wrong_cards(seen, listed, name)
        or _missing_people(listed, wanted, name)
    )


def is_final(seen: Observation, wanted: Expectation) -> bool:
    """Whether a contradiction is there that nothing more will change: the answer is there, and the page shows it."""
    found = contradiction(seen, wanted)
    if found is None:
        return False
    return (found.cause is Cause.WRONG_WORKSPACE and bool(seen.screen.app.cards)) or (
        found.cause is Cause.EMPTY_LIST and seen.screen.app.empty
    )


def _no_list(seen: Observation, wanted: Expectation, name: str) -> Diagnosis:
    path = seen.runbook.app.list_path
    answers = [
        one for one in seen.journal if one.started >= wanted.since and one.path.split("?")[0] == path and one.status
    ]
    if not answers:
        sentence = f"the selector shows {name}, but the page did not request its conversation list"
        return Diagnosis(Cause.WRONG_CARDS, sentence)
    kind = f" ({answers[-1].content_type})" if answers[-1].content_type else ""
    sentence = f"the conversation list answered {answers[-1].status}, but not with conversations of {name}{kind}"
    return Diagnosis(Cause.LIST_ROUTE, sentence, (answers[-1].line(),))


def _wrong_rows(seen: Observation, wanted: Expectation, listed: ConversationList, name: str) -> Diagnosis | None:
    full = {workspace.name for workspace in seen.runbook.workspace if not workspace.empty}
    if not listed.rows and (name in full or (name == ALL and full)):
        sentence = f"the server's list for {name} is empty, although runbook.toml says that it has conversations"
        sentence += " (unless the smoke user's role was lowered)"
        return Diagnosis(Cause.EMPTY_LIST, sentence)
    if name == ALL:
        missing = sorted(full - listed.workspaces) if listed.complete and listed.workspaces else []
        if missing:
            sentence = f"the server's list for all workspaces contains no conversation of {', '.join(missing)}"
            return Diagnosis(Cause.WRONG_WORKSPACE, sentence)
    allowed = set(wanted.known) if name == ALL else {name}
    foreign = sorted(listed.workspaces - allowed) if allowed else []
    asked_for = seen.answers.workspace_names.get(listed.workspace_id or "")
    if foreign and name != ALL and asked_for and {asked_for} == set(listed.workspaces):
        sentence = f"the selector shows {name}, but the page requested and shows the conversations of {asked_for}"
        return Diagnosis(Cause.WRONG_CARDS, sentence)
    if foreign:
        return Diagnosis(
            Cause.WRONG_WORKSPACE,
            f"the server's list for {name} contains conversations of {', '.join(foreign[:3])}",
            (f"{len(listed.rows)} conversations, of {', '.join(sorted(listed.workspaces)[:5])}",),
        )
    return None


def _rows_of_another(seen: Observation, listed: ConversationList, name: str) -> Diagnosis | None:
    """Rows that name no workspace show by themselves whose they are: no two workspaces have all of them."""
    rows = set(listed.rows)
    asked = [one for _, one in seen.answers.lists if one.asked and one.workspace_id and one.rows]
    others = [one for one in asked if one.workspace_id != listed.workspace_id and rows <= set(one.rows)]
    if listed not in asked or not others or len(rows) < _NOT_BY_CHANCE:
        return None
    other = seen.answers.workspace_names.get(str(others[-1].workspace_id), "another workspace")
    sentence = f"the server lists the same {len(rows)} conversations for {name} as for {other}"
    return Diagnosis(Cause.WRONG_WORKSPACE, sentence)


def _doubled_rows(listed: ConversationList, name: str) -> Diagnosis | None:
    """What stands twice in the server's own answer is the server's fault; a page shows it as often."""
    counts = Counter(row.id for row in listed.rows if row.id != _NO_ID)
    doubled = sum(1 for count in counts.values() if count > 1)
    if not doubled:
        return None
    sentence = f"the server's own list for {name} contains {doubled} of {len(counts)} conversations more than once"
    return Diagnosis(Cause.LIST_ROUTE, sentence)


def _wrong_cards(seen: Observation, listed: list[ConversationList], name: str) -> Diagnosis | None:
    screen, rows = seen.screen.app, listed[-1].rows
    cards = screen.filled
    people, by_id = _people(listed), rows_of(listed)
    strange = [card for card in cards if not any(card.is_of(person) for person in people)]
    nameless = sum(1 for each in listed for row in each.rows if not row.person)
    misnamed = [
        card for card in cards if (row := marked_row(card, by_id)) and row.person and not card.is_of(row.person)
    ]
    if misnamed:
        sentence = (
            f"{len(misnamed)} of {len(cards)} cards show another name than the server's list has for their conversation"
        )
        return Diagnosis(Cause.WRONG_CARDS, sentence)
    others = _elsewhere(seen, cards, name, by_id)
    if rows and (len(strange) > nameless or others):
        return Diagnosis(
            Cause.WRONG_CARDS,
            f"the server's list for {name} is right, but the page shows other cards: "
            f"{len(strange)} of {len(cards)} are not in it, {len(others)} do not name {name}",
        )
    repeated = _repeated(seen, listed)
    if repeated:
        sentence = f"{repeated} of {len(cards)} cards are shown more often than the server's list for {name} has them"
        return Diagnosis(Cause.WRONG_CARDS, sentence)
    if rows and screen.out_of_reach:
        return Diagnosis(Cause.NEVER_RENDERED, out_of_reach(seen.screen))
    if rows and seen.screen.unstyled:
        return Diagnosis(Cause.ASSET, "the page is shown without styles: none of its style sheets contains a rule")
    if rows and screen.empty and not cards:
        sentence = f"the server sent {len(rows)} conversations, but the page says that there are none"
        return Diagnosis(Cause.NEVER_RENDERED, sentence)
    return None


def out_of_reach(screen: Screen) -> str:
    """That no card can be clicked: in which window, and what lies over them."""
    cards = screen.app.cards
    over = ", ".join(dict.fromkeys(card.covered_by for card in cards if card.covered_by))
    why = f"covered by {over}" if over else "out of sight"
    return f"{len(cards)} conversation cards are on the page, but none can be clicked at {screen.size}: {why}"


def _elsewhere(seen: Observation, cards: tuple[Card, ...], name: str, rows: Rows) -> list[Card]:
    """The cards that name another workspace than their conversation's. With all of them shown, its own must be certain."""
    says = seen.answers.says_workspace
    if not cards_name_workspaces(seen):
        return []
    if name != ALL:
        return [card for card in cards if not says(card.text, name)]
    return [card for card in cards if _names_another(card, rows, says)]


def cards_name_workspaces(seen: Observation) -> bool:
    """Whether most cards name a workspace: on a page whose cards name none, the word in a preview says nothing."""
    cards = seen.screen.app.cards
    return 2 * sum(seen.answers.says_any_workspace(card.text) for card in cards) > len(cards)


def _names_another(card: Card, rows: Rows, says: Callable[[str, str], bool]) -> bool:
    own = {row.workspace for row in candidates(card, rows).values()}
    others = {row.workspace for row in rows.values()} - own
    return not any(says(card.text, each) for each in own) and any(says(card.text, each) for each in others)


def _repeated(seen: Observation, listed: list[ConversationList]) -> int:
    """How many cards there are beyond the conversations that they could stand for; one without a person may be called anything."""
    rows = Counter(person for _, person in {(row.id, row.person) for each in listed for row in each.rows})
    by_length = sorted(filter(None, rows), key=len, reverse=True)
    whose = (next((person for person in by_length if card.spells_out(person)), None) for card in seen.screen.app.cards)
    shown = Counter(person for person in whose if person)
    return max(0, sum(max(0, count - rows[person]) for person, count in shown.items()) - rows[""])


def _missing_people(listed: list[ConversationList], wanted: Expectation, name: str) -> Diagnosis | None:
    missing = set(wanted.people) - _people(listed)
    if not missing:
        return None
    sentence = f"{len(missing)} of {len(wanted.people)} people named in runbook.toml are not in the list for {name}"
    return Diagnosis(Cause.WRONG_WORKSPACE, sentence)


def _people(listed: list[ConversationList]) -> frozenset[str]:
    return frozenset[str]().union(*(each.people for each in listed))
