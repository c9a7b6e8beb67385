"""What the wheel holds, and what it does in the repository of an app that has nothing of ours."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from werkzeug import Response

from postdeploy.model import Cause, Reason
from postdeploy.runbook.aliases import earlier_names
from tests.site import RUNBOOK, SOMEBODY, Site, let_in, site, to_the_login_page
from tests.suite.installed import PROJECT, Ended, Installed

pytestmark = pytest.mark.processes
DOCUMENTS = PROJECT / "tests/record/documents"
"""What earlier versions wrote."""
LIST = ("--collect-only", "-q")
OWN_TESTS = """
import pytest

@pytest.mark.smoke
@pytest.mark.parametrize("number", range(20))
def test_of_the_app(number):
    assert number < 20
"""


@pytest.fixture
def served() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app's repository: a short runbook.toml, and no configuration of pytest."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "runbook.toml").write_text(RUNBOOK.format(look=5), encoding="utf-8")
    return folder


def challenged() -> Response:
    return Response("Vercel Security Checkpoint", status=403, headers={"x-vercel-mitigated": "challenge"})


JUDGED = {
    to_the_login_page: (0, "PASS"),
    let_in: (1, "FAIL"),
    challenged: (10, "INCONCLUSIVE"),
}


def ours(folder: Path) -> None:
    (folder / "pytest.ini").write_text("[pytest]\npostdeploy = true\n", encoding="utf-8")


def verdict(app: Path) -> str:
    return str(json.loads((app / "reports" / "verdict.json").read_text(encoding="utf-8"))["decision"])


def test_nothing_but_the_package_is_installed(wheel: Path) -> None:
    names = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"postdeploy"}


def test_each_kind_of_finding_has_its_page_in_it(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"postdeploy/suite/findings/{kind}.md" for kind in (*Cause, *Reason)} <= names


def test_no_module_of_it_imports_from_the_checkout(wheel: Path) -> None:
    packed = zipfile.ZipFile(wheel)
    texts = {name: packed.read(name).decode() for name in packed.namelist() if name.endswith(".py")}
    left = ("from smoke", "import smoke", "from fixtures", "import fixtures", '"fixtures.')
    assert [name for name, text in texts.items() for line in text.splitlines() if line.strip().startswith(left)] == []


@pytest.mark.parametrize("where", ["site", ".venv/lib/python3/site-packages"])
def test_the_checks_are_those_of_a_checkout(app: Path, wheel: Path, installed: Installed, where: str) -> None:
    """By pytest and by the command, wherever it is installed: inside the app's folder, too."""
    ours(app)
    given = ("-m", "smoke", "--base-url=https://app.test", *LIST)
    (app / "runbook.toml").write_text("schema = 1\n", encoding="utf-8")
    found = Installed.unpacked(wheel, app / where)
    here = installed.pytest(PROJECT, *given).checks
    assert len(here) > 10
    assert found.pytest(app, *given).checks == here
    assert found.command(app, "smoke", "app.test", *LIST).checks == here


def test_yesterdays_files_turn_no_gate_red(app: Path, installed: Installed, served: Site) -> None:
    """A runbook in earlier spellings, a record and a verdict.json that earlier versions wrote."""
    runbook = (app / "runbook.toml").read_text(encoding="utf-8")
    now = "test_an_unauthenticated_client_is_redirected_to_the_login_page"
    (earlier,) = earlier_names(now)
    (app / "runbook.toml").write_text(runbook.replace(now, earlier) + "[trial]\nseconds = 60\n", encoding="utf-8")
    shutil.copytree(DOCUMENTS, app / "record")
    (app / "reports").mkdir()
    shutil.copy(DOCUMENTS / "fail.json", app / "reports" / "verdict.json")
    ended = verify(app, installed, served, "pytest", "--record=record")
    assert (ended.code, verdict(app)) == (0, "PASS"), ended.output


@pytest.mark.parametrize("run", ["pytest", "postdeploy smoke"])
@pytest.mark.parametrize("answers", JUDGED)
def test_a_run_judges_a_deployment(
    app: Path, installed: Installed, served: Site, run: str, answers: Callable[[], Response]
) -> None:
    served.inbox = answers
    ended = verify(app, installed, served, run)
    assert (ended.code, verdict(app)) == JUDGED[answers], ended.output
    assert f'class="verdict {JUDGED[answers][1]}"' in (app / "reports" / "report.html").read_text(encoding="utf-8")
    assert "docs/findings" not in ended.output, "a page that is not in this repository"


def verify(app: Path, installed: Installed, served: Site, run: str, *options: str) -> Ended:
    chosen = ("-k", "unauthenticated", *options)
    if run == "pytest":
        ours(app)
        return installed.pytest(app, "-m", "smoke", f"--base-url={served.url}", *chosen, environ=SOMEBODY)
    return installed.command(app, "smoke", served.url, *chosen, environ=SOMEBODY)


@pytest.mark.parametrize("email", ["'ada@example.test'", "ada", "ada@example.test "])
def test_a_malformed_e_mail_is_not_the_deployments_fault(
    app: Path, installed: Installed, served: Site, email: str
) -> None:
    ended = installed.command(app, "smoke", served.url, environ={**SOMEBODY, "SMOKE_EMAIL": email})
    assert (ended.code, verdict(app)) == (10, "INCONCLUSIVE")
    assert "SMOKE_EMAIL is not an e-mail address" in ended.output
    assert "Write name, @ and domain alone" in ended.output


@pytest.fixture
def with_own_smoke(app: Path) -> Path:
    """The app has tests marked `smoke` of its own, in a folder smoke/, with fixtures and options of its own."""
    (app / "pytest.ini").write_text("[pytest]\nmarkers = smoke: of the app\naddopts = --strict-markers\n")
    (app / "conftest.py").write_text(
        "def pytest_addoption(parser):\n    parser.addoption('--watch', action='store_true')\n"
    )
    for name in ("smoke", "fixtures"):
        (app / name).mkdir()
        (app / name / "__init__.py").write_text("")
    (app / "smoke" / "test_login.py").write_text(OWN_TESTS)
    return app


def test_an_apps_own_smoke_runs_as_if_the_package_were_not_there(with_own_smoke: Path, installed: Installed) -> None:
    ended = installed.pytest(with_own_smoke, "-m", "smoke", "--watch")
    assert (ended.code, "20 passed" in ended.output) == (0, True), ended.output
    assert not (with_own_smoke / "reports").exists()


def test_the_command_runs_ours_beside_it(with_own_smoke: Path, installed: Installed, served: Site) -> None:
    served.inbox = to_the_login_page
    ended = verify(with_own_smoke, installed, served, "postdeploy smoke")
    assert (ended.code, "test_of_the_app" in ended.output) == (0, False), ended.output


@pytest.mark.parametrize(
    "name", ["smoke/test_login.py", "smoke/test_login.py::test_login_with_the_form_works", "smoke"]
)
def test_a_check_is_named_as_in_the_checkout(app: Path, installed: Installed, name: str) -> None:
    ours(app)
    (app / "runbook.toml").write_text("schema = 1\n", encoding="utf-8")
    found = installed.pytest(app, "-m", "smoke", "--base-url=https://app.test", *LIST, name).checks
    assert "smoke/test_login.py::test_login_with_the_form_works[chromium]" in found
    assert len({check.partition("::")[0] for check in found}) == (5 if name == "smoke" else 1)


def test_without_a_browser_one_message_names_the_command_that_installs_one(
    app: Path, installed: Installed, tmp_path: Path
) -> None:
    nothing = {"PATH": str(tmp_path), "HOME": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    ended = installed.command(app, "doctor", environ=nothing)
    assert " ".join(ended.output.split()).count("postdeploy install-browser") == 1


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param(("--no-such-option",), id="before its options are read"),
        pytest.param(("--base-url=http://postdeploy.invalid",), id="at preflight"),
        pytest.param(("-k", "nothing"), id="without a check"),
        pytest.param(("--base-url=",), id="without a deployment"),
    ],
)
def test_no_report_of_an_earlier_run_is_left(app: Path, installed: Installed, ends: tuple[str, ...]) -> None:
    ours(app)
    (app / "reports" / "pictures").mkdir(parents=True)
    (app / "reports" / "pictures" / "old.png").touch()
    (app / "reports" / "report.html").write_text("KEEP of yesterday", encoding="utf-8")
    given = ("-m", "smoke", "--base-url=http://127.0.0.1:9", *ends)
    assert installed.pytest(app, *given, environ=SOMEBODY).code != 0
    shown = (app / "reports" / "report.html").read_text(encoding="utf-8")
    assert "yesterday" not in shown
    assert not (app / "reports" / "pictures").exists()


def test_the_version_is_the_wheels(app: Path, installed: Installed, wheel: Path) -> None:
    ended = installed.command(app, "--version")
    assert (ended.code, ended.output.split()) == (0, ["postdeploy", wheel.name.split("-")[1]])
