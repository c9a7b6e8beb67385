"""A log's report as one page that needs nothing else: no script, no request, the chart as a picture with words for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from postdeploy.analysis.course import LogCourse
from postdeploy.analysis.log_deployments import DeploymentLine
from postdeploy.analysis.log_report import IncidentLine, LogReport
from postdeploy.redaction import Redactor
from postdeploy.report import log_table

_WIDTH, _HEIGHT, _LEFT, _BELOW = 720, 160, 40, 24
"""The chart, in its own units."""
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1b1b1b; background: #fff; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; }
td { border-top: 1px solid #ddd; overflow-wrap: anywhere; } .fail { color: #a40000; } .warn { color: #7a4b00; }
svg { width: 100%; height: auto; } .requests { fill: #c8d3e0; } .failed { fill: #b3261e; }
.allowed { stroke: #7a4b00; stroke-dasharray: 4; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #161616; } td { border-color: #444; }
.fail { color: #ff8a80; } .warn { color: #ffcc80; } svg text { fill: #eee; } .requests { fill: #44566b; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(report: LogReport, redact: Redactor) -> str:
    """The whole report as HTML."""
    redacted = _Words(redact)
    title = redacted(log_table.headline(report))
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            f"<title>{title}</title><style>{_STYLE}</style></head><body>",
            f"<h1>{title}</h1>",
            *_chart(report.course, redacted),
            *_findings(report, redacted),
            *_incidents(report.incidents, redacted),
            *_deployments(report.by_deployment, redacted),
            "<h2>What was read</h2>",
            *_rows([], [(name, says) for name, says in log_table.totals(report)], redacted),
            "</body></html>",
            "",
        ]
    )


class _Words:
    """Text of a log for a page: redacted, then escaped."""

    def __init__(self, redact: Redactor) -> None:
        self._redact = redact

    def __call__(self, text: object) -> str:
        return escape(self._redact(str(text)))


def _chart(course: LogCourse, words: _Words) -> Iterator[str]:
    """Requests and failures of each step, and the number of different errors against the threshold, as a picture."""
    if not course.requests:
        return
    if course.onset:
        yield f"<p>{words(course.onset)} (UTC)</p>"
    highest = max(*course.requests, *course.failed, 1)
    each = (_WIDTH - _LEFT) / len(course.requests)
    minutes = course.seconds // 60
    says = (
        f"Requests and failures from {course.since[:16].replace('T', ' ')} UTC on, {minutes} min a bar:"
        f" {sum(course.failed)} of {sum(course.requests)} requests failed, at most {max(course.failed)} in one bar."
        f" {course.unique[-1]} different Server Action errors, {course.allowed} allowed"
        + (f", exceeded at {course.exceeded[11:19]}." if course.exceeded else ".")
    )
    yield f'<figure><svg viewBox="0 0 {_WIDTH} {_HEIGHT + _BELOW}" role="img" aria-label="{words(says)}">'
    yield f"<title>{words(says)}</title>"
    for kind, counts in (("requests", course.requests), ("failed", course.failed)):
        for at, count in enumerate(counts):
            tall = count / highest * _HEIGHT
            yield (
                f'<rect class="{kind}" x="{_LEFT + at * each:.1f}" y="{_HEIGHT - tall:.1f}"'
                f' width="{max(each - 1, 0.5):.1f}" height="{tall:.1f}"/>'
            )
    if course.exceeded:
        over = next(at for at, unique in enumerate(course.unique) if unique > course.allowed)
        x = _LEFT + (over + 0.5) * each
        yield f'<line class="allowed" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{_HEIGHT}"/>'
        yield f'<text x="{min(x + 4, _WIDTH - 210):.1f}" y="12" font-size="11">more than {course.allowed} different errors</text>'
    yield f'<text x="0" y="10" font-size="11">{highest}</text><text x="0" y="{_HEIGHT}" font-size="11">0</text>'
    yield f'<text x="{_LEFT}" y="{_HEIGHT + 16}" font-size="11">{course.since[:16].replace("T", " ")} UTC</text>'
    yield f"</svg><figcaption>{words(says)}</figcaption></figure>"


def _findings(report: LogReport, words: _Words) -> Iterator[str]:
    if report.findings:
        yield "<h2>Findings</h2><ul>"
    for one in report.findings:
        yield f'<li class="{one.severity}"><strong>{one.severity}</strong> {words(one.sentence)}</li>'
    if report.findings:
        yield "</ul>"


def _incidents(incidents: tuple[IncidentLine, ...], words: _Words) -> Iterator[str]:
    if not incidents:
        return
    yield "<h2>Incidents</h2>"
    new = {True: "new", False: "known", None: ""}
    rows = [
        (
            one.requests,
            _at(one.first),
            _at(one.last),
            new[one.new],
            one.signal,
            f"{one.route}  {one.words}",
            one.fingerprint,
        )
        for one in incidents
    ]
    yield from _rows(["requests", "first UTC", "last", "", "class", "what", "fingerprint"], rows, words)


def _deployments(lines: tuple[DeploymentLine, ...], words: _Words) -> Iterator[str]:
    if not lines:
        return
    yield "<h2>Deployments of this log</h2>"
    rows = [
        (
            one.deployment,
            _at(one.since),
            one.requests,
            one.failed,
            one.errors,
            "" if one.new is None else one.new,
            "" if one.below else "over the threshold",
        )
        for one in reversed(lines)
    ]
    yield from _rows(["deployment", "since UTC", "requests", "failed", "errors", "new", ""], rows, words)


def _rows(heads: list[str], rows: Sequence[tuple[object, ...]], words: _Words) -> Iterator[str]:
    yield "<table>"
    if heads:
        yield "<tr>" + "".join(f"<th>{each}</th>" for each in heads) + "</tr>"
    for row in rows:
        yield "<tr>" + "".join(f"<td>{words(each)}</td>" for each in row) + "</tr>"
    yield "</table>"


def _at(moment: str) -> str:
    return moment[:19].replace("T", " ")
