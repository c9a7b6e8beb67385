"""What the app's answers say about conversations, as values: a list, one that was opened, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from postdeploy.page.app.access import access_facts
from postdeploy.page.app.moments import moments
from postdeploy.page.app.screen import AppScreen, letters, one_line
from postdeploy.page.flight import ActionAnswer
from postdeploy.page.journal import Exchange, Kind
from postdeploy.runbook.tables import Runbook

ALL = "All Workspaces"
"""All workspaces instead of one. runbook.toml names the app's own label for it."""

SIGNED_OUT = (401, 503)
"""How the read API answers a client without a session; 503: it is switched off by its feature flag."""


def is_list(exchange: Exchange, runbook: Runbook) -> bool:
    """Whether this request asks for the conversation list."""
    return exchange.path.split("?")[0] == runbook.app.list_path


def is_own_page(path: str, runbook: Runbook) -> bool:
    """Whether this is one of the pages that a run looks at."""
    return path in (urlsplit(runbook.app.inbox_path).path, runbook.app.login_path)


def opens_conversation(exchange: Exchange, runbook: Runbook) -> bool:
    """Whether this request opens a conversation."""
    return exchange.path.startswith(runbook.app.list_path + "/")


_PREVIEWS = ("preview", "snippet", "lastMessagePreview", "lastMessage")
"""What a list may call the preview of a conversation."""
SHORTEST_PREVIEW = 8
"""Letters of a preview from which on it says something."""
_MARKED_AS_DRAFT = re.compile(r"(?i)^\W*draft\b")


@dataclass(frozen=True, slots=True)
class ListedConversation:
    """One row of a list answer. The person's name and the preview serve comparison only."""

    id: str
    person: str
    workspace: str
    preview: str = ""
    moments: frozenset[int] = frozenset()
    """The times that the row names, epoch seconds."""
    says_no_message: bool = False
    """The row itself says that there is no message yet: when the last one came, or how many there are, is null or 0."""

    @property
    def previews_message(self) -> bool:
        """Whether the preview says something that one of the messages contains, as far as can be seen."""
        return len(letters(self.preview)) >= SHORTEST_PREVIEW and not _MARKED_AS_DRAFT.search(self.preview)


@dataclass(frozen=True, slots=True)
class ConversationList:
    """A list answer: for which workspace it was requested, its people, and their workspaces."""

    workspace_id: str | None
    """The workspace asked for; None: all, or not named by the request (Server Actions)."""
    rows: tuple[ListedConversation, ...]
    rendered: bool = False
    """It came with a page, which may hold other lists as well."""
    asked: bool = True
    """Whether the request itself named the list (a Server Action's does not)."""
    complete: bool = False
    """Whether the answer says that there are no more."""
    continues_at: str = ""
    """The cursor of what follows."""

    @property
    def people(self) -> frozenset[str]:
        """The people in it."""
        return frozenset(row.person for row in self.rows if row.person)

    @property
    def workspaces(self) -> frozenset[str]:
        """The workspaces of its conversations."""
        return frozenset(row.workspace for row in self.rows if row.workspace)

    def __repr__(self) -> str:
        return f"Conversations({len(self.rows)} of {sorted(self.workspaces)})"


@dataclass(frozen=True, slots=True)
class OpenedConversation:
    """The answer to opening one conversation: its id, its person and the texts of its messages, for comparison only."""

    id: str | None
    person: str | None
    messages: tuple[str, ...]
    """Only messages with a text: a message may be just a file."""
    asked: str | None = None
    """The id that the request named; None: the request named none (Server Actions)."""
    drafts: tuple[str, ...] = ()
    """Texts of it that were not sent."""
    blank: bool = False
    """It has no message at all: none was written yet."""
    times: tuple[int, ...] = ()
    """When each of `messages` was written, epoch seconds; 0: it does not say."""
    newest: int | None = None
    """When its newest message was written, epoch seconds; None: no message names a time."""

    def __repr__(self) -> str:
        return f"Conversation({len(self.messages)} messages)"


def _workspace_asked_for(exchange: Exchange, runbook: Runbook) -> str | None:
    return dict(parse_qsl(urlsplit(exchange.path).query)).get(runbook.app.list_workspace)


def listed_conversation(row: dict[str, Any]) -> ListedConversation:
    """A row of a list answer."""
    lead = row.get("lead")
    lead = lead if isinstance(lead, dict) else {}
    name, company = str(lead.get("name") or "").strip(), one_line(str(lead.get("company") or ""))
    preview = next((text for key in _PREVIEWS if isinstance(text := row.get(key), str)), "")
    none = any(_says_no_message(key.lower(), value) for key, value in row.items())
    return ListedConversation(str(row.get("id")), name, company, preview, moments(row), none)


def _says_no_message(key: str, value: object) -> bool:
    last, counts = key.startswith("lastmessage"), key.startswith("messagecount") or key.endswith("totalmessages")
    return (last and value is None) or (counts and value == 0)


def _text(message: dict[str, Any]) -> str | None:
    for name in ("body", "text", "content", "message"):
        value = message.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _drafts(value: object, *, of_a_draft: bool = False) -> Iterator[str]:
    """Every text below a key that speaks of a draft."""
    if isinstance(value, str) and of_a_draft:
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _drafts(each, of_a_draft=of_a_draft or "draft" in str(key).lower())
    elif isinstance(value, list):
        for each in value:
            yield from _drafts(each, of_a_draft=of_a_draft)


@dataclass(frozen=True, slots=True)
class Counts:
    """What an answer counts in a workspace, by the app's own names."""

    workspace_id: str | None
    numbers: dict[str, float]


@dataclass(slots=True)
class Answers:
    """Everything about conversations in the successful answers to one page so far."""

    runbook: Runbook
    lists: list[tuple[str, ConversationList]] = field(default_factory=list)
    """The request's key, and what its answer lists."""
    opened: list[tuple[str, OpenedConversation]] = field(default_factory=list)
    counts: list[Counts] = field(default_factory=list)
    workspace_names: dict[str, str] = field(default_factory=dict)
    """Id → name of the workspaces (and of whatever else the actions' answers name)."""
    access: set[str] = field(default_factory=set)
    """Fingerprints of what the answers say about the smoke user's role and memberships."""
    names: set[str] = field(default_factory=set)
    """Every person's name in an answer or on a card: for the redactor."""

    @property
    def latest_list(self) -> ConversationList | None:
        """The newest answer of the conversation list."""
        return self.lists[-1][1] if self.lists else None

    def workspace_in(self, label: str) -> str:
        """The workspace that a label names (`AC Acme ▾` → `Acme`), or ALL; the label itself if it names none that is known."""
        every = self.runbook.inbox.all_workspaces
        named = [name for name in (every, *self._known_workspaces) if name.casefold() in label.casefold()]
        longest = max(named, key=len, default=label)
        return ALL if longest == every else longest

    def says_workspace(self, text: str, workspace: str) -> bool:
        """Whether a text names this workspace, and not only one whose longer name holds it (`Acme` in `Acme Labs`)."""
        name, rest = workspace.casefold(), text.casefold()
        for known in self._known_workspaces:
            if name in known.casefold() and name != known.casefold():
                rest = rest.replace(known.casefold(), " ")
        return name in rest

    def says_any_workspace(self, text: str) -> bool:
        """Whether a text names a workspace that is known."""
        return any(name.casefold() in text.casefold() for name in self._known_workspaces)

    @property
    def _known_workspaces(self) -> set[str]:
        known = {workspace.name for workspace in self.runbook.workspace} | set(self.workspace_names.values())
        return known.union(*(listed.workspaces for _, listed in self.lists)) - {""}

    def quote(self, text: str) -> bool:
        """Whether a person wrote this text in a conversation: people write about errors, too."""
        written = [message for _, conversation in self.opened for message in conversation.messages]
        return any(text in each for each in (*written, *(row.preview for _, one in self.lists for row in one.rows)))

    def own_messages(self, opened: OpenedConversation) -> tuple[str, ...]:
        """The messages that no other opened conversation has: only they show that it is this one. All, where there are none."""
        others = {each for _, one in self.opened if one.id != opened.id for each in one.messages}
        return tuple(each for each in opened.messages if each not in others) or opened.messages

    def forget(self) -> None:
        """The page is opened anew: earlier answers say nothing about it."""
        self.lists.clear()
        self.opened.clear()
        self.counts.clear()

    def look(self, screen: AppScreen) -> None:
        """Read the names on the page."""
        self.names |= screen.names

    def learn(self, key: str, exchange: Exchange, answer: ActionAnswer) -> None:
        """Read conversations and messages from a successful answer, whichever route sent it."""
        self.access |= access_facts(answer.objects(), self.runbook)
        for item in answer.objects():
            if exchange.kind is Kind.ACTION:
                self._learn_workspace(item)
            self._learn_list(key, exchange, item)
            self._learn_conversation(key, exchange, item)
            self._learn_counts(exchange, item)

    def _learn_workspace(self, item: dict[str, Any]) -> None:
        key, name = item.get("id"), item.get("name")
        if isinstance(key, str) and isinstance(name, str) and "company" not in item:
            self.workspace_names[key] = one_line(name)

    def _learn_list(self, key: str, exchange: Exchange, item: dict[str, Any]) -> None:
        rows = item.get("conversations")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            return
        listed = ConversationList(
            workspace_id=_workspace_asked_for(exchange, self.runbook),
            rows=tuple(listed_conversation(row) for row in rows),
            rendered=exchange.kind is Kind.PAGE,
            asked=is_list(exchange, self.runbook),
            complete=item.get("hasMore") is False,
            continues_at=str(item.get("nextCursor") or ""),
        )
        self.names |= listed.people
        self.lists.append((key, listed))

    def _learn_conversation(self, key: str, exchange: Exchange, item: dict[str, Any]) -> None:
        messages, lead = item.get("messages"), item.get("lead")
        person = lead["name"].strip() if isinstance(lead, dict) and isinstance(lead.get("name"), str) else None
        if person:
            self.names.add(person)
        path = urlsplit(exchange.path).path
        asked = path.rsplit("/", 1)[-1] if opens_conversation(exchange, self.runbook) else None
        if (
            isinstance(messages, list)
            and (messages or asked or person)
            and all(isinstance(row, dict) for row in messages)
        ):
            texts = tuple(text for row in messages if (text := _text(row)))
            times = tuple(max(moments(row), default=0) for row in messages if _text(row))
            named = str(item["id"]) if "id" in item else asked
            newest = max((at for row in messages for at in moments(row)), default=None)
            drafts = tuple(_drafts(item))
            opened = OpenedConversation(
                named, person, texts, asked, drafts, blank=not messages, times=times, newest=newest
            )
            self.opened.append((key, opened))

    def _learn_counts(self, exchange: Exchange, item: dict[str, Any]) -> None:
        counts = item.get("counts")
        if exchange.kind is Kind.API and isinstance(counts, dict):
            numbers = {name: one for name, one in counts.items() if isinstance(one, int | float)}
            self.counts.append(Counts(_workspace_asked_for(exchange, self.runbook), numbers))
