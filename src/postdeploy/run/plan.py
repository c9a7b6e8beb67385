"""What a run is about to do: its mode, its target, what it measures and what not. Resolved once, before anything is asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from postdeploy.model import UsageError
from postdeploy.readiness import configured
from postdeploy.run import canary_request, log_request, unsafe_evidence
from postdeploy.run.canary_request import CanaryRequest, Phase
from postdeploy.run.log_request import LogRequest
from postdeploy.run.options import Mode, Options
from postdeploy.run.unsafe_evidence import UnsafeEvidence
from postdeploy.runbook import parts
from postdeploy.runbook.aliases import current_name
from postdeploy.runbook.checks import CORE
from postdeploy.runbook.environment import Environment, read_environment
from postdeploy.runbook.parts import CANARY, CANARY_DRAFTS, CANARY_LOG, JOURNEYS, LOGS, RECOVERED, ROLLBACK, SETTLED
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook
from postdeploy.system import times
from postdeploy.target.address import parse_base_url

_AROUND_THE_WINDOW = 90.0
"""Seconds that the watch of a log needs besides the window: to find out when it opened, and to read the last of it."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is known of a run before it begins."""

    mode: Mode
    url: str
    """The address under verification."""
    runbook: Runbook
    """With its budgets multiplied by `--budget-factor`."""
    environment: Environment
    left_out: Mapping[str, str]
    """Part → why it is not measured."""
    subjects: Mapping[str, tuple[str, ...]]
    """Kind of subject (`variable`, `cron_route`, …) → those that have a check of their own."""
    only: tuple[str, ...]
    """The checks of a comparison run, and no others; empty: it is none."""
    log: LogRequest | None
    uptime: float | None
    """With -m watch: seconds for which journeys through the inbox are made; None: none are."""
    until_recovered: bool
    """Whether an inbox that failed is watched until it works again."""
    canary: CanaryRequest | None
    """With -m canary: its phase, and how long it is watched."""
    session: Path | None
    """A session that was signed in before the run."""
    record: str | None
    """Where earlier verdicts are, and where this one is kept."""
    restored: str | None
    """What production was rolled back to, by `--target`."""
    unsafe: UnsafeEvidence | None
    """Traces and videos, if they are kept."""
    folder: Path
    """Where relative paths of the runbook begin."""
    reports: Path

    @property
    def required(self) -> dict[str, str]:
        """Check name → part, for every check without which there is no PASS."""
        if self.only:
            return {name: self.runbook.part_of(name) or "" for name in self.only}
        required = self.runbook.required_checks(self.left_out, self.subjects)
        return {name: part for name, part in required.items() if name not in parts.impossible(self.runbook)}

    @property
    def core(self) -> tuple[str, ...]:
        """The parts that a PASS rests on, whatever the runbook says."""
        if self.canary and self.canary.phase is Phase.RUNNING:
            return (CANARY, CANARY_DRAFTS)
        return tuple(CORE) if self.mode in (Mode.SMOKE, Mode.WATCH) else ()

    @property
    def proves_nothing(self) -> str | None:
        """Why not even a run whose checks all pass is a PASS."""
        return "a comparison run proves nothing by itself" if self.only else None

    @property
    def watch_seconds(self) -> float:
        """Seconds for which a run watches, besides its checks."""
        return self.log_seconds + sum(
            one + _AROUND_THE_WINDOW for one in (self.uptime, self.canary and self.canary.seconds) if one
        )

    @property
    def log_seconds(self) -> float:
        """Seconds after which the watch of the log has ended, one way or the other."""
        if self.log is None:
            return 0.0
        return (self.log.watch or 0.0) + self.runbook.logs.arrival + _AROUND_THE_WINDOW


def resolve(options: Options, environ: Mapping[str, str] = os.environ) -> Plan:
    """The plan of the run that these options ask for.

    Raises:
        UsageError: an option, runbook.toml or .env is malformed, or options contradict each other.
    """
    mode = _mode(options)
    url = parse_base_url(options.base_url)
    whole = _runbook(options)
    runbook = configured.without_switched_off(whole)
    environment = read_environment(options.root / ".env", environ, configured.shared_names(runbook))
    canary = canary_request.asked(options, runbook)
    log = None if options.comparison or canary else log_request.wanted(options, runbook, environment)
    uptime = _journeys(options, environment)
    if options.until_recovered and uptime is None:
        raise UsageError(
            f"--until-recovered needs journeys: -m watch --watch=60m with a smoke user ({_no_journeys(environment)})."
        )
    watched = (JOURNEYS, RECOVERED) if options.until_recovered else (JOURNEYS,) if uptime else ()
    runbook = _requiring(runbook, canary.parts if canary else watched)
    left_out = _left_out(options, runbook, environment, log) | _left_out_of_a_canary(canary, runbook, environment)
    subjects = configured.subjects(runbook, environment, left_out, options.folder)
    left_out |= parts.without_subjects(runbook, left_out, subjects) | configured.switched_off(whole)
    unread = len(configured.by_name_only(runbook))
    if unread and "environment" not in left_out:
        left_out[f"values of {unread} variables"] = "by name only, see read_values in runbook.toml"
    if runbook.workspaces.single:
        left_out["switching between workspaces"] = "the app has a single one, by runbook.toml"
    return Plan(
        mode=mode,
        url=url,
        runbook=runbook,
        environment=environment,
        left_out=left_out,
        subjects=subjects,
        only=tuple(map(current_name, options.comparison)),
        log=None if (SETTLED if mode is Mode.ROLLBACK else LOGS) in left_out else log,
        uptime=uptime,
        until_recovered=options.until_recovered,
        canary=canary,
        session=options.folder / options.session if options.session else None,
        record=None if options.comparison else options.record or runbook.record.where or None,
        restored=options.target,
        unsafe=unsafe_evidence.asked(options),
        folder=options.folder,
        reports=options.reports_folder,
    )


def _mode(options: Options) -> Mode:
    others = sorted(options.marks - {Mode.ROLLBACK})
    if Mode.ROLLBACK in options.marks and others:
        raise UsageError(
            f"-m {options.expression!r}: a rollback is proven by itself. Run pytest -m rollback, then -m smoke."
        )
    canary = sorted(options.marks - {Mode.CANARY})
    if Mode.CANARY in options.marks and canary:
        raise UsageError(f"-m {options.expression!r}: the canary is watched by itself. Run pytest -m canary alone.")
    if options.target and options.mode is not Mode.ROLLBACK:
        raise UsageError("--target says what production was rolled back to: it belongs to -m rollback.")
    return options.mode


def _runbook(options: Options) -> Runbook:
    """With its budgets multiplied. After a rollback its own parts are required, and the log's window is the time since."""
    if not 0 < options.budget_factor <= 100:
        raise UsageError("--budget-factor must be more than 0 and at most 100.")
    runbook = read_runbook(options.root, Path(options.runbook) if options.runbook else None)
    runbook = msgspec.structs.replace(runbook, budgets=runbook.budgets.times(options.budget_factor))
    if options.mode is not Mode.ROLLBACK:
        return runbook
    window = runbook.rollback.settle or runbook.threshold.window
    return msgspec.structs.replace(
        runbook,
        parts={**runbook.parts, ROLLBACK: "required", SETTLED: "required"},
        threshold=msgspec.structs.replace(runbook.threshold, window=window),
    )


def _left_out(options: Options, runbook: Runbook, environment: Environment, log: LogRequest | None) -> dict[str, str]:
    """Part → why it is not measured."""
    missing = configured.unconfigured(runbook, environment) | ({} if log else {LOGS: _no_log(environment)})
    found = parts.left_out(runbook, options.without, missing)
    if options.mode is Mode.ROLLBACK:
        found = _left_out_of_a_proof(options, runbook, found, log, environment)
    elif options.mode is Mode.WATCH:
        mine = (LOGS, JOURNEYS, RECOVERED) if options.until_recovered else (LOGS, JOURNEYS)
        found |= {
            part: f"not part of -m {options.expression}"
            for part in runbook.checks
            if part not in mine and part not in found
        }
        if _journeys(options, environment) is None:
            found.setdefault(JOURNEYS, _no_journeys(environment))
    elif Mode.WATCH in options.marks:  # its checks are selected as well
        found |= dict.fromkeys((JOURNEYS, RECOVERED), "a watch of its own: pytest -m watch --watch=60m")
    if options.comparison:
        compared = {runbook.part_of(current_name(name)) for name in options.comparison}
        found |= {part: "not part of the comparison run" for part in runbook.parts if part not in compared}
    return found


def _journeys(options: Options, environment: Environment) -> float | None:
    """For how long a watch makes journeys through the inbox; None: it reads the log alone."""
    wanted = options.mode is Mode.WATCH and options.watch and environment.user and JOURNEYS not in options.without
    return times.seconds_in(options.watch) if wanted and options.watch else None


def _no_journeys(environment: Environment) -> str:
    """Why a watch reads the log alone."""
    missing = " and ".join(environment.missing)
    return f"no {missing}: the log alone is watched" if missing else "add --watch=60m"


def _requiring(runbook: Runbook, needed: tuple[str, ...]) -> Runbook:
    """With these parts required."""
    return (
        msgspec.structs.replace(runbook, parts={**runbook.parts, **dict.fromkeys(needed, "required")})
        if needed
        else runbook
    )


def _left_out_of_a_canary(canary: CanaryRequest | None, runbook: Runbook, environment: Environment) -> dict[str, str]:
    """Of a run of the canary: every part that is not its phase's."""
    if canary is None:
        return {}
    found = {part: f"not part of --phase={canary.phase}" for part in runbook.parts if part not in canary.parts}
    if CANARY_DRAFTS in canary.parts and environment.canary_database is None and environment.canary_admin:
        found[CANARY_DRAFTS] = "the admin page shows totals only: set CANARY_DATABASE_URL"
    if CANARY_LOG in canary.parts and environment.platform is None:
        found[CANARY_LOG] = f"no {' and '.join(environment.platform_missing)}"
    return found


def _left_out_of_a_proof(
    options: Options, runbook: Runbook, found: Mapping[str, str], log: LogRequest | None, environment: Environment
) -> dict[str, str]:
    """Of the proof of a rollback: every part that is not its own."""
    mine = {part: f"not part of -m {Mode.ROLLBACK}" for part in runbook.parts if part not in (ROLLBACK, SETTLED)}
    if SETTLED in found:
        mine[SETTLED] = found[SETTLED]
    elif LOGS in options.without:
        mine[SETTLED] = found[LOGS]
    elif log is None and not runbook.rollback.settle:
        mine[SETTLED] = "[rollback] settle is 0"
    elif log is None:
        mine[SETTLED] = f"no --logs, and no {' and '.join(environment.platform_missing)}"
    return mine


def _no_log(environment: Environment) -> str:
    """Why there is no log, and how to have one."""
    if environment.platform is None:
        return f"no --logs, and no {' and '.join(environment.platform_missing)}"
    return "add --logs=vercel"
