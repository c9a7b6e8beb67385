"""A failure that logged nothing is explained by what its rows show: status, duration, memory, and what answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from postdeploy.analysis import saved_logs
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.saved_logs import LogQuery
from postdeploy.model import Cause, Recommendation, Severity
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import DEPLOYED, TODAY, Sent, drain_lines, export_csv, export_json, export_lines, healthy, rows

RUNBOOK = read_runbook()
READ = "/api/inbox/conversations"
AT = [*range(5, 545, 9)]


def examined(folder: Path, sent: list[Sent], write: object = export_lines) -> LogReport:
    (folder / "log").write_bytes(write(sorted(rows(sent), key=lambda row: row.at)))  # type: ignore[operator]
    return saved_logs.examine([str(folder / "log")], LogQuery(since=DEPLOYED), RUNBOOK, TODAY)


def reads(status: int, took: int | None = None, memory: int | None = None, source: str = "function") -> list[Sent]:
    return [Sent(at, "GET", READ, status, took=took, memory=memory, source=source) for at in AT]


@pytest.mark.parametrize(
    ("sent", "cause", "says"),
    [
        pytest.param(reads(503, 20), Cause.LIST_ROUTE, "answered at once: a feature flag", id="503 at once"),
        pytest.param(reads(503), Cause.LIST_ROUTE, "503: a feature flag", id="503 and no duration"),
        pytest.param(reads(504, 60_003), Cause.FUNCTION_DIED, "took as long as a function may", id="504 at the limit"),
        pytest.param(reads(504), Cause.FUNCTION_DIED, "504: the function ran into its time limit", id="504 alone"),
        pytest.param(reads(500, 300_020), Cause.FUNCTION_DIED, "took as long as", id="500 at the limit"),
        pytest.param(reads(500, 812, 100), Cause.FUNCTION_DIED, "all of the function's memory", id="all its memory"),
        pytest.param(
            reads(502, 812, 99), Cause.FUNCTION_DIED, "all of the function's memory", id="502, all its memory"
        ),
        pytest.param(reads(500, 812, 40), Cause.LIST_ROUTE, "no message says why", id="nothing unusual"),
        pytest.param(reads(503, source="firewall"), Cause.LIST_ROUTE, "answered by the firewall", id="the firewall"),
        pytest.param(reads(502, source="external"), Cause.LIST_ROUTE, "behind a rewrite", id="another server"),
    ],
)
@pytest.mark.parametrize("write", [export_lines, export_json, export_csv])
def test_reads_that_fail_in_silence_are_investigated(
    tmp_path: Path, sent: list[Sent], cause: Cause, says: str, write: object
) -> None:
    report = examined(tmp_path, [*healthy(60), *sent], write)
    [failure] = [one for one in report.findings if one.severity is Severity.FAIL]
    assert (failure.recommendation, failure.cause) == (Recommendation.INVESTIGATE, cause)
    assert says in failure.sentence


def test_server_actions_stay_a_reason_to_roll_back_and_say_what_is_known(tmp_path: Path) -> None:
    failing = [Sent(at, status=500, took=900, memory=100) for at in AT]
    [failure] = [one for one in examined(tmp_path, [*healthy(20), *failing]).findings if one.severity is Severity.FAIL]
    assert failure.recommendation is Recommendation.ROLL_BACK
    assert "60 of 60 used all of the function's memory" in failure.sentence


def test_what_a_message_explains_is_not_guessed(tmp_path: Path) -> None:
    failing = [Sent(at, "GET", READ, 500, "TypeError: x is not a function", took=20) for at in AT]
    report = examined(tmp_path, [*healthy(20), *failing])
    assert not any("no message says why" in one.sentence for one in report.findings)


def test_a_few_odd_ones_explain_nothing(tmp_path: Path) -> None:
    odd = [Sent(at + 1, "GET", READ, 500, took=20) for at in AT[:5]]
    report = examined(tmp_path, [*healthy(20), *reads(500, 800), *odd])
    [failure] = [one for one in report.findings if one.severity is Severity.FAIL]
    assert "at once" not in failure.sentence


@pytest.mark.parametrize("given", ["x", [], True, -5, {}, "1e9", 1 << 70])
def test_a_duration_that_is_none_costs_no_row(tmp_path: Path, given: object) -> None:
    content = [json.loads(line) for line in export_lines(rows([*healthy(20), *reads(500)])).splitlines()]
    for row in content:
        row["durationMs"] = row["maxMemoryUsed"] = row["memorySize"] = given
    (tmp_path / "log").write_text(json.dumps(content))
    report = saved_logs.examine([str(tmp_path / "log")], LogQuery(since=DEPLOYED), RUNBOOK, TODAY)
    assert (report.totals.malformed, report.totals.inbox) == (0, len(AT))


REPORT = (
    "START RequestId: 643af4e3-975a-4cc7-9e7a-1eda11539d90 Version: $LATEST\n{said}END RequestId: 643af4e3-975a-4cc7-9e7a-1eda11539d90\n"
    "REPORT RequestId: 643af4e3-975a-4cc7-9e7a-1eda11539d90 Duration: {took} ms Billed Duration: {took} ms Memory Size: 1024 MB "
    "Max Memory Used: {used} MB\n"
)


@pytest.mark.parametrize(
    ("said", "took", "used", "says"),
    [
        ("", "812.21", 1024, "all of the function's memory"),
        ("", "60012.00", 200, "took as long as a function may"),
        ("", "12.5", 200, "answered at once"),
        ("TypeError: x is not a function\n", "12.5", 200, ""),
    ],
)
def test_a_drain_shows_it_in_the_lines_of_the_platform(
    tmp_path: Path, said: str, took: str, used: int, says: str
) -> None:
    message = REPORT.format(said=said, took=took, used=used)
    failing = [Sent(at, "GET", READ, 500, message, level="info") for at in AT]
    report = examined(tmp_path, [*healthy(20), *failing], drain_lines)
    [failure] = [one for one in report.findings if one.severity is Severity.FAIL]
    assert ("no message says why" in failure.sentence) == bool(says)
    assert says in failure.sentence
    assert not any("RequestId" in line for line in failure.lines)


def _verdict(folder: Path, sent: list[Sent]) -> tuple[Recommendation | None, int]:
    """What fails the deployment for its Server Actions, if anything does; and how many warnings name another server."""
    report = examined(folder, [*healthy(100), *sent])
    failed = [one.recommendation for one in report.findings if one.severity is Severity.FAIL]
    warned = [one for one in report.findings if one.severity is Severity.WARN and "another server" in one.sentence]
    return (failed[0] if failed else None), len(warned)


@pytest.mark.parametrize(
    ("path", "more", "says"),
    [
        pytest.param("/", {"status": 503, "took": 12}, Recommendation.INVESTIGATE, id="a wall, at once"),
        pytest.param("/", {"status": 503}, Recommendation.INVESTIGATE, id="a wall"),
        pytest.param("/", {"status": 504, "took": 60_000}, Recommendation.INVESTIGATE, id="a time limit"),
        pytest.param("/", {"status": 403 + 100, "source": "firewall"}, Recommendation.INVESTIGATE, id="the firewall"),
        pytest.param("/", {"status": 502, "source": "external"}, Recommendation.INVESTIGATE, id="the inbox elsewhere"),
        pytest.param("/ingest/e", {"status": 503, "source": "redirect"}, Recommendation.INVESTIGATE, id="a rewrite"),
        pytest.param("/", {"status": 500}, Recommendation.ROLL_BACK, id="nothing is known"),
        pytest.param("/", {"status": 500, "took": 12}, Recommendation.ROLL_BACK, id="500 at once"),
        pytest.param("/", {"status": 502}, Recommendation.ROLL_BACK, id="502"),
        pytest.param("/", {"status": 500, "took": 900, "memory": 100}, Recommendation.ROLL_BACK, id="all its memory"),
    ],
)
def test_silent_actions_are_no_reason_to_roll_back_where_the_cause_is_known(
    tmp_path: Path, path: str, more: dict[str, Any], says: Recommendation
) -> None:
    failing = [Sent(at, path=path, **more) for at in AT]
    assert _verdict(tmp_path, failing) == (says, 0)


@pytest.mark.parametrize("path", ["/ingest/e", "/stats/api/event", "/sentry-tunnel"])
def test_what_another_server_answers_is_no_server_action(tmp_path: Path, path: str) -> None:
    assert _verdict(tmp_path, [Sent(at, path=path, status=502, source="external") for at in AT]) == (None, 1)


def test_four_paths_and_statuses_of_a_rewrite_are_no_four_errors(tmp_path: Path) -> None:
    sent = [
        Sent(40 + 60 * number, path=f"/ingest/{name}", status=500 + number, source="external")
        for number, name in enumerate("edisk")
    ]
    assert _verdict(tmp_path, sent) == (None, 1)


def test_four_errors_of_the_code_count_beside_them(tmp_path: Path) -> None:
    theirs = [Sent(at, path="/ingest/e", status=502, source="external") for at in AT]
    words = (
        "owner is not defined",
        "leads.map is not a function",
        "Invalid time value",
        "Unexpected end of JSON input",
    )
    ours = [Sent(40 + 60 * number, status=500, message=f"Error: {said}") for number, said in enumerate(words)]
    assert _verdict(tmp_path, [*theirs, *ours]) == (Recommendation.ROLL_BACK, 1)
