"""What earlier runs said of a deployment, and what of it is kept."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.model import Decision, Deployment, Recommendation, Stage
from postdeploy.record import retention as record
from postdeploy.record.entries import (
    RecordedVerdict,
    effective_verdict,
    effective_verdicts,
    good_deployments,
    parse,
    read,
    read_lines,
    verdicts_on,
)
from tests.properties import tried
from tests.record.runs import FAIL, HOST, INCONCLUSIVE, NOON, PASS, earlier, log, run

HOLD = Recommendation.HOLD
OUTAGE = earlier("dpl_1", FAIL, "smoke", recommendation=HOLD)


def test_a_verdict_is_read_as_it_was_written() -> None:
    document = run(
        "dpl_1", FAIL, "window", url="https://inbox-1.vercel.app", project="prj_1", log=log("dpl_1", "a" * 12)
    )
    found = parse(document)
    assert found == RecordedVerdict(
        at=NOON,
        decision=FAIL,
        host=HOST,
        deployment="dpl_1",
        stage=Stage.WINDOW,
        recommendation=Recommendation.INVESTIGATE,
        run_id=found.run_id,
        url="https://inbox-1.vercel.app",
        commit="c0ffee",
        project="prj_1",
        seconds=9,
        measured=("login", "inbox"),
        failing=("test_a",),
        log=log("dpl_1", "a" * 12),
        served=Deployment(f"https://{HOST}", "dpl_1"),
    )
    assert parse(record.entry_of(document)) == found


def test_a_check_that_was_renamed_since_failed_under_its_name_of_today() -> None:
    document = run("dpl_1", FAIL, failing=("test_the_endpoint_refuses_what_is_not_genuine[clay]", "test_a"))
    assert parse(document).failing == ("test_the_endpoint_rejects_missing_and_forged_credentials[clay]", "test_a")


def test_the_page_names_the_deployment_where_the_platform_was_not_asked() -> None:
    assert earlier("dpl_1").deployment == "dpl_1"
    assert earlier("a-build-of-my-own").deployment == ""
    assert earlier(None).deployment == ""


def test_an_entry_keeps_no_example_of_a_log_message() -> None:
    entry = record.entry_of(run("dpl_1", log=log("dpl_1", "a" * 12, example="TypeError: boom")))
    assert b"boom" not in entry
    assert b"\n" not in entry
    assert parse(entry).log == log("dpl_1", "a" * 12)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(b"{", "not a verdict", id="torn"),
        pytest.param(b"\xff\xfe", "not a verdict", id="no text"),
        pytest.param(b'{"schema": 1}', "not a verdict", id="something else"),
        pytest.param(b'{"schema": 2, "verdict": "?"}', "newer version (schema 2)", id="a newer one"),
        pytest.param(
            run("dpl_1").replace(b'"PASS"', b'"MAYBE"').replace(b"\n", b""), "not a verdict", id="an unknown word"
        ),
    ],
)
def test_a_line_that_cannot_be_read_is_a_note_with_its_number(line: bytes, said: str) -> None:
    found = read_lines(b"\n".join([record.entry_of(run("dpl_1")), line, record.entry_of(run("dpl_2"))]))
    assert [one.deployment for one in found.entries] == ["dpl_1", "dpl_2"]
    [note] = found.notes
    assert note.startswith("line 2: ")
    assert said in note


@given(st.lists(st.binary(max_size=60) | st.text(max_size=60).map(str.encode)))
def test_whatever_stands_in_a_file_it_is_read(lines: list[bytes]) -> None:
    assert read_lines(b"\n".join([*lines, record.entry_of(run("dpl_1"))])).entries[-1].deployment == "dpl_1"


def test_a_log_of_another_version_costs_no_verdict() -> None:
    document = json.loads(run("dpl_1", log=log("dpl_1")))
    document["log"]["findings"] = [{"subject": "something-new"}]
    found = parse(json.dumps(document).encode())
    assert (found.decision, found.log) == (PASS, None)


def test_a_run_counts_once_with_what_it_said_last() -> None:
    first, last = run("dpl_1", minutes=1, run_id="same"), run("dpl_1", FAIL, minutes=2, run_id="same")
    assert [one.decision for one in read([("b", last), ("a", first)]).entries] == [FAIL]


def test_entries_come_from_old_to_new() -> None:
    found = read([("b", run("dpl_2", minutes=5)), ("a", run("dpl_1"))])
    assert [one.deployment for one in found.entries] == ["dpl_1", "dpl_2"]


@pytest.mark.parametrize(
    ("runs", "word"),
    [
        pytest.param([(PASS, "smoke")], 0, id="it passed"),
        pytest.param([(PASS, "smoke"), (FAIL, "window")], 1, id="what passed at once fails in its window: not good"),
        pytest.param([(FAIL, "smoke"), (PASS, "smoke")], 1, id="measured again, it passes"),
        pytest.param([(FAIL, "window"), (PASS, "smoke")], 0, id="a look at less takes no failure back"),
        pytest.param([(FAIL, "window"), (PASS, "window")], 1, id="a whole window does"),
        pytest.param([(PASS, "window"), (PASS, "smoke")], 0, id="what is proven stays proven"),
        pytest.param([(PASS, "window"), (FAIL, "smoke")], 1, id="it fails later"),
        pytest.param([(PASS, "smoke"), (INCONCLUSIVE, "window")], 0, id="what proves nothing changes nothing"),
        pytest.param([(INCONCLUSIVE, "smoke")], None, id="nothing was ever proven"),
        pytest.param([(PASS, "recovery")], None, id="the proof of a rollback is not a verification"),
        pytest.param([(PASS, "smoke"), (FAIL, "recovery")], 0, id="nor does it spoil one"),
    ],
)
def test_the_last_word_on_a_deployment(runs: list[tuple[Decision, str]], word: int | None) -> None:
    entries = [earlier("dpl_1", decision, stage, minutes) for minutes, (decision, stage) in enumerate(runs)]
    assert effective_verdict(entries) == (None if word is None else entries[word])


HOLD_WINDOW = earlier("dpl_1", FAIL, "window", recommendation=HOLD)
MENDED = earlier("dpl_1", FAIL, recommendation=Recommendation.FIX_ENVIRONMENT)


@pytest.mark.parametrize(
    ("runs", "word"),
    [
        pytest.param([earlier("dpl_1"), OUTAGE], 0, id="after a PASS"),
        pytest.param([earlier("dpl_1", PASS, "window"), OUTAGE], 0, id="after a proven window"),
        pytest.param([earlier("dpl_1"), HOLD_WINDOW, OUTAGE], 0, id="in its window, and again"),
        pytest.param([earlier("dpl_1", FAIL), OUTAGE], 0, id="after a FAIL of its own"),
        pytest.param([OUTAGE], None, id="alone"),
        pytest.param([OUTAGE, earlier("dpl_1")], 1, id="before a PASS"),
        pytest.param([HOLD_WINDOW, earlier("dpl_1")], 1, id="in its window, and a PASS after it"),
        pytest.param([earlier("dpl_1"), MENDED], 1, id="a wrong variable is the build's own"),
    ],
)
def test_an_outage_says_nothing_about_a_deployment(runs: list[RecordedVerdict], word: int | None) -> None:
    assert effective_verdict(runs) == (None if word is None else runs[word])


def test_the_newest_good_one_is_the_last_that_went_live_whenever_it_was_verified() -> None:
    entries = [
        earlier("dpl_1", minutes=1, project="prj_1", created="2026-11-20T09:00:00+00:00"),
        earlier("dpl_2", minutes=2, project="prj_1", created="2026-11-20T10:00:00+00:00"),
        earlier("dpl_3", minutes=3, project="prj_1", created="2026-11-20T11:00:00+00:00"),
    ]
    again = [
        earlier(f"dpl_{one}", minutes=90 - one, project="prj_1", created=f"2026-11-20T{8 + one:02}:00:00+00:00")
        for one in (1, 2)
    ]
    names = ["dpl_3", "dpl_2", "dpl_1"]
    assert [one.deployment for one in good_deployments(effective_verdicts(entries), "")] == names
    assert [one.deployment for one in good_deployments(effective_verdicts([*entries, *again]), "")] == names


@pytest.mark.parametrize(
    ("since", "first"),
    [
        pytest.param({}, "dpl_2", id="by when it was built"),
        pytest.param({"dpl_1": "2026-11-20T11:30:00+00:00"}, "dpl_1", id="live again after the newer one"),
        pytest.param({"dpl_1": "2026-11-20T09:30:00+00:00"}, "dpl_2", id="live before it"),
    ],
)
def test_a_restored_deployment_went_live_when_it_was_restored(since: dict[str, str], first: str) -> None:
    entries = [
        earlier("dpl_1", project="prj_1", created="2026-11-20T09:00:00+00:00", since=since.get("dpl_1", "")),
        earlier("dpl_2", minutes=-60, project="prj_1", created="2026-11-20T10:00:00+00:00"),
    ]
    assert good_deployments(effective_verdicts(entries), "")[0].deployment == first


def test_an_entry_without_times_is_as_old_as_its_first_verdict() -> None:
    entries = [earlier("dpl_1"), earlier("dpl_2", minutes=5), earlier("dpl_1", minutes=9)]
    assert [one.deployment for one in good_deployments(effective_verdicts(entries), "")] == ["dpl_2", "dpl_1"]


@pytest.mark.parametrize(("ends", "passed"), [(FAIL, True), (PASS, True), (None, False)])
def test_it_is_known_whether_it_ever_passed(ends: Decision | None, passed: bool) -> None:
    runs = [earlier("dpl_1", FAIL), *([earlier("dpl_1", minutes=1), earlier("dpl_1", ends, minutes=2)] if ends else [])]
    assert effective_verdicts(runs)["dpl_1"].ever_passed is passed


def test_a_pass_that_did_not_look_at_the_inbox_makes_nothing_good() -> None:
    only_the_log = earlier("dpl_1", PASS, "window", measured=("logs",))
    failed = earlier("dpl_1", FAIL)
    assert effective_verdict([only_the_log]) is None
    assert effective_verdict([failed, only_the_log]) == failed


def test_the_deployments_of_an_app_are_those_of_its_address_or_its_project() -> None:
    own = earlier("dpl_2", host="inbox-2.vercel.app", project="prj_1")
    entries = [earlier("dpl_1"), own, earlier("dpl_3", host="x.test")]
    assert list(verdicts_on(entries, HOST, "prj_1")) == ["dpl_1", "dpl_2"]
    assert list(verdicts_on(entries, HOST)) == ["dpl_1"]


def test_a_failure_at_its_own_address_is_one_of_the_deployment() -> None:
    entries = [
        earlier("dpl_1", project="prj_1"),
        earlier("dpl_1", FAIL, host="inbox-1.vercel.app", project="prj_1", minutes=1),
    ]
    assert good_deployments(verdicts_on(entries, HOST, "prj_1"), "dpl_2") == []


# What is kept ------------------------------------------------------------------------------------------------------------


def lines_of(content: bytes) -> int:
    return content.count(b"\n")


def test_the_file_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "MOST_ENTRIES", 20)
    content = b""
    for at in range(100):
        content = record.appended(content, record.entry_of(run(f"dpl_{at}", PASS if at % 3 else FAIL, minutes=at)))
    assert lines_of(content) == 20
    assert read_lines(content).entries[-1].deployment == "dpl_99"


def test_it_does_not_grow_in_bytes_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "MOST_BYTES", 10_000)
    content = b""
    for at in range(40):
        content = record.appended(content, record.entry_of(run("dpl_1", INCONCLUSIVE, minutes=at)))
    assert len(content) <= 10_000 + 40


def test_an_old_pass_is_kept_when_everything_since_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "MOST_ENTRIES", 20)
    content = record.entry_of(run("dpl_good", PASS, "window")) + b"\n"
    for at in range(1, 60):
        content = record.appended(content, record.entry_of(run("dpl_bad", INCONCLUSIVE, minutes=at)))
    assert [one.deployment for one in good_deployments(effective_verdicts(read_lines(content).entries), "dpl_bad")] == [
        "dpl_good"
    ]
    assert lines_of(content) == 21


def test_a_failure_that_still_counts_is_kept_however_many_are_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """It failed its window long ago, and was looked at again just now: that it failed must not be forgotten."""
    monkeypatch.setattr(record, "MOST_ENTRIES", 3)
    content = record.entry_of(run("dpl_old", FAIL, "window")) + b"\n"
    for at in range(1, 12):
        content = record.appended(content, record.entry_of(run(f"dpl_{at}", FAIL, minutes=at)))
        content = record.appended(content, record.entry_of(run("dpl_old", PASS, minutes=at)))
    assert effective_verdicts(read_lines(content).entries)["dpl_old"].decision is FAIL


def test_a_failure_that_broke_a_proof_is_kept_with_the_pass_that_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the PASS of the whole window, long ago, would be the last word."""
    monkeypatch.setattr(record, "MOST_ENTRIES", 2)
    content = record.entry_of(run("dpl_1", PASS, "window")) + b"\n"
    for at, decision in enumerate((FAIL, PASS, PASS, PASS, PASS), 1):
        content = record.appended(content, record.entry_of(run("dpl_1", decision, minutes=at)))
    last = effective_verdicts(read_lines(content).entries)["dpl_1"]
    assert (last.decision, last.whole) == (PASS, False)


def test_lines_that_nobody_here_can_read_are_kept_while_they_are_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "MOST_ENTRIES", 3)
    content = record.appended(b'{"schema": 7}\nnonsense', record.entry_of(run("dpl_1")))
    assert content.startswith(b'{"schema": 7}\nnonsense\n')
    content = record.appended(content, record.entry_of(run("dpl_2")))
    assert content.startswith(b"nonsense\n")


RUNS = st.tuples(
    st.sampled_from(["dpl_1", "dpl_2", "dpl_3"]),
    st.sampled_from(Decision),
    st.sampled_from(["smoke", "window", "recovery"]),
    st.sampled_from([HOST, "own.test"]),
    st.sampled_from([HOLD, Recommendation.INVESTIGATE]),
)


@tried(300)
@given(st.lists(RUNS, max_size=30), st.integers(1, 6))
def test_forgetting_changes_no_last_word(runs: list[tuple[str, Decision, str, str, Recommendation]], most: int) -> None:
    """Of so few deployments nothing that counts is ever forgotten."""
    documents = [
        record.entry_of(
            run(name, decision, stage, minutes, host=host, recommendation=advice, project="prj_1", run_id=str(minutes))
        )
        for minutes, (name, decision, stage, host, advice) in enumerate(runs)
    ]
    content, limit = b"", record.MOST_ENTRIES
    record.MOST_ENTRIES = most
    try:
        for document in documents:
            content = record.appended(content, document)
    finally:
        record.MOST_ENTRIES = limit
    whole, left = (read_lines(text).entries for text in (b"\n".join(documents), content))
    assert effective_verdicts(left) == effective_verdicts(whole)


def test_times_without_a_zone_are_taken_for_utc() -> None:
    document = run("dpl_1").replace(b"+00:00", b"")
    assert parse(document).at == NOON.replace(tzinfo=dt.UTC)
