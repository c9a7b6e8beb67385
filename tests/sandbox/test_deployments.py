"""Deployments side by side: each with code, an environment and mistakes of its own, all of them served."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from sandbox.builds import WEB
from sandbox.visitor import cookie_header
from tests.faults.measure import run_suite
from tests.sandbox.wire import DOCUMENT, LIST

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox import Sandbox
    from sandbox.builds import Variant

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(300)]


def look(sandbox: Sandbox, url: str, path: str = LIST) -> httpx.Response:
    """What the smoke user is answered at an address of a deployment; Python may not know where x.localhost is."""
    address = urlsplit(url)
    headers = DOCUMENT | {"Host": address.netloc, "Cookie": cookie_header(sandbox.visitor.sign_in())}
    return httpx.get(f"http://127.0.0.1:{address.port}{path}", headers=headers, timeout=20)


def built_for(sandbox: Sandbox, url: str) -> str:
    """The deployment that a page says it was built for."""
    return look(sandbox, url, "/").text.partition('data-dpl-id="')[2].partition('"')[0]


def test_a_new_deployment_is_live_and_the_former_one_is_served_at_its_own_host(sandbox: Sandbox) -> None:
    former = sandbox.current_deployment
    new = sandbox.deploy("good")
    assert sandbox.current_deployment == new != former
    assert built_for(sandbox, sandbox.url) == built_for(sandbox, sandbox.url_of(new)) == new
    assert built_for(sandbox, sandbox.url_of(former)) == former
    assert [look(sandbox, url).status_code for url in (sandbox.url, sandbox.url_of(former))] == [200, 200]
    assert [(each.id, each.live) for each in sandbox.deployments()][:2] == [(new, True), (former, False)]


def test_nothing_is_left_of_a_deployment_that_was_unmade(sandbox: Sandbox) -> None:
    before = {each.id for each in sandbox.deployments()}
    sandbox.deploy("good")
    assert list(WEB.glob("*~*"))
    sandbox.heal()
    assert ({each.id for each in sandbox.deployments()}, list(WEB.glob("*~*"))) == (before, [])


def test_a_staged_deployment_waits_at_its_own_host(sandbox: Sandbox) -> None:
    former = sandbox.current_deployment
    staged = sandbox.deploy("good", staged=True)
    assert sandbox.current_deployment == former
    assert {each.id: each.substate for each in sandbox.deployments()}[staged] == "STAGED"
    assert look(sandbox, sandbox.url_of(staged)).status_code == 200
    sandbox.promote(staged)
    assert built_for(sandbox, sandbox.url) == staged


def test_while_a_rollback_pins_the_domain_a_push_is_staged(sandbox: Sandbox) -> None:
    former = sandbox.current_deployment
    sandbox.deploy("good")
    known = sandbox.platform_environment()
    answer = httpx.post(
        f"{known['VERCEL_API_URL']}/v1/projects/{known['VERCEL_PROJECT_ID']}/rollback/{former}",
        params={"teamId": known["VERCEL_TEAM_ID"]},
        headers={"Authorization": f"Bearer {known['VERCEL_TOKEN']}"},
    )
    assert answer.status_code == 201
    assert built_for(sandbox, sandbox.url) == former
    pushed = sandbox.deploy("good")
    assert sandbox.current_deployment == former
    sandbox.heal()
    assert pushed not in {each.id for each in sandbox.deployments()}
    assert sandbox.platform.deployments.auto_assign


@pytest.mark.parametrize(
    ("variant", "faults", "environment"),
    [
        pytest.param("good", ("list-route-throws",), {}, id="code"),
        pytest.param("schema-drift", (), {}, id="a migration that was forgotten"),
        pytest.param("good", (), {"DATABASE_URL": None}, id="no database address"),
        pytest.param("good", ("session-not-read",), {}, id="an auth regression"),
    ],
)
def test_what_is_wrong_with_one_deployment_is_right_with_the_other(
    sandbox: Sandbox, variant: Variant, faults: tuple[str, ...], environment: dict[str, str | None]
) -> None:
    former = sandbox.current_deployment
    sandbox.deploy(variant, *faults, environment=environment)
    assert look(sandbox, sandbox.url).status_code >= 401
    assert look(sandbox, sandbox.url_of(former)).status_code == 200
    sandbox.promote(former)
    assert look(sandbox, sandbox.url).status_code == 200


@pytest.mark.parametrize(("who", "code"), [("nothing", "P1001"), ("impostor", "P1000")])
def test_one_deployment_does_not_find_its_database(sandbox: Sandbox, who: str, code: str) -> None:
    former = sandbox.current_deployment
    sandbox.deploy("good", environment=sandbox.database_elsewhere(who))  # type: ignore[arg-type]
    assert look(sandbox, sandbox.url).status_code == 500
    assert look(sandbox, sandbox.url_of(former)).status_code == 200
    assert any(code in row.message for row in sandbox.logs.truth[-20:])


def test_what_is_wrong_with_the_database_is_wrong_with_all(sandbox: Sandbox) -> None:
    former = sandbox.current_deployment
    sandbox.deploy("good")
    sandbox.break_("database-down-before-load")
    assert [look(sandbox, url).status_code for url in (sandbox.url, sandbox.url_of(former))] == [500, 500]


def test_a_mistake_in_the_code_is_the_live_deployments_own(sandbox: Sandbox) -> None:
    former, _ = sandbox.current_deployment, sandbox.deploy("good")
    sandbox.break_("list-route-throws")
    assert [look(sandbox, url).status_code for url in (sandbox.url, sandbox.url_of(former))] == [500, 200]


def test_an_environment_is_the_live_deployments_own(sandbox: Sandbox) -> None:
    former, _ = sandbox.current_deployment, sandbox.deploy("good")
    sandbox.break_("read-api-off")
    assert [look(sandbox, url).json().get("error") for url in (sandbox.url, sandbox.url_of(former))] == [
        "READ_API_DISABLED",
        None,
    ]


def test_a_lost_chunk_is_lost_to_the_live_deployment(sandbox: Sandbox) -> None:
    former, _ = sandbox.current_deployment, sandbox.deploy("good")
    chunk = sandbox.visitor.dashboard_chunks()[0]
    sandbox.break_("chunk-missing")
    assert [look(sandbox, url, chunk).status_code for url in (sandbox.url, sandbox.url_of(former))] == [404, 200]


def test_a_tag_is_the_live_deployments_own(sandbox: Sandbox) -> None:
    former, _ = sandbox.current_deployment, sandbox.deploy("good")
    sandbox.break_("late-banner")
    tag = "while syncing your inbox"
    assert [tag in look(sandbox, url, "/").text for url in (sandbox.url, sandbox.url_of(former))] == [True, False]


def test_the_wall_before_own_hosts_leaves_the_production_domain_open(sandbox: Sandbox) -> None:
    sandbox.break_("own-hosts-walled")
    former = sandbox.current_deployment
    sandbox.deploy("good")
    secret = sandbox.platform_environment()["VERCEL_AUTOMATION_BYPASS_SECRET"]
    host = urlsplit(sandbox.url_of(former)).netloc
    here = f"http://127.0.0.1:{urlsplit(sandbox.url).port}/auth/login"
    assert httpx.get(here, headers={"Host": host}).status_code == 401
    exchange = {"Host": host, "x-vercel-protection-bypass": secret, "x-vercel-set-bypass-cookie": "true"}
    cookie = httpx.get(here, headers=exchange).headers["set-cookie"].partition(";")[0]
    assert httpx.get(here, headers={"Host": host, "Cookie": cookie}).status_code == 200
    assert look(sandbox, sandbox.url).status_code == 200


def test_rows_name_the_deployment_that_wrote_them(sandbox: Sandbox) -> None:
    new = sandbox.deploy("good", "list-route-throws")
    look(sandbox, sandbox.url)
    wrote = [row for row in sandbox.logs.truth[-20:] if row.level == "error"]
    assert {row.origin.deployment_id for row in wrote} == {new}


def test_in_a_rolling_release_both_serve_the_production_domain(sandbox: Sandbox) -> None:
    former = sandbox.current_deployment
    canary = sandbox.deploy("good", "list-route-throws", staged=True)
    sandbox.roll(canary)
    seen = [
        look(sandbox, f"{sandbox.url}", f"{LIST}?vcrrForce{side}=true").status_code for side in ("Canary", "Stable")
    ]
    assert seen == [500, 200]
    assert sandbox.current_deployment == former


@pytest.mark.browser
def test_the_former_deployment_passes_at_its_own_host_while_the_live_one_fails(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    former = sandbox.current_deployment
    sandbox.deploy("good", "client-crash")
    sandbox.break_("own-hosts-walled")
    bypass = "VERCEL_AUTOMATION_BYPASS_SECRET"
    environment = sandbox.environment() | {bypass: sandbox.platform_environment()[bypass]}
    runs = {
        name: run_suite(url, environment, tmp_path / name)
        for name, url in (("former", sandbox.url_of(former)), ("live", sandbox.url))
    }
    assert {name: run.verdict["decision"] for name, run in runs.items()} == {"former": "PASS", "live": "FAIL"}
    assert runs["former"].verdict["deployment"]["deployment_id"] == former
    assert runs["live"].cause == "client-crash"
