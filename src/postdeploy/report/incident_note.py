"""The incident note, ready to paste: what happened, evidence for and against the recommendation, what was done, what to watch. Pure.

Written with every FAIL, and continued by what is done about it: the rollback, and the proof that it helped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import Decision, EvidenceKind, Recommendation, Severity
from postdeploy.report.facts import RunFacts
from postdeploy.report.headline import action, expected_to_help, headline
from postdeploy.report.links import page_about, page_of
from postdeploy.report.note_sections import (
    DONE,
    STATUS,
    TO_DO,
    UNCHANGED,
    WATCH,
    added,
    begun,
    block,
    carried_out,
    code,
    host_of,
    moment,
    plain,
    section,
    stamp,
    updated,
)
from postdeploy.rollback.report import Ending, RollbackReport
from postdeploy.system import times
from postdeploy.verdict.verdict import Finding, Verdict

_MOST = 6
"""Lines of one kind."""
_SHOWN = (EvidenceKind.PAGE, EvidenceKind.HAPPENED, EvidenceKind.SEEN, EvidenceKind.SERVER)
"""Of a failed check's evidence, what helps a reader who did not see the run."""

Link = Callable[[str], str]
"""A page of docs/ → where it can be opened."""


def written(verdict: Verdict, facts: RunFacts, link: Link, rollback: RollbackReport | None = None) -> str:
    """The note about a deployment that failed. `rollback`: the last one, which counts if it led here."""
    title = f"# {host_of(facts.url)}: {plain(verdict.summary)}"
    sections = [
        ("What happened", [*_deployment(verdict, facts), *_seen(verdict.findings), *_log(facts.log)]),
        ("What failed, and how it was seen", _evidence(verdict.findings)),
        (
            "Evidence for this recommendation",
            [f"- {plain(one)}" for one in verdict.evidence_for] or ["- the failures above"],
        ),
        ("Evidence against it, and what is not known", [*_against(verdict)]),
        (TO_DO, [*_to_do(verdict, link)]),
        (DONE, [*_done(verdict, facts)]),
        (WATCH, [*_watch(verdict, facts)]),
    ]
    provisional = f" (provisional: {verdict.provisional})" if verdict.provisional else ""
    parts = [title, f"{STATUS}{headline(verdict)}{provisional}; {UNCHANGED}"]
    text = "\n\n".join([*parts, *(section(name, lines) for name, lines in sections if lines)]) + "\n"
    if rollback and _served(facts) == rollback.to.id:
        text = added(text, [*_acted(rollback)], first=True)
    return text


def after_rollback(note: str | None, rollback: RollbackReport) -> str:
    """The note, continued by what `postdeploy rollback` did."""
    target = rollback.to.id
    text = note or begun(
        f"{host_of(rollback.url)}: a rollback",
        [f"- {rollback.from_.id} served; the reason for the rollback is not recorded"],
    )
    text = added(text, [*_acted(rollback)])
    if rollback.outcome is not Ending.MOVED:
        cure = ["- look at production before anything else: `postdeploy deployments`", *_left_behind(rollback)]
        return updated(text, f"the rollback to {target} is {rollback.outcome}: {plain(rollback.says)}", cure)
    watch = [
        f"- it is not proven yet that the rollback helped: `pytest -m rollback --base-url={rollback.url}`",
        *_left_behind(rollback),
    ]
    status = f"rolled back to {target}, which serves production; it is not proven yet that this helped"
    return updated(carried_out(text), status, watch)


def after_proof(note: str | None, verdict: Verdict, facts: RunFacts, rollback: RollbackReport | None = None) -> str:
    """The note, continued by what `pytest -m rollback` found. `rollback`: the last one, in case it is not noted yet."""
    name = _served(facts) or "it"
    text = note or begun(f"{host_of(facts.url)}: the proof of a rollback", [f"- {name} serves production"])
    said = f"{verdict.decision}: {plain(verdict.summary)}"
    lines = [f"- {times.date_and_time(facts.finished)} verified what serves production now ({name}): {said}"]
    lines += [f"    - {plain(one.part)}: {plain(one.summary)}" for one in _failing(verdict.findings)[:_MOST]]
    text = added(text, [*(_acted(rollback) if rollback and rollback.to.id == name else ()), *lines])
    if verdict.decision is Decision.PASS:
        watch = ["- fix the cause before the next deploy: it deploys again what was rolled back"]
        watch += _unmeasured(verdict)
        return updated(carried_out(text), f"{headline(verdict)}. {plain(verdict.summary)}", watch)
    return updated(
        text, f"not recovered, as far as is proven: {said}", [f"- {headline(verdict)}", *_unmeasured(verdict)]
    )


# The sections -------------------------------------------------------------------------------------------------------------


def _served(facts: RunFacts) -> str:
    return facts.platform.id if facts.platform else facts.deployment.name if facts.deployment else ""


def _deployment(verdict: Verdict, facts: RunFacts) -> Iterator[str]:
    known = facts.platform
    about = [f"commit {known.commit[:12]}"] if known and known.commit else []
    about += [f"built {stamp(known.created_at)}"] if known and known.created_at else []
    about += [known.url] if known and known.url and host_of(known.url) != host_of(facts.url) else []
    yield f"- {facts.url} served {_served(facts) or 'an unknown build'}" + (f" ({', '.join(about)})" if about else "")
    if verdict.recommendation is Recommendation.DO_NOT_PROMOTE:
        yield "- not in production: it is built, and not live"
    elif facts.log and facts.log.window.opened:
        yield f"- in production since {stamp(facts.log.window.opened)} ({plain(facts.log.window.source)})"
    elif known and known.since:
        yield f"- in production since {stamp(known.since)} (according to Vercel's alias)"
    else:
        yield f"- in production since: not known, at the latest since {times.date_and_time(facts.started)}"


def _seen(findings: Iterable[Finding]) -> Iterator[str]:
    for one in _failing(findings)[:_MOST]:
        yield f"- {plain(one.part)}: {plain(one.summary)}"
    pages = (line.text for one in _failing(findings) for line in one.evidence if line.kind is EvidenceKind.PAGE)
    for text in list(dict.fromkeys(pages))[:_MOST]:
        yield f"    - people see: {plain(text)}"


def _log(log: LogReport | None) -> Iterator[str]:
    if log is None:
        return
    yield f"- the log: {plain(log.says)}"
    for one in [one for one in log.incidents if one.requests and not one.variant_of][:_MOST]:
        kind = {True: "new", False: "known before", None: "not compared"}[one.new]
        yield f"    - {one.requests} × {code(one.route)} {one.signal}, {kind}: {code(one.words)}"


def _evidence(findings: Iterable[Finding]) -> list[str]:
    lines: list[str] = []
    for one in _failing(findings)[:_MOST]:
        shown = [line for line in one.evidence if line.kind in _SHOWN]
        lines += [f"{one.check or one.part}" + (f"  [{one.cause}]" if one.cause else "")]
        lines += [f"  {line}" for line in shown[:_MOST]]
    return block(lines)


def _against(verdict: Verdict) -> Iterator[str]:
    for one in verdict.evidence_against:
        yield f"- {plain(one)}"
    for finding in verdict.findings:
        if finding.severity is Severity.WARN:
            yield f"- warning, {plain(finding.part)}: {plain(finding.summary)}"


def _to_do(verdict: Verdict, link: Link) -> Iterator[str]:
    if verdict.recommendation is Recommendation.ROLL_BACK and not verdict.target:
        yield f"- {action(verdict)}"
    if verdict.command:
        yield from ("```", verdict.command.replace("```", ""), "```", "")
    else:
        yield f"- {action(verdict)}"
    if verdict.recommendation is Recommendation.ROLL_BACK:
        yield f"- {expected_to_help(verdict)}"
    if verdict.target:
        where = f" ({verdict.target.url})" if verdict.target.url else ""
        yield f"- last-good deployment: {verdict.target.id}{where}, which {plain(verdict.target.says)}"
    page = page_about(verdict)
    causes = dict.fromkeys(page_of(one.cause) for one in _failing(verdict.findings) if one.cause)
    for each in dict.fromkeys([*([page] if page else []), *causes]):
        yield f"- read on: {link(each)}"


def _done(verdict: Verdict, facts: RunFacts) -> Iterator[str]:
    ran = f"run {facts.run_id[:8]}, stage {facts.stage}"
    yield f"- {times.date_and_time(facts.started)} verification of {facts.url} began ({ran})"
    yield f"- {times.date_and_time(facts.finished)} {verdict.decision}: {plain(verdict.summary)}"
    if verdict.writes:
        yield f"- left behind by the verification: {plain('; '.join(verdict.writes))}"
    yield f"- {UNCHANGED}"


def _watch(verdict: Verdict, facts: RunFacts) -> Iterator[str]:
    url = facts.url
    match verdict.recommendation:
        case Recommendation.ROLL_BACK:
            yield f"- after the rollback, whether it helped: `pytest -m rollback --base-url={url}`"
            yield "- what a rollback does not restore: variables, cron configuration, migrations"
        case Recommendation.HOLD:
            yield "- the status pages of the providers; repeat no requests and no crons meanwhile"
            yield f"- when the outage is over, re-run: `pytest -m smoke --base-url={url}`"
        case Recommendation.FIX_ENVIRONMENT | Recommendation.FIX_FORWARD:
            yield f"- the deployment that fixes it, like any other: `pytest -m smoke --base-url={url}`"
        case Recommendation.DO_NOT_PROMOTE:
            yield "- that it is not promoted: it is built, and not live"
        case _:
            yield "- whether more people are affected: the log of the next minutes"
            yield f"- re-run after every change: `pytest -m smoke --base-url={url}`"
    log = facts.log
    if log and log.window.closes and moment(log.window.closes) > facts.finished:
        yield f"- the log's window is open until {stamp(log.window.closes)}: the rest of it was not seen"
    yield from _unmeasured(verdict)


def _unmeasured(verdict: Verdict) -> list[str]:
    missing = [f"{part} ({why})" for part, why in verdict.coverage.not_measured.items()]
    return [f"- not measured: {plain('; '.join(missing))}"] if missing else []


def _acted(rollback: RollbackReport) -> Iterator[str]:
    change = f"{rollback.from_.id} → {rollback.to.id}"
    yield f"- {stamp(rollback.requested_at)} rollback: {change}, which {plain(rollback.to.says)}"
    if rollback.moved_at:
        yield f"- {stamp(rollback.moved_at)} {plain(rollback.says)}"
    else:
        yield f"    - {rollback.outcome}: {plain(rollback.says)}"


def _left_behind(rollback: RollbackReport) -> Iterator[str]:
    """What a rollback does not change, and how to undo it."""
    if rollback.to.failing:
        yield f"- failed on the target before, and will fail again: {plain(', '.join(rollback.to.failing))}"
    for each in rollback.not_restored:
        yield f"- not restored: {plain(each)}"
    if rollback.assignment.after is False:
        yield "- new builds stay staged until one is promoted"
    elif rollback.assignment.after is True:
        yield "- the next push goes live automatically, with the fault if it is not fixed"
    for each in rollback.undo[:1]:
        yield f"- to undo it: `{each}`"


def _failing(findings: Iterable[Finding]) -> list[Finding]:
    return [one for one in findings if one.severity is Severity.FAIL]
