"""`postdeploy deployments`: what serves production, the last-good deployment, and whether new builds go live. Read-only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from postdeploy.cli.mistakes import mistakes_told
from postdeploy.production.descriptions import describe_request, describe_time
from postdeploy.production.state import read
from postdeploy.record.last_good import LastGood, NoLastGood
from postdeploy.redaction import Redactor, blot
from postdeploy.rollback.candidates import default_target, find_last_good, read_record
from postdeploy.runbook.environment import read_environment
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook
from postdeploy.system import times
from postdeploy.system.loopback import address
from postdeploy.target.address import parse_base_url
from postdeploy.vercel.access import platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment, production
from postdeploy.vercel.project import ProjectState, project_state
from postdeploy.vercel.rolling import RollingRelease, rolling_release

_CURRENT, _LAST_GOOD = "●", "★"
_WIDE = 120
"""Columns from which on a table holds whole ids and addresses."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What the command shows."""

    current: str | None
    deployments: tuple[PlatformDeployment, ...]
    project: ProjectState
    release: RollingRelease | None
    last_good: LastGood | NoLastGood | None
    now: int
    """Epoch milliseconds by Vercel's clock."""
    unread: tuple[str, ...] = ()
    """What of the record could not be read."""


def show(
    base_url: Annotated[
        str | None,
        typer.Option(
            "--base-url", metavar="URL", help="The production address; without it the project's production deployment."
        ),
    ] = None,
    record: Annotated[
        str | None, typer.Option(metavar="WHERE", help="Earlier verdicts: FILE, DIR, or git:BRANCH.")
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=200, help="How many, newest first.")] = 10,
    runbook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Overlay the folder's runbook.toml with FILE.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show the production deployments: which one serves, which one is last-good, and whether new builds go live automatically.

    Exit code 0: shown. 10: Vercel does not answer.
    """
    with mistakes_told():
        environment = read_environment(Path.cwd() / ".env")
        given = base_url or os.environ.get("PYTEST_BASE_URL")
        url = parse_base_url(given, "postdeploy deployments") if given else None
        with Vercel(platform_access(environment)) as vercel:
            listing = _read(vercel, url, record, read_runbook(Path.cwd(), runbook), limit)
    redact = Redactor(environment.secrets)
    if as_json:
        document = blot(_document(listing), redact)
        print(msgspec.json.format(msgspec.json.encode(document)).decode())
    else:
        _print(listing, redact)


def _read(vercel: Vercel, url: str | None, record: str | None, book: Runbook, limit: int) -> Listing:
    """Without an address the project's production deployment counts as the current one."""
    known = read_record(record, book, Path.cwd())
    good: LastGood | NoLastGood | None = None
    if url:
        state = read(vercel, url)
        current: str | None = state.serving.id
        project, release = state.project, state.release
        good = default_target(vercel, state, known)
    else:
        project, release = project_state(vercel), rolling_release(vercel)
        current = project.production
        if current:
            good = find_last_good(known, vercel, current, "")
    listed = tuple(islice(production(vercel), limit))
    return Listing(current, listed, project, release, good, vercel.clock.now(), known.notes if known else ())


def state_of(deployment: PlatformDeployment, current: str | None, release: RollingRelease | None) -> str:
    """What a deployment is to production, in a few words."""
    if deployment.deleted or deployment.state == "DELETED":
        return "deleted"
    if deployment.state != "READY":
        return deployment.state.lower() or "unknown"
    if release and release.active and deployment.id == release.canary:
        share = "" if release.percentage is None else f", {release.percentage:g} %"
        return f"live in a rolling release{share}"
    if deployment.id == current:
        return "live"
    if _is_staged(deployment, current, release):
        return "staged, not live"
    return "was live" if deployment.has_been_live else "ready"


def _is_staged(deployment: PlatformDeployment, current: str | None, release: RollingRelease | None) -> bool:
    """Whether it is ready and was never live."""
    live = {current, *(release.live if release else ())}
    ready = deployment.state == "READY" and not deployment.deleted
    return ready and deployment.substate == "STAGED" and deployment.id not in live


def about_assignment(project: ProjectState) -> str:
    """What new builds will do, and why."""
    if project.auto_assign is None:
        return "unknown whether new builds go live automatically"
    if project.auto_assign:
        return "automatic: a new production build goes live"
    last = project.last_request
    if project.pinned_by_rollback and last:
        return f"automatic assignment is off: {describe_request(last)} pins the domains; new builds stay staged until one is promoted"
    if project.pinned_by_rollback is False:
        return "automatic assignment is off by decision: new builds stay staged until one is promoted"
    return "automatic assignment is off, by decision or by a rollback (unknown): new builds stay staged"


def _facts(listing: Listing) -> Iterator[tuple[str, str]]:
    """The lines below the table."""
    last, release = listing.project.last_request, listing.release
    yield "new builds", about_assignment(listing.project)
    if release and release.active:
        share = "a part" if release.percentage is None else f"{release.percentage:g} %"
        paused = ", paused" if release.paused else ""
        yield "rolling release", f"{release.canary} gets {share}{paused}, {release.current} the rest"
        if release.queued:
            yield "queued", f"{release.queued} waits for the end of the rolling release"
    if last:
        yield "last request", describe_request(last)
    if listing.project.rollback_reason:
        yield "its reason", listing.project.rollback_reason
    if isinstance(listing.last_good, LastGood):
        yield "last-good", f"{listing.last_good.id} {listing.last_good.says}"
        for each in listing.last_good.skipped:
            yield "not last-good", each
    elif listing.last_good:
        yield "last-good", f"none: {listing.last_good.why}"
    for each in listing.unread:
        yield "record", f"read in part: {each}"
    staged = [one.id for one in listing.deployments if _is_staged(one, listing.current, release)]
    if staged and listing.project.auto_assign is False:
        yield "staged", f"{len(staged)} not live; the newest is {staged[0]}"


def _print(listing: Listing, redact: Redactor) -> None:
    console = Console(highlight=False, soft_wrap=True)
    good = listing.last_good.id if isinstance(listing.last_good, LastGood) else None
    if console.width < _WIDE:
        _print_narrow(console, listing, good, redact)
    else:
        console.print(_table(listing, good, redact))
    console.print(f"\n{_CURRENT} serves production   {_LAST_GOOD} rollback target\n")
    for name, says in _facts(listing):
        console.print(f"{name:<16} {escape(redact(says))}")


def _table(listing: Listing, good: str | None, redact: Redactor) -> Table:
    """A line for each."""
    table = Table(box=None, pad_edge=False)
    for heading in ("", "deployment", "state", "age", "commit", "address"):
        table.add_column(heading, no_wrap=heading != "commit", overflow="fold")
    for one in listing.deployments:
        mark, style = _marked(one, listing, good)
        cells = (mark, one.id, state_of(one, listing.current, listing.release), _age(one, listing.now))
        more = (f"{one.commit[:7]} {one.message[:40]}".strip(), address(one.url))
        table.add_row(*(escape(redact(cell)) for cell in (*cells, *more)), style=style or None)
    return table


def _print_narrow(console: Console, listing: Listing, good: str | None, redact: Redactor) -> None:
    """Two lines for each: a table that is folded splits ids and addresses, which are there to be copied."""
    for one in listing.deployments:
        mark, style = _marked(one, listing, good)
        state = state_of(one, listing.current, listing.release)
        console.print(
            escape(redact(f"{mark or ' '}  {one.id}  {state}  {_age(one, listing.now)}")), style=style or None
        )
        for line in (f"{one.commit[:7]} {one.message[:40]}".strip(), address(one.url)):
            if line:
                console.print(f"   {escape(redact(line))}")


def _marked(deployment: PlatformDeployment, listing: Listing, good: str | None) -> tuple[str, str]:
    """The mark of a deployment, and its style."""
    if deployment.id == listing.current:
        return _CURRENT, "bold"
    return (_LAST_GOOD, "green") if deployment.id == good else ("", "")


def _age(deployment: PlatformDeployment, now: int) -> str:
    if deployment.created_at is None:
        return ""
    return times.age((now - deployment.created_at) / 1000)


def _document(listing: Listing) -> dict[str, object]:
    """The listing as JSON."""
    good = listing.last_good
    return {
        "current": listing.current,
        "last_good": msgspec.to_builtins(good),
        "automatic_assignment": listing.project.auto_assign,
        "pinned_by_rollback": listing.project.pinned_by_rollback,
        "rolling_release": msgspec.to_builtins(listing.release),
        "record_unread": listing.unread,
        "last_request": msgspec.to_builtins(listing.project.last_request),
        "deployments": [
            {
                "id": one.id,
                "state": state_of(one, listing.current, listing.release),
                "created_at": describe_time(one.created_at),
                "commit": one.commit,
                "branch": one.branch,
                "message": one.message,
                "creator": one.creator,
                "url": address(one.url),
                "current": one.id == listing.current,
                "last_good": isinstance(good, LastGood) and one.id == good.id,
            }
            for one in listing.deployments
        ],
    }
