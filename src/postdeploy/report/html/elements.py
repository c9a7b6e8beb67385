"""HTML from values: every text is escaped here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


class Markup(str):
    """HTML that is escaped already."""

    __slots__ = ()


Child = str | None | Iterable["Child"]
"""Text, markup, nothing, or several of them."""
_WITHOUT_END = frozenset({"img", "meta", "br"})


def tag(name: str, /, *children: Child, **attributes: str | int | bool | None) -> Markup:
    """An element. An attribute that is None or False is left out; `class_` and `for_` are written without the underscore."""
    given = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    end = "" if name in _WITHOUT_END else f"</{name}>"
    return Markup(f"<{name}{given}>{join(children)}{end}")


def join(children: Iterable[Child]) -> Markup:
    """Several as one."""
    return Markup("".join(_written(one) for one in children))


def disclosure(summary: Child, *children: Child, opened: bool = False, **attributes: str | None) -> Markup:
    """What can be opened; it works without JavaScript."""
    return tag("details", tag("summary", summary), *children, open=opened, **attributes)


def with_code(text: str) -> Markup:
    """A sentence whose `words in backticks` are code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:  # a backtick of the text itself
        return join([text])
    return join(tag("code", piece) if number % 2 else piece for number, piece in enumerate(pieces))


def code_line(text: str) -> Markup:
    """A command, with a button that copies it where JavaScript runs."""
    return tag(
        "div", tag("code", text), tag("button", "Copy", type="button", class_="copy", hidden=True), class_="command"
    )


def _attribute(name: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def _written(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    return escape(child) if isinstance(child, str) else "".join(_written(one) for one in child)
