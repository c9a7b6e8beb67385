"""The verdict for chats: verdict.md, and the summary of a job at GitHub."""

from __future__ import annotations

import re

from postdeploy.model import Decision
from postdeploy.redaction import Redactor
from postdeploy.report.facts import RunFacts
from postdeploy.report.headline import deployment_line, finding_lines, headline, reasons
from postdeploy.report.links import page_about, place_of, web_address
from postdeploy.verdict.verdict import Verdict

_MENTION = re.compile(r"(?<![\w.])@(?=\w)")


def as_markdown(verdict: Verdict, facts: RunFacts, redact: Redactor) -> str:
    """verdict.md: the first line says what to do."""
    lines = [f"**{headline(verdict)}**", "", _text(verdict.summary), ""]
    lines += [f"| | |\n|---|---|\n| deployment | {_cell(deployment_line(facts))} |"]
    lines += [f"| provisional | {_cell(verdict.provisional)} |"] if verdict.provisional else []
    lines += [f"| log | {_cell(facts.log.says)} |"] if facts.log else []
    if facts.prerequisites and verdict.decision is Decision.PASS:
        lines += [f"| rollback | {_cell(facts.prerequisites.says)} |"]
    lines += [f"| command | `{_code(verdict.command)}` |"] if verdict.command else []
    lines += [f"| {name} | {_cell(text)} |" for name, text in reasons(verdict)]
    page = page_about(verdict)
    lines += [f"| read on | {_link(page)} |"] if page else []
    lines += [f"| {severity} | {_cell(text)} |" for severity, text in finding_lines(verdict, besides=verdict.summary)]
    lines += [f"| not measured | {_cell(part)}: {_cell(why)} |" for part, why in verdict.coverage.not_measured.items()]
    return redact("\n".join(lines) + "\n")


def _link(page: str) -> str:
    address = web_address(page)
    return f"[{page}]({address})" if "://" in address else place_of(page)


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")


def _text(text: str) -> str:
    """On one line; nothing of it is HTML, a link, a picture or a mention: a page may have written it."""
    text = " ".join(text.split()).replace("<", "&lt;").replace("`", "'")
    return _MENTION.sub("@ ", text.replace("[", "\\[").replace("]", "\\]"))


def _code(text: str) -> str:
    return " ".join(text.replace("`", "'").split()).replace("|", "\\|")
