"""The app's routes come from what its build writes, or from vercel.json: pages and handlers told apart where the file does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from postdeploy.model import UsageError
from postdeploy.runbook.reading import read_runbook

APP = {
    "/(app)/w/[slug]/page": "/w/[slug]",
    "/@modal/(.)photo/[id]/page": "/photo/[id]",
    "/api/leads/[id]/route": "/api/leads/[id]",
    "/page": "/",
}
ALL = {
    "version": 3,
    "basePath": "/crm",
    "staticRoutes": [{"page": "/"}, {"page": "/_not-found"}],
    "dynamicRoutes": [{"page": "/docs/[...rest]"}],
    "rewrites": {"beforeFiles": []},
}
VERCEL = {
    "crons": [{"path": "/api/cron/x"}],
    "rewrites": [{"source": "/t/:tenant/:rest*", "destination": "/x"}, {"source": "/(.*)", "destination": "/"}],
}


def routes(folder: Path, **files: object) -> tuple[str, ...]:
    names = {name.replace("_", "-") + ".json": content for name, content in files.items()}
    for name, content in names.items():
        (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))
    overlay = folder / "app.toml"
    overlay.write_text(f"schema = 1\n[logs]\nroutes = {json.dumps([*names])}\n")
    return read_runbook(overlay=overlay).logs.routes


def test_the_manifest_of_the_app_folder_tells_pages_from_handlers(tmp_path: Path) -> None:
    assert routes(tmp_path, app_paths=APP) == ("page /w/[slug]", "handler /api/leads/[id]", "page /")


def test_the_manifest_of_all_routes_knows_where_the_app_is_mounted(tmp_path: Path) -> None:
    assert routes(tmp_path, routes_manifest=ALL) == ("/crm", "/crm/docs/[...rest]")


def test_what_vercel_json_rewrites_names_parameters(tmp_path: Path) -> None:
    assert routes(tmp_path, vercel=VERCEL) == ("/t/[tenant]/[[...rest]]", "cron /api/cron/x")


def test_several_files_and_routes_are_put_together(tmp_path: Path) -> None:
    assert routes(tmp_path, app=APP, vercel=VERCEL)[-1] == "cron /api/cron/x"
    overlay = tmp_path / "own.toml"
    overlay.write_text('schema = 1\n[logs]\nroutes = ["/w/[slug]", "page /x", "vercel.json"]\n')
    assert read_runbook(overlay=overlay).logs.routes[:3] == ("/w/[slug]", "page /x", "/t/[tenant]/[[...rest]]")


def test_a_file_that_is_not_there_names_nothing(tmp_path: Path) -> None:
    overlay = tmp_path / "app.toml"
    overlay.write_text('schema = 1\n[logs]\nroutes = [".next/app-path-routes-manifest.json"]\n')
    assert read_runbook(overlay=overlay).logs.routes == (".next/app-path-routes-manifest.json",)


@pytest.mark.parametrize("content", ["{", "[1]", "{}", '{"name": "app"}', "[" * 10_000])
def test_a_file_that_names_no_routes_is_an_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(UsageError, match=r"app\.json .*app-path-routes-manifest"):
        routes(tmp_path, app=content)
