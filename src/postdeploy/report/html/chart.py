"""The log's window as a picture: two panels on one axis of time. Plain SVG; its text says the same.

Above, requests and errors per minute since the deploy; below, the unique Server Action errors so far and their limit. Each panel has
its own labelled axis: on a shared one, the limit of errors would look like a number of requests.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import Stage
from postdeploy.report.html.elements import Markup, join, tag

_WIDTH, _LEFT, _RIGHT = 480, 44, 472
_MARKS = 12
"""Where the names of the marks stand, from the top."""
_FOOT = 22
"""What the names of the minutes need, below the last panel."""
_THINNEST = 0.7
"""Units: a gap that would be thinner is not drawn; the text below names it."""
_COUNTED = "server_action_error"
_WORDS = 60
"""Units that its name needs."""


@dataclass(frozen=True)
class _Panel:
    """A part of the picture with an axis of its own; in units from the top."""

    top: int
    bottom: int
    most: int
    """What stands at its top."""

    def y(self, amount: float) -> float:
        return self.bottom - (self.bottom - self.top) * amount / self.most

    def frame(self, title: str) -> Markup:
        """Its name, its axis, and what the axis begins and ends with."""
        return join(
            [
                _label(_LEFT + 4, self.top - 6, title, "start"),
                tag("line", x1=_LEFT, x2=_RIGHT, y1=self.bottom, y2=self.bottom, class_="axis"),
                _label(_LEFT - 5, self.top + 6, str(self.most), "end"),
                _label(_LEFT - 5, self.bottom, "0", "end"),
            ]
        )


@dataclass(frozen=True)
class _Time:
    """The axis of both panels: minutes since the window opened."""

    first: int
    count: int

    def x(self, minute: float) -> float:
        return min(_LEFT + (_RIGHT - _LEFT) * (minute - self.first) / self.count, _RIGHT)

    def labels(self, y: float) -> Iterator[Markup]:
        for minute in range(self.first, self.first + self.count, max(1, self.count // 5)):
            yield _label(self.x(minute), y, f"{minute:+d} min" if minute else "0", "middle")


def window_chart(log: LogReport, *, opened_by: str = "deploy", ended_by: str = "") -> Markup | None:
    """None where the log was not read, or by an earlier version.

    `opened_by`: what began the window. `ended_by`: what ended it before its time, at the end of what was judged.
    """
    if not log.minutes or not log.window.opened:
        return None
    first = min(minute for minute, _, _ in log.minutes)
    last = max(minute for minute, _, _ in log.minutes)
    time = _Time(first, max(last - first + 1, round(_minute(log, log.window.closes)) - first, 1))
    requests = _Panel(42, 130, max(amount for _, amount, _ in log.minutes) or 1)
    drawn = [requests.frame("Requests per minute; red: with an error or a signal"), _bars(log, time, requests)]
    bottom = requests.bottom
    allowed = _allowed(log)
    if allowed is not None:
        errors = _Panel(164, 236, max(allowed + 1, log.totals.unique, len(_began(log))))
        drawn += [errors.frame(f"Unique Server Action errors so far: {log.totals.unique}"), _errors(log, time, errors)]
        drawn.append(_limit(errors, allowed))
        bottom = errors.bottom
    drawn += [_mark(time.x(0), opened_by, bottom), *_unseen(log, time, bottom), _end(log, time, ended_by, bottom)]
    says = _says(log, allowed)
    picture = tag(
        "svg",
        tag("title", "Requests and errors per minute since the deploy"),
        tag("desc", says),
        *drawn,
        *time.labels(bottom + 16),
        viewBox=f"0 0 {_WIDTH} {bottom + _FOOT}",
        role="img",
        aria_label=says,
    )
    return tag("figure", picture, tag("figcaption", says), class_="chart window")


def _says(log: LogReport, allowed: int | None) -> str:
    requests = sum(one for _, one, _ in log.minutes)
    errors = sum(one for _, _, one in log.minutes)
    worst = max(log.minutes, key=lambda each: each[2])
    text = f"{requests} requests of users, {errors} with an error or a signal, since {log.window.opened[11:19]} UTC"
    limit = (
        "" if allowed is None else f" More than {allowed} unique Server Action errors are too many: the dashed line."
    )
    return f"{text}{f'; most in minute {worst[0]}: {worst[2]}' if errors else ''}. {log.says}.{limit}"


def _allowed(log: LogReport) -> int | None:
    """How many unique errors are tolerated; None: an earlier version did not say, or after a rollback it is not what counts."""
    return None if log.stage is Stage.RECOVERY else log.totals.allowed


def _began(log: LogReport) -> list[float]:
    """The minute in which each trouble of a Server Action began, in order; before the window counts as its beginning."""
    begins: dict[str, float] = {}
    for one in log.incidents:
        if one.requests and one.signal == _COUNTED:
            trouble = one.variant_of or one.fingerprint
            begins[trouble] = min(max(0.0, _minute(log, one.first)), begins.get(trouble, float("inf")))
    return sorted(at for at in begins.values() if at <= _minute(log, log.window.closes))


def _errors(log: LogReport, time: _Time, panel: _Panel) -> Markup:
    """Unique Server Action errors as steps, as far as the window was judged."""
    began = _began(log)
    points = [(time.x(0), panel.y(0))]
    for number, at in enumerate(began):
        points += [(time.x(at), panel.y(number)), (time.x(at), panel.y(number + 1))]
    until = max(_minute(log, log.window.judged_until), *began, 0.0)
    points.append((time.x(until), panel.y(len(began))))
    over = len(began) > (log.totals.allowed or 0)
    drawn = " ".join(f"{x:.1f},{at:.1f}" for x, at in points)
    return tag("polyline", points=drawn, class_="unique over" if over else "unique")


def _limit(panel: _Panel, allowed: int) -> Markup:
    """The most that is tolerated."""
    y = f"{panel.y(allowed):.1f}"
    return join(
        [
            tag("line", x1=_LEFT, x2=_RIGHT, y1=y, y2=y, class_="limit"),
            _label(_RIGHT - 4, panel.y(allowed) - 4, f"limit: {allowed}, more is FAIL", "end"),
        ]
    )


def _bars(log: LogReport, time: _Time, panel: _Panel) -> Markup:
    wide = (_RIGHT - _LEFT) / time.count

    def one(minute: int, amount: int, kind: str) -> Markup | None:
        if not amount:
            return None
        height = max(1.0, panel.bottom - panel.y(amount))
        return tag(
            "rect",
            x=f"{time.x(minute) + wide * 0.15:.1f}",
            y=f"{panel.bottom - height:.1f}",
            width=f"{max(1.5, wide * 0.7):.1f}",
            height=f"{height:.1f}",
            class_=kind,
        )

    return join(
        [one(minute, requests, "requests"), one(minute, errors, "errors")] for minute, requests, errors in log.minutes
    )


def _unseen(log: LogReport, time: _Time, bottom: int) -> Iterator[Markup]:
    """What is missing of the log, and the part of the window that was not judged."""
    closes, top = _minute(log, log.window.closes), _MARKS + 6
    spans = [(_minute(log, since), _minute(log, until)) for since, until in log.proof.unseen]
    spans.append((_minute(log, log.window.judged_until), closes))
    for since, until in spans:
        left, right = (time.x(min(max(0.0, at), closes)) for at in (since, until))
        if right - left >= _THINNEST:
            yield tag("rect", x=f"{left:.1f}", y=top, width=f"{right - left:.1f}", height=bottom - top, class_="gap")
        if right - left >= _WORDS:
            yield _label((left + right) / 2, bottom - 8, "not seen", "middle")


def _end(log: LogReport, time: _Time, ended_by: str, bottom: int) -> Markup:
    """What ended the window, or when it closes."""
    at = log.window.judged_until if ended_by else log.window.closes
    return _mark(time.x(_minute(log, at)), ended_by or "window closes", bottom)


def _minute(log: LogReport, at: str) -> float:
    """Minutes since the window opened."""
    return (dt.datetime.fromisoformat(at) - dt.datetime.fromisoformat(log.window.opened)).total_seconds() / 60


def _mark(x: float, text: str, bottom: int) -> Markup:
    at_end = x > _WIDTH / 2
    return join(
        [
            tag("line", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=_MARKS + 4, y2=bottom, class_="mark"),
            _label(x, _MARKS, text, "end" if at_end else "start"),
        ]
    )


def _label(x: float, y: float, text: str, anchor: str) -> Markup:
    return tag("text", text, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor)
