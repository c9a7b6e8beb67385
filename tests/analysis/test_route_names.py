"""Routes are named by what the app's build says: slugs and locales do not count apart, and pages are known."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from postdeploy.analysis import saved_logs
from postdeploy.analysis.baseline import baseline_of, compared
from postdeploy.analysis.log_report import LogReport, as_baseline
from postdeploy.analysis.route_names import RouteNames, without_locale
from postdeploy.analysis.saved_logs import LogQuery
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import Part
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook
from tests.logs.rows import TODAY, Sent, export_lines, healthy, rows, tallied, throws

RUNBOOK = read_runbook()
ROUTES = (
    "page /",
    "page /w/[slug]",
    "page /w/new",
    "page /docs/[[...rest]]",
    "page /api-keys/[id]",
    "handler /leads/export",
    "handler /files/[...path]",
    "/t/[tenant]/inbox",
    ".next/missing.json",
)


def with_routes(*routes: str) -> Runbook:
    return msgspec.structs.replace(RUNBOOK, logs=msgspec.structs.replace(RUNBOOK.logs, routes=routes))


NAMED = with_routes(*ROUTES)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", "/"),
        ("/w/acme", "/w/[slug]"),
        ("/w/new", "/w/new"),
        ("/w/acme/x", None),
        ("/docs", "/docs/[[...rest]]"),
        ("/docs/a/b/c", "/docs/[[...rest]]"),
        ("/files", None),
        ("/files/a.pdf", "/files/[...path]"),
        ("/t/acme/inbox/", "/t/[tenant]/inbox"),
        ("/a" * 100, None),
    ],
)
def test_a_path_is_found_by_its_most_exact_route(path: str, found: str | None) -> None:
    route = RouteNames(ROUTES).find(path)
    assert (route.path if route else None) == found


@pytest.mark.parametrize(
    ("method", "path", "part", "template"),
    [
        ("POST", "/w/acme", Part.ACTION, "POST /w/:id"),
        ("POST", "/w/acme.io", Part.ACTION, "POST /w/:id"),
        ("POST", "/w/report.pdf", Part.ACTION, "POST /w/:id"),
        ("POST", "/leads/export", Part.ROUTE, "POST /leads/export"),
        ("POST", "/files/a.pdf", Part.ROUTE, "POST /files/:id"),
        ("POST", "/api-keys/abc", Part.ACTION, "POST /api-keys/:id"),
        ("GET", "/de/w/acme", Part.PAGE, "GET /w/:id"),
        ("POST", "/t/acme/inbox", Part.ACTION, "POST /t/:id/inbox"),
        ("POST", "/wp-login.php", Part.ASSET, "POST /wp-login.php"),
        ("POST", "/unlisted", Part.ACTION, "POST /unlisted"),
    ],
)
def test_the_apps_routes_say_what_a_path_is(method: str, path: str, part: Part, template: str) -> None:
    route = SignalReader(NAMED, TODAY).route(method, path)
    assert (route.part, route.template) == (part, template)


@pytest.mark.parametrize(
    ("path", "bare"),
    [
        ("/de/inbox", "/inbox"),
        ("/en-US/inbox", "/inbox"),
        ("/pt-br", "/"),
        ("/zh-Hans/w/acme", "/w/acme"),
        ("/es-419/x", "/x"),
        ("/design", "/design"),
        ("/me", "/me"),
        ("/api/de/x", "/api/de/x"),
        ("/", "/"),
        ("", ""),
    ],
)
def test_a_locale_before_a_path_is_left_out(path: str, bare: str) -> None:
    assert without_locale(path) == bare


SLUGS = [
    throws("the board is gone", 20 + n, path=f"/api-keys/{name}")
    for n, name in enumerate(["red", "blue", "green", "x"])
]
LOCALES = [throws("no board", 20 + n, path=path) for n, path in enumerate(["/b", "/de/b", "/en-US/b", "/fr/b"])]


def test_slugs_are_one_error_where_the_routes_are_known() -> None:
    assert tallied(rows(SLUGS)).unique == 4
    assert tallied(rows(SLUGS), NAMED).unique == 1


def test_locales_are_one_error_in_any_case() -> None:
    assert tallied(rows(LOCALES)).unique == 1


@pytest.mark.parametrize(("now", "before"), [(NAMED, RUNBOOK), (RUNBOOK, NAMED), (NAMED, NAMED), (RUNBOOK, RUNBOOK)])
@pytest.mark.parametrize("message", ["the board is gone", ""], ids=["with a message", "without"])
def test_an_error_known_by_its_path_is_known_by_its_route(now: Runbook, before: Runbook, message: str) -> None:
    failing = SLUGS if message else [Sent(one.at, path=one.path, status=500) for one in SLUGS]
    known = baseline_of("before", tallied(rows(failing), before))
    assert {one.new for one in compared(tallied(rows(failing), now), known).incidents} == {False}


def examined(folder: Path, sent: list[Sent], runbook: Runbook) -> LogReport:
    (folder / "log").write_bytes(export_lines(sorted(rows(sent), key=lambda row: row.at)))
    return saved_logs.examine([str(folder / "log")], LogQuery(), runbook, TODAY)


def test_a_record_keeps_both_names(tmp_path: Path) -> None:
    before = as_baseline(examined(tmp_path, [*healthy(60), *SLUGS], NAMED))
    assert before.fingerprints is not None
    assert all(one.is_in(before.fingerprints) for one in tallied(rows(SLUGS)).incidents)


def test_a_report_says_which_file_of_routes_is_not_there(tmp_path: Path) -> None:
    said = examined(tmp_path, [*healthy(60)], NAMED)
    assert any(".next/missing.json" in note for note in said.notes)
