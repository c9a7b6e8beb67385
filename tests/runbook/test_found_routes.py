"""Where no runbook names the app's routes, the files of its build and vercel.json do, if they lie in the runbook's folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from postdeploy.runbook.found_routes import MOST_ROUTES
from postdeploy.runbook.layers import read_layers
from postdeploy.runbook.reading import read_runbook
from tests.runbook.test_app_routes import ALL, APP, VERCEL

FROM_APP = ("page /w/[slug]", "handler /api/leads/[id]", "page /")
FILES = {
    ".next/app-path-routes-manifest.json": (APP, FROM_APP),
    ".next/routes-manifest.json": (ALL, ("/crm", "/crm/docs/[...rest]")),
    ".next/standalone/.next/app-path-routes-manifest.json": (APP, FROM_APP),
    "vercel.json": (VERCEL, ("/t/[tenant]/[[...rest]]", "cron /api/cron/x")),
}


def put(folder: Path, name: str, content: object) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path, "runbook.toml", "schema = 1\n")
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_the_app_is_taken_without_a_key(folder: Path, name: str) -> None:
    content, routes = FILES[name]
    put(folder, name, content)
    found = read_runbook(folder).logs
    assert (found.routes, found.routes_from) == (routes, (name,))


def test_all_that_are_there_are_taken_together_and_said(folder: Path) -> None:
    for name, (content, _) in FILES.items():
        put(folder, name, content)
    *_, layer = read_layers(folder)
    files = ".next/app-path-routes-manifest.json and .next/routes-manifest.json and vercel.json"
    assert layer.notes == (f"7 routes of the app are read from {files}, automatically: logs.routes names none",)


@pytest.mark.parametrize("name", ["next.config.ts", "next.config.mjs"])
@pytest.mark.parametrize("written", ['distDir: "build/web"', "'distDir' : './build/web/'", "distDir:`build/web`"])
def test_a_build_stands_where_next_config_says(folder: Path, name: str, written: str) -> None:
    put(folder, name, f"export default {{ output: 'standalone', {written} }}")
    put(folder, "build/web/routes-manifest.json", ALL)
    assert read_runbook(folder).logs.routes_from == ("build/web/routes-manifest.json",)


@pytest.mark.parametrize("written", ["../other", "/etc", "a/../../b"])
def test_a_build_outside_the_folder_is_not_looked_for(folder: Path, written: str) -> None:
    inside = folder / "inside"
    put(inside, "runbook.toml", "schema = 1\n")
    put(inside, "next.config.js", f'module.exports = {{ distDir: "{written}" }}')
    for name in ("other", "b"):
        put(folder, f"{name}/routes-manifest.json", ALL)
    assert read_runbook(inside).logs.routes == ()


@pytest.mark.parametrize("routes", [[], ["/x"]])
@pytest.mark.parametrize("where", ["folder", "option"])
def test_a_runbook_that_names_them_decides(folder: Path, routes: list[str], where: str) -> None:
    put(folder, "vercel.json", VERCEL)
    file = folder / ("runbook.toml" if where == "folder" else "app.toml")
    file.write_text(f"schema = 1\n[logs]\nroutes = {json.dumps(routes)}\n")
    found = read_runbook(folder, file if where == "option" else None).logs
    assert (found.routes, found.routes_from) == (tuple(routes), ())


def test_the_folder_of_the_option_is_looked_in_first(folder: Path) -> None:
    put(folder, "vercel.json", VERCEL)
    put(folder, "app/runbook.toml", "schema = 1\n")
    put(folder, "app/.next/routes-manifest.json", ALL)
    assert read_runbook(folder, folder / "app/runbook.toml").logs.routes == ("/crm", "/crm/docs/[...rest]")


def test_a_folder_without_a_runbook_has_routes_as_well(tmp_path: Path) -> None:
    put(tmp_path, "vercel.json", VERCEL)
    assert read_runbook(tmp_path).logs.routes == ("/t/[tenant]/[[...rest]]", "cron /api/cron/x")


FOREIGN = {
    "half written": '{"staticRoutes": [{"page": "/a"',
    "empty": "",
    "no text": "\x00\x01",
    "nested": "[" * 100_000,
    "a number without end": "1" * 10_000,
    "large": json.dumps({"crons": [{"path": "/" + "x" * (9 << 20)}]}),
}
ODD = {
    "another tool's": {"staticRoutes": 1, "dynamicRoutes": [1, {}, {"page": 1}], "rewrites": "x", "crons": {}},
    "a list": [1],
    "no path": {
        "staticRoutes": [{"page": "/\ud800"}, {"page": "/a\x1b[2J"}, {"page": "x"}, {"page": ""}],
        "basePath": 5,
    },
    "null": None,
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
def test_what_cannot_be_read_is_left_out_and_said(folder: Path, content: str) -> None:
    put(folder, "vercel.json", content)
    *_, layer = read_layers(folder)
    assert layer.notes[0].startswith("vercel.json is not used for the app's routes: ")
    assert read_runbook(folder).logs.routes == ()


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
@pytest.mark.parametrize("name", FILES)
def test_what_names_no_routes_names_none(folder: Path, name: str, content: object) -> None:
    put(folder, name, content)
    assert read_runbook(folder).logs.routes == ()


def test_what_is_no_file_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "vercel.json")
    (folder / ".next" / "routes-manifest.json").mkdir(parents=True)
    put(folder, "next.config.js", "x")
    [*_, layer] = read_layers(folder)
    assert {note.partition(": ")[2] for note in layer.notes} == {"not a regular file"}


def test_a_huge_app_is_read_up_to_a_bound_and_said(folder: Path) -> None:
    put(folder, ".next/routes-manifest.json", {"staticRoutes": [{"page": f"/{n}"} for n in range(MOST_ROUTES + 1)]})
    *_, layer = read_layers(folder)
    assert len(read_runbook(folder).logs.routes) == MOST_ROUTES
    assert layer.notes[1] == f"of the app's {MOST_ROUTES + 1} routes the first {MOST_ROUTES} are used"


def test_a_route_that_is_named_like_a_file_is_no_missing_file(folder: Path) -> None:
    put(folder, ".next/app-path-routes-manifest.json", {"/feed.json/route": "/feed.json", "/page": "/"})
    put(folder, ".next/routes-manifest.json", {"staticRoutes": [{"page": "/feed.json"}]})
    assert read_runbook(folder).logs.routes == ("handler /feed.json", "page /")
