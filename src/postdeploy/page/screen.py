"""What a person sees, as one value: read inside the page, all at once, so that nothing changes between two looks."""

from __future__ import annotations

from dataclasses import dataclass

_TELLING = 3
"""Letters from which on a name can't stand in a heading by chance."""


def one_line(text: str) -> str:
    """The text as a page shows it: every run of white space is one space."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Card:
    """A conversation card. The person's name serves comparison only and is never written."""

    person: str
    text: str
    reachable: bool = True
    """In sight and not covered: a person could press it."""

    def is_of(self, person: str) -> bool:
        """Whether the heading names this person, alone or beside initials and marks."""
        heading, name = one_line(self.person), one_line(person)
        return bool(name) and (heading == name or (len(name) >= _TELLING and name in heading))

    def __repr__(self) -> str:
        return "Card(…)"


@dataclass(frozen=True, slots=True)
class Toast:
    """A short message that pops up."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One look at the page."""

    path: str = ""
    selector: str | None = None
    """The label of the workspace selector, None while it is not visible."""
    cards: tuple[Card, ...] = ()
    banner: str | None = None
    notice: str | None = None
    """What can only be dismissed: no error by itself."""
    panel: str | None = None
    boundary: str | None = None
    crash: str | None = None
    """The sentence of a crash page or of the Server Components error, in any of its faces."""
    empty: bool = False
    """The page says that there are no conversations."""
    toasts: tuple[Toast, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    """Id and name of each workspace while the menu is open."""
    form: bool = False
    """The login form is visible."""
    interactive: bool = False
    """The login form reacts: its script has taken over."""
    captcha: bool = False
    mfa: bool = False
    unstyled: bool = False
    """None of the page's style sheets holds a rule."""
    text_length: int = 0
    """Characters that a person can read anywhere on the page."""
    failed: str | None = None
    """The page itself is gone: the renderer crashed or the browser shows its own error page."""

    @property
    def error(self) -> str | None:
        """The first error a person sees, with where it stands."""
        for where, text in (
            ("page", self.failed),
            ("error panel", self.panel),
            ("error boundary", self.boundary),
            ("banner", self.banner),
            ("page", self.crash),
        ):
            if text:
                return f"{where} “{text}”"
        return None

    def describe(self) -> str:
        """What the page shows, for people: no names, no previews."""
        seen = [self.error] if self.error else []
        if self.form:
            seen.append("the login form")
        seen.append(f"workspace selector “{self.selector}”" if self.selector else "no workspace selector")
        if self.cards:
            seen.append(f"{len(self.cards)} conversation cards")
        else:
            seen.append("“No conversations yet”" if self.empty else "no conversation card")
        seen += [f"toast “{toast.text}”" for toast in self.toasts if toast.kind == "error"]
        if self.text_length == 0:
            seen = ["a blank page"]
        return f"{self.path or 'no page'}: " + ", ".join(seen)
