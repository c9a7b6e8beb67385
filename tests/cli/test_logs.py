"""`postdeploy logs`: what a person on call sees who runs it on an export."""

from __future__ import annotations

import contextlib
import errno
import gzip
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from postdeploy.cli.main import app
from postdeploy.report.html import log_page
from sandbox.alone import PlatformAlone, platform_alone
from sandbox.platform.exports import Format
from tests.logs.rows import export_lines, healthy, rows

FORMATS: tuple[Format, ...] = ("dashboard-json", "dashboard-csv", "cli-63", "drain-json", "drain-ndjson")
"""Those that can show the same."""


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same log in every format: four Server Action errors and an outage within ten minutes."""
    folder = tmp_path_factory.mktemp("exports")
    with platform_alone() as platform:
        _story(platform)
        for kind in (*FORMATS, "cli-64"):
            (folder / kind).write_bytes(platform.export_logs(kind))
    return folder


def _story(platform: PlatformAlone) -> None:
    for at in range(40):
        platform.happened("/", status=200, ago=600 - 14 * at)
    for at, words in enumerate(("one", "two", "three", "four")):
        message = f"⨯ Error: {words}\n    at a (b.js:1:1) {{\n  digest: '{at}'\n}}"
        platform.happened("/", status=500, message=message, ago=500 - 20 * at)
    for at in range(5):
        platform.happened("/", status=200, message="Can't reach database server at db:5432", ago=150 - 30 * at)


def asked(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["logs", *map(str, arguments)], env={"COLUMNS": "120"})
    return result.exit_code, result.output


def report(*arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(asked("--json", *arguments)[1])
    return found


def test_it_says_what_to_do_then_why_then_the_numbers(exports: Path) -> None:
    code, output = asked(exports / "dashboard-json")
    assert code == 1
    assert output.splitlines()[0] == "OVER THE THRESHOLD: hold"  # the outage comes first
    assert "4 unique Server Action errors" in output
    assert "server_action_error" in output
    assert "Error: three" in output
    assert "it holds no sentinel" in output


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_that_shows_the_same_says_the_same(exports: Path, kind: Format) -> None:
    here, there = report(exports / kind), report(exports / "dashboard-json")
    for name in ("findings", "incidents", "deployment"):
        assert here[name] == there[name], name
    for name in ("requests", "actions", "unique"):
        assert here["totals"][name] == there["totals"][name], name


def test_a_format_that_shows_less_says_what_it_does_not_show(exports: Path) -> None:
    found = report(exports / "cli-64")
    fingerprints = {one["fingerprint"] for one in found["incidents"]}
    assert fingerprints == {one["fingerprint"] for one in report(exports / "dashboard-json")["incidents"]}


def test_a_log_of_one_deployment_is_judged(tmp_path: Path) -> None:
    file = tmp_path / "log.json"
    file.write_bytes(export_lines(rows(healthy(60))))
    code, output = asked(file)
    assert code == 10
    assert output.startswith("BELOW THE THRESHOLD, but not proven")


def test_where_there_is_no_request_nothing_is_judged(exports: Path) -> None:
    code, output = asked(
        exports / "dashboard-csv", "--until", "2020-01-01T00:00:00Z", "--since", "2019-12-31T23:59:00Z"
    )
    assert code == 10
    assert output.startswith("NOT JUDGED: no request in the window")


def of_before(log: Path, folder: Path) -> Path:
    """The same log, of another deployment."""
    written = folder / "before"
    written.write_bytes(re.sub(rb"dpl_\w+", b"dpl_before", log.read_bytes()))
    return written


def test_what_was_known_before_is_marked(exports: Path, tmp_path: Path) -> None:
    found = report(exports / "drain-json", "--baseline", of_before(exports / "cli-63", tmp_path))
    assert {one["new"] for one in found["incidents"]} == {False}
    assert any("a rollback does not remove it" in one["sentence"] for one in found["findings"])


def test_compressed_and_several_files_are_read(exports: Path, tmp_path: Path) -> None:
    lines = (exports / "drain-ndjson").read_bytes().splitlines(keepends=True)
    half = len(lines) // 2
    (tmp_path / "1.gz").write_bytes(gzip.compress(b"".join(lines[:half])))
    (tmp_path / "2.log").write_bytes(b"".join(lines[half:]))
    found = report(tmp_path / "1.gz", tmp_path / "2.log")
    assert found["incidents"] == report(exports / "drain-ndjson")["incidents"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["nowhere.json"], "there is no file", id="no file"),
        pytest.param(["*.nothing"], "no file matches", id="no match"),
        pytest.param(["empty"], "it is empty", id="an empty file"),
        pytest.param(["text"], "no row that can be read", id="no log"),
        pytest.param(["log", "--since", "now"], "is not a time", id="no time"),
        pytest.param([".", "--all"], "Name the files in it: './*'", id="a folder"),
        pytest.param(
            ["log", "--since", "2026-11-25T12:00:00Z", "--until", "2026-11-25T11:00:00Z"],
            "Give a later --until",
            id="an end before the beginning",
        ),
        pytest.param(
            ["log", "--since", "1764072000", "--until", "1764072000"], "Give a later --until", id="no time at all"
        ),
        pytest.param(["log", "--raw", "--json"], "Leave one out", id="messages as they were logged, in JSON"),
        pytest.param(["log", "--raw"], "--raw needs a terminal", id="messages as they were logged, in a pipe"),
        pytest.param(["log", "--baseline", "verdict"], "that run read no log", id="a verdict without a log"),
        pytest.param(["log", "--runbook", "book"], "not a regular expression", id="a pattern that is none"),
    ],
)
def test_bad_input_is_refused_with_its_remedy(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").touch()
    Path("text").write_text("nothing to see here\n", encoding="utf-8")
    Path("log").write_bytes((exports / "cli-63").read_bytes())
    Path("verdict").write_bytes(Path(__file__).parents[1].joinpath("record/documents/unfinished.json").read_bytes())
    book = 'schema = 1\n[[signal]]\nname = "x"\npattern = "("\nsays = "x"\n'
    Path("book").write_text(book, encoding="utf-8")
    code, output = asked(*arguments)
    assert code == 4, output
    assert says in output


@pytest.mark.parametrize(
    "message",
    [
        'connect to postgresql://app:s3cret@db.example.com/x?y="1" failed',
        'Error: {\n  "url": "mysql://u:p@h/db",\n  "x": 1\n}',
        'bearer abcdefghijkl\\", and more',
        "mail ada@example.com\\n",
        "connect to postgres://app:s3cret@db.example.com/x",
    ],
)
def test_json_is_json_whatever_a_message_holds(tmp_path: Path, message: str) -> None:
    row = {
        "timestampInMs": 1_790_000_000_000,
        "requestPath": "a.example/",
        "requestMethod": "POST",
        "requestId": "r-1-1",
    }
    log = tmp_path / "log"
    log.write_text(
        json.dumps([{**row, "responseStatusCode": 500, "level": "error", "message": message}]), encoding="utf-8"
    )
    found = report(log)
    assert found["incidents"]
    for secret in ("s3cret", "u:p@h", "abcdefghijkl", "ada@example.com"):
        assert secret not in json.dumps(found)


def lines_of(*rows: tuple[str, int, int]) -> bytes:
    """Rows of an export: deployment, seconds, status."""
    return "".join(
        json.dumps(
            {
                "timestampInMs": 1_790_000_000_000 + 1000 * at,
                "requestPath": "a.example/",
                "requestMethod": "POST",
                "requestId": f"r-{at}-{deployment}",
                "deploymentId": deployment,
                "responseStatusCode": status,
                "level": "error" if status >= 500 else "",
                "message": f"Error: nope {deployment[-1]}" if status >= 500 else "",
            }
        )
        + "\n"
        for deployment, at, status in rows
    ).encode()


def test_what_is_left_out_stands_in_the_headline(tmp_path: Path) -> None:
    log = tmp_path / "log"
    old = [("dpl_a", at, 200) for at in range(30)] + [("dpl_b", at, 200) for at in range(100, 150)]
    log.write_bytes(lines_of(*old, *(("dpl_c", at, 200) for at in range(900, 920))))
    first = asked(log)[1].splitlines()[0]
    assert first == "BELOW THE THRESHOLD, but not proven (20 of 100 requests: dpl_c, 1 of 3 deployments)"
    assert "(30 of 100 requests: dpl_a, 1 of 3 deployments)" in asked(log, "--deployment", "dpl_a")[1]


@pytest.mark.parametrize("name", ["dpl_x", "dpl_", "a"])
def test_a_deployment_that_the_log_does_not_hold_is_a_usage_error(tmp_path: Path, name: str) -> None:
    log = tmp_path / "log"
    log.write_bytes(lines_of(("dpl_a", 1, 200), ("dpl_b", 2, 200)))
    code, output = asked(log, "--deployment", name)
    assert code == 4
    assert "It holds dpl_b, dpl_a" in output


def test_json_output_serves_as_a_baseline(exports: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.json"
    earlier.write_text(asked("--json", of_before(exports / "cli-63", tmp_path))[1], encoding="utf-8")
    found = report(exports / "dashboard-json", "--baseline", earlier)
    assert {one["new"] for one in found["incidents"]} == {False}


@pytest.mark.parametrize("kind", ["drain-json", "cli-63"])
def test_a_deployment_is_not_compared_with_itself(exports: Path, tmp_path: Path, kind: str) -> None:
    log, itself = exports / "drain-json", tmp_path / "itself.json"
    itself.write_text(asked("--json", exports / kind)[1], encoding="utf-8")
    for baseline in (exports / kind, itself):
        found = report(log, "--baseline", baseline)
        assert {one["new"] for one in found["incidents"]} == {None}
        assert any(note.startswith("not compared: ") for note in found["notes"])


def test_of_a_baseline_with_both_the_rows_of_the_one_that_is_judged_are_left_out(exports: Path, tmp_path: Path) -> None:
    log = exports / "drain-ndjson"
    both = tmp_path / "both"
    both.write_bytes(of_before(log, tmp_path).read_bytes().replace(b"Error: three", b"Error: five") + log.read_bytes())
    found = report(log, "--baseline", both)
    new = {one["words"] for one in found["incidents"] if one["new"]}
    assert any("three" in each for each in new)
    assert not any("four" in each for each in new)


def test_a_log_that_spans_days_shows_dates(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(lines_of(("dpl_a", 1, 200), ("dpl_a", 500, 500), ("dpl_a", 200_000, 500)))
    assert "09-21 14:21:40 " in asked(log)[1]


def test_the_first_screen_is_a_screen_and_all_is_all(tmp_path: Path) -> None:
    with platform_alone() as platform:
        for at in range(60):
            platform.happened("/", status=200, ago=900 - 14 * at)
        for at, route in enumerate(
            ("leads", "tasks", "notes", "teams", "rules", "tags", "files", "plans", "calls", "mails")
        ):
            for verb in ("read", "write", "send"):
                platform.happened(f"/api/{route}/{verb}", status=500, message="⨯ Error: gone", ago=600 - at)
        (tmp_path / "log").write_bytes(platform.export_logs("drain-ndjson"))
    screen, everything = asked(tmp_path / "log")[1], asked(tmp_path / "log", "--all")[1]
    assert len(screen.splitlines()) <= 40
    assert "more (--all shows them)" in screen
    assert set(screen.splitlines()[:3]) <= set(everything.splitlines())
    assert len(everything.splitlines()) > len(screen.splitlines()) + 40


@pytest.mark.parametrize("name", ["no\x1b[31mred.log", "no\x9b31mred", "no\u202egol.log", "-\x1b[2Jx", "--\x1b[2Jx"])
def test_a_name_on_the_command_line_reaches_no_terminal_as_such(name: str) -> None:
    code, output = asked(name)
    assert code == 4
    assert not {"\x1b", "\x9b", "\u202e"} & {*output}


@pytest.mark.processes
@pytest.mark.parametrize("into_file", [False, True], ids=["in a terminal", "into a file"])
def test_a_message_as_it_was_logged_stays_in_the_terminal(exports: Path, tmp_path: Path, into_file: bool) -> None:
    pty = pytest.importorskip("pty")
    here, there = pty.openpty()
    program = "from postdeploy.cli.main import main; main()"
    command = [sys.executable, "-c", program, "logs", "--raw", str(exports / "dashboard-json")]
    file = tmp_path / "out"
    with file.open("wb") as out, os.fdopen(there, "wb") as terminal:
        process = subprocess.Popen(command, stdout=out if into_file else terminal, stderr=terminal)
    shown = b""
    with contextlib.suppress(OSError):  # how the end of a terminal's output is said
        while piece := os.read(here, 1 << 16):
            shown += piece
    os.close(here)
    assert process.wait() == (4 if into_file else 1)
    assert (b"digest: '3'" in shown) is not into_file
    assert file.read_bytes() == b""


def test_the_list_of_changes_is_in_the_table_the_json_and_the_page(exports: Path, tmp_path: Path) -> None:
    quiet, page = tmp_path / "quiet", tmp_path / "page.html"
    quiet.write_bytes(export_lines(rows(healthy(60))))
    log = exports / "dashboard-json"
    table = asked(log, "--diff", quiet)[1]
    found = report(log, "--diff", quiet, "--html", page)["diff"]
    assert found["other"] == str(quiet)
    assert {one["change"] for one in found["changes"]} == {"new"}
    assert f"{len(found['changes'])} errors are not as before" in table
    html = page.read_text(encoding="utf-8")
    for one in found["changes"]:
        assert one["fingerprint"] in table
        assert f"<td>new</td><td>0</td><td>{one['now']}</td><td>{one['fingerprint']}</td>" in html


def test_a_report_with_changes_serves_as_a_baseline(exports: Path, tmp_path: Path) -> None:
    log, earlier = exports / "dashboard-json", tmp_path / "earlier.json"
    before = of_before(exports / "cli-63", tmp_path)
    earlier.write_text(asked(before, "--json", "--diff", log)[1], encoding="utf-8")
    assert {one["new"] for one in report(log, "--baseline", earlier)["incidents"]} == {False}


def test_the_page_names_each_error_as_the_table_does(exports: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    found = report(exports / "dashboard-json", "--html", page)
    html = page.read_text(encoding="utf-8")
    assert [one["fingerprint"] for one in found["incidents"] if f"<td>{one['fingerprint']}</td>" in html] == [
        one["fingerprint"] for one in found["incidents"]
    ]


def test_it_says_when_it_began_and_draws_it(exports: Path) -> None:
    lines = asked(exports / "dashboard-json")[1].splitlines()
    assert lines[1].startswith("  began ")
    assert set(lines[2].split()[0]) <= set("·▁▂▃▄▅▆▇█")
    assert "4 different Server Action errors; 3 are allowed, number 4 came at " in lines[3]


def test_the_page_is_written_beside_what_is_printed(exports: Path, tmp_path: Path) -> None:
    code, output = asked(exports / "dashboard-json", "--html", tmp_path / "log.html")
    assert (code, output) == asked(exports / "dashboard-json")
    assert "<h1>OVER THE THRESHOLD: hold" in (tmp_path / "log.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("time", ["first", "again"])
def test_a_page_is_replaced_by_the_next_one(exports: Path, tmp_path: Path, time: str) -> None:
    page = tmp_path / "log.html"
    for _ in range(1 if time == "first" else 2):
        assert asked(exports / "dashboard-json", "--html", page)[0] == 1
    assert list(tmp_path.iterdir()) == [page]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(lambda place: None, "there is no folder", id="no folder"),
        pytest.param(lambda place: place.mkdir(parents=True), "can't be replaced", id="a folder"),
        pytest.param(
            lambda place: written(place, "<!DOCTYPE html>\n<p>mine</p>"), "is another file", id="another page"
        ),
        pytest.param(lambda place: written(place, '{"requestId": "a"}'), "is another file", id="a log"),
    ],
)
def test_a_page_replaces_nothing_else(exports: Path, tmp_path: Path, make: Callable[[Path], object], says: str) -> None:
    place = tmp_path / "there" / "log.html"
    make(place)
    before = place.read_bytes() if place.is_file() else None
    code, output = asked(exports / "dashboard-json", "--html", place)
    assert code == 4
    assert says in output
    assert (place.read_bytes() if place.is_file() else None) == before


def test_a_page_that_can_not_be_written_takes_nothing_from_what_is_printed(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(log_page, "write", full)
    log = exports / "dashboard-json"
    code, output = asked(log, "--html", tmp_path / "log.html")
    assert code == asked(log)[0] == 1
    assert asked(log)[1] in output
    assert "log.html can't be written: No space left on device." in output


def written(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def test_a_diff_compares_and_lists_what_changed(exports: Path, tmp_path: Path) -> None:
    with platform_alone() as platform:
        for at in range(40):
            platform.happened("/", status=200, ago=600 - 14 * at)
        platform.happened("/", status=500, message="⨯ Error: three\n    at a (b.js:1:1) {\n  digest: '9'\n}", ago=500)
        (tmp_path / "log").write_bytes(platform.export_logs("cli-63"))
    code, output = asked(exports / "drain-json", "--diff", of_before(tmp_path / "log", tmp_path))
    assert code == 1
    assert "new against" in output
    lines = [line.split() for line in output.splitlines() if "→" in line]
    assert [(line[0], line[1], line[3]) for line in lines].count(("new", "0", "1")) == 3
    assert not any("three" in line for line in lines)


def test_a_baseline_may_be_piped_in_and_a_diff_may_not(exports: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    before = of_before(exports / "drain-json", tmp_path)
    whole = before.read_bytes()
    threading.Thread(target=lambda: pipe.write_bytes(whole), daemon=True).start()
    log = exports / "drain-json"
    _, by_pipe = asked(log, "--baseline", pipe, "--json")
    _, by_file = asked(log, "--baseline", before, "--json")
    assert json.loads(by_pipe)["incidents"] == json.loads(by_file)["incidents"]
    assert {one["new"] for one in json.loads(by_pipe)["incidents"]} == {False}
    for spec in ("-", str(pipe)):
        code, output = asked(log, "--diff", spec)
        assert (code, "can't be read twice. Save it" in output) == (4, True), output
