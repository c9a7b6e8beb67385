"""Login forms of other apps: sent in another way, in two steps, in a dialog; and each of them broken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.faults.measure import Measured, run_suite
from tests.servers import QuickServer

pytestmark = pytest.mark.browser

USER = {"SMOKE_EMAIL": "ada@example.test", "SMOKE_PASSWORD": "correct horse"}
SESSION = "sb-x-auth-token=base64-e30; Path=/"
RUNBOOK = """
schema = 1
[parts]
inbox.off = "no inbox"
workspaces.off = "no inbox"
session.off = "no inbox"
environment = "off"
[checks]
login = ["test_login_with_the_form_works", "test_a_wrong_password_does_not_sign_in"]
[budgets]
quiet = 1
interact = 2
settle = 5
[login]
submit = "#go"
"""
PAGE = """<!DOCTYPE html><html data-dpl-id="dpl_a"><script src="/_next/a.js"></script><body>{shown}<script>
const post = (url, headers = {{}}) => fetch(url, {{ method: "POST", headers, body: document.querySelector("#password").value }});
const done = (answer) => {{ if (answer.ok) location.assign("/"); }};
const show = (html) => {{ document.body.insertAdjacentHTML("beforeend", html); live(); }};
const live = () => document.querySelectorAll("*").forEach((one) => {{ one.__reactProps$a = {{}}; }});
const dead = () => {{}};
const sent = async () => {{ {sends} }};
document.addEventListener("submit", (event) => {{ if ({scripted}) {{ event.preventDefault(); sent(); }} }});
live();
</script></body></html>"""
EMAIL = "<input id=email name=email type=email>"
PASSWORD = "<input id=password name=password type=password>"
FORM = f"<form method=post action=/api/form>{EMAIL}{PASSWORD}<button id=go>Go</button></form>"
STEPS = f"<form>{EMAIL}<i id=more></i><button id=go>Go</button></form>"
ACTION = 'done(await post("/auth/login", { "next-action": "a" }))'
LEADS = """const answer = await post("/api/leads", { "next-action": "a" });
location.assign(answer.headers.get("x-action-redirect").split(";")[0])"""
ROUTE = 'done(await post("/api/session"))'
SERVICE = f"""const answer = await post("/auth/v1/token?grant_type=password");
if (answer.ok) document.cookie = {json.dumps(SESSION)}; done(answer)"""
ASKS = 'window.addEventListener("beforeunload", (event) => event.preventDefault())'
SECOND_STEP = f"""if (document.querySelector("#password")) {{ {ROUTE} }}
else document.querySelector("#more").insertAdjacentHTML("afterend", {json.dumps(PASSWORD)}), live()"""
IN_A_DIALOG = f"""<button id=open onclick='show({json.dumps(FORM)})'>Sign in</button>"""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    with QuickServer(threaded=True) as server:
        yield server


def _knows(request: Request) -> bool:
    return b"correct" in request.get_data()


def _accepts(status: int = 200, **headers: str) -> Response:
    return Response("{}", status, headers={"set-cookie": SESSION, **headers}, content_type="application/json")


def _in_the_inbox(request: Request) -> Response:
    if not request.cookies.get("sb-x-auth-token"):
        return Response(status=307, headers={"location": "/auth/login"})
    return Response(PAGE.format(shown="The inbox", sends="", scripted="true"), content_type="text/html")


def _by_action(request: Request) -> Response:
    text = '0:{"a":"$@1"}\n1:' + json.dumps({"success": _knows(request), "error": "no"}) + "\n"
    session = {"set-cookie": SESSION} if _knows(request) else {}
    return Response(text, 200, session, content_type="text/x-component")


def _leads(request: Request) -> Response:
    to = {"x-action-redirect": "/;push"} if _knows(request) else {"x-action-redirect": "/auth/login?no=1;push"}
    return Response("", 303, to | ({"set-cookie": SESSION} if _knows(request) else {}), content_type="text/x-component")


def _by_form(request: Request) -> Response:
    known = _knows(request) or request.form.get("password", "").startswith("correct")
    to = "/" if known else "/auth/login?no=1"
    return Response("", 303, {"location": to} | ({"set-cookie": SESSION} if known else {}))


def _run(
    server: HTTPServer, folder: Path, shown: str, sends: str, *, scripted: bool = True, more: str = ""
) -> Measured:
    page = PAGE.format(shown=shown, sends=sends, scripted=str(scripted).lower())
    server.expect_request("/auth/login", method="GET").respond_with_data(page, content_type="text/html")
    server.expect_request("/auth/login", method="POST").respond_with_handler(_by_action)
    server.expect_request("/api/leads").respond_with_handler(_leads)
    server.expect_request("/api/form").respond_with_handler(_by_form)
    refused = Response('{"error": "no"}', 401, content_type="application/json")
    server.expect_request("/api/session").respond_with_handler(lambda one: _accepts() if _knows(one) else refused)
    server.expect_request("/auth/v1/token").respond_with_handler(
        lambda one: Response("{}") if _knows(one) else Response("{}", 400)
    )
    server.expect_request("/api/open").respond_with_handler(lambda _: _accepts())
    server.expect_request("/api/forgets").respond_with_data("{}")
    server.expect_request("/api/throws").respond_with_data("{}", 500)
    server.expect_request("/").respond_with_handler(_in_the_inbox)
    server.expect_request("/_next/a.js").respond_with_data("", content_type="text/javascript")
    runbook = folder / "runbook.toml"
    runbook.write_text(RUNBOOK + more, encoding="utf-8")
    url = server.url_for("").rstrip("/")
    return run_suite(url, USER, folder / "reports", f"--runbook={runbook}", "-k", "form_works or wrong_password")


@pytest.mark.parametrize(
    ("shown", "sends"),
    [
        pytest.param(FORM, ACTION, id="by a Server Action"),
        pytest.param(FORM, LEADS, id="by a Server Action that redirects"),
        pytest.param(FORM, ROUTE, id="by a route"),
        pytest.param(FORM, SERVICE, id="to the auth service"),
        pytest.param(STEPS, SECOND_STEP, id="in two steps"),
        pytest.param(FORM, f"{ASKS}; {ROUTE}", id="from a page that asks whether it may be left"),
    ],
)
def test_however_a_form_is_sent_it_signs_in_and_refuses(
    server: HTTPServer, tmp_path: Path, shown: str, sends: str
) -> None:
    measured = _run(server, tmp_path, shown, sends)
    assert measured.verdict["decision"] == "PASS", measured.output


def test_a_form_may_load_the_next_page(server: HTTPServer, tmp_path: Path) -> None:
    measured = _run(server, tmp_path, FORM, "", scripted=False)
    assert measured.verdict["decision"] == "PASS", measured.output


def test_a_form_may_be_in_a_dialog(server: HTTPServer, tmp_path: Path) -> None:
    measured = _run(server, tmp_path, IN_A_DIALOG, ROUTE, more='opens = "#open"\n')
    assert measured.verdict["decision"] == "PASS", measured.output


@pytest.mark.parametrize(
    ("form", "cause", "says"),
    [
        pytest.param((FORM, "dead()"), "client-crash", "no request followed the click", id="a dead button"),
        pytest.param((STEPS, "dead()"), "never-rendered", "asks for no password", id="the second step never comes"),
        pytest.param(
            (FORM, 'done(await post("/api/open"))'), "open-door", "a wrong password signs in", id="whatever is typed"
        ),
        pytest.param(
            (FORM, 'done(await post("/api/forgets"))'), "auth-regression", "sets no session cookie", id="no session"
        ),
        pytest.param((FORM, 'done(await post("/api/throws"))'), "server", "answered 500", id="the route throws"),
    ],
)
def test_a_form_that_does_not_work_fails(
    server: HTTPServer, tmp_path: Path, form: tuple[str, str], cause: str, says: str
) -> None:
    measured = _run(server, tmp_path, *form)
    assert (measured.verdict["decision"], measured.cause) == ("FAIL", cause), measured.output
    assert says in measured.verdict["summary"]
