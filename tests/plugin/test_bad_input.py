"""What a person reads when something is wrong with the call: short, with the cure, the right exit code, no stack trace."""

import datetime as dt
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_httpserver import HTTPServer
from werkzeug import Response

from tests.plugin.calls import LOGIN, NOBODY, ROOT, USER, run
from tests.servers import QuickServer

pytestmark = pytest.mark.processes


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        pytest.param(["-m", "smoke"], 4, "Give --base-url", id="no base URL"),
        pytest.param(["-m", "smoke", "--base-url=app.example.com"], 4, "is not a web address", id="no address"),
        pytest.param(["-m", "smok", f"--base-url={NOBODY}"], 4, "smok", id="an unknown mark"),
        pytest.param(["smoke"], 4, "pytest -m smoke --base-url", id="checks without -m"),
        pytest.param(
            ["-m", "smoke", f"--base-url={NOBODY}", "--without", "nothing"], 4, "unknown part", id="an unknown part"
        ),
        pytest.param(
            ["-m", "smoke", f"--base-url={NOBODY}", "--runbook", "none.toml"], 4, "doctor --init", id="no such runbook"
        ),
        pytest.param(
            ["-m", "smoke", f"--base-url={NOBODY}", "--budget-factor", "0"], 4, "--budget-factor", id="no budget"
        ),
        pytest.param(["-m", "smoke", f"--base-url={NOBODY}"], 10, "does not resolve (DNS)", id="no such host"),
        pytest.param(["-m", "smoke", "--base-url=http://127.0.0.1:1"], 1, "refused", id="nobody listens"),
        pytest.param(
            ["-m", "smoke", f"--base-url={NOBODY}", "-k", "nothing_like_this"], 5, "deselected", id="nothing selected"
        ),
    ],
)
def test_bad_input(tmp_path: Path, arguments: list[str], code: int, told: str) -> None:
    exit_code, output = run(*arguments, f"--reports={tmp_path}")
    assert (exit_code, told in output, "Traceback" in output) == (code, True, False), output


@pytest.mark.parametrize("option", ["--alluredir", "--output"])
@pytest.mark.parametrize("name", ["thesis.tex", "wedding.png", "notes.md", "history.zip"])
def test_a_folder_that_a_run_empties_holds_nothing_else(tmp_path: Path, option: str, name: str) -> None:
    kept = tmp_path / "mine" / name
    kept.parent.mkdir()
    kept.write_text("years of work")
    code, output = run(
        "-m", "smoke", f"--base-url={NOBODY}", f"--reports={tmp_path / 'reports'}", f"{option}={kept.parent}"
    )
    assert (code, "is emptied before the run" in output, kept.exists()) == (4, True, True), output


def test_results_of_an_earlier_run_may_stand_there(tmp_path: Path) -> None:
    for file in (
        "allure/1f-result.json",
        "allure/history/trend.json",
        "allure/history.jsonl",
        "allure/environment.properties",
        "traces/test-login/trace.zip",
        "traces/trace-71-1.zip",
        f"traces/{'0f' * 16}.webm",
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    folders = (
        f"--reports={tmp_path / 'reports'}",
        f"--alluredir={tmp_path / 'allure'}",
        f"--output={tmp_path / 'traces'}",
    )
    code, output = run("-m", "smoke", f"--base-url={NOBODY}", *folders)
    assert (code, "does not resolve" in output) == (10, True), output


def test_a_test_of_another_folder_proves_nothing(tmp_path: Path) -> None:
    code, output = run("-m", "smoke", f"--base-url={NOBODY}", f"--reports={tmp_path}", "tests/test_rules.py")
    assert (code, "is not one of the checks" in output) == (4, True), output


def test_an_earlier_verdict_is_replaced_even_if_the_call_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "verdict.json").write_text('{"decision":"PASS"}')
    run("-m", "smoke", f"--reports={tmp_path}")
    verdict = msgspec.json.decode((tmp_path / "verdict.json").read_bytes())
    assert (verdict["decision"], verdict["summary"]) == ("INCONCLUSIVE", "the run did not finish")


def test_listing_the_checks_proves_nothing(tmp_path: Path) -> None:
    code, output = run(
        "-m", "smoke", f"--base-url={NOBODY}", "--collect-only", "-q", f"--reports={tmp_path / 'reports'}"
    )
    assert (code, "nothing was judged" in output) == (10, True), output
    assert "test_login_with_the_form_works" in output
    verdict = msgspec.json.decode((tmp_path / "reports" / "verdict.json").read_bytes())
    assert (verdict["decision"], verdict["complete"]) == ("INCONCLUSIVE", False)


@pytest.mark.parametrize(
    ("answer", "environment", "code", "told"),
    [
        pytest.param(Response("gone", 404), USER, 1, "answered 404", id="the page is not there"),
        pytest.param(Response("no", 503), USER, 1, "answered 503", id="the page is an error"),
        pytest.param(Response("Example Domain", 200), USER, 10, "serves another app", id="another app"),
        pytest.param(Response('{"message":"Protected deployment"}', 401), USER, 10, "BYPASS_SECRET", id="a wall"),
        pytest.param(
            Response("x", 429, {"x-vercel-mitigated": "challenge"}), USER, 10, "challenged", id="a bot challenge"
        ),
        pytest.param(Response(LOGIN, 200), {}, 10, "Set SMOKE_EMAIL and SMOKE_PASSWORD", id="no credentials"),
        pytest.param(
            Response(LOGIN, 200),
            {"SMOKE_EMAIL": "a@b.test", "SMOKE_PASSWORD": ""},
            10,
            "Set SMOKE_PASSWORD",
            id="an empty password counts as none",
        ),
    ],
)
def test_what_answers_is_not_to_be_judged_or_is_broken(
    *, httpserver: HTTPServer, tmp_path: Path, answer: Response, environment: dict[str, str], code: int, told: str
) -> None:
    httpserver.expect_request("/").respond_with_response(answer)
    httpserver.expect_request("/auth/login").respond_with_response(answer)
    url = httpserver.url_for("").rstrip("/")
    exit_code, output = run("-m", "smoke", f"--base-url={url}", f"--reports={tmp_path}", **environment)
    assert (exit_code, told in output, "Traceback" in output) == (code, True, False), output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("schema = 1\n[inbox\n", "not valid TOML", id="no TOML"),
        pytest.param("schema = 1\n[budgets]\nanswers = 3\n", "Did you mean answer?", id="an unknown key"),
        pytest.param("schema = 1\n[budgets]\nanswer = 'ten'\n", "budgets.answer", id="a wrong type"),
        pytest.param("schema = 2\n", "schema = 1", id="of another version"),
        pytest.param("[budgets]\n", "schema = 1", id="without a version"),
        pytest.param(
            'schema = 1\n[checks]\nlogin = ["test_login_with_the_form_work"]\n',
            "Did you mean test_login_with_the_form_works?",
            id="a check that there is not",
        ),
    ],
)
def test_a_runbook_that_can_not_be_read(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    exit_code, output = run(
        "-m", "smoke", f"--base-url={NOBODY}", f"--runbook={tmp_path / 'mine.toml'}", f"--reports={tmp_path}"
    )
    assert (exit_code, told in output, "Traceback" in output) == (4, True, False), output


def test_a_file_that_pytest_takes_for_its_root_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("schema = 1\n", encoding="utf-8")
    exit_code, output = run("-m", "smoke", f"--base-url={NOBODY}", "--runbook", str(tmp_path / "mine.toml"))
    assert (exit_code, "equals sign" in output) == (4, True), output


@pytest.mark.parametrize(
    "text", ["no json", "{}", '{"cookies": [{"name": "other", "value": "x", "domain": "app.test"}]}']
)
def test_a_session_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "session.json").write_text(text, encoding="utf-8")
    exit_code, output = run(
        "-m", "smoke", f"--base-url={NOBODY}", f"--session={tmp_path / 'session.json'}", f"--reports={tmp_path}"
    )
    assert (exit_code, "--session" in output, "Traceback" in output) == (4, True, False), output


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[HTTPServer]:
    """A server whose certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begun = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(begun).not_valid_after(begun + dt.timedelta(days=36500))
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "pem").write_bytes(pem + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pem")
    with QuickServer(ssl_context=context) as server:
        yield server


def test_a_certificate_that_nobody_vouches_for_is_the_deployments_fault(stranger: HTTPServer, tmp_path: Path) -> None:
    url = f"https://localhost:{stranger.port}"
    exit_code, output = run("-m", "smoke", f"--base-url={url}", f"--reports={tmp_path / 'reports'}", **USER)
    assert (exit_code, "TLS fails" in output, "Traceback" in output) == (1, True, False), output


def test_a_selection_that_leaves_out_a_required_check_proves_too_little(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/").respond_with_response(Response(status=307, headers={"location": "/auth/login"}))
    httpserver.expect_request("/auth/login").respond_with_response(Response(LOGIN, 200))
    url = httpserver.url_for("").rstrip("/")
    exit_code, output = run(
        "-m", "smoke", f"--base-url={url}", f"--reports={tmp_path}", "-k", "unauthenticated", **USER
    )
    assert (exit_code, "required checks did not run" in output, "1 passed" in output) == (10, True, True), output


def test_a_browser_that_never_closes_does_not_keep_the_verdict_back(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/").respond_with_response(Response("Example Domain", 200))
    httpserver.expect_request("/auth/login").respond_with_response(Response("no", 404))
    url = httpserver.url_for("").rstrip("/")
    exit_code, output = run(
        "-p", "tests.plugin.never_closes", "-m", "smoke", f"--base-url={url}", f"--reports={tmp_path}", **USER
    )
    assert (exit_code, output.count("MEASURE AGAIN")) == (10, 1), output
    assert msgspec.json.decode((tmp_path / "verdict.json").read_bytes())["reason"] == "blocked"


def test_a_browser_that_does_not_start_is_told_once_with_the_cure(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/").respond_with_response(Response(status=307, headers={"location": "/auth/login"}))
    httpserver.expect_request("/auth/login").respond_with_response(Response(LOGIN, 200))
    url = httpserver.url_for("").rstrip("/")
    options = ["-m", "smoke", f"--base-url={url}", f"--reports={tmp_path}", "--browser-channel=chrome-canary"]
    exit_code, output = run(*options, **USER)
    notes = [line for line in output.splitlines() if line.startswith("  note")]
    assert (exit_code, "Run: postdeploy install-browser" in output, len(notes)) == (10, True, 1), output


def test_a_line_of_env_that_can_not_be_read_is_named_and_not_shown(tmp_path: Path) -> None:
    for name in ("conftest.py", "fixtures", "smoke", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / ".env").write_text("SMOKE_EMAIL=a@b.test\nhunter2 hunter2\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "smoke", f"--base-url={NOBODY}", f"--reports={tmp_path}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert (done.returncode, ".env, line 2" in said, "hunter2" in said, "Traceback" in said) == (
        4,
        True,
        False,
        False,
    ), said
