"""The other app as data: what the suite must say of it. What it says stands in docs/other-app-faults.md."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sandbox import ODDITIES

NOTHING_ODD = frozenset[str]()
EVERYTHING = frozenset(ODDITIES) - {"previews-are-drafts"}
"""Drafts have rows of their own: what they hide, the other rows must see."""
TABLET = ("--device=iPad Pro 11 landscape",)
SMALL_WINDOW = ("--device=Desktop Chrome",)
"""1280 × 720, as pytest-playwright has it."""


@dataclass(frozen=True, slots=True)
class OtherRow:
    """The other app in one state, and the verdict that it must lead to. Empty fields are not asserted."""

    name: str
    decision: str = "FAIL"
    recommendation: str = "investigate"
    cause: str = ""
    says: str = ""
    """What the summary must name."""
    warns: str = ""
    """What a warning must name."""
    fault: str = ""
    """What is broken; empty: nothing."""
    oddities: frozenset[str] = NOTHING_ODD
    app: str = "desk"
    lacks: tuple[str, ...] = ()
    """The tables of runbook.toml that are not filled in."""
    options: tuple[str, ...] = ()


def _healthy(name: str, *oddities: str, warns: str = "", options: tuple[str, ...] = ()) -> OtherRow:
    return OtherRow(name, "PASS", "keep", warns=warns, oddities=frozenset(oddities), options=options)


HEALTHY = (
    _healthy("nothing odd"),
    _healthy("leads without a name", "nameless-leads"),
    _healthy("leads whom the server calls Unknown", "leads-called-unknown"),
    _healthy("namesakes on top", "namesakes"),
    _healthy("a long name pushes the list below the sidebar", "sidebar-overlaps", "long-names"),
    _healthy("a chat widget's script is a page", "widget-answers-html"),
    _healthy("a chat widget throws", "widget-throws"),
    _healthy("a chat widget throws, unseen", "widget-throws-unseen"),
    _healthy("the insights script is a page", "insights-html"),
    _healthy("nothing has a test id", "without-test-ids"),
    _healthy("cookies, dark, long names, 3,000 leads", "cookie-banner", "dark-mode", "long-names", "many-leads"),
    _healthy("a search that knows first and last names apart", "search-by-words"),
    _healthy("a search that begins with the Enter key", "search-on-enter"),
    _healthy("a filter that leaves nobody out in one workspace", "all-want-meetings"),
    _healthy("a filter that shows nobody", "none-wants-a-meeting", warns="no conversation at all"),
    _healthy("leads without a message", "without-messages"),
    _healthy("previews of drafts", "previews-are-drafts"),
    _healthy("names of other scripts, emoji, apostrophes", "names-of-the-world"),
    _healthy("300 ms per request", "slow-requests"),
    _healthy("all of it", *EVERYTHING),
    _healthy("all of it, in a small window", *EVERYTHING, warns="1280", options=SMALL_WINDOW),
)
INBOX = (
    OtherRow(
        "the Master Inbox: leads without a name", "PASS", "keep", oddities=frozenset({"nameless-leads"}), app="inbox"
    ),
    OtherRow(
        "the Master Inbox: leads called Unknown",
        "PASS",
        "keep",
        oddities=frozenset({"leads-called-unknown"}),
        app="inbox",
    ),
    OtherRow("the Master Inbox: namesakes on top", "PASS", "keep", oddities=frozenset({"namesakes"}), app="inbox"),
    *(
        OtherRow(f"the Master Inbox: {each}", "PASS", "keep", oddities=frozenset({each}), app="inbox")
        for each in ("without-messages", "previews-are-drafts", "names-of-the-world")
    ),
    OtherRow(
        "the Master Inbox: namesakes, and another conversation answers",
        cause="messages",
        says="another conversation",
        fault="other-conversation",
        oddities=frozenset({"namesakes"}),
        app="inbox",
    ),
    OtherRow(
        "the Master Inbox: leads without a name, and a card opens the next one's conversation",
        recommendation="roll-back",
        cause="wrong-cards",
        fault="cards-shifted",
        oddities=frozenset({"nameless-leads"}),
        app="inbox",
    ),
    OtherRow(
        "the Master Inbox: another person's messages",
        cause="messages",
        says="previews",
        fault="foreign-messages",
        app="inbox",
    ),
    OtherRow(
        "the Master Inbox: a list under wrong names",
        cause="list-route",
        says="names",
        fault="list-misnamed",
        app="inbox",
    ),
    OtherRow("the Master Inbox: counts of zero", "PASS", "keep", warns="count", fault="counts-zero", app="inbox"),
)
"""Cards without any id: what they stand for follows from their place and from the request that the click causes."""
UNFILLED = (
    OtherRow(
        "runbook.toml lacks [app]",
        "INCONCLUSIVE",
        "measure-again",
        says='set [app] login_path = "/welcome"',
        lacks=("app",),
    ),
    OtherRow(
        "runbook.toml lacks [login]",
        "INCONCLUSIVE",
        "measure-again",
        says='input[name="address"]',
        lacks=("login",),
    ),
    OtherRow(
        "runbook.toml lacks [inbox]",
        cause="never-rendered",
        says="runbook.toml does not describe this app",
        lacks=("inbox",),
    ),
)
"""A healthy app whose runbook is not finished: what to fill in is said."""
BYSTANDERS = (
    OtherRow(
        "an empty list, and a chat widget's script is a page",
        cause="empty-list",
        fault="list-empty",
        oddities=frozenset({"widget-answers-html"}),
    ),
    OtherRow(
        "another workspace's cards, and a chat widget throws",
        recommendation="roll-back",
        cause="wrong-cards",
        fault="client-foreign-cards",
        oddities=frozenset({"widget-throws"}),
    ),
    OtherRow(
        "a workspace is hidden, and a chat widget throws unseen",
        cause="wrong-workspace",
        fault="workspace-hidden",
        oddities=frozenset({"widget-throws-unseen"}),
    ),
    OtherRow(
        "a list that loads for ever, and the insights script is a page",
        cause="never-rendered",
        fault="endless-spinner",
        oddities=frozenset({"insights-html"}),
    ),
)
"""Something is broken, and something else fails that is none of the app's: the true reason must be named."""
WINDOWS = (
    _healthy("all is in sight, in a small window", options=SMALL_WINDOW),
    _healthy(
        "the list below the sidebar, in a small window",
        "sidebar-overlaps",
        "long-names",
        warns="1280",
        options=SMALL_WINDOW,
    ),
    _healthy(
        "the list below the sidebar, in a tablet's window",
        "sidebar-overlaps",
        "long-names",
        warns="1194",
        options=TABLET,
    ),
    OtherRow("something lies over the inbox", cause="never-rendered", says="1920", app="inbox", fault="inbox-covered"),
    OtherRow(
        "something lies over the inbox, in a small window",
        cause="never-rendered",
        says="1920",
        app="inbox",
        fault="inbox-covered",
        options=SMALL_WINDOW,
    ),
    OtherRow(
        "cards that are transparent",
        cause="never-rendered",
        app="inbox",
        fault="cards-transparent",
        options=SMALL_WINDOW,
    ),
)
"""What only a small window hides is a warning; what every window hides is a failure."""
BREAKAGES = (
    OtherRow('a broken "use server" export', "FAIL", "roll-back", "server-actions", fault="invalid-use-server"),
    OtherRow("the list route throws", "FAIL", "roll-back", "list-route", "answered 500", fault="list-route-throws"),
    OtherRow("another person's messages under the right id", cause="messages", fault="foreign-messages"),
    OtherRow("a list under wrong names", says="name", fault="list-misnamed"),
    OtherRow("wrong cards under right names", recommendation="roll-back", cause="wrong-cards", fault="cards-shifted"),
    OtherRow("counts of zero next to the cards", "PASS", "keep", warns="count", fault="counts-zero"),
    OtherRow("searching crashes the page", "FAIL", "roll-back", "client-crash", fault="search-crashes"),
    OtherRow("the search finds nobody", cause="list-route", says="does not find", fault="search-finds-none"),
    OtherRow(
        "the search does not let go",
        recommendation="roll-back",
        cause="wrong-cards",
        says="cleared",
        fault="search-stays",
    ),
    OtherRow(
        "the filter shows everything", cause="list-route", says="leaves no conversation out", fault="filter-ignored"
    ),
    OtherRow("the page crashes", "FAIL", "roll-back", "client-crash", "Something broke", fault="client-crash"),
    OtherRow("a script of the build is missing", "FAIL", "roll-back", "asset", fault="chunk-missing"),
    OtherRow("the database is down", "FAIL", "hold", "database", fault="database-down-before-load"),
    OtherRow("the auth service hangs", "FAIL", "hold", "auth-service", fault="auth-hangs"),
)

ROWS = (
    *HEALTHY,
    *INBOX,
    *UNFILLED,
    *BYSTANDERS,
    *WINDOWS,
    *BREAKAGES,
    *(replace(row, name=f"all of it: {row.name}", oddities=EVERYTHING) for row in BREAKAGES),
)
