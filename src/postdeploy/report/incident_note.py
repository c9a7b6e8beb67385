"""The incident note, ready to paste: what happened, what speaks for the advice and against it, what was done, what to watch. Pure.

Written with every FAIL, and continued by what is done about it: the rollback, and the proof that it helped. People edit such notes, so
whatever stands in one stays; a line is added where things were done, the state at the top and what to watch are replaced.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import Decision, EvidenceKind, Recommendation, Severity, WillHelp
from postdeploy.report.facts import RunFacts
from postdeploy.report.headline import headline
from postdeploy.report.links import page_about, page_of
from postdeploy.rollback.report import Ending, RollbackReport
from postdeploy.system import times
from postdeploy.verdict.verdict import Finding, Verdict

FILE = "decision.md"
_STATUS = "**Status:** "
_DONE = "What was done (UTC)"
_ADVICE = "What to do"
_NEXT = "What to watch next"
_UNTOUCHED = "nothing has been changed yet"
_MOST = 6
"""Lines of one kind."""
_WIDTH = 600
_SHOWN = (EvidenceKind.PAGE, EvidenceKind.HAPPENED, EvidenceKind.SEEN, EvidenceKind.SERVER)
"""Of a failed check's evidence, what helps a reader who did not see the run."""
_MENTION = re.compile(r"(?<![\w.])@(?=\w)")

Link = Callable[[str], str]
"""A page of docs/ → where it can be opened."""


def written(verdict: Verdict, facts: RunFacts, link: Link, rollback: RollbackReport | None = None) -> str:
    """The note about a deployment that failed. `rollback`: the last one, which counts if it led here."""
    title = f"# {_host(facts.url)}: {_plain(verdict.summary)}"
    happened = [*_deployment(verdict, facts), *_seen(verdict.findings), *_log(facts.log)]
    sections = [
        (f"{_STATUS}{headline(verdict)}; {_UNTOUCHED}", []),
        ("What happened", happened),
        ("What failed, and how it was seen", _evidence(verdict.findings)),
        (
            "What speaks for this advice",
            [f"- {_plain(one)}" for one in verdict.evidence_for] or ["- the failures above"],
        ),
        ("What speaks against it, or is not known", [*_against(verdict)]),
        (_ADVICE, [*_to_do(verdict, link)]),
        (_DONE, [*_done(verdict, facts)]),
        (_NEXT, [*_watch(verdict, facts)]),
    ]
    (status, _), *rest = sections
    text = "\n\n".join([title, status, *(_section(name, lines) for name, lines in rest if lines)]) + "\n"
    served = facts.platform.id if facts.platform else facts.deployment.name if facts.deployment else ""
    if rollback and served == rollback.to.id:
        text = _added(text, [*_acted(rollback)], first=True)
    return text


def after_rollback(note: str | None, rollback: RollbackReport) -> str:
    """The note, continued by what `postdeploy rollback` did."""
    host = _host(rollback.url)
    text = note or _begun(
        f"{host}: a rollback", [f"- {rollback.from_.id} served; why it had to go, nobody has noted here"]
    )
    text = _added(text, [*_acted(rollback)])
    if rollback.outcome is not Ending.MOVED:
        cure = ["- look at production before anything else: `postdeploy deployments`", *_left_behind(rollback)]
        return _with(text, f"the rollback to {rollback.to.id} is {rollback.outcome}: {_plain(rollback.says)}", cure)
    watch = [
        f"- whether it helped is not proven yet: `pytest -m rollback --base-url={rollback.url}`",
        *_left_behind(rollback),
    ]
    return _with(
        _obeyed(text), f"rolled back to {rollback.to.id}, which serves; that it helped is not proven yet", watch
    )


def after_proof(note: str | None, verdict: Verdict, facts: RunFacts, rollback: RollbackReport | None = None) -> str:
    """The note, continued by what `pytest -m rollback` found. `rollback`: the last one, in case nobody noted it."""
    name = facts.platform.id if facts.platform else facts.deployment.name if facts.deployment else "it"
    text = note or _begun(f"{_host(facts.url)}: the proof of a rollback", [f"- {name} serves"])
    said = f"{verdict.decision}: {_plain(verdict.summary)}"
    lines = [f"- {_time(facts.finished)} verified what serves now ({name}): {said}"]
    lines += [f"    - {_plain(one.part)}: {_plain(one.summary)}" for one in _failing(verdict.findings)[:_MOST]]
    text = _added(text, [*(_acted(rollback) if rollback and rollback.to.id == name else ()), *lines])
    if verdict.decision is Decision.PASS:
        watch = ["- fix the cause before the next deploy: it brings back what was rolled back"]
        watch += _unmeasured(verdict)
        return _with(_obeyed(text), f"{headline(verdict)}. {_plain(verdict.summary)}", watch)
    cure = [f"- {headline(verdict)}", *_unmeasured(verdict)]
    return _with(text, f"not recovered, as far as is proven: {said}", cure)


# The parts ----------------------------------------------------------------------------------------------------------------


def _deployment(verdict: Verdict, facts: RunFacts) -> Iterator[str]:
    known = facts.platform
    name = known.id if known else facts.deployment.name if facts.deployment else "an unknown build"
    about = [f"commit {known.commit[:12]}"] if known and known.commit else []
    about += [f"built {_stamp(known.created_at)}"] if known and known.created_at else []
    about += [known.url] if known and known.url and _host(known.url) != _host(facts.url) else []
    yield f"- {facts.url} served {name}" + (f" ({', '.join(about)})" if about else "")
    if verdict.recommendation is Recommendation.DO_NOT_PROMOTE:
        yield "- not in production: it is built, and not live"
    elif facts.log and facts.log.window.opened:
        yield f"- in production since {_stamp(facts.log.window.opened)} ({_plain(facts.log.window.source)})"
    elif known and known.since:
        yield f"- in production since {_stamp(known.since)} (by the platform's alias)"
    else:
        yield f"- in production since: not known, at the latest since {_time(facts.started)}"


def _seen(findings: Iterable[Finding]) -> Iterator[str]:
    for one in _failing(findings)[:_MOST]:
        yield f"- {_plain(one.part)}: {_plain(one.summary)}"
    pages = (line.text for one in _failing(findings) for line in one.evidence if line.kind is EvidenceKind.PAGE)
    for text in list(dict.fromkeys(pages))[:_MOST]:
        yield f"    - people see: {_plain(text)}"


def _log(log: LogReport | None) -> Iterator[str]:
    if log is None:
        return
    yield f"- the log: {_plain(log.says)}"
    for one in [one for one in log.incidents if one.requests][:_MOST]:
        kind = {True: "new", False: "known before", None: "not compared"}[one.new]
        yield f"    - {one.requests} × {_code(one.route)} {one.signal}, {kind}: {_code(one.words)}"


def _evidence(findings: Iterable[Finding]) -> list[str]:
    lines: list[str] = []
    for one in _failing(findings)[:_MOST]:
        shown = [str(line) for line in one.evidence if line.kind in _SHOWN]
        lines += [f"{one.check or one.part}" + (f"  [{one.cause}]" if one.cause else "")]
        lines += [f"  {' '.join(line.splitlines())[:_WIDTH]}" for line in shown[:_MOST]]
    return [f"    {line}" for line in lines]  # as code: nothing in it is a mention, a link or HTML


def _against(verdict: Verdict) -> Iterator[str]:
    for one in verdict.evidence_against:
        yield f"- {_plain(one)}"
    for finding in verdict.findings:
        if finding.severity is Severity.WARN:
            yield f"- warning, {_plain(finding.part)}: {_plain(finding.summary)}"


def _to_do(verdict: Verdict, link: Link) -> Iterator[str]:
    if verdict.command:
        yield from ("```", verdict.command.replace("```", ""), "```", "")
    else:
        yield f"- {headline(verdict).partition(' — ')[0]}"
    if verdict.recommendation is Recommendation.ROLL_BACK:
        yield f"- will it help: {verdict.will_help or WillHelp.NOT_PROVEN}"
    if verdict.target:
        yield f"- the last good deployment: {verdict.target.id} ({verdict.target.url}), which {_plain(verdict.target.says)}"
    page = page_about(verdict)
    causes = dict.fromkeys(page_of(one.cause) for one in _failing(verdict.findings) if one.cause)
    for each in dict.fromkeys([*([page] if page else []), *causes]):
        yield f"- read on: {link(each)}"


def _done(verdict: Verdict, facts: RunFacts) -> Iterator[str]:
    ran = f"run {facts.run_id[:8]}, stage {facts.stage}"
    yield f"- {_time(facts.started)} verification of {facts.url} began ({ran})"
    yield f"- {_time(facts.finished)} {verdict.decision}: {_plain(verdict.summary)}"
    if verdict.writes:
        yield f"- left behind by the verification: {_plain('; '.join(verdict.writes))}"
    yield f"- {_UNTOUCHED}"


def _watch(verdict: Verdict, facts: RunFacts) -> Iterator[str]:
    url = facts.url
    match verdict.recommendation:
        case Recommendation.ROLL_BACK:
            yield f"- after the rollback, whether it helped: `pytest -m rollback --base-url={url}`"
            yield "- what it does not bring back: variables, cron configuration, migrations"
        case Recommendation.HOLD:
            yield "- the status pages of the providers; repeat no requests and no crons meanwhile"
            yield f"- when it is over, measure again: `pytest -m smoke --base-url={url}`"
        case Recommendation.FIX_ENVIRONMENT | Recommendation.FIX_FORWARD:
            yield f"- the deployment that mends it, like any other: `pytest -m smoke --base-url={url}`"
        case Recommendation.DO_NOT_PROMOTE:
            yield "- that nobody promotes it: it is built, and not live"
        case _:
            yield "- whether more people are hit: the log of the next minutes"
            yield f"- measure again when something was changed: `pytest -m smoke --base-url={url}`"
    log = facts.log
    if log and log.window.closes and _open(log, facts.finished):
        yield f"- the log's window is open until {_stamp(log.window.closes)}: what was seen of it is no more than that"
    yield from _unmeasured(verdict)


def _open(log: LogReport, at: dt.datetime) -> bool:
    return _moment(log.window.closes) > at


def _unmeasured(verdict: Verdict) -> list[str]:
    missing = [f"{part} ({why})" for part, why in verdict.coverage.not_measured.items()]
    return [f"- not measured: {_plain('; '.join(missing))}"] if missing else []


def _acted(rollback: RollbackReport) -> Iterator[str]:
    away = f"{rollback.from_.id} → {rollback.to.id}"
    yield f"- {_stamp(rollback.requested_at)} rollback: {away}, which {_plain(rollback.to.says)}"
    if rollback.moved_at:
        yield f"- {_stamp(rollback.moved_at)} {_plain(rollback.says)}"
    else:
        yield f"    - {rollback.outcome}: {_plain(rollback.says)}"


def _left_behind(rollback: RollbackReport) -> Iterator[str]:
    """What a rollback leaves as it is, and how to take it back."""
    if rollback.to.failing:
        yield f"- failed there already, and will not be better: {_plain(', '.join(rollback.to.failing))}"
    for each in rollback.not_restored:
        yield f"- not restored: {_plain(each)}"
    if rollback.assignment.after is False:
        yield "- new builds stay staged until somebody promotes one"
    elif rollback.assignment.after is True:
        yield "- the next push goes live by itself, with the fault if it still has it"
    for each in rollback.undo[:1]:
        yield f"- to undo it: `{each}`"


# The text -----------------------------------------------------------------------------------------------------------------


def _section(name: str, lines: Iterable[str]) -> str:
    return "\n".join([f"## {name}", "", *lines])


def _begun(title: str, happened: list[str]) -> str:
    """A note about something of which nothing was noted before."""
    parts = [f"# {title}", f"{_STATUS}-", _section("What happened", happened), _section(_DONE, []), _section(_NEXT, [])]
    return "\n\n".join(parts) + "\n"


def _added(note: str, lines: Iterable[str], *, first: bool = False) -> str:
    """The note with more of what was done; `first`: it was done before everything else that stands there."""
    head, body, rest = _cut(note, _DONE)
    kept = body if first else [line for line in body if line != f"- {_UNTOUCHED}"]
    fresh = [line for line in lines if line not in kept]
    return _joined(head, _DONE, [*fresh, *kept] if first else [*kept, *fresh], rest)


def _with(note: str, status: str, watch: Iterable[str]) -> str:
    """The note with another state at its top, and with what is to be watched now."""
    head, _, rest = _cut(note, _NEXT)
    text = _joined(head, _NEXT, list(watch), rest)
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if line.startswith(_STATUS):
            lines[at] = f"{_STATUS}{status}"
            break
    return "\n".join(lines)


def _obeyed(note: str) -> str:
    """The note without the command: it was given, and is not to be given again."""
    head, body, rest = _cut(note, _ADVICE)
    fences = [at for at, line in enumerate(body) if line.startswith("```")]
    if len(fences) < 2:
        return note
    return _joined(head, _ADVICE, ["- done, see below", *body[: fences[0]], *body[fences[1] + 1 :]], rest)


def _cut(note: str, name: str) -> tuple[str, list[str], str]:
    """What stands before a section, its lines, and what follows; a section that somebody removed comes back at the end."""
    lines = note.rstrip("\n").split("\n")
    heading = f"## {name}"
    if heading not in lines:
        return "\n".join(lines), [], ""
    begin = lines.index(heading)
    after = next((at for at in range(begin + 1, len(lines)) if lines[at].startswith("## ")), len(lines))
    body = [line for line in lines[begin + 1 : after] if line.strip()]
    return "\n".join(lines[:begin]), body, "\n".join(lines[after:])


def _joined(head: str, name: str, body: list[str], rest: str) -> str:
    return "\n\n".join(part for part in (head.rstrip("\n"), _section(name, body), rest) if part) + "\n"


def _failing(findings: Iterable[Finding]) -> list[Finding]:
    return [one for one in findings if one.severity is Severity.FAIL]


def _plain(text: str) -> str:
    """A sentence as it can be pasted anywhere: on one line, without HTML, and calling nobody."""
    short = " ".join(text.split())
    short = short if len(short) <= _WIDTH else f"{short[:_WIDTH]}…"
    return _MENTION.sub("@ ", short.replace("<", "&lt;").replace("`", "'"))


def _code(text: str) -> str:
    return f"`{' '.join(text.replace('`', ' ').split())[:_WIDTH]}`" if text.strip() else "-"


def _host(url: str) -> str:
    return urlsplit(url).netloc or url


def _time(moment: dt.datetime) -> str:
    return times.date_and_time(moment)


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _stamp(text: str) -> str:
    """An ISO time as the others of the note; what is none stays as it is."""
    try:
        return _time(_moment(text))
    except ValueError:
        return _plain(text) or "at an unknown time"
