"""What a person sees, as one value: read inside the page in one step, so that it is consistent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from postdeploy.page.app.screen import AppScreen
from postdeploy.page.journal import path_template


@dataclass(frozen=True, slots=True)
class Toast:
    """A short message that pops up."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One look at the page."""

    path: str = ""
    viewport: tuple[int, int] = (0, 0)
    """Width and height of what is in sight, CSS pixels."""
    app: AppScreen = field(default_factory=AppScreen)
    """What only the app under verification shows."""
    banner: str | None = None
    panel: str | None = None
    boundary: str | None = None
    crash: str | None = None
    """The sentence of a crash page or of the Server Components error, in any of its faces."""
    nonsense: str | None = None
    """What it shows in place of a value: `Invalid Date`."""
    toasts: tuple[Toast, ...] = ()
    alerts: tuple[str, ...] = ()
    """The page's messages that say that something failed, and are none of the above."""
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

    @classmethod
    def read(cls, seen: dict[str, Any]) -> Screen:
        """One look of recorder.js."""
        toasts = tuple(Toast(**toast) for toast in seen["toasts"])
        viewport = tuple(seen.get("viewport", (0, 0)))
        alerts = tuple(seen.get("alerts", ()))
        return cls(
            **seen | {"app": AppScreen.read(seen["app"]), "toasts": toasts, "alerts": alerts, "viewport": viewport}
        )

    @property
    def size(self) -> str:
        """The viewport, for people."""
        return " × ".join(str(each) for each in self.viewport)

    @property
    def error(self) -> str | None:
        """The first error on the page, and where it is shown."""
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

    @property
    def error_toasts(self) -> tuple[str, ...]:
        """The texts of the toasts that report an error."""
        return tuple(toast.text for toast in self.toasts if toast.kind == "error")

    def describe(self) -> str:
        """What the page shows, for people: no names, no previews."""
        seen = [self.error] if self.error else []
        if self.form:
            seen.append("the login form")
        seen += self.app.describe()
        seen += [f"toast “{text}”" for text in self.error_toasts]
        if self.text_length == 0:
            seen = ["a blank page"]
        return f"{path_template(self.path) or 'no page'}: " + ", ".join(seen)  # what is searched for may stand in it
