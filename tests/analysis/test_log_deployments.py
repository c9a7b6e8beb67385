"""A log of several deployments: each in a line, the earlier ones as a baseline, and what fails on all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from postdeploy.analysis import saved_logs
from postdeploy.analysis.baseline import Baseline
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.saved_logs import LogQuery
from postdeploy.analysis.signals import Signal
from postdeploy.model import UsageError
from postdeploy.runbook.reading import read_runbook
from postdeploy.system import times
from tests.logs.rows import TODAY, Sent, Writer, drain_lines, export_csv, export_lines, healthy, rows, throws

RUNBOOK = read_runbook()
HOUR = 3600.0


def on(deployment: str, hours: float, words: str = "", many: int = 60) -> list[Sent]:
    """People on a deployment so many hours after the newest got its traffic, and errors with these words."""
    at = hours * HOUR
    people = [Sent(at + 10 * n, deployment=deployment) for n in range(many)]
    return [*people, *(throws(word, at + 60 + n, deployment=deployment) for n, word in enumerate(words))]


def judged(folder: Path, sent: Sequence[Sent], **asked: object) -> LogReport:
    log = folder / "log"
    log.write_bytes(export_lines(sorted(rows(sent), key=lambda row: row.at)))
    return saved_logs.examine([str(log)], LogQuery(**asked), RUNBOOK, TODAY)  # type: ignore[arg-type]


def test_each_deployment_has_a_line(tmp_path: Path) -> None:
    report = judged(tmp_path, [*on("dpl_a", -2, "A"), *on("dpl_b", -1, "ABCDE"), *on("dpl_now", 0, "AF")])
    assert [
        (one.deployment, one.requests, one.failed, one.errors, one.new, one.below) for one in report.by_deployment
    ] == [
        ("dpl_a", 61, 1, 1, None, True),
        ("dpl_b", 65, 5, 5, 4, False),
        ("dpl_now", 62, 2, 2, 1, True),
    ]


def test_of_many_deployments_the_newest_are_shown(tmp_path: Path) -> None:
    report = judged(tmp_path, [each for n in range(20) for each in on(f"dpl_{n}", n, many=5)])
    assert [one.deployment for one in report.by_deployment] == [f"dpl_{n}" for n in range(8, 20)]
    assert report.deployments == 20


WRITERS = [export_lines, export_csv, drain_lines]


@pytest.mark.parametrize("write", WRITERS, ids=["lines", "csv", "drain"])
@pytest.mark.parametrize("other", ["later", "earlier", "at the same time"])
def test_of_several_projects_none_is_judged_unasked(tmp_path: Path, write: Writer, other: str) -> None:
    ours = [*on("dpl_before", -2, "ABC"), *on("dpl_ours", 0, "ABCDE")]
    theirs = on("dpl_theirs", {"later": 1.0, "earlier": -1.0}.get(other, 0.0), "F")
    both = [replace(row, project=name) for name, sent in (("prj_1", ours), ("prj_2", theirs)) for row in rows(sent)]
    log = tmp_path / "log"
    log.write_bytes(write(sorted(both, key=lambda row: row.at)))
    with pytest.raises(UsageError, match="2 projects") as refused:
        saved_logs.examine([str(log)], LogQuery(), RUNBOOK, TODAY)
    assert "--deployment=dpl_ours (prj_1), --deployment=dpl_theirs (prj_2)" in str(refused.value)
    report = saved_logs.examine([str(log)], LogQuery(deployment="dpl_ours"), RUNBOOK, TODAY)
    assert [one.deployment for one in report.by_deployment] == ["dpl_before", "dpl_ours"]
    assert [one.new for one in report.incidents if one.signal == Signal.SERVER_ACTION_ERROR] == [False] * 3 + [True] * 2


def test_a_log_of_one_deployment_has_no_table(tmp_path: Path) -> None:
    assert judged(tmp_path, on("dpl_now", 0, "A")).by_deployment == ()


@pytest.mark.parametrize(
    ("earlier", "baseline", "new"),
    [
        pytest.param(on("dpl_a", -1, "ABC"), "dpl_a", {True, False}, id="one below the threshold"),
        pytest.param(on("dpl_a", -1, "ABCD"), None, {None}, id="one over it excuses nothing"),
        pytest.param(
            [*on("dpl_a", -2, "AB"), *on("dpl_b", -1, "CD")],
            "2 earlier deployments of this log",
            {False},
            id="two below it, together",
        ),
        pytest.param([*on("dpl_a", -2, "ABCD"), *on("dpl_b", -1, "A")], "dpl_b", {True, False}, id="the good one"),
    ],
)
def test_earlier_deployments_below_the_threshold_are_compared_with(
    tmp_path: Path, earlier: list[Sent], baseline: str | None, new: set[bool | None]
) -> None:
    report = judged(tmp_path, [*earlier, *on("dpl_now", 0, "ABCD")])
    assert report.fails
    assert report.baseline == baseline
    assert {one.new for one in report.incidents} == new


def test_a_baseline_that_was_given_counts_instead(tmp_path: Path) -> None:
    given = Baseline("given", frozenset(), {}, 60, 600.0)
    report = judged(tmp_path, [*on("dpl_a", -1, "A"), *on("dpl_now", 0, "A")], baseline=given)
    assert report.baseline == "given"
    assert {one.new for one in report.incidents} == {True}


def crons(deployment: str, hours: float, *, failing: int, healthy_ones: int = 0) -> list[Sent]:
    at = hours * HOUR
    runs = [500] * failing + [200] * healthy_ones
    message = " ⨯ Error: the calendar is gone"
    return [
        Sent(at + 60 * n, "GET", "/api/cron/calendar", status, message if status == 500 else "", deployment=deployment)
        for n, status in enumerate(runs)
    ]


def shared(report: LogReport) -> list[str]:
    return [one.sentence for one in report.findings if " deployments: a rollback" in one.sentence]


def test_trouble_that_no_deployment_changes_is_a_finding_of_its_own(tmp_path: Path) -> None:
    sent = [
        *on("dpl_a", -71),
        *crons("dpl_a", -71, failing=12, healthy_ones=1),
        *on("dpl_now", 0),
        *crons("dpl_now", 0, failing=12),
    ]
    assert shared(judged(tmp_path, sent)) == [
        "GET /api/cron/calendar fails 96% of its requests (24 of 25) for 71.2 h, on 2 deployments: a rollback does not remove it"
    ]


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(crons("dpl_now", 0, failing=24), id="on one deployment"),
        pytest.param([*crons("dpl_a", -9, failing=4), *crons("dpl_now", 0, failing=4)], id="too few"),
        pytest.param(
            [*crons("dpl_a", -9, failing=8, healthy_ones=20), *crons("dpl_now", 0, failing=8, healthy_ones=9)],
            id="too small a share",
        ),
    ],
)
def test_other_trouble_is_not(tmp_path: Path, sent: list[Sent]) -> None:
    assert shared(judged(tmp_path, [*on("dpl_a", -9), *on("dpl_now", 0), *sent])) == []


def test_healthy_deployments_share_nothing(tmp_path: Path) -> None:
    report = judged(tmp_path, [*on("dpl_a", -1), *healthy(60)])
    assert (report.findings, report.fails) == ((), False)


@pytest.mark.parametrize("written", [("dpl_a", "dpl_b"), ("dpl_b", "dpl_a")])
def test_the_order_of_the_rows_does_not_decide_which_deployment_is_judged(
    tmp_path: Path, written: tuple[str, str]
) -> None:
    assert judged(tmp_path, [Sent(1, deployment=name) for name in written]).deployment == "dpl_b"


def visits(deployment: str, every: int) -> list[Sent]:
    """Pages that are opened on it."""
    return [Sent(at, "GET", "/", deployment=deployment) for at in range(1, 640, every)]


def share(words: str, *, many: int = 8) -> list[Sent]:
    """A deployment whose first row comes a minute and a half later, and that gets a small share of the requests."""
    people = [Sent(95 + 40 * n, deployment="dpl_late") for n in range(many)]
    return [*people, *(throws(word, 100 + 40 * n, deployment="dpl_late") for n, word in enumerate(words))]


def unknown(report: LogReport) -> list[str]:
    return [one for one in report.proof.missing if "rolling release" in one]


MOST = on("dpl_most", 0, many=64)


@pytest.mark.parametrize(
    ("sent", "is_unknown"),
    [
        pytest.param([*MOST, *share("ABCD")], True, id="neither opens pages"),
        pytest.param(
            [*MOST, *visits("dpl_most", 20), *visits("dpl_late", 200)[1:], *share("ABCD")], True, id="both do"
        ),
        pytest.param([*MOST, *visits("dpl_most", 20), *share("ABCD")], False, id="pages are opened on the other alone"),
        pytest.param([*MOST, *share("ABC")], False, id="it is below the threshold"),
        pytest.param([*MOST, *share("")], False, id="nothing fails on it"),
    ],
)
def test_a_deployment_that_fails_and_may_be_the_newest_is_said(
    tmp_path: Path, sent: list[Sent], *, is_unknown: bool
) -> None:
    report = judged(tmp_path, sent)
    assert report.deployment == "dpl_most"
    assert bool(unknown(report)) is is_unknown
    assert unknown(judged(tmp_path, sent, deployment="dpl_most")) == []


def test_of_two_that_share_the_traffic_all_along_none_is_the_newest(tmp_path: Path) -> None:
    along = [Sent(20 + 30 * n, deployment="dpl_a") for n in range(18)]
    fails = [throws(word, 260 + 20 * n, deployment="dpl_a") for n, word in enumerate("ABCD")]
    [doubt] = unknown(judged(tmp_path, [*MOST, *along, *fails]))
    assert doubt == (
        "dpl_a fails, and whether it is an earlier deployment, or the newest with a share of the traffic (a rolling release), is not known"
        " (choose: --deployment=dpl_a)"
    )
    assert unknown(judged(tmp_path, [*MOST, *visits("dpl_most", 20), *along, *fails])) == []
    assert (
        unknown(
            judged(
                tmp_path,
                [*MOST, *along[:6], *(throws(word, 60 + n, deployment="dpl_a") for n, word in enumerate("ABCD"))],
            )
        )
        == []
    )


def by_testers(minutes: int, *, every: float) -> list[Sent]:
    """Requests of testers, before people come at 0."""
    return [Sent(-60 * minutes + every * n) for n in range(int(60 * minutes / every))]


def came(words: str) -> list[Sent]:
    return [*healthy(300, over=640), *(throws(word, 60 + 10 * n) for n, word in enumerate(words))]


@pytest.mark.parametrize(
    "before",
    [by_testers(30, every=45), by_testers(12, every=300), by_testers(120, every=60)],
    ids=["half an hour", "five requests", "each minute for two hours"],
)
def test_errors_that_came_with_the_people_are_said_where_testers_opened_the_window(
    tmp_path: Path, before: list[Sent]
) -> None:
    report = judged(tmp_path, [*before, *came("ABCD")])
    [doubt] = [one for one in report.proof.missing if "--since=" in one]
    assert doubt.startswith(
        "4 unique Server Action errors (more than 3 are too many) came within 10 minutes of the time"
    )
    since = times.from_text(doubt.rpartition("--since=")[2].rstrip(")"))
    assert judged(tmp_path, [*before, *came("ABCD")], since=since).totals.unique == 4
    assert not [one for one in judged(tmp_path, [*before, *came("ABC")]).proof.missing if "--since=" in one]


def test_a_clock_that_is_years_ahead_makes_no_long_time_of_it(tmp_path: Path) -> None:
    late = [Sent(60 * 365 * 86_400)]
    report = judged(tmp_path, [*by_testers(30, every=45), *came("ABCD"), *late])
    assert [one for one in report.proof.missing if "--since=" in one]


def test_traffic_that_grows_slowly_opens_no_window_anew(tmp_path: Path) -> None:
    grows = [Sent(n * n / 20) for n in range(240)]
    later = [throws(word, 1800 + 10 * n) for n, word in enumerate("ABCD")]
    assert not [one for one in judged(tmp_path, [*grows, *later]).proof.missing if "--since=" in one]
