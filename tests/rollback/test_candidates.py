"""The last-good deployment: by the record first, according to Vercel second, and never one that cannot be used."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from postdeploy.model import Decision, Recommendation
from postdeploy.record.entries import Record, RecordedVerdict, effective_verdicts
from postdeploy.record.last_good import KnownBy, LastGood, NoLastGood
from postdeploy.redaction import Secret
from postdeploy.rollback.candidates import find_last_good
from postdeploy.rollback.choice import PlatformFacts, choose
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment, find, previous
from postdeploy.vercel.project import project_state
from postdeploy.vercel.promotions import promote
from postdeploy.vercel.retry import RetryPolicy
from sandbox.alone import platform_alone
from sandbox.deployments import Deployment
from tests.properties import tried
from tests.record.runs import FAIL, HOST, PASS, earlier, log

CURRENT = "dpl_9"
THIRD = Deployment("dpl_third", "http://127.0.0.1:1")


def built(number: int, **more: object) -> PlatformDeployment:
    """A deployment that can be gone back to; the higher its number, the newer it is."""
    one = PlatformDeployment(
        f"dpl_{number}",
        url=f"inbox-{number}.vercel.app",
        created_at=number * 1000,
        state="READY",
        substate="PROMOTED",
        target="production",
        project="prj_1",
    )
    return replace(one, **more)  # type: ignore[arg-type]


def known(*deployments: PlatformDeployment, before: str | None = None, complete: bool = True) -> PlatformFacts:
    """What a platform knows that offers all of these, and the current one."""
    everything = {one.id: one for one in (*deployments, built(9))}
    offered = tuple(sorted((one.id for one in deployments), reverse=True))
    return PlatformFacts(everything, before, offered, complete, "prj_1")


def chosen(*entries: RecordedVerdict, of: PlatformFacts, failing: tuple[str, ...] = ()) -> LastGood:
    found = choose(effective_verdicts(entries), of, CURRENT, failing)
    assert isinstance(found, LastGood), found
    return found


def none(*entries: RecordedVerdict, of: PlatformFacts, failing: tuple[str, ...] = ()) -> str:
    found = choose(effective_verdicts(entries), of, CURRENT, failing)
    assert isinstance(found, NoLastGood), found
    assert found.looked
    return found.why


# The choice ---------------------------------------------------------------------------------------------------------------


def test_the_newest_that_passed_is_the_last_good() -> None:
    found = chosen(
        earlier("dpl_1"), earlier("dpl_2", PASS, "window", 5, log=log("dpl_2")), of=known(built(1), built(2))
    )
    assert found == LastGood(
        "dpl_2",
        "https://inbox-2.vercel.app",
        KnownBy.RECORD,
        "passed its verification on 2026-11-20 12:05 UTC, its whole log window included (according to the record)",
    )


def test_what_passed_comes_before_what_was_live_last() -> None:
    found = chosen(earlier("dpl_1"), earlier("dpl_2", FAIL), of=known(built(1), built(2), before="dpl_2"))
    assert (found.id, found.known_by) == ("dpl_1", KnownBy.RECORD)


def test_without_a_record_it_is_what_was_live_before() -> None:
    found = chosen(of=known(built(3), built(7), before="dpl_3"))
    assert (found.id, found.known_by, found.failing) == ("dpl_3", KnownBy.PLATFORM, ())
    assert found.says == "was live just before (according to Vercel; no run has verified it)"


def test_what_failed_is_offered_last_and_with_what_it_failed() -> None:
    bad = (earlier("dpl_7", minutes=-5), earlier("dpl_7", FAIL, failing=("test_x",)))
    assert chosen(*bad, of=known(built(3), built(7), before="dpl_7")).id == "dpl_3"
    found = chosen(*bad, of=known(built(7), before="dpl_7"))
    assert (found.id, found.failing) == ("dpl_7", ("test_x",))
    assert "it failed its verification on 2026-11-20 12:00 UTC" in found.says


def test_what_failed_with_the_same_check_cannot_be_a_target() -> None:
    bad = (earlier("dpl_7", minutes=-5), earlier("dpl_7", FAIL, failing=("test_x", "test_y")))
    why = none(*bad, of=known(built(7), before="dpl_7"), failing=("test_y",))
    assert why == "dpl_7 was live before, but the same checks failed there: test_x, test_y"


@pytest.mark.parametrize("runs", [1, 2, 3])
@pytest.mark.parametrize("failing", [(), ("test_other",)])
def test_what_only_ever_failed_is_no_target(runs: int, failing: tuple[str, ...]) -> None:
    bad = [earlier("dpl_7", FAIL, minutes=at, failing=("test_x",)) for at in range(runs)]
    why = none(*bad, of=known(built(7), before="dpl_7"), failing=failing)
    assert why.startswith("dpl_7 was live before, but it failed its verification on 2026-11-20 12:0")
    assert why.endswith("test_x, and no run found it good")
    assert chosen(*bad, of=known(built(3), built(7), before="dpl_7"), failing=failing).id == "dpl_3"


def test_an_outage_in_its_window_leaves_a_good_deployment_the_target() -> None:
    """X1 … X3 passed; the database went down while X3 was watched, and came back. X4 crashes."""
    entries = [earlier(f"dpl_{number}", minutes=number) for number in (1, 2, 3)]
    entries.append(earlier("dpl_3", FAIL, "window", 4, recommendation=Recommendation.HOLD))
    for of in (known(built(1), built(2), built(3)), known(built(1), built(2), built(3), before="dpl_3")):
        assert chosen(*entries, of=of).id == chosen(of=of).id == "dpl_3"


def test_verifying_an_old_one_again_does_not_make_it_the_target() -> None:
    entries = [*(earlier(f"dpl_{number}", minutes=number) for number in (1, 2, 3)), earlier("dpl_1", minutes=60)]
    assert chosen(*entries, of=known(built(1), built(2), built(3))).id == "dpl_3"


SKIPPED = {
    "it failed": (
        [earlier("dpl_7", FAIL, failing=("test_x",))],
        built(7),
        "it failed its verification on 2026-11-20 12:00 UTC: test_x",
    ),
    "no run of it": ([], built(7), "no run found it good"),
    "only an outage": ([earlier("dpl_7", FAIL, recommendation=Recommendation.HOLD)], built(7), "no run found it good"),
    "rolled back from": ([], built(12), "production was rolled back from it"),
    "it passed, and can not be used": ([earlier("dpl_7")], built(7, url=""), "but its own address is unknown"),
}


@pytest.mark.parametrize(("runs", "newer", "why"), SKIPPED.values(), ids=SKIPPED)
def test_a_newer_one_that_is_not_the_target_is_named_with_the_reason(
    runs: list[RecordedVerdict], newer: PlatformDeployment, why: str
) -> None:
    found = chosen(earlier("dpl_3", minutes=-9), *runs, of=known(built(3), newer))
    [skipped] = found.skipped
    assert found.id == "dpl_3"
    assert skipped.startswith(f"{newer.id}: ")
    assert skipped.endswith(why)


def test_older_ones_and_such_as_were_never_live_are_not_named() -> None:
    assert chosen(earlier("dpl_3"), of=known(built(1), built(3), built(7, substate="STAGED"))).skipped == ()


def test_what_production_was_rolled_back_from_cannot_be_a_target() -> None:
    """The current one is older than what was live before it: production was rolled back."""
    found = chosen(of=known(built(3), built(12), before="dpl_12"))
    assert found.id == "dpl_3"
    none = choose({}, known(built(12), before="dpl_12"), CURRENT)
    assert isinstance(none, NoLastGood)
    assert "dpl_12 was live, but production was rolled back from it" in none.why


def test_unless_it_passed_but_then_it_comes_last() -> None:
    entries = (earlier("dpl_12", minutes=9), earlier("dpl_3"))
    assert chosen(*entries, of=known(built(3), built(12))).id == "dpl_3"
    assert chosen(*entries, of=known(built(12))).says.endswith("production was rolled back from it since")


UNFIT = {
    "deleted": (built(7, deleted=True), "it no longer exists"),
    "a preview": (built(7, target=""), "was not built for production"),
    "not ready": (built(7, state="ERROR"), "not ready (ERROR)"),
    "never live": (built(7, substate="STAGED"), "never been live"),
    "of another project": (built(7, project="prj_2"), "belongs to another project (prj_2)"),
    "without an address": (built(7, url=""), "its own address is unknown"),
}


@pytest.mark.parametrize(("unfit", "why"), UNFIT.values(), ids=UNFIT)
def test_what_is_not_fit_is_no_target_and_the_reason_is_said(unfit: PlatformDeployment, why: str) -> None:
    good = earlier("dpl_7", minutes=9)
    assert why in none(good, of=known(unfit))
    assert chosen(good, of=known(unfit, built(3))).id == "dpl_3"


def test_what_is_gone_is_no_target() -> None:
    platform = PlatformFacts({"dpl_7": None, CURRENT: built(9)}, "dpl_7", (), True, "prj_1")
    assert none(earlier("dpl_7"), of=platform).endswith("but it no longer exists")
    assert none(of=platform) == "dpl_7 was live before, but it no longer exists"


def test_beyond_the_plan_is_said() -> None:
    platform = PlatformFacts({"dpl_3": built(3), "dpl_7": built(7), CURRENT: built(9)}, "dpl_7", (), True, "prj_1")
    entries = (earlier("dpl_3"), earlier("dpl_7", minutes=-1), earlier("dpl_7", FAIL, failing=("test_x",)))
    assert "the account's plan" in none(*entries, of=platform, failing=("test_x",))
    assert chosen(*entries, of=platform).id == "dpl_7"


def test_of_a_long_list_that_was_not_read_to_its_end_nothing_is_concluded() -> None:
    platform = PlatformFacts({"dpl_3": built(3), CURRENT: built(9)}, None, (), False, "prj_1")
    assert chosen(earlier("dpl_3"), of=platform).id == "dpl_3"


def test_our_record_vouches_where_the_platform_does_not_say_whether_it_was_live() -> None:
    assert chosen(earlier("dpl_3"), of=known(built(3, substate=""))).id == "dpl_3"
    assert "never been live" in none(of=known(built(3, substate="")))


def test_the_first_deployment_ever_has_nothing_before_it() -> None:
    assert none(of=known()) == "Vercel offers no deployment that was live before this one"
    assert none(earlier(CURRENT), of=known()) == "Vercel offers no deployment that was live before this one"


ENTRIES = st.builds(
    lambda name, decision, stage, minutes, advice: earlier(name, decision, stage, minutes, recommendation=advice),
    st.sampled_from([f"dpl_{number}" for number in (1, 2, 3, 9, 12)]),
    st.sampled_from(Decision),
    st.sampled_from(["smoke", "window", "recovery"]),
    st.integers(0, 99),
    st.sampled_from([Recommendation.HOLD, Recommendation.INVESTIGATE]),
)
DEPLOYMENTS = st.builds(
    lambda number, state, substate, target, deleted, project, url: built(
        number, state=state, substate=substate, target=target, deleted=deleted, project=project, url=url
    ),
    st.sampled_from([1, 2, 3, 12]),
    st.sampled_from(["READY", "READY", "ERROR", ""]),
    st.sampled_from(["PROMOTED", "PROMOTED", "STAGED", ""]),
    st.sampled_from(["production", "production", "staging", ""]),
    st.booleans(),
    st.sampled_from(["prj_1", "prj_1", "prj_2", ""]),
    st.sampled_from(["inbox.vercel.app", ""]),
)


@tried(500)
@given(
    st.lists(ENTRIES, max_size=8),
    st.lists(DEPLOYMENTS, max_size=4, unique_by=lambda one: one.id),
    st.sampled_from([None, "dpl_1", "dpl_9", "dpl_12"]),
    st.sets(st.sampled_from(["test_a"])),
)
def test_a_target_is_never_the_current_one_and_never_unfit(
    entries: list[RecordedVerdict], deployments: list[PlatformDeployment], before: str | None, failing: set[str]
) -> None:
    entries.sort(key=lambda one: one.at)
    platform = known(*deployments, before=before)
    found = choose(effective_verdicts(entries), platform, CURRENT, failing)
    if isinstance(found, NoLastGood):
        assert found.why
        return
    one = platform.deployments[found.id]
    assert found.id != CURRENT
    assert one is not None
    assert (one.state, one.target, one.deleted) == ("READY", "production", False)
    assert one.substate != "STAGED"
    assert one.project in ("prj_1", "")
    assert found.url == "https://inbox.vercel.app"
    word = effective_verdicts(entries).get(found.id)
    assert (found.known_by is KnownBy.RECORD) == (word is not None and word.decision is PASS)
    if word is not None and word.decision is FAIL:
        assert word.ever_passed
        assert found.failing == word.failing
        assert not failing & set(found.failing)


def recorded(entries: list[RecordedVerdict] | None, *notes: str) -> Record | None:
    return None if entries is None else Record(tuple(entries), notes)


# Asking -------------------------------------------------------------------------------------------------------------------


def shown(one: PlatformDeployment) -> dict[str, object]:
    return {
        "id": one.id,
        "uid": one.id,
        "url": one.url,
        "createdAt": one.created_at,
        "readyState": one.state,
        "readySubstate": one.substate,
        "target": one.target,
        "projectId": one.project,
        "meta": {"githubCommitSha": "c0ffee"},
    }


def client(server: HTTPServer) -> Vercel:
    access = Access(Secret("the-token"), "prj_1", "team_1", server.url_for("").rstrip("/"))
    return Vercel(access, RetryPolicy(attempts=1, answer=2.0))


def serve(server: HTTPServer, *deployments: PlatformDeployment, before: str | None = None) -> None:
    switch = {"fromDeploymentId": before, "toDeploymentId": CURRENT, "jobStatus": "succeeded", "type": "promote"}
    server.expect_request("/v9/projects/prj_1").respond_with_json({"id": "prj_1", "lastAliasRequest": switch})
    server.expect_request("/v7/deployments").respond_with_json({"deployments": [shown(one) for one in deployments]})
    for one in (*deployments, built(9)):
        server.expect_request(f"/v13/deployments/{one.id}").respond_with_json(shown(one))


def test_it_is_found_by_the_record_and_the_platform_together(httpserver: HTTPServer) -> None:
    serve(httpserver, built(3), built(7), before="dpl_7")
    entries = [earlier("dpl_3"), earlier("dpl_5", minutes=3), earlier("dpl_7", FAIL)]
    httpserver.expect_request("/v13/deployments/dpl_5").respond_with_json({"error": {"code": "not_found"}}, 404)
    with client(httpserver) as vercel:
        found = find_last_good(recorded(entries), vercel, CURRENT, HOST)
    assert isinstance(found, LastGood)
    assert (found.id, found.url, found.commit) == ("dpl_3", "https://inbox-3.vercel.app", "c0ffee")


def test_what_serves_the_domain_now_is_asked_for_where_it_is_unknown(httpserver: HTTPServer) -> None:
    serve(httpserver, built(3))
    httpserver.expect_request(f"/v13/deployments/{HOST}").respond_with_json(shown(built(9)))
    with client(httpserver) as vercel:
        found = find_last_good(recorded([earlier(CURRENT), earlier("dpl_3")]), vercel, None, HOST)
    assert isinstance(found, LastGood)
    assert found.id == "dpl_3"


def test_a_run_at_a_deployments_own_address_counts_for_its_project(httpserver: HTTPServer) -> None:
    serve(httpserver, built(3))
    elsewhere = earlier("dpl_3", host="inbox-3.vercel.app", project="prj_1")
    with client(httpserver) as vercel:
        found = find_last_good(recorded([elsewhere]), vercel, CURRENT, HOST)
    assert isinstance(found, LastGood)
    assert found.known_by is KnownBy.RECORD


def test_a_platform_that_refuses_leaves_the_record(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v9/projects/prj_1").respond_with_json({}, 403)
    with client(httpserver) as vercel:
        found = find_last_good(recorded([earlier("dpl_3", url="https://inbox-3.vercel.app")]), vercel, CURRENT, HOST)
        nothing = find_last_good(recorded([]), vercel, CURRENT, HOST)
    assert isinstance(found, LastGood)
    assert found.says.endswith("(according to the record); not checked with Vercel")
    assert isinstance(nothing, NoLastGood)
    assert not nothing.looked
    assert "Vercel answers GET /v9/projects/prj_1 with an error (403)" in nothing.why
    assert "Check that VERCEL_TOKEN is valid" in nothing.why


@pytest.mark.parametrize("entries", [[], [earlier("dpl_3", url="https://inbox-3.vercel.app")]])
@pytest.mark.parametrize("asked", [True, False])
def test_what_of_the_record_was_not_read_is_said_with_the_answer(
    httpserver: HTTPServer, entries: list[RecordedVerdict], asked: bool
) -> None:
    serve(httpserver, built(3))
    with client(httpserver) as vercel:
        found = find_last_good(recorded(entries, "line 7: torn"), vercel if asked else None, CURRENT, HOST)
        whole = find_last_good(recorded(entries), vercel if asked else None, CURRENT, HOST)
    said, silent = (one.says if isinstance(one, LastGood) else one.why for one in (found, whole))
    assert said == f"{silent} (the record was read in part: line 7: torn)"


# Without Vercel -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["https://inbox-3.vercel.app", ""], ids=["with its address", "without"])
def test_without_a_token_the_record_counts(url: str) -> None:
    entries = [earlier("dpl_2", url="https://inbox-2.vercel.app"), earlier("dpl_3", minutes=1, url=url)]
    found = find_last_good(recorded(entries), None, CURRENT, HOST)
    assert isinstance(found, LastGood)
    assert (found.id, found.url, found.known_by) == ("dpl_3", url, KnownBy.RECORD)
    assert found.says.endswith("not checked with Vercel")


@pytest.mark.parametrize(
    ("entries", "current", "why"),
    [
        pytest.param(None, CURRENT, "no record of earlier runs (--record), and without VERCEL_TOKEN", id="neither"),
        pytest.param([], CURRENT, "knows no other deployment of app.example.com that passed", id="an empty record"),
        pytest.param([earlier(CURRENT)], CURRENT, "knows no other deployment", id="only the current one"),
        pytest.param(
            [earlier("dpl_3", url="https://inbox-3.vercel.app")],
            None,
            "does not name its deployment",
            id="unnamed",
        ),
        pytest.param(
            [earlier("dpl_3", host="x.test", url="https://inbox-3.vercel.app")],
            CURRENT,
            "no other deployment",
            id="foreign",
        ),
    ],
)
def test_without_a_token_what_is_missing_is_said_with_the_cure(
    entries: list[RecordedVerdict] | None, current: str | None, why: str
) -> None:
    found = find_last_good(recorded(entries), None, current, HOST)
    assert isinstance(found, NoLastGood)
    assert (found.looked, why in found.why, "Set VERCEL_TOKEN and VERCEL_PROJECT_ID" in found.why) == (
        False,
        True,
        True,
    )


def test_what_production_was_rolled_back_from_cannot_be_a_target_for_the_next_one() -> None:
    """The old one was good, the new one was taken back, and now a third is bad: the rollback target is the old one."""
    with platform_alone() as platform:
        deployments, clock = platform.deployments, platform.clock
        for id_ in ("dpl_old", "dpl_new"):
            deployments.add(replace(deployments.find(id_) or THIRD, created_at=clock.now))
            clock.advance(60)
        known = platform.environment()
        access = Access(
            Secret(known["VERCEL_TOKEN"]), known["VERCEL_PROJECT_ID"], known["VERCEL_TEAM_ID"], platform.url
        )
        with Vercel(access, RetryPolicy(attempts=1, answer=2.0)) as vercel:
            assert promote(vercel, find(vercel, "dpl_old"), project_state(vercel), None).error is None
            clock.advance(60)
            deployments.deploy(replace(THIRD, created_at=clock.now))
            found = find_last_good(None, vercel, "dpl_third", deployments.domain)
            before = previous(vercel, find(vercel, "dpl_third"))
    assert isinstance(found, LastGood)
    assert (found.id, before and before.id) == ("dpl_old", "dpl_old")
