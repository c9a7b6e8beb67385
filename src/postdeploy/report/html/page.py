"""report.html: what to do first, then what someone who decides reads next. One file; it asks no host for anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from postdeploy.model import Recommendation, WillHelp
from postdeploy.record.document import VerdictDocument
from postdeploy.report.headline import by_reason
from postdeploy.report.html import sections
from postdeploy.report.html.content import Report
from postdeploy.report.html.elements import Markup, code_line, disclosure, join, tag
from postdeploy.system import times

_HERE = Path(__file__).parent
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def as_html(report: Report) -> str:
    """The page."""
    document, content = report.document, report.content
    title = f"{content.headline} – {document.deployment.url}"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        tag("style", _asset("style.css")),
    )
    body = tag(
        "body", _headline(report), tag("main", *_sections(report), _footer(report)), tag("script", _asset("page.js"))
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


def _asset(name: str) -> Markup:
    return Markup((_HERE / name).read_text(encoding="utf-8"))


def _headline(report: Report) -> Markup:
    document, content = report.document, report.content
    proof = f"{document.decision}" + (f" ({document.reason})" if document.reason else "")
    return tag(
        "header",
        tag(
            "div",
            tag("h1", content.action),
            tag("p", f"{proof}{_warnings(document)}", class_="decision"),
            tag("p", document.summary, class_="cause"),
            code_line(document.command) if document.command else None,
            class_=f"verdict {document.decision}",
        ),
        tag("dl", *_about(report)),
        _not_measured(document),
    )


def _warnings(document: VerdictDocument) -> str:
    count = sum(one.severity == "warn" for one in document.findings)
    return f", {count} warning{'s' if count > 1 else ''}" if count else ""


def _about(report: Report) -> Iterator[Markup]:
    """The deployment, what is known of it, and whether going back helps."""
    document, content = report.document, report.content
    known = document.deployment.platform
    yield _term("deployment", content.deployment or document.deployment.url)
    if known and known.commit:
        yield _term("commit", tag("code", known.commit[:12]))
    age = _age(document)
    if age:
        yield _term("in production for", age)
    if document.target:
        yield _term("last-good deployment", f"{document.target.id}, which {document.target.says}")
    if document.recommendation is Recommendation.ROLL_BACK or document.will_help in (WillHelp.YES, WillHelp.NO):
        yield _term("a rollback", f"{content.expected_to_help}")
    for name, lines in (("because", document.evidence_for), ("but", document.evidence_against)):
        if lines:
            yield _term(name, join(tag("div", one) for one in lines))
    if document.log:
        yield _term("log", document.log.says)
    if not document.complete:
        yield _term("state", "this is what was known by then: the run had not ended")


def _term(name: str, says: str) -> Markup:
    return join([tag("dt", name), tag("dd", says)])


def _age(document: VerdictDocument) -> str:
    """How long the deployment had been in production when the run ended."""
    known = document.deployment.platform
    since = (document.log.window.opened if document.log else "") or (known.since if known else "")
    try:
        seconds = (document.ended - dt.datetime.fromisoformat(since)).total_seconds()
    except (ValueError, TypeError):
        return ""
    minutes = round(seconds / 60)
    span = f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} days"
    return f"{span} (since {since[:16].replace('T', ' ')} UTC)"


def _not_measured(document: VerdictDocument) -> Markup | None:
    groups = by_reason(document.coverage.not_measured)
    if not groups:
        return None
    count = len(document.coverage.not_measured)
    lines = [tag("li", tag("b", ", ".join(parts)), f": {why}") for why, parts in groups.items()]
    return disclosure(f"not measured: {count} part{'s' if count > 1 else ''}", tag("ul", *lines))


def _sections(report: Report) -> Iterator[Markup]:
    made = (
        ("What was found", sections.findings(report)),
        ("What to do", sections.what_to_do(report)),
        ("The first minutes in production", sections.window(report)),
        ("The journey", sections.filmstrip(report)),
        ("Checks", sections.checks(report)),
        ("Earlier deployments", sections.history(report)),
        ("Incident note", sections.note(report)),
    )
    for name, body in made:
        if body:
            yield tag("section", tag("h2", name), body, aria_label=name)


def _footer(report: Report) -> Markup:
    document = report.document
    more = [tag("a", "The Allure report", href="allure-report/index.html"), ". "] if report.allure else []
    wrote = f"Left behind in the app: {'; '.join(document.writes)}. " if document.writes else ""
    return tag(
        "footer",
        *more,
        wrote,
        f"Run {document.run_id[:8]}, stage {document.stage}, ended {times.date_and_time(document.ended)}, "
        f"{document.seconds:.1f} s. Pictures are masked, texts redacted. Source of the checks: launch runbook 117e.",
    )
