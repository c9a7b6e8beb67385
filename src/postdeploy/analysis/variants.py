"""Which incidents are one trouble: the classes of the same requests, and what a client's retries logged differently.

A client repeats a failed request by a schedule (`logs.client_retries`). The attempts of one call are one trouble; where an attempt
logged nothing, all that distinguishes it is its status.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from postdeploy.analysis.incidents import Incident, Numbers, Tally
from postdeploy.analysis.signals import Signal
from postdeploy.runbook.log_tables import Logs

MOST_REQUESTS = 10_000
"""Of an incident, or of a route: in more, retries are not looked for."""
_FAILED = 500


def linked(tally: Tally, logs: Logs) -> Tally:
    """The tally with each incident that belongs to another marked as its variant."""
    retried, incidents = _silent_retries(tally, logs), tally.incidents
    owners = retried | {number: retried.get(owner, owner) for number, owner in _same_requests(tally).items()}
    marked = (
        replace(one, variant_of=incidents[owners[number]].fingerprint if number in owners else "")
        for number, one in enumerate(incidents)
    )
    return replace(tally, incidents=tuple(marked))


def first_attempts(at: Sequence[int], logs: Logs) -> list[int]:
    """For each of these moments (epoch milliseconds, in order) the number of the one that its call began with: its own, or an earlier."""
    gaps = [(round(1000 * after), round(1000 * (after + logs.client_answer))) for after in logs.client_retries]
    awaited: list[deque[tuple[int, int, int]]] = [deque() for _ in gaps]
    """By how many retries came already: from when to when the next one may come, and the call's first."""
    last_first = [*enumerate(awaited, start=1)][::-1]
    firsts = []
    for number, moment in enumerate(at):
        first, attempt = number, 0
        for retry, waiting in last_first:
            while waiting and waiting[0][1] < moment:
                waiting.popleft()
            if waiting and waiting[0][0] <= moment:
                first, attempt = waiting.popleft()[2], retry
                break
        if attempt < len(gaps):
            least, most = gaps[attempt]
            awaited[attempt].append((moment + least, moment + most, first))
        firsts.append(first)
    return firsts


def calls(tally: Tally, incident: Incident, logs: Logs) -> int:
    """How many calls an incident's requests were at least, if those within a client's schedule are its retries."""
    if not 1 < len(incident.members) <= MOST_REQUESTS or max(incident.statuses, default=0) < _FAILED:
        return len(incident.members)
    return len(set(first_attempts(np.sort(tally.at[incident.members]).tolist(), logs)))


def _same_requests(tally: Tally) -> dict[int, int]:
    """Incidents all of whose requests are also those of one that is worse: another class of the same."""
    owner = np.full(len(tally.at), -1)
    found = {}
    for number, one in enumerate(tally.incidents):
        members = one.members
        owners = owner[members]
        if len(members) and owners[0] >= 0 and (owners == owners[0]).all():
            found[number] = int(owners[0])
        elif one.signal != Signal.PERSONAL_DATA:  # it says what stands in a line, not what the error is
            owner[members[owners < 0]] = number
    return found


def _silent_retries(tally: Tally, logs: Logs) -> dict[int, int]:
    """Incidents without a message all of whose requests are retries of another incident's on the same route."""
    found: dict[int, int] = {}
    for numbers in _failures(tally.incidents).values():
        if len(numbers) < 2 or not any(tally.incidents[number].silent for number in numbers):
            continue
        members, owners = _in_order(tally, numbers)
        if len(members) > MOST_REQUESTS:
            continue
        firsts = first_attempts(tally.at[members].tolist(), logs)
        began = dict(zip(members.tolist(), owners[firsts].tolist(), strict=True))
        found |= _retried(tally.incidents, numbers, began)
    return found


def _in_order(tally: Tally, numbers: Sequence[int]) -> tuple[Numbers, Numbers]:
    """The requests of these incidents by their times, and the incident of each: of several the last."""
    of_each = [tally.incidents[number].members for number in reversed(numbers)]
    owners = np.repeat(numbers[::-1], [len(members) for members in of_each])
    members, last = np.unique(np.concatenate(of_each), return_index=True)
    order = np.argsort(tally.at[members], kind="stable")
    return members[order], owners[last][order]


def _retried(incidents: Sequence[Incident], numbers: Iterable[int], began: Mapping[int, int]) -> dict[int, int]:
    found = {}
    for number in (one for one in numbers if incidents[one].silent):
        by = {began[member] for member in incidents[number].members.tolist()}
        if len(by) == 1 and (other := by.pop()) != number:
            found[number] = other
    return found


def _failures(incidents: Sequence[Incident]) -> dict[tuple[str, str], list[int]]:
    """By signal and route, the numbers of the incidents that are failing requests."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(incidents):
        if len(one.members) and max(one.statuses, default=0) >= _FAILED:
            found.setdefault((one.signal, one.route), []).append(number)
    return found
