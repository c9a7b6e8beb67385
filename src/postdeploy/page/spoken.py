"""What the app says in the errors that it shows or answers with, read by the runbook's signals as log lines are.

What people write to each other is not among the texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from postdeploy.model import Cause, Diagnosis
from postdeploy.page.journal import evidence
from postdeploy.page.sight import Sight

_IDENTIFIER = re.compile(r"\w{0,64}_\w{0,64}")
_MOST = 160
"""Characters of an error that are quoted."""


def texts_of(sight: Sight, signal: str) -> list[str]:
    """The texts that mean this signal of runbook.toml."""
    return [text for text in sight.texts if _means(text, sight, signal)]


def database(sight: Sight) -> Iterator[Diagnosis]:
    """The app says that it gets no connection to its database."""
    known = [text for text in sight.runbook.meaning.database_texts if text in sight.said]
    words = next(iter(known + texts_of(sight, "database_unreachable")), "")
    if words:
        words = " ".join(words.split())[:_MOST]
        failed = [exchange for exchange in sight.journal if exchange.error and exchange.failed]
        sentence = f"“{words}”: the app can't read its database (unreachable, or refusing connections)"
        yield Diagnosis(Cause.DATABASE, sentence, evidence(failed))


def another_schema(sight: Sight) -> Iterator[Diagnosis]:
    """The app says that its database lacks a table or column."""
    said = texts_of(sight, "schema_drift")
    if said:
        sentence = f"“{' '.join(said[0].split())[:_MOST]}”: the code asks for what the database does not have"
        yield Diagnosis(Cause.SCHEMA, sentence, evidence([one for one in sight.journal if one.error in said]))


def _means(text: str, sight: Sight, name: str) -> bool:
    signal = sight.runbook.signals[name]
    runbook, service = sight.runbook, signal.service
    names = (runbook.services, runbook.unclear, runbook.addresses)
    of_the_service = service and any(_any(table.get(service, ()), text) for table in names)
    found = (
        _any((*signal.any, *signal.of_sessions), text)
        or (of_the_service and _any(signal.shared, text))
        or (_any(signal.common, text) and (of_the_service or not _names_a_service(text, sight)))
        or (_any((*signal.variables, *signal.fields), text) and not _any(signal.unless_data, text))
    )
    others = [one for one in runbook.signals.values() if name in one.instead_of and _any(one.decisive, text)]
    return _any(signal.decisive, text) or (bool(found) and not _any(signal.unless, text) and not others)


def _names_a_service(text: str, sight: Sight) -> bool:
    """Whether it names a service, other than in the name of a column (`hubspot_id`)."""
    words = _IDENTIFIER.sub(" ", text)
    return any(
        _any(patterns, words)
        for table in (sight.runbook.services, sight.runbook.unclear)
        for patterns in table.values()
    )


def _any(patterns: Iterable[str], text: str) -> bool:
    import re2  # noqa: PLC0415 - only a run that fails pays for it

    return any(re2.search(each, text) for each in patterns)
