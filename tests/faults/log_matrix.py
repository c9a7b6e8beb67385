"""The log's matrix as data: what happened after a deploy, and the verdict that it must lead to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.log_stories import Story

KNOWN = """
schema = 1
[[known]]
pattern = "Invalid time value|URI malformed"
reason  = "a plug-in that is on its way out"
owner   = "web"
until   = 2099-01-01
at_most = 10
"""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One story and its verdict. Empty fields are not asserted."""

    name: str
    happens: Callable[[Story], None]
    decision: str = "PASS"
    reason: str | None = None
    recommendation: str = ""
    cause: str = ""
    warns: str = ""
    """What one of the warnings must name."""
    says: str = ""
    """What the summary or the log's line must name."""
    runbook: str = ""
    """What is laid over the built-in runbook."""
    earlier: tuple[str, ...] | None = None
    """What was wrong with the deployment before; None: there was none."""
    skew: float = 0.0
    """By how many seconds the platform's clock is ahead of ours."""


def _healthy(story: Story) -> None:
    story.people_act(60)


def _errors(*variants: int, people: int = 60) -> Callable[[Story], None]:
    def happens(story: Story) -> None:
        story.people_act(people)
        story.errors(variants, every=20)

    return happens


def _one_cause_for_everybody(story: Story) -> None:
    story.errors([1] * 18, at=10, every=20)


def _one_burst_of_retries(story: Story) -> None:
    story.people_act(190)
    story.errors([1] * 12, at=100, every=1)


def _two_of_twenty(story: Story) -> None:
    story.people_act(20)
    story.errors([1, 1], at=100, every=100)


def _a_cron_that_fails(story: Story) -> None:
    story.people_act(40)
    story.sandbox.break_("cron-fails")
    for minute in range(5):
        story.at(60 * minute + 1)
        story.people.cron(1000)


def _the_fourth_too_late(story: Story) -> None:
    story.people_act(60)
    story.errors([1, 2, 3])
    story.errors([4], at=601)


def _outage(story: Story) -> None:
    story.people_act(20, until=100, steps=2)
    story.sandbox.break_("database-down-before-load")
    for minute in range(4):
        story.at(120 + 60 * minute)
        story.people.act(4, "getClients")


def _pool_exhausted(story: Story) -> None:
    story.people_act(40)
    wants = [story.people.action("getClients")]
    for at in (100, 340, 585):
        story.at(at)
        story.sandbox.break_("database-pool-exhausted")
        story.people.send(wants * 8, patience=2)
        story.sandbox.heal()


def _outage_that_is_over(story: Story) -> None:
    _outage(story)
    story.sandbox.heal()
    story.at(420)
    story.people.act(8, "getClients")


def _cold_pool(story: Story) -> None:
    story.at(2)
    story.sandbox.break_("database-down-before-load")
    story.people.act(4, "getClients")
    story.sandbox.heal()
    story.people_act(60)


def _old_tabs(story: Story) -> None:
    story.people_act(40)
    story.at(20)
    story.tabs_of_before.act(40)


def _slow_auth(story: Story) -> None:
    story.people_act(30)
    story.sandbox.break_("auth-times-out")
    story.at(100)
    story.people.act(6, "getClients")


def _nobody_is_known(story: Story) -> None:
    story.people_act(30)
    story.sandbox.break_("session-not-read")
    for minute in range(4):
        story.at(120 + 60 * minute)
        story.people.act(4, "getClients")


def _says(fault: str) -> Callable[[Story], None]:
    def happens(story: Story) -> None:
        story.people_act(30)
        story.sandbox.break_(fault)
        story.at(100)
        story.people.act(3, "requestSync", "nobody")

    return happens


ROWS = (
    LogRow("healthy", _healthy, recommendation="keep-watching", says="window clean: 10 minutes"),
    LogRow("3 unique errors", _errors(1, 2, 3), recommendation="keep-watching", warns="3 unique (3 allowed)"),
    LogRow("4 unique errors", _errors(1, 2, 3, 4), "FAIL", None, "roll-back", "server-actions", says="4 unique"),
    LogRow(
        "4 unique errors, on a platform whose clock is 90 s ahead",
        _errors(1, 2, 3, 4),
        "FAIL",
        None,
        "roll-back",
        "server-actions",
        skew=90.0,
    ),
    LogRow(
        "4 unique errors, on a platform whose clock is 90 s behind",
        _errors(1, 2, 3, 4),
        "FAIL",
        None,
        "roll-back",
        "server-actions",
        skew=-90.0,
    ),
    LogRow("healthy, on a platform whose clock is 90 s ahead", _healthy, says="window clean", skew=90.0),
    LogRow("healthy, on a platform whose clock is 90 s behind", _healthy, says="window clean", skew=-90.0),
    LogRow(
        "18 of 18 requests with one cause",
        _one_cause_for_everybody,
        "FAIL",
        None,
        "roll-back",
        "server-actions",
        says="18 of 18",
    ),
    LogRow(
        "12 failures of 200 in one burst of retries", _one_burst_of_retries, warns="12 Server Action requests of 202"
    ),
    LogRow("2 failures of 20", _two_of_twenty, warns="2 Server Action requests of 22"),
    LogRow("one cron 5,000 times", _a_cron_that_fails, warns="/api/cron/response-timing"),
    LogRow("4 unique errors, 2 of them known noise", _errors(1, 2, 3, 4), warns="2 unique", runbook=KNOWN),
    LogRow("the fourth at 10:01", _the_fourth_too_late, warns="3 unique (3 allowed)"),
    LogRow("an outage of the database whose every answer is 200", _outage, "FAIL", None, "hold", "database"),
    LogRow("the same outage, over by now", _outage_that_is_over, warns="of what uses it succeeded since"),
    LogRow("pool time-outs for more than 15 %", _pool_exhausted, "FAIL", None, "hold", "database"),
    LogRow("one burst of a cold pool", _cold_pool, warns="of what uses it succeeded since"),
    LogRow("a burst of version skew", _old_tabs, warns="version skew", earlier=()),
    LogRow("a slow auth service", _slow_auth, warns="the auth service was slow", earlier=()),
    LogRow(
        "“Not authenticated” alone, above the rate of before",
        _nobody_is_known,
        "FAIL",
        None,
        "roll-back",
        "auth-regression",
        earlier=(),
    ),
    LogRow(
        "“Not authenticated” alone, as before",
        _nobody_is_known,
        warns="“Not authenticated” without a slow auth service",
        earlier=("session-not-read",),
    ),
    LogRow(
        "4 unique errors that all existed before",
        _errors(1, 2, 3, 4),
        "FAIL",
        None,
        "investigate",
        "server-actions",
        says="existed before",
        earlier=("action-throws-variously",),
    ),
    LogRow("error lines with personal data", _says("error-names-person"), warns="e-mail address or telephone number"),
    LogRow("error lines without a debug id", _says("error-without-debug-id"), warns="without a debug id"),
)
"""The window is over when the suite looks; those that need a window still open are in test_log_windows.py."""
