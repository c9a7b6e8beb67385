"""A saved log's report as one page: it opens anywhere, holds no script, and asks no host for anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from postdeploy.analysis.log_diff import LogDiff
from postdeploy.analysis.log_report import LogCourse, LogReport
from postdeploy.report import log_table
from postdeploy.report.html.elements import Child, Markup, tag
from postdeploy.system import files

_STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_GENERATOR = "postdeploy logs"
_HEAD = 300
"""Bytes of a page in which it says what made it."""
_WIDTH, _HEIGHT, _LEFT, _FOOT = 720, 180, 44, 24
"""The chart, in its own units."""


def write(file: Path, report: LogReport, diff: LogDiff | None = None) -> None:
    """Write the page. `report` and `diff`: redacted.

    Raises:
        OSError: it can't be written.
    """
    files.replace(file, page(report, diff).encode())


def is_page(file: Path) -> bool:
    """Whether such a page stands there.

    Raises:
        OSError: it can't be read, or is not a regular file.
    """
    return str(tag("meta", name="generator", content=_GENERATOR)).encode() in files.read_start(file, _HEAD)


def page(report: LogReport, diff: LogDiff | None = None) -> str:
    """The whole report. `report` and `diff`: redacted."""
    title = log_table.headline(report)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="generator", content=_GENERATOR),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("style", Markup(_STYLE)),
    )
    made = (
        ("Findings", _findings(report)),
        ("How it went", _course(report.course)),
        ("Incidents", _incidents(report)),
        ("What changed", _changes(diff)),
        ("Deployments of this log", _deployments(report)),
        ("What was read", _table((), log_table.totals(report))),
    )
    sections = [tag("section", tag("h2", name), body, aria_label=name) for name, body in made if body]
    body = tag("body", tag("header", tag("h1", title)), tag("main", *sections))
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


def _findings(report: LogReport) -> Markup | None:
    lines = [tag("li", tag("b", str(one.severity)), f" {one.sentence}") for one in report.findings]
    return tag("ul", *lines) if lines else None


def _course(course: LogCourse) -> Markup | None:
    """Requests and failures of each step, and where the threshold was passed: a picture, and the same in words."""
    if not course.requests:
        return None
    says = _says(course)
    most = max(*course.requests, *course.failed, 1)
    picture = tag(
        "svg",
        tag("title", says),
        *_bars(course, most),
        *_limit(course),
        tag("text", str(most), x=_LEFT - 6, y=10, text_anchor="end"),
        tag("text", "0", x=_LEFT - 6, y=_HEIGHT, text_anchor="end"),
        tag("text", f"{_at(course.since)} UTC", x=_LEFT, y=_HEIGHT + 16),
        viewBox=f"0 0 {_WIDTH} {_HEIGHT + _FOOT}",
        role="img",
        aria_label=says,
    )
    return tag("figure", picture, tag("figcaption", says), class_="chart")


def _says(course: LogCourse) -> str:
    each, since = course.seconds // 60, _at(course.since)
    failed = (
        f"{sum(course.failed)} of {sum(course.requests)} requests failed; each bar is {each} min from {since} UTC on"
    )
    return ". ".join(filter(None, (failed, log_table.different_errors(course), course.onset))) + "."


def _bars(course: LogCourse, most: int) -> Iterator[Markup]:
    for kind, counts in (("requests", course.requests), ("errors", course.failed)):
        for step, count in enumerate(counts):
            if count:
                height = max(1.5, count / most * (_HEIGHT - 14))
                yield tag(
                    "rect",
                    x=f"{_x(course, step):.1f}",
                    y=f"{_HEIGHT - height:.1f}",
                    width=f"{max(1.0, (_WIDTH - _LEFT) / len(counts) - 1):.1f}",
                    height=f"{height:.1f}",
                    class_=kind,
                )


def _limit(course: LogCourse) -> Iterator[Markup]:
    if course.exceeded:
        x = _x(course, next(step for step, unique in enumerate(course.unique) if unique > course.allowed) + 0.5)
        yield tag("line", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=0, y2=_HEIGHT, class_="mark")
        anchor = "end" if x > _WIDTH / 2 else "start"
        yield tag("text", f"more than {course.allowed} different errors", x=f"{x:.1f}", y=10, text_anchor=anchor)


def _x(course: LogCourse, step: float) -> float:
    return _LEFT + step * (_WIDTH - _LEFT) / len(course.requests)


def _incidents(report: LogReport) -> Markup | None:
    new = {True: "new", False: "known", None: ""}
    rows = [
        (
            str(one.requests),
            f"{one.route}: {one.words}",
            _at(one.first),
            _at(one.last),
            new[one.new],
            one.fingerprint,
            one.signal,
        )
        for one in report.incidents
    ]
    return _table(("requests", "what", "first UTC", "last", "", "fingerprint", "class"), rows) if rows else None


def _changes(diff: LogDiff | None) -> Markup | None:
    """What is not as in another log."""
    if diff is None:
        return None
    rows = [
        (one.change, str(one.before), str(one.now), one.fingerprint, f"{one.route}: {one.words}")
        for one in diff.changes or ()
    ]
    table = _table(("change", "requests there", "here", "fingerprint", "what"), rows) if rows else None
    return tag("div", tag("p", log_table.changed(diff)), table)


def _deployments(report: LogReport) -> Markup | None:
    rows = [
        (
            one.deployment,
            _at(one.since),
            str(one.requests),
            str(one.failed),
            str(one.errors),
            "" if one.new is None else str(one.new),
            "" if one.below else "over the threshold",
        )
        for one in reversed(report.by_deployment)
    ]
    return _table(("deployment", "since UTC", "requests", "failed", "errors", "new", ""), rows) if rows else None


def _table(heads: Sequence[str], rows: Sequence[Sequence[Child]]) -> Markup:
    top = tag("tr", *(tag("th", each, scope="col") for each in heads)) if heads else None
    table = tag("table", top, *(tag("tr", *(tag("td", each) for each in row)) for row in rows))
    return tag("div", table, class_="scroll") if heads else table


def _at(moment: str) -> str:
    return moment[:19].replace("T", " ")
