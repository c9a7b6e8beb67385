"""The log's window as a picture: requests and errors per minute since the deploy. Plain SVG; its text says the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import Stage
from postdeploy.report.html.elements import Markup, join, tag

_WIDTH, _HEIGHT, _LEFT, _TOP, _FOOT = 720, 210, 44, 26, 34
_PLOT = _WIDTH - _LEFT - 8
_BOTTOM = _HEIGHT - _FOOT
_THINNEST = 1.0
"""Pixels: a gap that would be thinner is not drawn; the text below names it."""
_COUNTED = "server_action_error"
_WORDS = 60
"""Pixels that its name needs."""


def window_chart(log: LogReport, *, opened_by: str = "deploy", ended_by: str = "") -> Markup | None:
    """None where the log was not read, or by an earlier version.

    `opened_by`: what began the window. `ended_by`: what ended it before its time, at the end of what was judged.
    """
    if not log.minutes or not log.window.opened:
        return None
    first = min(minute for minute, _, _ in log.minutes)
    count = max(max(minute for minute, _, _ in log.minutes) - first + 1, round(_minute(log, log.window.closes)), 1)
    most = max(requests for _, requests, _ in log.minutes) or 1
    bars = [_bars(log, first, count, most)]
    marks = [_mark(_x(-first, count), opened_by), *_unseen(log, first, count), *_end(log, first, count, ended_by)]
    axis = [_label(_LEFT - 6, _TOP + 4, str(most), "end"), _label(_LEFT - 6, _BOTTOM, "0", "end")]
    axis += [
        _label(_x(minute - first, count), _BOTTOM + 16, f"{minute:+d} min" if minute else "0", "middle")
        for minute in range(first, first + count, max(1, count // 6))
    ]
    says = _says(log)
    limit = [*_limit(log, first, count)]
    return tag(
        "figure",
        tag(
            "svg",
            tag("title", "Requests and errors per minute since the deploy"),
            tag("desc", says),
            tag("line", x1=_LEFT, x2=_LEFT + _PLOT, y1=_BOTTOM, y2=_BOTTOM, class_="axis"),
            *bars,
            *limit,
            *marks,
            *axis,
            viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
            role="img",
            aria_label=says,
        ),
        tag("figcaption", says),
        class_="chart",
    )


def _says(log: LogReport) -> str:
    requests = sum(one for _, one, _ in log.minutes)
    errors = sum(one for _, _, one in log.minutes)
    worst = max(log.minutes, key=lambda each: each[2])
    text = f"{requests} requests of users, {errors} with an error or a signal, since {log.window.opened[11:19]} UTC"
    allowed = log.totals.allowed
    limit = (
        ""
        if allowed is None
        else f" More than {allowed} unique Server Action errors are too many: the dashed line, on a scale of its own."
    )
    return f"{text}{f'; most in minute {worst[0]}: {worst[2]}' if errors else ''}. {log.says}.{limit}"


def _limit(log: LogReport, first: int, count: int) -> Iterator[Markup]:
    """The threshold as a line, and the unique Server Action errors so far as steps; both on a scale of their own."""
    allowed = log.totals.allowed
    if allowed is None or log.stage is Stage.RECOVERY:
        return
    began = sorted(_minute(log, one.first) for one in log.incidents if one.requests and one.signal == _COUNTED)
    most = max(2 * allowed, len(began), 1)

    def y(errors: int) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * errors / most

    if began:
        points = [(_x(max(0.0, began[0]) - first, count), y(0))]
        for number, at in enumerate(began):
            x = _x(max(0.0, at) - first, count)
            points += [(x, y(number)), (x, y(number + 1))]
        points.append((_x(max(began[-1], _minute(log, log.window.judged_until)) - first, count), y(len(began))))
        yield tag("polyline", points=" ".join(f"{x:.1f},{at:.1f}" for x, at in points), class_="unique")
    yield tag("line", x1=_LEFT, x2=_LEFT + _PLOT, y1=f"{y(allowed):.1f}", y2=f"{y(allowed):.1f}", class_="limit")
    yield _label(_LEFT + _PLOT - 4, y(allowed) - 4, f"limit: {allowed} unique errors", "end")


def _bars(log: LogReport, first: int, count: int, most: int) -> Markup:
    width = max(2.0, _PLOT / count * 0.7)

    def one(minute: int, amount: int, kind: str) -> Markup | None:
        if not amount:
            return None
        height = max(1.5, (_BOTTOM - _TOP) * amount / most)
        at = _x(minute - first, count) + _PLOT / count * 0.15
        return tag(
            "rect",
            x=f"{at:.1f}",
            y=f"{_BOTTOM - height:.1f}",
            width=f"{width:.1f}",
            height=f"{height:.1f}",
            class_=kind,
        )

    return join(
        [one(minute, requests, "requests"), one(minute, errors, "errors")] for minute, requests, errors in log.minutes
    )


def _unseen(log: LogReport, first: int, count: int) -> Iterator[Markup]:
    """What is missing of the log, and the part of the window that was not judged."""
    closes = _minute(log, log.window.closes)
    spans = [(_minute(log, since), _minute(log, until)) for since, until in log.proof.unseen]
    spans.append((_minute(log, log.window.judged_until), closes))
    for since, until in spans:
        left, right = (_x(min(max(0.0, at), closes) - first, count) for at in (since, until))
        if right - left >= _THINNEST:
            yield tag("rect", x=f"{left:.1f}", y=_TOP, width=f"{right - left:.1f}", height=_BOTTOM - _TOP, class_="gap")
        if right - left >= _WORDS:
            yield _label((left + right) / 2, _TOP + 14, "not seen", "middle")


def _end(log: LogReport, first: int, count: int, ended_by: str) -> Iterator[Markup]:
    """What ended the window, or when it closes."""
    if ended_by:
        yield _mark(_x(_minute(log, log.window.judged_until) - first, count), ended_by)
    else:
        yield _mark(_x(_minute(log, log.window.closes) - first, count), "window closes")


def _minute(log: LogReport, at: str) -> float:
    """Minutes since the window opened."""
    return (dt.datetime.fromisoformat(at) - dt.datetime.fromisoformat(log.window.opened)).total_seconds() / 60


def _mark(x: float, text: str) -> Markup:
    at_end = x > _WIDTH / 2
    return join(
        [
            tag("line", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=_TOP - 8, y2=_BOTTOM, class_="mark"),
            _label(x - 3 if at_end else x + 3, _TOP - 10, text, "end" if at_end else "start"),
        ]
    )


def _label(x: float, y: float, text: str, anchor: str) -> Markup:
    return tag("text", text, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor)


def _x(minutes: float, count: int) -> float:
    return min(_LEFT + _PLOT * minutes / count, _LEFT + _PLOT)
