"""Behind a proxy with a certificate of its own: one variable reaches every tool, and without it each failure names it."""

from __future__ import annotations

import json
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Error, sync_playwright
from pytest_httpserver import HTTPServer

from fixtures.doubts import network_failure
from postdeploy.cli import install_browser
from postdeploy.model import Blocked, Misbehaved
from postdeploy.system.browser import executable
from postdeploy.system.trust import CURE, authorities
from postdeploy.target.clocks import ClockComparison
from postdeploy.target.connection import unreachable
from sandbox import builds, processes
from tests.system.authority import VARIABLES, Private, served

PROJECT = Path(__file__).parents[2]
CLOCK = ClockComparison("https://app.test", 60.0)
NAMES_THE_CURE = "export SSL_CERT_FILE="


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Private]:
    with served(tmp_path_factory.mktemp("authority")) as one:
        yield one


@pytest.fixture(autouse=True)
def _nothing_is_believed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    monkeypatch.setenv("no_proxy", "localhost,127.0.0.1")
    authorities.cache_clear()
    yield
    authorities.cache_clear()


def ask(url: str) -> int:
    return httpx.get(url, verify=authorities()).status_code


def refusal(url: str) -> httpx.ConnectError:
    with pytest.raises(httpx.ConnectError) as refused:
        ask(url)
    return refused.value


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"])
def test_requests_of_ours_believe_what_the_environment_names(
    private: Private, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    refusal(private.url)
    authorities.cache_clear()
    monkeypatch.setenv(variable, str(private.authority))
    assert ask(private.url) == 500, "answered, though there is no page"


def test_a_file_that_only_node_is_given_and_that_cannot_be_read_changes_nothing(
    private: Private, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", "/nowhere.pem")
    refusal(private.url)


def test_without_a_proxy_an_unknown_authority_fails_the_deployment_and_the_cure_is_named(private: Private) -> None:
    found = unreachable(private.url, refusal(private.url), CLOCK)
    assert (type(found), NAMES_THE_CURE in str(found)) == (Misbehaved, True)


def test_behind_a_proxy_an_unknown_authority_is_likely_to_be_the_proxys(
    private: Private, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = refusal(private.url)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    found = unreachable("https://app.test", error, CLOCK)
    assert (type(found), getattr(found, "cure", "")) == (Blocked, CURE)


def test_behind_a_proxy_every_other_failure_of_tls_fails_the_deployment(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = refusal(httpserver.url_for("/").replace("http:", "https:"))
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    found = unreachable("https://app.test", error, CLOCK)
    assert (type(found), "TLS fails" in str(found), NAMES_THE_CURE in str(found)) == (Misbehaved, True, False)


def pip(private: Private, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.syspath_prepend(str(PROJECT / "setup"))
    # Its modules are top-level ones, as `python setup` runs them.
    setup = runpy.run_path(str(PROJECT / "setup" / "packages.py"))
    install = setup["_pip"]
    install.__globals__.update(PYTHON=Path(sys.executable), PROJECT=folder, _LOG=folder / "log")
    with pytest.raises(Exception, match="pip failed") as failed:
        install(f"--index-url={private.url}/simple", f"--target={folder}", "there-is-no-such-package", total=1)
    return str(failed.value)


def npm(private: Private, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("npm_config_registry", private.url)
    monkeypatch.setenv("npm_config_fetch_retry_mintimeout", "1")
    (folder / "package.json").write_text(json.dumps({"dependencies": {"there-is-no-such-package": "1.0.0"}}))
    with pytest.raises(processes.ChildError) as failed:
        builds.npm_install(folder, folder / "log")
    return str(failed.value)


def report(private: Private, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    build = runpy.run_path(str(PROJECT / "reports" / "build.py"))
    npm = str(build["_NODE"].with_name("npm"))
    with pytest.raises(build["ReportError"]) as failed:
        build["_run"]([npm, "view", "there-is-no-such-package", f"--registry={private.url}"], 60)
    return str(failed.value)


def browser(private: Private, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", private.url)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(folder))
    said: list[str] = []
    monkeypatch.setattr(install_browser, "print", lambda text, **_: said.append(text), raising=False)
    assert not install_browser._run([sys.executable, "-m", "playwright", "install", "chromium"], 60)
    return "\n".join(said)


Tool = Callable[[Private, Path, pytest.MonkeyPatch], str]


@pytest.mark.processes
@pytest.mark.timeout(120)
@pytest.mark.parametrize("tool", [pip, npm, report, browser], ids=lambda tool: tool.__name__)
def test_one_variable_reaches_every_tool_and_without_it_the_failure_names_it(
    tool: Tool, private: Private, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private.server.clear()
    assert NAMES_THE_CURE in tool(private, tmp_path, monkeypatch)
    assert private.server.log == [], "nothing was asked of a server that is not trusted"
    monkeypatch.setenv("SSL_CERT_FILE", str(private.authority))
    assert NAMES_THE_CURE not in tool(private, tmp_path, monkeypatch)
    assert private.server.log != [], "asked, though it has nothing"


@pytest.mark.browser
@pytest.mark.parametrize("named", [True, False])
def test_a_browser_that_does_not_know_the_authority_blames_the_deployment_only_if_nothing_else_does(
    private: Private, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    if named:
        monkeypatch.setenv("SSL_CERT_FILE", str(private.authority))
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=executable()).new_page()
        with pytest.raises(Error) as refused:
            page.goto(private.url)
    if named:
        with pytest.raises(Blocked, match="certutil"):
            network_failure(refused.value)
    else:
        assert network_failure(refused.value) == "net::ERR_CERT_AUTHORITY_INVALID"
