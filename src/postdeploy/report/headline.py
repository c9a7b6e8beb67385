"""What every report begins with: what to do, and why."""

from __future__ import annotations

from collections.abc import Mapping

from postdeploy.model import Recommendation, Severity, WillHelp
from postdeploy.report.facts import RunFacts
from postdeploy.verdict.verdict import Verdict

_HEADLINE = {
    Recommendation.KEEP: "KEEP this deployment",
    Recommendation.INVESTIGATE: "DO NOT KEEP as it is: investigate",
    Recommendation.ROLL_BACK: "ROLL BACK to the last-good deployment",
    Recommendation.FIX_ENVIRONMENT: "FIX THE ENVIRONMENT and redeploy: a rollback only restores the old deployment",
    Recommendation.FIX_FORWARD: "FIX FORWARD: deploy a correction, a rollback does not help",
    Recommendation.KEEP_WATCHING: "KEEP this deployment, and keep watching: the log's window is still open",
    Recommendation.DO_NOT_PROMOTE: "DO NOT PROMOTE this deployment: it is not live, and it fails",
    Recommendation.HOLD: "HOLD: do not roll back, it is not expected to help",
    Recommendation.EXPAND: "EXPAND the canary: enable the next workspace",
    Recommendation.SWITCH_OFF: "SWITCH OFF the canary: the workspace's toggle first",
    Recommendation.MEASURE_AGAIN: "MEASURE AGAIN: nothing is proven",
}
_HELPS = {WillHelp.YES: "yes", WillHelp.NO: "no", WillHelp.LIKELY: "likely", WillHelp.NOT_PROVEN: "unproven"}
_NO_TARGET = "ROLL BACK to a deployment that you choose: the command lists the candidates"


def headline(verdict: Verdict) -> str:
    """What to do, and what was proven: `KEEP this deployment — PASS, 2 warnings`."""
    warnings = sum(1 for finding in verdict.findings if finding.severity is Severity.WARN)
    proof = f"{verdict.decision}" + (f" ({verdict.reason})" if verdict.reason else "")
    noted = f", {warnings} warning{'s' if warnings > 1 else ''}" if warnings else ""
    return f"{action(verdict)} — {proof}{noted}"


def action(verdict: Verdict) -> str:
    """What to do."""
    if verdict.recommendation is Recommendation.ROLL_BACK and not verdict.target:
        return _NO_TARGET
    return verdict.headline or _HEADLINE[verdict.recommendation]


def expected_to_help(verdict: Verdict) -> str:
    """Whether a rollback is expected to help."""
    return f"expected to help: {_HELPS[verdict.will_help or WillHelp.NOT_PROVEN]}"


def deployment_line(facts: RunFacts) -> str:
    """Which deployment it is about, and its production state."""
    name = f" ({facts.deployment.name})" if facts.deployment else ""
    return f"{facts.url}{name}" + (f": {facts.role}" if facts.role else "")


def reasons(verdict: Verdict) -> list[tuple[str, str]]:
    """Evidence for the recommendation, and against it."""
    lines = [("because", text) for text in verdict.evidence_for]
    if verdict.recommendation is Recommendation.ROLL_BACK:
        lines.append(("rollback", expected_to_help(verdict)))
    return lines + [("but", text) for text in verdict.evidence_against]


def finding_lines(verdict: Verdict, besides: str = "") -> list[tuple[str, str]]:
    """Each finding with its severity, the failures first; without the failure whose summary is already shown."""
    order = {Severity.FAIL: 0, Severity.WARN: 1, Severity.NOTE: 2}
    findings = [one for one in verdict.findings if one.severity is not Severity.FAIL or one.summary != besides]
    findings.sort(key=lambda finding: order[finding.severity])
    return [(finding.severity.value, f"{finding.part}: {finding.summary}") for finding in findings]


def by_reason(not_measured: Mapping[str, str]) -> dict[str, list[str]]:
    """Why something was not measured → which parts: the same reason is said once."""
    groups: dict[str, list[str]] = {}
    for part, why in not_measured.items():
        groups.setdefault(why, []).append(part)
    return groups
