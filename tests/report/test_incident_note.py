"""The incident note: what a reader who did not see the run needs, and how it is continued when something is done."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as changed
from pytest_httpserver import HTTPServer

from postdeploy.analysis.log_report import IncidentLine, LogReport, LogWindow
from postdeploy.model import (
    Cause,
    Decision,
    Deployment,
    EvidenceKind,
    EvidenceLine,
    PlatformIdentity,
    Recommendation,
    Severity,
    Stage,
    WillHelp,
)
from postdeploy.record.last_good import KnownBy, LastGood
from postdeploy.redaction import Redactor
from postdeploy.report import incident_note, note_file
from postdeploy.report.facts import RunFacts
from postdeploy.rollback import report as rollback_report
from postdeploy.rollback.report import Assignment, Ending, PreviousDeployment, RollbackReport, TargetDeployment
from postdeploy.verdict.verdict import Coverage, Finding, Verdict
from tests.plugin.calls import LOGIN, NOBODY, run

NOON = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
URL = "https://app.example.com"
GOOD = LastGood(
    "dpl_8", "https://inbox-8.vercel.app", KnownBy.RECORD, "passed its verification on 2026-11-24 10:02 UTC"
)
VERDICT = Verdict(
    Decision.FAIL,
    Recommendation.ROLL_BACK,
    "the inbox shows an error: digest 123",
    findings=(
        Finding(
            "inbox",
            Severity.FAIL,
            "the inbox shows an error: digest 123",
            Cause.SERVER_ACTIONS,
            (
                EvidenceLine("The Master Inbox renders.", EvidenceKind.EXPECTED),
                EvidenceLine("error panel “Server Components”", EvidenceKind.PAGE),
                EvidenceLine("POST / 500 digest 123", EvidenceKind.SEEN),
                EvidenceLine("TypeError: x is not a function", EvidenceKind.SERVER),
            ),
            "test_the_master_inbox_renders_after_login",
        ),
        Finding("inbox", Severity.WARN, "slow: 6.1 s"),
    ),
    coverage=Coverage(("login", "inbox"), {"cron": "cron.source is empty"}),
    writes=("one session of the smoke user",),
    command=f"postdeploy rollback dpl_8 --base-url={URL} --yes",
    target=GOOD,
    will_help=WillHelp.YES,
    evidence_for=("test_x passes on dpl_8 (https://inbox-8.vercel.app), and fails again on this deployment",),
    evidence_against=("not compared with the deployment before",),
)
LOG = LogReport(
    stage=Stage.SMOKE,
    says="window open until 12:10:00 UTC, 2.0 of 10 minutes seen, 1 unique Server Action error, 40 requests",
    incidents=(
        IncidentLine("a" * 12, "server_action_error", "POST /", "TypeError: <…>", 4, 0, NOON.isoformat(), "", True, ""),
        IncidentLine("b" * 12, "route_error", "GET /x", "only ours", 0, 3, NOON.isoformat(), "", True, ""),
    ),
    window=LogWindow(
        opened=NOON.isoformat(), source="by the platform's alias", closes=(NOON + dt.timedelta(minutes=10)).isoformat()
    ),
)
FACTS = RunFacts(
    run_id="1a2b3c4d5e6f",
    started=NOON + dt.timedelta(minutes=1),
    finished=NOON + dt.timedelta(minutes=1, seconds=9),
    url=URL,
    deployment=Deployment(URL, "dpl_9"),
    checks=20,
    log=LOG,
    platform=PlatformIdentity(
        "dpl_9", "https://inbox-9.vercel.app", "c0ffee1234567890", "2026-11-25T11:55:00+00:00", "prj_1"
    ),
)
MOVED = RollbackReport(
    outcome=Ending.MOVED,
    says="app.example.com serves dpl_8",
    url=URL,
    how="promote",
    from_=PreviousDeployment("dpl_9"),
    to=TargetDeployment("dpl_8", says=GOOD.says, known_by=KnownBy.RECORD, failing=("test_slow",)),
    requested_at="2026-11-25T12:05:00+00:00",
    moved_at="2026-11-25T12:05:20+00:00",
    assignment=Assignment(True, True),
    not_restored=("cron jobs: the old ones",),
    undo=(f"vercel promote {URL}", "postdeploy rollback dpl_9"),
)
NOW_GOOD = replace(FACTS, platform=None, deployment=Deployment(URL, "dpl_8"), finished=NOON + dt.timedelta(minutes=9))
RECOVERED = Verdict(Decision.PASS, Recommendation.KEEP, "it loads conversations", headline="RECOVERED")


def link(page: str) -> str:
    return f"https://docs.test/{page}"


def note(verdict: Verdict = VERDICT, facts: RunFacts = FACTS, rollback: RollbackReport | None = None) -> str:
    return incident_note.written(verdict, facts, link, rollback)


def section(text: str, name: str) -> str:
    """What stands below a heading."""
    return text.partition(f"## {name}\n")[2].partition("\n## ")[0].strip()


def status(text: str) -> str:
    [line] = [line for line in text.splitlines() if line.startswith("**Status:**")]
    return line


# Written ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["", "comparing with the last-good deployment, if one is known: up to 30 s"])
def test_a_provisional_recommendation_is_called_that(why: str) -> None:
    assert ("provisional" in status(note(replace(VERDICT, provisional=why)))) is bool(why)


def test_it_says_what_happened_to_whom_and_since_when() -> None:
    text = note()
    assert text.startswith("# app.example.com: the inbox shows an error: digest 123\n")
    assert status(text).endswith(
        "ROLL BACK to the last-good deployment — FAIL, 1 warning; nothing has been changed yet"
    )
    happened = section(text, "What happened")
    assert "served dpl_9 (commit c0ffee123456, built 2026-11-25 11:55:00, https://inbox-9.vercel.app)" in happened
    assert "- in production since 2026-11-25 12:00:00 (by the platform's alias)" in happened
    assert "- inbox: the inbox shows an error: digest 123" in happened
    assert "    - people see: error panel “Server Components”" in happened
    assert "- the log: window open until 12:10:00 UTC" in happened
    assert "4 × `POST /` server_action_error, new: `TypeError: <…>`" in happened
    assert "only ours" not in text


def test_what_was_seen_stands_in_it_as_code() -> None:
    shown = section(note(), "What failed, and how it was seen")
    assert "    test_the_master_inbox_renders_after_login  [server-actions]" in f"    {shown}"
    assert "      page      error panel “Server Components”" in shown
    assert "      server    TypeError: x is not a function" in shown
    assert "expected" not in shown
    assert all(line.startswith("    ") for line in f"    {shown}".splitlines())


def test_it_says_what_speaks_for_the_advice_and_what_against_it() -> None:
    assert section(note(), "Evidence for this recommendation") == (
        "- test_x passes on dpl_8 (https://inbox-8.vercel.app), and fails again on this deployment"
    )
    against = section(note(), "Evidence against it, and what is not known").splitlines()
    assert against == ["- not compared with the deployment before", "- warning, inbox: slow: 6.1 s"]
    unproven = note(replace(VERDICT, will_help=WillHelp.NOT_PROVEN))
    assert "- expected to help: unproven" in section(unproven, "What to do")
    assert "- expected to help: yes" in section(note(), "What to do")


def test_it_says_what_to_do_and_where_to_read_on() -> None:
    text = section(note(), "What to do")
    assert text.startswith(f"```\npostdeploy rollback dpl_8 --base-url={URL} --yes\n```\n")
    assert f"- last-good deployment: dpl_8 (https://inbox-8.vercel.app), which {GOOD.says}" in text
    assert "- read on: https://docs.test/docs/findings/server-actions.md" in text


def test_it_says_what_was_done_with_times() -> None:
    assert section(note(), "What was done (UTC)").splitlines() == [
        f"- 2026-11-25 12:01:00 verification of {URL} began (run 1a2b3c4d, stage smoke)",
        "- 2026-11-25 12:01:09 FAIL: the inbox shows an error: digest 123",
        "- left behind by the verification: one session of the smoke user",
        "- nothing has been changed yet",
    ]


@pytest.mark.parametrize("advice", [one for one in Recommendation if one is not Recommendation.KEEP])
def test_each_advice_names_what_to_watch(advice: Recommendation) -> None:
    watch = section(note(replace(VERDICT, recommendation=advice, command=None)), "What to watch next")
    assert watch.splitlines()[0].startswith("- ")
    assert "- the log's window is open until 2026-11-25 12:10:00" in watch
    assert "- not measured: cron (cron.source is empty)" in watch


def test_without_a_log_the_platform_says_since_when() -> None:
    assert FACTS.platform is not None
    known = replace(FACTS.platform, since="2026-11-25T11:59:00+00:00")
    text = note(facts=replace(FACTS, log=None, platform=known))
    assert "- in production since 2026-11-25 11:59:00 (according to Vercel's alias)" in text


def test_what_is_not_live_hits_nobody_in_production() -> None:
    text = note(replace(VERDICT, recommendation=Recommendation.DO_NOT_PROMOTE, command=None))
    assert "- not in production: it is built, and not live" in section(text, "What happened")


def test_a_window_that_has_closed_is_not_open() -> None:
    late = replace(FACTS, finished=NOON + dt.timedelta(minutes=11))
    assert "window is open" not in section(note(facts=late), "What to watch next")


def test_a_deployment_that_nobody_knows_has_a_note_too() -> None:
    text = note(facts=replace(FACTS, platform=None, deployment=None, log=None))
    assert f"- {URL} served an unknown build" in text
    assert "- in production since: not known, at the latest since 2026-11-25 12:01:00" in text


def test_what_a_page_or_a_log_says_calls_nobody_and_is_no_markup() -> None:
    hostile = "@team <img src=x>\n## What was done (UTC)\n`code`"
    finding = replace(VERDICT.findings[0], summary=hostile, evidence=(EvidenceLine(hostile, EvidenceKind.SEEN),))
    text = note(replace(VERDICT, summary=hostile, findings=(finding,), evidence_for=(hostile,)))
    outside = [line for line in text.splitlines() if not line.startswith("    ")]
    assert [line for line in outside if "@team" in line or "<img" in line] == []
    assert text.count("\n## What was done (UTC)\n") == 1


# Continued ----------------------------------------------------------------------------------------------------------------


def test_a_rollback_goes_on_with_it() -> None:
    text = incident_note.after_rollback(note(), MOVED)
    assert (
        status(text)
        == "**Status:** rolled back to dpl_8, which serves production; it is not proven yet that this helped"
    )
    assert section(text, "What was done (UTC)").splitlines()[-2:] == [
        f"- 2026-11-25 12:05:00 rollback: dpl_9 → dpl_8, which {GOOD.says}",
        "- 2026-11-25 12:05:20 app.example.com serves dpl_8",
    ]
    assert "nothing has been changed yet" not in text
    watch = section(text, "What to watch next")
    assert f"`pytest -m rollback --base-url={URL}`" in watch
    assert "- not restored: cron jobs: the old ones" in watch
    assert "- failed on the target before, and will fail again: test_slow" in watch
    assert "- the next push goes live automatically" in watch
    assert f"- to undo it: `vercel promote {URL}`" in watch
    assert section(text, "What happened") == section(note(), "What happened")


@pytest.mark.parametrize("ending", [one for one in Ending if one is not Ending.MOVED])
def test_a_rollback_that_did_not_move_anything_says_so(ending: Ending) -> None:
    text = incident_note.after_rollback(
        note(), changed(MOVED, outcome=ending, says="dpl_9 still serves", moved_at=None)
    )
    assert status(text) == f"**Status:** the rollback to dpl_8 is {ending}: dpl_9 still serves"
    assert f"    - {ending}: dpl_9 still serves" in text
    assert "postdeploy deployments" in section(text, "What to watch next")


def test_the_proof_ends_it() -> None:
    text = incident_note.after_proof(incident_note.after_rollback(note(), MOVED), RECOVERED, NOW_GOOD)
    assert status(text) == "**Status:** RECOVERED — PASS. it loads conversations"
    done = section(text, "What was done (UTC)").splitlines()
    assert done[-1] == (
        "- 2026-11-25 12:09:00 verified what serves production now (dpl_8): PASS: it loads conversations"
    )
    assert "fix the cause before the next deploy" in section(text, "What to watch next")


def test_nobody_is_told_to_do_what_was_done() -> None:
    before, after = note(), incident_note.after_rollback(note(), MOVED)
    assert "postdeploy rollback dpl_8" in section(before, "What to do")
    assert "postdeploy rollback dpl_8" not in section(after, "What to do")
    assert "- done, see below" in section(after, "What to do")


def test_a_proof_that_fails_keeps_it_open() -> None:
    text = incident_note.after_proof(incident_note.after_rollback(note(), MOVED), VERDICT, NOW_GOOD)
    assert status(text).startswith("**Status:** not recovered, as far as is proven: FAIL:")
    assert "    - inbox: the inbox shows an error: digest 123" in section(text, "What was done (UTC)")


def test_a_rollback_that_nobody_noted_is_noted_with_its_proof() -> None:
    at_once = incident_note.after_proof(note(), RECOVERED, NOW_GOOD, MOVED)
    assert "2026-11-25 12:05:00 rollback" in at_once
    twice = incident_note.after_proof(incident_note.after_rollback(note(), MOVED), RECOVERED, NOW_GOOD, MOVED)
    assert twice.count("rollback: dpl_9") == 1


def test_an_old_rollback_is_none_of_this() -> None:
    other = changed(MOVED, to=TargetDeployment("dpl_3"))
    assert "rollback: dpl_9" not in incident_note.after_proof(note(), RECOVERED, NOW_GOOD, other)
    assert "rollback: dpl_9" not in note(rollback=MOVED)


def test_a_deployment_that_was_gone_back_to_and_fails_has_its_past() -> None:
    text = note(facts=NOW_GOOD, rollback=MOVED)
    done = section(text, "What was done (UTC)").splitlines()
    assert done[0].startswith("- 2026-11-25 12:05:00 rollback")
    assert done[-1] == "- nothing has been changed yet"


def test_what_people_wrote_into_it_stays() -> None:
    edited = note().replace("## What to do\n", "## Who is on it\n\nAda, since 12:03.\n\n## What to do\n")
    edited = edited.replace("- nothing has been changed yet", "- 2026-11-25 12:03:00 informed the team")
    text = incident_note.after_rollback(edited, MOVED)
    assert "Ada, since 12:03." in text
    assert section(text, "What was done (UTC)").splitlines()[3] == "- 2026-11-25 12:03:00 informed the team"


@pytest.mark.parametrize("earlier", [None, "", "notes of my own", "# A title\n\n## What was done (UTC)\n"])
def test_without_a_note_of_ours_one_is_begun(earlier: str | None) -> None:
    text = incident_note.after_proof(incident_note.after_rollback(earlier, MOVED), RECOVERED, NOW_GOOD)
    assert (earlier or "").strip() in text
    assert "2026-11-25 12:05:00 rollback: dpl_9 → dpl_8" in text
    assert "verified what serves production now (dpl_8): PASS" in text


@given(st.text(), st.text(max_size=40))
def test_whatever_stands_there_it_goes_on(earlier: str, says: str) -> None:
    text = incident_note.after_rollback(earlier, changed(MOVED, says=says, requested_at=says))
    again = incident_note.after_rollback(text, changed(MOVED, says=says, requested_at=says))
    assert again == text


# Of a run -----------------------------------------------------------------------------------------------------------------


def verify(reports: Path, url: str, mark: str = "smoke") -> str:
    return run("-m", mark, f"--base-url={url}", f"--reports={reports}")[1]


@pytest.mark.processes
def test_a_failing_run_leaves_a_note_and_names_it(tmp_path: Path) -> None:
    output = verify(tmp_path, "http://127.0.0.1:1")
    text = (tmp_path / "incident.md").read_text(encoding="utf-8")
    assert f"to paste      {tmp_path / 'incident.md'}" in output
    assert text.startswith("# 127.0.0.1:1: ")
    assert "nothing has been changed yet" in status(text)


@pytest.mark.processes
def test_the_note_of_an_earlier_run_is_gone_with_its_verdict(tmp_path: Path, httpserver: HTTPServer) -> None:
    (tmp_path / "incident.md").write_text("old")
    verify(tmp_path, NOBODY)
    assert not (tmp_path / "incident.md").exists()
    (tmp_path / "incident.md").write_text("old")
    run("-m", "smoke", f"--reports={tmp_path}")  # not even a URL
    assert not (tmp_path / "incident.md").exists()


@pytest.mark.processes
def test_the_proof_of_a_rollback_goes_on_with_the_note(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(LOGIN)
    httpserver.expect_request("/auth/login").respond_with_data(LOGIN)
    note_file.write(tmp_path, note(), Redactor())
    rollback_report.write(tmp_path, changed(MOVED, to=TargetDeployment("dpl_1")), Redactor())
    verify(tmp_path, httpserver.url_for("").rstrip("/"), "smoke or rollback")
    assert not (tmp_path / "incident.md").exists()  # that was no mere proof
    note_file.write(tmp_path, note(), Redactor())
    verify(tmp_path, httpserver.url_for("").rstrip("/"), "rollback")
    text = (tmp_path / "incident.md").read_text(encoding="utf-8")
    assert section(text, "What happened") == section(note(), "What happened")
    assert json.loads((tmp_path / "verdict.json").read_text())["decision"] == "INCONCLUSIVE"


def test_the_former_name_is_written_and_removed_too(tmp_path: Path) -> None:
    note_file.write(tmp_path, note(), Redactor())
    assert (tmp_path / "decision.md").read_text(encoding="utf-8") == note() == note_file.read(tmp_path)
    note_file.remove(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_note_of_the_version_before_is_continued(tmp_path: Path) -> None:
    assert note_file.read(tmp_path) is None
    (tmp_path / "decision.md").write_text("notes of my own", encoding="utf-8")
    assert note_file.read(tmp_path) == "notes of my own"


def test_nothing_is_written_unredacted(tmp_path: Path) -> None:
    finding = replace(
        VERDICT.findings[0], evidence=(EvidenceLine("password=hunter2hunter2 for ada@example.test", EvidenceKind.SEEN),)
    )
    text = note(replace(VERDICT, summary="hunter2hunter2 leaked", findings=(finding,)))
    note_file.write(tmp_path, text, Redactor(["hunter2hunter2"]))
    written = (tmp_path / "incident.md").read_text(encoding="utf-8")
    assert "hunter2" not in written
    assert "ada@example.test" not in written
