"""The page about a kind of finding, inside the report."""

from __future__ import annotations

from pathlib import PurePosixPath

from postdeploy.report.html.elements import Markup
from postdeploy.system.suite import PAGES


def finding_page(page: str) -> Markup | None:
    """The page of docs/findings as HTML, its headings two levels lower; links to other pages become their names. None: there is none."""
    file = PAGES / PurePosixPath(page).name
    if not page or not file.is_file():
        return None
    from markdown_it import MarkdownIt  # noqa: PLC0415 - a PASS needs no page

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(file.read_text(encoding="utf-8"))
    for token in tokens:
        if token.tag in ("h1", "h2", "h3"):
            token.tag = f"h{int(token.tag[1]) + 2}"
        for child in token.children or ():
            if child.tag == "a" and not str(child.attrs.get("href", "")).startswith("https://"):
                child.tag = "span"
                child.attrs = {}
    return Markup(reader.renderer.render(tokens, reader.options, {}))
