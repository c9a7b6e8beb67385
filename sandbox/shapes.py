"""The shapes of the sandbox's app, and what can be unusual about it although nothing is wrong.

The app is built once and has two shapes: the Master Inbox, and the desk, the same work in another app, with other paths,
other markup and other words. Which one people get, and which oddities it has, is read by the app with every request.
Faults work in both: what is broken is the same, what people see of it is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

App = Literal["inbox", "desk"]

LATENCY = 0.3
"""Seconds by which `slow-requests` delays every request."""
_SCRIPTS = Path(__file__).parent / "database" / "oddities"


@dataclass(frozen=True)
class Oddity:
    """One thing that is unusual."""

    name: str
    description: str
    only: App | None = None
    """The shape that can have it; None: both."""

    @property
    def script(self) -> str:
        """SQL that makes it so, if it is a matter of the data."""
        file = _SCRIPTS / f"{self.name}.sql"
        return file.read_text(encoding="utf-8") if file.exists() else ""


ODDITIES: dict[str, Oddity] = {
    each.name: each
    for each in [
        Oddity("names-of-the-world", "the first six leads have names of other scripts, of emoji, with apostrophes"),
        Oddity("nameless-leads", "the second, third and seventh lead have no name; the page says Unknown"),
        Oddity("leads-called-unknown", "the server itself calls the first two leads and the fifth Unknown"),
        Oddity("namesakes", "the first two leads have the same name"),
        Oddity("long-names", "the fourth lead has a very long name, and an address to go with it"),
        Oddity("many-leads", "the first workspace has 3,000 leads"),
        Oddity(
            "sidebar-overlaps",
            "where a lead has a long name, the list ends up below the sidebar; people see its cards in a window 1440 px wide",
            only="desk",
        ),
        Oddity("widget-answers-html", "a chat widget's script, from another origin, is a page"),
        Oddity("widget-throws", "a chat widget's script, from another origin, throws errors that nothing catches"),
        Oddity("widget-throws-unseen", "the same, and the page gets to know only that there was an error"),
        Oddity("insights-html", "the platform's own script for insights is not there, and a page answers in its place"),
        Oddity("cookie-banner", "a question about cookies lies over the lower end of the page", only="desk"),
        Oddity("dark-mode", "light letters on a dark page", only="desk"),
        Oddity("without-test-ids", "nothing in the page has a test id; the workspaces have ids", only="desk"),
        Oddity("search-by-words", "the search knows first and last names, not both together"),
        Oddity("search-on-enter", "a search begins with the Enter key", only="desk"),
        Oddity("all-want-meetings", "the filter leaves none out in the first workspace"),
        Oddity("none-wants-a-meeting", "the filter shows none at all"),
        Oddity("without-messages", "the first two leads have no message yet"),
        Oddity("previews-are-drafts", "the first six conversations preview a draft, and say so"),
        Oddity("slow-requests", f"every request takes {LATENCY * 1000:.0f} ms longer"),
    ]
}
"""By name. Their scripts run in this order: where two name the same lead, the later one wins."""


@dataclass(frozen=True)
class Places:
    """Where things are in a shape."""

    inbox: str
    login: str
    conversations: str


PLACES: dict[App, Places] = {
    "inbox": Places("/", "/auth/login", "/api/inbox/conversations"),
    "desk": Places("/desk", "/welcome", "/api/desk/threads"),
}


@dataclass(frozen=True)
class Shape:
    """What people get. Raises `ValueError` for what there is not."""

    app: App = "inbox"
    oddities: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.app not in get_args(App):
            raise ValueError(f"sandbox: there is no app {self.app}. There are: {', '.join(get_args(App))}")
        unknown = sorted(self.oddities - ODDITIES.keys())
        if unknown:
            raise ValueError(f"sandbox: no oddity is called {', '.join(unknown)}. There are: {', '.join(ODDITIES)}")
        misplaced = [name for name in self.oddities if ODDITIES[name].only not in (None, self.app)]
        if misplaced:
            raise ValueError(f"sandbox: only the desk can have {', '.join(sorted(misplaced))}")

    @classmethod
    def of(cls, app: str, oddities: tuple[str, ...] = ()) -> Shape:
        """A shape by its names."""
        return cls(cast("App", app), frozenset(oddities))

    @property
    def places(self) -> Places:
        """Where things are."""
        return PLACES[self.app]

    @property
    def script(self) -> str:
        """SQL that makes the seeded data so; mostly nothing."""
        return "".join(each.script for each in ODDITIES.values() if each.name in self.oddities)

    @property
    def latency(self) -> float:
        """Seconds by which each request is delayed."""
        return LATENCY if "slow-requests" in self.oddities else 0.0
