"""What the pages for people promise is what the code and runbook.toml hold."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bench.house.documents import written_by_people
from postdeploy.analysis import rates
from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.rules import no_success, outages
from postdeploy.model import Decision, Recommendation
from postdeploy.record import git_branch, retention
from postdeploy.report.headline import action
from postdeploy.runbook.reading import read_runbook
from postdeploy.verdict.verdict import Verdict

PROJECT = Path(__file__).parents[2]
RUNBOOK = read_runbook()
THRESHOLD, LOGS = RUNBOOK.threshold, RUNBOOK.logs
UNREACHABLE = RUNBOOK.amounts["database_unreachable"]
ROUTES, DIED = RUNBOOK.amounts["inbox_route_error"], RUNBOOK.amounts["function_died"]
WRITTEN = RUNBOOK.amounts["inbox_error"]
ONE, ORIGINS = RUNBOOK.amounts["database_misconfigured"].requests, RUNBOOK.amounts["origin_rejected"].requests


def percent(share: float) -> str:
    return f"{share * 100:g} %"


FIRST = f"the first {THRESHOLD.window / 60:g} minutes"
WIDESPREAD = f"{THRESHOLD.widespread_requests} requests and {percent(THRESHOLD.widespread_share)} (of at least {THRESHOLD.widespread_of})"
LOOKS = RUNBOOK.deployments
PROMISES = {
    "decisions/recovery.md": (f"the log stayed quiet for {RUNBOOK.rollback.settle:g} s (`rollback.settle`)",),
    "decisions/deployment.md": (
        f"Every {LOOKS.look:g} s (`deployments.look`; every {LOOKS.watch:g} s while only the log is watched)",
        f"another build, and {LOOKS.confirm:g} s later (`deployments.confirm`) once more",
    ),
    "decisions/recommendation.md": (f"at most {RUNBOOK.comparison.seconds:g} s (`comparison.seconds`)",),
    "decisions/log.md": (
        f"Server Action errors in {FIRST}",
        f"| 1, many errors | more than {THRESHOLD.unique} unique errors |",
        f"at least {WIDESPREAD}, over at least {THRESHOLD.widespread_span:g} s |",
        f"at least {THRESHOLD.flood_requests} requests and at least {percent(THRESHOLD.flood_share)} |",
        f"only once the errors have lasted {THRESHOLD.widespread_span:g} s",
        f"| database unreachable | {UNREACHABLE.requests} requests over at least {UNREACHABLE.span:g} s; or ",
        f"{percent(UNREACHABLE.share)} of all or of the inbox's requests (of at least {UNREACHABLE.of})",
        f"at least {outages.LEAST} requests that use it succeeded since",
        f"| database misconfigured; a variable missing or malformed | {ONE} request |",
        f"| origin rejected | {ORIGINS} requests |",
        f"| schema drift in the inbox | {RUNBOOK.amounts['schema_drift'].requests} request |",
        f"| inbox reads answer 5xx | {percent(ROUTES.share)} of at least {ROUTES.of} |",
        f"answered without a 5xx | {percent(WRITTEN.share)} of a route's requests, of at least {WRITTEN.of} |",
        f"| none of at least {no_success.LEAST} inbox reads, pages or Server Actions succeeded",
        f"| pages answer 5xx | {percent(ROUTES.share)} of at least {ROUTES.of} |",
        f"| function died in the inbox | {percent(DIED.share)} of at least {DIED.of} |",
        f"no slow auth service within {LOGS.neighbour:g} s |",
        f"up to {LOGS.uncovered_start:g} s of the window's beginning",
        f"did not appear within {LOGS.arrival:g} s",
        f"its last {LOGS.baseline / 60:g} minutes, if Vercel still has them",
        f"with equal windows and none before it takes {rates.noticed_from(600, 0, 600)} |",
    ),
    "runbook.md": (
        f"Kept are the newest {retention.MOST_ENTRIES},",
        f"a file (`{git_branch.DEFAULT_PATH}`;",
        f"not moved within {RUNBOOK.rollback.moved:g} s,",
        f"until {RUNBOOK.rollback.settle:g} s after the rollback",
    ),
    "findings/not-restored.md": (f"for {RUNBOOK.budgets.settle:g} s (`[budgets] settle`)",),
    "findings/server-actions.md": (
        f"more than {THRESHOLD.unique} different errors within {FIRST}",
        f"at least {WIDESPREAD}",
        f"or {THRESHOLD.flood_requests} requests and half of them",
    ),
    "findings/function-died.md": (f"at least {percent(DIED.share)} of the inbox's requests (of at least {DIED.of})",),
    "findings/list-route.md": (f"at least {percent(ROUTES.share)} (of at least {ROUTES.of})",),
    "findings/server.md": (f"at least {percent(ROUTES.share)} of the pages (of at least {ROUTES.of})",),
    "findings/database.md": (f"from {percent(UNREACHABLE.share)} of the requests (of at least {UNREACHABLE.of})",),
    "findings/auth-regression.md": (f"within {LOGS.neighbour:g} s of a slow auth service",),
}


@pytest.mark.parametrize("page", PROMISES)
def test_a_page_names_the_numbers_of_the_runbook(page: str) -> None:
    text = " ".join((PROJECT / "docs" / page).read_text(encoding="utf-8").split())
    assert [promise for promise in PROMISES[page] if promise not in text] == []


def test_each_amount_has_its_row_in_the_decision_table() -> None:
    assert set(RUNBOOK.amounts) == {
        "database_unreachable",
        "database_misconfigured",
        "schema_drift",
        "inbox_route_error",
        "inbox_error",
        "function_died",
        "origin_rejected",
    }


def test_every_link_between_the_pages_leads_somewhere() -> None:
    lost = [
        f"{page.relative_to(PROJECT)}: {link}"
        for page in [PROJECT / "CHANGELOG.md", *written_by_people(PROJECT)]
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
        if "://" not in link and not leads_somewhere(page, link)
    ]
    assert lost == []


def leads_somewhere(page: Path, link: str) -> bool:
    target, _, anchor = link.partition("#")
    file = page.parent / target if target else page
    if not anchor or not file.exists():
        return file.exists()
    titles = re.findall(r"(?m)^#+ (.*)$", file.read_text(encoding="utf-8"))
    return anchor in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_judgement_of_the_log_is_asked_for_by_a_check() -> None:
    asks = "".join((PROJECT / file).read_text(encoding="utf-8") for file in ("smoke/test_logs.py", "fixtures/log.py"))
    assert [subject for subject in LogSubject if f"Subject.{subject.name}" not in asks] == []


FIRST_CELLS = re.findall(r"(?m)^\| ([^|]+?) \|", (PROJECT / "docs/runbook.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("recommendation", Recommendation)
def test_the_runbook_says_what_to_do_with_every_first_line(recommendation: Recommendation) -> None:
    first_line = action(Verdict(Decision.FAIL, recommendation, "why"))
    assert any(first_line.startswith(cell) for cell in FIRST_CELLS), first_line


def test_the_first_lines_after_a_rollback_are_those_that_a_run_prints() -> None:
    source = (PROJECT / "src/postdeploy/verdict/recovery.py").read_text(encoding="utf-8")
    quoted = [cell.partition(" …")[0] for cell in FIRST_CELLS if "RECOVERED" in cell]
    assert len(quoted) == 5
    assert [one for one in quoted if one not in source] == []


def test_the_runbooks_page_lists_every_table_of_the_packaged_defaults() -> None:
    _, _, table = (PROJECT / "docs/runbook.md").read_text("utf-8").partition("| defaults | table | to change |")
    rows = [row for row in table.partition("\n\n")[0].splitlines() if ".toml" in row]
    listed = {name: row for row in rows for name in re.findall(r"\w+\.toml", row.split("|")[1])}
    for file in sorted((PROJECT / "src/postdeploy/runbook/defaults").glob("*.toml")):
        text = file.read_text("utf-8")
        if "Not part of the runbook" not in text:
            missing = [name for name in tomllib.loads(text) if f"`[{name}]" not in listed[file.name]]
            assert missing == [], f"{file.name}: not in the table of docs/runbook.md"
