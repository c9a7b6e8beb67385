"""Logs of four troubles that look like one, and of one trouble that looks like four."""

from __future__ import annotations

from collections.abc import Iterable

from tests.analysis.misleading_logs import thrown
from tests.analysis.strange_logs import PEOPLE, Case, failing, prisma

HOSTS = ("api.hubapi.com", "api.attio.com", "server.smartlead.ai", "api.pipedrive.com")
SAID = ("no seats left", "draft is locked", "lead is archived", "thread has no owner")


def _four(name: str, errors: Iterable[str]) -> Case:
    return Case(name, [*PEOPLE, *failing(*errors)], "roll-back", 4, "server-actions")


def _undecided(name: str, errors: Iterable[str]) -> Case:
    return Case(name, [*PEOPLE, *failing(*map(thrown, errors))], "unproven", 4)


def _one(name: str, errors: Iterable[str]) -> Case:
    return Case(name, [*PEOPLE, *failing(*errors)], unique=1)


APART = (
    _four(
        "four services that a client called",
        (
            thrown("AxiosError: timeout", 1, f"  config: {{ url: '/x', baseURL: 'https://{host}' }},\n")
            for host in HOSTS
        ),
    ),
    _one(
        "one service, and other paths of it",
        (
            thrown("AxiosError: timeout", 1, f"  config: {{ url: 'https://{HOSTS[0]}/leads/{n}?q={n}' }},\n")
            for n in range(4)
        ),
    ),
    _four(
        "four errors within an error",
        (
            thrown("AggregateError: rejected", 1, f"  [errors]: [\n    Error: {said}\n        at x (1)\n  ]\n")
            for said in SAID
        ),
    ),
    _four(
        "four procedures that the build lacks",
        (
            thrown(f'TRPCError: No "query"-procedure on path "{name}"')
            for name in ("lead.list", "inbox.unread", "draft.create", "label.all")
        ),
    ),
    _undecided("four steps", (f'Error: Step "{name}" has no handler' for name in ("enrich", "score", "draft", "send"))),
    _one("four campaigns", (thrown(f'Error: campaign "{name}" is gone') for name in ("Spring", "sale", "Q3", "anna"))),
    _undecided(
        "four cities",
        (
            f"Error: No numbers available in {city}"
            for city in ("Berlin, Germany", "Paris, France", "São Paulo, Brazil", "Tokyo, Japan")
        ),
    ),
    _one("four pairs of currencies", (thrown(f"Error: No rate from {a} to EUR") for a in ("USD", "GBP", "JPY", "CHF"))),
    _four(
        "four constraints, as earlier Prismas write them",
        (
            prisma("P2003", f"Foreign key constraint failed on the field: `{name} (index)`")
            for name in ("Lead_ownerId_fkey", "Lead_workspaceId_fkey", "Draft_leadId_fkey", "Label_leadId_fkey")
        ),
    ),
    _undecided(
        "four keys that a schema expects",
        (
            f'ValiError: Invalid key: Expected "{name}" but received undefined'
            for name in ("email", "title", "channel", "slug")
        ),
    ),
    _four(
        "four helpers that a template lacks",
        (thrown(f'Error: Missing helper: "{name}"') for name in ("upper", "formatDate", "currency", "ifEq")),
    ),
    _four(
        "four sentences with numbers in them",
        (
            thrown(f"Error: could not send reply {said}")
            for said in (
                "3 seats are left of 5",
                "since 7 drafts were locked",
                "as 2 leads have no owner",
                "in 9 languages",
            )
        ),
    ),
    _four(
        "four messages that translations lack",
        (
            thrown(f"IntlError: Could not resolve `{name}` in messages for locale `de`.")
            for name in ("inbox.title", "inbox.empty", "lead.owner", "draft.save")
        ),
    ),
    _one(
        "four languages of such a message",
        (
            thrown(f"IntlError: Could not resolve `inbox.title` in messages for locale `{name}`.")
            for name in ("de", "fr", "pt-BR", "nl")
        ),
    ),
    _one(
        "four answers that are not JSON",
        (thrown(f"SyntaxError: Unexpected token {one} in JSON at position {at}") for at, one in enumerate("<Hi{")),
    ),
    _one(
        "four characters of ids",
        (thrown(f"Error: invalid character: expected a hexadecimal one, found `{one}` at 3") for one in "nzqw"),
    ),
    _one(
        "four workspaces of which one has an apostrophe",
        (
            thrown(f"Error: sync failed for workspace: '{name}'")
            for name in ("Acme", "O'Neill", "D'Angelo Ruiz", "Globex")
        ),
    ),
    _undecided(
        "four street addresses",
        (
            f"Error: Could not geocode {address}"
            for address in (
                "Hauptstr. 5, 10115 Berlin",
                "1600 Amphitheatre Pkwy, Mountain View, CA",
                "12 Rue de Rivoli, 75001 Paris",
                "221B Baker Street, London",
            )
        ),
    ),
    _one("four uploads", (thrown(f"Error: cannot parse {a}.xlsx") for a in ("kunden", "Анна", "leads-neu", "a_b"))),
)

CASES = APART
