"""The sections of report.html, in the order in which someone decides."""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import Decision, EvidenceKind, Outcome, Reason, Severity, Stage
from postdeploy.record.document import FindingPart
from postdeploy.report.html.chart import window_chart
from postdeploy.report.html.content import ComparedAttempt, ComparedCheck, PastDeployment, Report, SeenCheck
from postdeploy.report.html.elements import Markup, code_line, disclosure, join, tag, with_code
from postdeploy.report.html.finding_page import finding_page
from postdeploy.report.html.pictures import HERE, THERE, picture_name

_ORDER = {Severity.FAIL: 0, Severity.WARN: 1, Severity.NOTE: 2}
_GROUPS = (
    ("expected", (EvidenceKind.EXPECTED,)),
    ("seen", (EvidenceKind.HAPPENED, EvidenceKind.PAGE, EvidenceKind.COMPARED, EvidenceKind.SERVED)),
    ("the cause rests on", (EvidenceKind.SEEN, EvidenceKind.OTHER)),
    ("the server logged", (EvidenceKind.SERVER,)),
)
_FEW = 4
"""So many checks of a part are shown at once."""
_QUIET = (Outcome.NOT_REACHED, Outcome.BLOCKED, Outcome.UNPROVEN)


def findings(report: Report) -> Markup | None:
    """Each with what was expected and seen; failures first, notes folded."""
    checks = {one.name: one for one in report.content.checks}
    found = sorted(report.document.findings, key=lambda one: _ORDER[one.severity])
    shown = [_finding(report, one, checks.get(one.check)) for one in found if one.severity is not Severity.NOTE]
    notes = [tag("li", f"{one.part}: {one.summary}") for one in found if one.severity is Severity.NOTE]
    folded = disclosure(f"{len(notes)} note{'s' if len(notes) > 1 else ''}", tag("ul", *notes)) if notes else None
    return join([*shown, folded]) if shown or folded else None


def _finding(report: Report, finding: FindingPart, check: SeenCheck | None) -> Markup:
    cause = f" · {finding.cause}" if finding.cause else ""
    failed = finding.severity is Severity.FAIL
    return tag(
        "article",
        tag("h3", finding.summary),
        tag(
            "p",
            f"{finding.severity} · {finding.part}{cause}" + (f" · {check.seconds:.1f} s" if check else ""),
            class_="part",
        ),
        *(_evidence(check) if check and failed else _lines(finding)),
        _shot(report, check.picture, f"The page when the check failed, masked: {check.story}")
        if check and failed
        else None,
        _comparison(report, finding.check),
        class_=finding.severity,
    )


def _lines(finding: FindingPart) -> list[Markup]:
    return [tag("pre", "\n".join(finding.evidence))] if finding.evidence else []


def _evidence(check: SeenCheck) -> Iterator[Markup]:
    for name, kinds in _GROUPS:
        texts = [line.text for line in check.evidence if line.kind in kinds]
        if texts:
            yield tag("h4", name)
            yield tag("p", with_code(texts[0])) if name == "expected" else tag("pre", "\n".join(texts))
    if check.requests:
        yield tag("h4", "failed requests")
        yield tag("pre", "\n".join(check.requests))


def _shot(report: Report, name: str, says: str) -> Markup | None:
    address = report.picture(name)
    return tag("figure", tag("img", src=address, alt=says), tag("figcaption", says)) if address else None


def _comparison(report: Report, check: str) -> Markup | None:
    found = next((one for one in report.content.compared if one.check == check), None)
    return _both(report, found) if found else None


def _both(report: Report, compared: ComparedCheck) -> Markup:
    name = picture_name(compared.check)
    target = report.document.target
    there = _attempt(report, f"last-good deployment {target.id if target else ''}", compared.last_good, THERE + name)
    here = _attempt(report, "this deployment, once more", compared.this, HERE + name)
    return join([tag("h4", "the comparison run"), tag("div", there, here, class_="side")])


def _attempt(report: Report, where: str, attempt: ComparedAttempt, picture: str) -> Markup:
    return tag(
        "div",
        tag("b", where),
        ": ",
        tag("span", attempt.outcome, class_=attempt.outcome.replace(" ", "-")),
        tag("p", attempt.says) if attempt.says else None,
        _shot(report, picture, f"The page there, masked: the check {attempt.outcome}"),
    )


def what_to_do(report: Report) -> Markup | None:
    """The page about the cause, or about the reason why nothing is proven."""
    page = finding_page(report.content.page)
    if page is None:
        return None
    kind = report.content.page.rpartition("/")[2].removesuffix(".md")
    return disclosure(f"What “{kind}” means, and what to do", page, opened=True)


def window(report: Report) -> Markup | None:
    """The log's window as a picture, then its incidents."""
    log = report.document.log
    if log is None or not log.window.opened:
        return None
    rows = [
        tag(
            "tr",
            tag("td", str(one.requests), class_="number"),
            tag("td", {True: "new", False: "known before", None: "not compared"}[one.new]),
            tag("td", one.signal),
            tag("td", tag("code", one.route)),
            tag("td", one.words[:200]),
            tag("td", f"{one.first[11:19]} – {one.last[11:19]}", class_="number"),
        )
        for one in log.incidents
        if one.requests
    ]
    heads = tag("tr", *(tag("th", name, scope="col") for name in ("requests", "", "signal", "route", "message", "UTC")))
    incidents = tag("div", tag("table", tag("thead", heads), tag("tbody", *rows)), class_="scroll") if rows else None
    gaps = [f"not seen: {one}" for one in log.proof.gaps] + [f"not proven: {one}" for one in log.proof.missing]
    compared = tag("p", f"compared with: {log.baseline or 'nothing'}", class_="part")
    return join(
        [_chart(report, log), tag("ul", *(tag("li", one) for one in gaps)) if gaps else None, incidents, compared]
    )


def _chart(report: Report, log: LogReport) -> Markup | None:
    document = report.document
    restored = document.stage is Stage.RECOVERY
    superseded = document.reason is Reason.SUPERSEDED
    return window_chart(
        log,
        opened_by="rollback" if restored else "deploy",
        ended_by="another deployment went live" if superseded else "",
    )


def filmstrip(report: Report) -> Markup | None:
    """What the browser showed at the end of each check, masked."""
    frames = [
        tag("li", tag("figure", tag("img", src=address, alt=f"{one.story} ({one.outcome}), masked"), _caption(one)))
        for one in report.content.checks
        if (address := report.picture(one.picture))
    ]
    return tag("ol", *frames, class_="strip") if frames else None


def _caption(check: SeenCheck) -> Markup:
    return tag(
        "figcaption", tag("span", check.outcome, class_=check.outcome.replace(" ", "-")), " ", with_code(check.story)
    )


def checks(report: Report) -> Markup | None:
    """Each with its duration, part by part: those of a large part that all passed are folded, and so is what gave no result."""
    ran = [one for one in report.content.checks if one.outcome not in _QUIET]
    parts = [_part([one for one in ran if one.part == part]) for part in dict.fromkeys(one.part for one in ran)]
    groups: dict[tuple[str, str], list[str]] = {}
    for one in report.content.checks:
        if one.outcome in _QUIET:
            groups.setdefault((one.outcome, f"{one.summary} {one.cure}".strip()), []).append(one.story or one.name)
    folded = [
        disclosure(f"{len(names)} {outcome}: {why}", tag("ul", *(tag("li", name) for name in names)))
        for (outcome, why), names in groups.items()
    ]
    return join([*parts, *folded]) if parts or folded else None


def _part(ran: list[SeenCheck]) -> Markup:
    rows = [
        tag(
            "tr",
            tag("td", tag("span", one.outcome, class_=one.outcome.replace(" ", "-"))),
            tag("td", with_code(one.story or one.name)),
            tag("td", f"{one.seconds:.1f} s", class_="number"),
        )
        for one in ran
    ]
    table = tag("div", tag("table", tag("tbody", *rows)), class_="scroll")
    bad = sum(one.outcome is not Outcome.PASSED for one in ran)
    says = f"{len(ran) - bad} passed" + (f", {bad} not" if bad else "")
    name = f"{ran[0].part}: {says}, {sum(one.seconds for one in ran):.1f} s"
    return disclosure(name, table, opened=bool(bad) or len(ran) <= _FEW)


def history(report: Report) -> Markup | None:
    """The last verdict on each earlier deployment, the first bad one marked."""
    past = report.content.past
    if not past:
        return None
    first_bad = _first_bad(past)
    rows = [
        tag(
            "tr",
            tag("td", tag("span", one.decision, class_="passed" if one.decision is Decision.PASS else "failed")),
            tag("td", tag("code", one.name), " – first bad one" if one is first_bad else None),
            tag("td", one.commit[:8]),
            tag("td", one.at[:16].replace("T", " ")),
            tag("td", f"{one.seconds:.0f} s" if one.seconds else "", class_="number"),
            tag("td", ", ".join(one.failing[:2])),
        )
        for one in past
    ]
    names = ("verdict", "deployment", "commit", "UTC", "took", "failing")
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in names)))
    return tag("div", tag("table", head, tag("tbody", *rows)), class_="scroll")


def _first_bad(newest_first: tuple[PastDeployment, ...]) -> PastDeployment | None:
    """The oldest of the deployments that failed one after the other until now."""
    found = None
    for one in newest_first:
        if one.decision is not Decision.FAIL:
            break
        found = one
    return found


def note(report: Report) -> Markup | None:
    """Ready to paste."""
    return disclosure("reports/incident.md", code_line(report.note)) if report.note else None
