"""report.html: the verdict first, one file, nothing of it from elsewhere."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from playwright.sync_api import Browser, sync_playwright

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import Decision, Deployment, EvidenceKind, EvidenceLine, Outcome, Sent, Stage, UsageError
from postdeploy.record.entries import RecordedVerdict
from postdeploy.report import note_file
from postdeploy.report.facts import RunFacts
from postdeploy.report.headline import action
from postdeploy.report.html import pictures
from postdeploy.report.html.rebuilding import rebuild
from postdeploy.report.html.writing import write
from postdeploy.report.writing import write as write_verdict
from postdeploy.system.browser import executable
from postdeploy.verdict.comparison import Attempt, AttemptOutcome, Comparison
from postdeploy.verdict.verdict import UNFINISHED, Verdict
from tests.report.samples import BLOCKED, FAIL, LOG, NOON, PASS, REDACT, SUPERSEDED, ended, facts

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8ffff3f0005fe02fea735d0710000000049454e44ae426082"
)
MINUTES = ((0, 30, 0), (1, 28, 4), (3, 31, 1))
every_verdict = pytest.mark.parametrize(
    "verdict",
    [PASS, FAIL, BLOCKED, SUPERSEDED, UNFINISHED],
    ids=["pass", "fail", "blocked", "superseded", "unfinished"],
)


def earlier(number: int, decision: Decision) -> RecordedVerdict:
    at = NOON - dt.timedelta(days=number)
    return RecordedVerdict(at=at, decision=decision, host="app.example.com", deployment=f"dpl_{number}", seconds=8)


def full() -> RunFacts:
    """Everything that a report can show."""
    failed = ended(
        "b",
        Outcome.FAILED,
        summary="hunter2hunter2 leaked",
        evidence=(
            EvidenceLine("The inbox loads.", EvidenceKind.EXPECTED),
            EvidenceLine("“Database error”", EvidenceKind.PAGE),
            EvidenceLine("P1001", EvidenceKind.SERVER),
        ),
        sent=(Sent("POST", "/inbox", 1.0, status=500, digest="4711", failed=True), Sent("GET", "/", 2.0, status=200)),
    )
    log = msgspec.structs.replace(LOG, minutes=MINUTES)
    return replace(
        facts(Deployment("https://app.example.com", "dpl_1"), log),
        results=(ended("a", Outcome.PASSED, seconds=8.1), failed),
        compared=(Comparison("b", Attempt(AttemptOutcome.PASSED), Attempt(AttemptOutcome.FAILED, "fails again")),),
        history=tuple(earlier(number, Decision.FAIL if number < 3 else Decision.PASS) for number in range(2, 30)),
        complete=True,
    )


def page(folder: Path, verdict: Verdict, known: RunFacts | None = None) -> str:
    write_verdict(folder, verdict, known or full(), REDACT)
    write(folder, verdict, known or full(), REDACT)
    return (folder / "report.html").read_text(encoding="utf-8")


class Read(HTMLParser):
    """What a page consists of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "srcset", "data")]

    def handle_data(self, data: str) -> None:
        if data.strip() and self.tags[-1] not in ("style", "script"):
            self.texts.append(data.strip())


def pictured(folder: Path) -> None:
    for name in ("a", "b", pictures.THERE + "b", pictures.HERE + "b"):
        pictures.keep(folder, name, PNG)


@every_verdict
def test_it_begins_with_what_to_do_and_what_was_proven(tmp_path: Path, verdict: Verdict) -> None:
    texts = Read(page(tmp_path, verdict)).texts
    assert texts[1] == action(verdict)
    assert texts[2].startswith(verdict.decision)


@every_verdict
def test_nothing_is_loaded_from_anywhere(tmp_path: Path, verdict: Verdict) -> None:
    pictured(tmp_path)
    (tmp_path / "allure-report").mkdir()
    (tmp_path / "allure-report" / "index.html").touch()
    read = Read(page(tmp_path, verdict))
    links = {"allure-report/index.html"}
    assert [one for one in read.addresses if not one.startswith(("data:image/", "https://")) and one not in links] == []
    assert {"link", "iframe", "object", "base"}.isdisjoint(read.tags)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style><b>", "&lt;"])
def test_what_the_app_says_is_text(tmp_path: Path, text: str) -> None:
    wicked = ended("b", Outcome.FAILED, summary=text, evidence=(EvidenceLine(text, EvidenceKind.SEEN),))
    html = page(tmp_path, replace(FAIL, summary=text), replace(full(), results=(wicked,)))
    assert Read(html).tags.count("script") == 1
    assert text in Read(html).texts
    assert text not in html.replace("&lt;ref&gt;", "")


def test_no_secret_is_in_it_or_next_to_it(tmp_path: Path) -> None:
    page(tmp_path, FAIL)
    written = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir() if file.is_file()}
    assert {"report.html", "report.json", "verdict.json"} <= written.keys()
    assert [name for name, text in written.items() if "hunter2" in text] == []


def test_a_failure_shows_what_was_expected_what_was_seen_and_the_servers_line(tmp_path: Path) -> None:
    texts = Read(page(tmp_path, FAIL)).texts
    shown = ["The inbox loads.", "“Database error”", "P1001", "POST /inbox 500  (digest 4711)", "fails again"]
    assert [text for text in shown if text not in texts] == []
    assert not [text for text in texts if "GET /" in text], "a request that succeeded"


def test_each_picture_is_inside(tmp_path: Path) -> None:
    pictured(tmp_path)
    found = [one for one in Read(page(tmp_path, FAIL)).addresses if one.startswith("data:image/png")]
    assert len(found) == 5, "the failure, both of the comparison run, and the two frames of the journey"


def test_the_window_is_a_picture_whose_text_says_the_same(tmp_path: Path) -> None:
    read = Read(page(tmp_path, FAIL))
    assert (read.tags.count("svg"), read.tags.count("rect")) == (1, 5)
    assert any("89 requests of users, 5 with an error" in text for text in read.texts)


def windowed(judged: int, *unseen: tuple[float, float]) -> LogReport:
    """A log whose window was judged for so many minutes, without some of them."""
    opened = dt.datetime.fromisoformat(LOG.window.opened)

    def at(minute: float) -> str:
        return (opened + dt.timedelta(minutes=minute)).isoformat()

    proof = msgspec.structs.replace(LOG.proof, unseen=tuple((at(since), at(until)) for since, until in unseen))
    window = msgspec.structs.replace(LOG.window, judged_until=at(judged))
    return msgspec.structs.replace(LOG, minutes=MINUTES, proof=proof, window=window)


@pytest.mark.parametrize(
    ("log", "gaps"),
    [
        pytest.param(windowed(10), 0, id="all of it was seen"),
        pytest.param(windowed(10, (2, 4)), 1, id="something in between is missing"),
        pytest.param(windowed(4, (1, 2)), 2, id="so is the end"),
        pytest.param(windowed(10, (-5, -1)), 0, id="what is missing lies before the window"),
        pytest.param(windowed(10, (-5, 1), (9, 30)), 2, id="what is missing reaches beyond it"),
        pytest.param(windowed(10, (2, 2.0001)), 0, id="it is too short to be drawn"),
    ],
)
def test_what_was_not_seen_is_marked_in_the_picture(tmp_path: Path, log: LogReport, gaps: int) -> None:
    html = page(tmp_path, FAIL, replace(full(), log=log))
    assert html.count('class="gap"') == gaps


def limited(*minutes: float, allowed: int | None = 3) -> LogReport:
    """A log with a unique Server Action error at each of these minutes, a variant of the first, and an error of another kind."""
    opened = dt.datetime.fromisoformat(LOG.window.opened)
    one = LOG.incidents[0]
    found = [
        msgspec.structs.replace(one, fingerprint=f"{at}", first=(opened + dt.timedelta(minutes=at)).isoformat())
        for at in minutes
    ]
    again = [msgspec.structs.replace(each, fingerprint="again", variant_of=each.fingerprint) for each in found[:1]]
    other = msgspec.structs.replace(one, signal="other_error")
    totals = msgspec.structs.replace(LOG.totals, unique=len(minutes), allowed=allowed)
    return msgspec.structs.replace(windowed(10), incidents=(*found, *again, other), totals=totals)


def heights(html: str) -> tuple[float, list[float]]:
    """How far down the limit is drawn, and the steps of the errors."""
    limit = re.search(r'<line[^>]*y1="([\d.]+)"[^>]*class="limit"', html)
    steps = re.search(r'<polyline points="([^"]*)"', html)
    assert limit
    assert steps
    return float(limit[1]), [float(point.partition(",")[2]) for point in steps[1].split()]


def axes(html: str) -> list[float]:
    """How far down the axis of each panel is drawn."""
    return [float(at) for at in re.findall(r'<line[^>]*y1="([\d.]+)"[^>]*class="axis"', html)]


@pytest.mark.parametrize(
    ("minutes", "over"),
    [
        pytest.param((), False, id="no error"),
        pytest.param((1, 2, 2.5), False, id="as many as are tolerated"),
        pytest.param((1, 2, 2.5, 9), True, id="one more"),
        pytest.param((-1, 2, 3, 4, 5, 6, 7, 8), True, id="more than twice as many"),
    ],
)
def test_the_threshold_is_a_line_that_too_many_errors_cross(
    tmp_path: Path, minutes: tuple[float, ...], *, over: bool
) -> None:
    html = page(tmp_path, FAIL, replace(full(), log=limited(*minutes)))
    limit, steps = heights(html)
    assert (min(steps) < limit) == over  # the picture's heights are counted from its top
    assert len({*steps}) == len(minutes) + 1
    assert ('class="unique over"' in html) == over
    assert {
        f"Unique Server Action errors so far: {len(minutes)}",
        "limit: 3, more is FAIL",
    } <= {*Read(html).texts}
    assert "More than 3 unique Server Action errors are too many" in html


def test_requests_and_the_threshold_are_two_panels_each_with_its_axis(tmp_path: Path) -> None:
    html = page(tmp_path, FAIL, replace(full(), log=limited(1, 2, 3, 4)))
    above, below = axes(html)
    limit, steps = heights(html)
    bars = [float(y) + float(tall) for y, tall in re.findall(r'<rect[^>]*y="([\d.]+)"[^>]*height="([\d.]+)"', html)]
    assert above < limit < below
    assert above < min(steps) < max(steps) == below
    assert {*bars} == {above}


def test_after_a_rollback_the_limit_of_a_new_deployment_is_not_drawn(tmp_path: Path) -> None:
    recovered = msgspec.structs.replace(limited(1, 2), stage=Stage.RECOVERY)
    html = page(tmp_path, PASS, replace(full(), log=recovered, stage=Stage.RECOVERY))
    assert (len(axes(html)), 'class="limit"' in html) == (1, False)


def test_a_log_of_an_earlier_version_has_no_limit_in_its_picture(tmp_path: Path) -> None:
    html = page(tmp_path, FAIL, replace(full(), log=limited(1, allowed=None)))
    assert "<svg" in html
    assert 'class="limit"' not in html


@pytest.mark.parametrize(
    ("verdict", "stage", "marks"),
    [
        (PASS, Stage.SMOKE, {"deploy", "window closes"}),
        (PASS, Stage.RECOVERY, {"rollback", "window closes"}),
        (SUPERSEDED, Stage.SMOKE, {"deploy", "another deployment went live"}),
        (SUPERSEDED, Stage.RECOVERY, {"rollback", "another deployment went live"}),
    ],
)
def test_what_began_and_ended_the_window_is_marked(
    tmp_path: Path, verdict: Verdict, stage: Stage, marks: set[str]
) -> None:
    texts = set(Read(page(tmp_path, verdict, replace(full(), stage=stage, log=windowed(4)))).texts)
    assert texts & {"deploy", "rollback", "window closes", "another deployment went live"} == marks


@pytest.mark.parametrize(
    ("story", "shown"),
    [
        ("After login, `/` shows the inbox.", ["After login,", "/", "shows the inbox."]),
        ("`GET /` and `POST /` answer.", ["GET /", "and", "POST /", "answer."]),
        ("A backtick ` stands alone.", ["A backtick ` stands alone."]),
    ],
)
def test_what_is_code_in_a_sentence_is_shown_as_code(tmp_path: Path, story: str, shown: list[str]) -> None:
    failed = ended("b", Outcome.FAILED, summary="x", evidence=(EvidenceLine(story, EvidenceKind.EXPECTED),))
    texts = Read(page(tmp_path, FAIL, replace(full(), results=(failed,)))).texts
    at = texts.index("expected") + 1
    assert texts[at : at + len(shown)] == shown


@pytest.mark.parametrize(
    "log",
    [None, LOG, msgspec.structs.replace(LOG, minutes=MINUTES, window=msgspec.structs.replace(LOG.window, opened=""))],
)
def test_without_counts_there_is_no_picture_of_a_window(tmp_path: Path, log: object) -> None:
    assert "svg" not in Read(page(tmp_path, FAIL, replace(full(), log=log))).tags  # type: ignore[arg-type]


def test_the_last_twenty_deployments_are_there_with_the_first_bad_one(tmp_path: Path) -> None:
    texts = Read(page(tmp_path, FAIL)).texts
    named = [text for text in texts if text.startswith("dpl_") and text != "dpl_1"]
    assert [*named[:2], *named[-1:]] == ["dpl_2", "dpl_3", "dpl_21"]
    assert texts[texts.index("– first bad one") - 1] == "dpl_2"


def test_what_was_not_measured_is_grouped_by_its_reason(tmp_path: Path) -> None:
    coverage = replace(FAIL.coverage, not_measured={"cron": "no token", "logs": "no token", "webhooks": "no source"})
    texts = Read(page(tmp_path, replace(FAIL, coverage=coverage))).texts
    assert ("not measured: 3 parts" in texts, "cron, logs" in texts, "webhooks" in texts) == (True, True, True)


def test_checks_without_a_result_are_one_line_for_each_reason(tmp_path: Path) -> None:
    results = tuple(
        replace(ended("a", Outcome.NOT_REACHED, summary="the sign-in fails"), name=f"t{n}") for n in range(22)
    )
    texts = Read(page(tmp_path, BLOCKED, replace(full(), results=results))).texts
    assert [text for text in texts if "not reached" in text] == ["22 not reached: the sign-in fails"]


def test_the_page_about_the_cause_and_the_incident_note_are_inside(tmp_path: Path) -> None:
    note_file.write(tmp_path, "# the note\n", REDACT)
    texts = Read(page(tmp_path, FAIL)).texts
    assert ("What not to do" in texts, "# the note" in texts) == (True, True)


def test_it_is_built_again_from_what_stands_in_the_folder(tmp_path: Path) -> None:
    pictured(tmp_path)
    before = page(tmp_path, FAIL)
    (tmp_path / "report.html").unlink()
    assert rebuild(tmp_path).read_text(encoding="utf-8") == before


@pytest.mark.parametrize("kept", [None, "{", json.dumps({"run_id": "of another run", "headline": "", "action": "OLD"})])
def test_a_verdict_that_came_alone_is_shown_too(tmp_path: Path, kept: str | None) -> None:
    page(tmp_path, FAIL)
    (tmp_path / "report.json").unlink()
    if kept:
        (tmp_path / "report.json").write_text(kept, encoding="utf-8")
    texts = Read(rebuild(tmp_path).read_text(encoding="utf-8")).texts
    assert texts[1] == "HOLD"


@pytest.mark.parametrize("content", [None, b"", b"[]"])
def test_without_a_verdict_there_is_no_report(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "verdict.json").write_bytes(content)
    with pytest.raises(UsageError, match=r"verdict\.json"):
        rebuild(tmp_path)
    assert not (tmp_path / "report.html").exists()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable())
        yield started
        started.close()


@pytest.mark.browser
@pytest.mark.parametrize("screen", [(1400, 900), (390, 844)], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@every_verdict
def test_it_opens_from_disk_without_a_network(
    tmp_path: Path, browser: Browser, verdict: Verdict, scheme: Literal["light", "dark"], screen: tuple[int, int]
) -> None:
    pictured(tmp_path)
    page(tmp_path, verdict)
    width, height = screen
    context = browser.new_context(offline=True, color_scheme=scheme, viewport={"width": width, "height": height})
    tab = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    address = (tmp_path / "report.html").as_uri()
    tab.goto(address)
    box = tab.locator("h1").bounding_box()
    pictures_there = tab.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)")
    wide = tab.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert ([one for one in asked if not one.startswith(("data:", address))], said) == ([], [])
    assert box
    assert box["y"] + box["height"] < height
    assert (pictures_there, wide <= width) == (True, True)
