"""Do two answers of the server agree? What its list says of a conversation, and the conversation itself.

Pure. A page that shows both faithfully looks healthy, and yet people read another person's messages, or answer under another name.
Previews are shortened and may be drafts, and people get renamed: one difference proves nothing, two of two or three do. A row whose own
time is that of the newest message is of the same conversation, whatever it previews.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from postdeploy.model import Cause, Diagnosis
from postdeploy.page.app.answers import SHORTEST_PREVIEW, ListedConversation, OpenedConversation
from postdeploy.page.app.identity import Rows
from postdeploy.page.app.screen import letters, one_line

_SHARED = 16
"""Letters in a row that a preview and one of the messages have in common, where it is a part of it."""
_SEVERAL = 3
"""Messages that have an order: two of them are always from old to new, or from new to old."""
ENOUGH = 3
"""Conversations that are compared."""


def disagreement(rows: Rows, opened: Iterable[OpenedConversation]) -> Diagnosis | None:
    """What the list says otherwise than the conversations themselves, in two of them at least and in most; None: they agree."""
    pairs = [(rows[one.id], one) for one in {one.id: one for one in opened}.values() if one.id in rows]
    named = [pair for pair in pairs if _same_person(*pair) is False]
    if _most(len(named), len(pairs)):
        sentence = "the server's list names other people than the conversations themselves"
        return Diagnosis(Cause.LIST_ROUTE, f"{sentence}: {len(named)} of {len(pairs)} that were opened")
    previewed = [one for row, one in pairs if _has_preview(row, one, rows) is False]
    previewed = _without_placeholders(previewed, rows)
    if _most(len(previewed), len(pairs)):
        sentence = "the server's list previews other messages than the conversations contain"
        blank = sum(one.blank for one in previewed)
        none = f", {blank} of them without any message" if blank else ""
        unless = "unless previews are drafts or summaries: [app] previews = false"
        return Diagnosis(
            Cause.MESSAGES, f"{sentence}: {len(previewed)} of {len(pairs)} that were opened{none} ({unless})"
        )
    return None


def in_no_order(times: Sequence[int], places: Sequence[int]) -> bool:
    """Whether messages of these times stand on the page neither from old to new nor from new to old. `places`: -1 is not known."""
    known = sorted((at, place) for at, place in zip(times, places, strict=True) if at and place >= 0)
    order = [place for _, place in known]
    distinct = len({at for at, _ in known}) == len(known)
    return len(known) >= _SEVERAL and distinct and order not in (sorted(order), sorted(order, reverse=True))


def doubtful(rows: Rows, opened: Iterable[OpenedConversation]) -> bool:
    """Whether one of them at least differs from what the list says, or none could be compared and others can: reason to look again."""
    pairs = [(rows[one.id], one) for one in opened if one.id in rows]
    previews = [_has_preview(*pair, rows) for pair in pairs]
    by_name = _with_a_name_of_their_own(rows)
    names = [_same_person(*pair) for pair in pairs]
    told_apart = [same for (_, one), same in zip(pairs, names, strict=True) if one.id in by_name]
    no_preview = all(each is None for each in previews) and sum(row.previews_message for row in rows.values()) > 1
    no_name = all(each is None for each in told_apart) and len(by_name) > 1
    return bool(pairs) and (no_preview or no_name or False in previews or False in names)


def worth_comparing(rows: Rows, opened: Iterable[OpenedConversation]) -> tuple[str, ...]:
    """The ids of the conversations to compare: those whose row has a name of its own and previews a message, those opened first."""
    by_name = _with_a_name_of_their_own(rows)
    blank = {one.id for one in opened if one.blank and one.id in rows and _has_preview(rows[one.id], one, rows) is None}
    order = dict.fromkeys([*(one.id for one in opened if one.id and one.id in rows), *rows])
    says = {key: (key in by_name) + rows[key].previews_message for key in order if key not in blank}
    return tuple(sorted(says, key=lambda key: -says[key])[:ENOUGH])


def _with_a_name_of_their_own(rows: Rows) -> set[str]:
    """The ids whose name no other row has: a row that got a namesake's name would agree as well."""
    names = {key: one_line(row.person).casefold() for key, row in rows.items()}
    counts = Counter(names.values())
    return {key for key, name in names.items() if name and counts[name] == 1}


def _most(different: int, compared: int) -> bool:
    return different > 1 and 2 * different > compared


def _same_person(row: ListedConversation, opened: OpenedConversation) -> bool | None:
    """None: one of them has no name."""
    listed, named = one_line(row.person).casefold(), one_line(opened.person or "").casefold()
    return (listed in named or named in listed) if listed and named else None


def _has_preview(row: ListedConversation, opened: OpenedConversation, rows: Rows) -> bool | None:
    """Whether one of the messages is what the preview shortens. None: there is nothing to compare, or the preview need not be a message."""
    preview = letters(row.preview).casefold()
    messages = [letters(message).casefold() for message in (*opened.messages, *opened.drafts)]
    if not row.previews_message:
        return None
    if not any(messages):
        return False if opened.blank and not row.says_no_message else None
    parts = [preview[at : at + _SHARED] for at in range(max(1, len(preview) - _SHARED + 1))]
    if any(part in message for message in messages for part in parts):
        return True
    if any(len(message) >= SHORTEST_PREVIEW and message in preview for message in messages):
        return True
    return None if _is_of_the_same_time(row, opened, rows) else False


def _without_placeholders(opened: list[OpenedConversation], rows: Rows) -> list[OpenedConversation]:
    """Without those that have no message, and whose rows preview the same, but for the name: what an app shows where there is none."""
    texts = Counter(_without_name(rows[str(one.id)]) for one in opened if one.blank)
    return [one for one in opened if not one.blank or texts[_without_name(rows[str(one.id)])] == 1]


def _without_name(row: ListedConversation) -> str:
    text = row.preview.casefold()
    for word in row.person.casefold().split():
        text = text.replace(word, "")
    return letters(text)


def _is_of_the_same_time(row: ListedConversation, opened: OpenedConversation, rows: Rows) -> bool:
    """Whether the row, and no other, names the time of the newest message."""
    there = opened.newest
    return there is not None and [one.id for one in rows.values() if there in one.moments] == [row.id]
