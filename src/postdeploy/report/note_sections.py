"""A Markdown note as sections, and texts as they can be pasted anywhere. Pure.

People edit such notes, so whatever stands in one stays: lines are added to a section, only the status at the top and the list of what to
watch are replaced.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from postdeploy.system import times

STATUS = "**Status:** "
DONE = "What was done (UTC)"
TO_DO = "What to do"
WATCH = "What to watch next"
UNCHANGED = "nothing has been changed yet"
_WIDTH = 600
_MENTION = re.compile(r"(?<![\w.])@(?=\w)")


def section(name: str, lines: Iterable[str]) -> str:
    """A heading with its lines."""
    return "\n".join([f"## {name}", "", *lines])


def begun(title: str, happened: list[str]) -> str:
    """A note about something for which there is no note yet."""
    parts = [f"# {title}", f"{STATUS}-", section("What happened", happened), section(DONE, []), section(WATCH, [])]
    return "\n\n".join(parts) + "\n"


def added(note: str, lines: Iterable[str], *, first: bool = False) -> str:
    """The note with more of what was done; `first`: before everything else that stands there."""
    head, body, rest = _cut(note, DONE)
    kept = body if first else [line for line in body if line != f"- {UNCHANGED}"]
    fresh = [line for line in lines if line not in kept]
    return _joined(head, DONE, [*fresh, *kept] if first else [*kept, *fresh], rest)


def updated(note: str, status: str, watch: Iterable[str]) -> str:
    """The note with another status at its top, and with what is to be watched now."""
    head, _, rest = _cut(note, WATCH)
    text = _joined(head, WATCH, list(watch), rest)
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if line.startswith(STATUS):
            lines[at] = f"{STATUS}{status}"
            break
    return "\n".join(lines)


def carried_out(note: str) -> str:
    """The note without the command: it was carried out, and must not be given again."""
    head, body, rest = _cut(note, TO_DO)
    fences = [at for at, line in enumerate(body) if line.startswith("```")]
    if len(fences) < 2:
        return note
    return _joined(head, TO_DO, ["- done, see below", *body[: fences[0]], *body[fences[1] + 1 :]], rest)


def _cut(markdown: str, name: str) -> tuple[str, list[str], str]:
    """What stands before a section, its lines, and what follows; a section that was removed returns at the end."""
    lines = markdown.rstrip("\n").split("\n")
    heading = f"## {name}"
    if heading not in lines:
        return "\n".join(lines), [], ""
    begin = lines.index(heading)
    after = next((at for at in range(begin + 1, len(lines)) if lines[at].startswith("## ")), len(lines))
    body = [line for line in lines[begin + 1 : after] if line.strip()]
    return "\n".join(lines[:begin]), body, "\n".join(lines[after:])


def _joined(head: str, name: str, body: list[str], rest: str) -> str:
    return "\n\n".join(part for part in (head.rstrip("\n"), section(name, body), rest) if part) + "\n"


# Texts --------------------------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """A sentence as it can be pasted anywhere: on one line, without HTML and mentions."""
    short = " ".join(text.split())
    short = short if len(short) <= _WIDTH else f"{short[:_WIDTH]}…"
    return _MENTION.sub("@ ", short.replace("<", "&lt;").replace("`", "'"))


def code(text: str) -> str:
    """A text as code, on one line."""
    return f"`{' '.join(text.replace('`', ' ').split())[:_WIDTH]}`" if text.strip() else "-"


def block(lines: Iterable[str]) -> list[str]:
    """Lines as a block of code: nothing in it is a mention, a link or HTML."""
    return [f"    {' '.join(line.splitlines())[:_WIDTH]}" for line in lines]


def host_of(url: str) -> str:
    """The host of an address, or the address if it has none."""
    return urlsplit(url).netloc or url


def moment(text: str) -> dt.datetime:
    """An ISO time; one without a zone is UTC."""
    at = dt.datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def stamp(text: str) -> str:
    """An ISO time like the others of the note; what is none stays as it is."""
    try:
        return times.date_and_time(moment(text))
    except ValueError:
        return plain(text) or "at an unknown time"
