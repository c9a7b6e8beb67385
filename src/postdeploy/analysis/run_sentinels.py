"""Which sentinels a log proves: it must show them with the answer that their sender received."""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping, Sequence

from postdeploy.analysis.signals import HINT, RowMeaning, Signal
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import Shows
from postdeploy.logs.sentinel import REFUSED, Sentinel, is_answered

_Meaning = Callable[[LogEntry], RowMeaning]


class RunSentinels:
    """Those of this run, in what its log shows of them. `answered` may be called by another thread."""

    def __init__(self) -> None:
        self._answers: dict[Sentinel, int | None] = {}
        self._rows: dict[tuple[Sentinel, str | None], dict[str, LogEntry]] = {}
        """By sentinel and request: rows that are not proven to be the sentinel's."""
        self._proven: set[tuple[Sentinel, str | None]] = set()
        """Requests whose later rows are the sentinel's, too."""
        self._delays: dict[Sentinel, int] = {}

    def answered(self, sentinel: Sentinel, status: int | None) -> None:
        """Its sender received this status; None: no answer."""
        self._answers[sentinel] = status

    def note(self, sentinel: Sentinel, key: str, row: LogEntry, delay: int) -> None:
        """A row of it has come, so many milliseconds late. `key`: the row's name; the later of two says more of the same row."""
        self._delays.setdefault(sentinel, delay)
        self._rows.setdefault((sentinel, row.request_id), {})[key] = row

    def settle(
        self,
        remove: Callable[[str], None],
        arrived: MutableMapping[Sentinel, int],
        shows: Shows,
        meaning: _Meaning,
        *,
        closed: bool = False,
    ) -> None:
        """`remove` the rows that are proven to be a sentinel's from those of traffic; the sentinel has `arrived`, with its delay.

        `closed`: an answer that has not come is not waited for.
        """
        for one, rows in self._rows.items():
            sentinel = one[0]
            if not rows or not (closed or sentinel in self._answers):
                continue
            if one in self._proven or is_proof([*rows.values()], self._answers.get(sentinel), shows, meaning):
                self._proven.add(one)
                arrived.setdefault(sentinel, self._delays[sentinel])
                for key in rows:
                    remove(key)
                rows.clear()


def is_proof(rows: Sequence[LogEntry], answer: int | None, shows: Shows, meaning: _Meaning) -> bool:
    """Whether a request to a sentinel's path is one. `answer`: what its sender received; None: not known, so as a sentinel is answered.

    A request without a status may never have ended: it proves something if its sender was answered, or if the source shows no status.
    """
    statuses = {row.status for row in rows} - {None}
    if not statuses and answer is None and Shows.STATUS in shows:
        return False
    if answer is not None:
        return statuses <= {answer} and all(row.method in ("GET", "") for row in rows)
    return all(is_answered(row) and not says_otherwise(row, meaning) for row in rows)


def says_otherwise(row: LogEntry, meaning: _Meaning) -> bool:
    """Whether a 503 says that it has another reason than the read API that is switched off."""
    if row.status in (None, REFUSED):
        return False
    says = meaning(row).message
    return says is not None and says.rank != HINT and Signal.READ_API_DISABLED not in says.signals


class FoundSentinels:
    """Sentinels of any run in a finished log. Whether one without a 401 proves anything is known at its end."""

    def __init__(self) -> None:
        self._refused: set[str | None] = set()
        self._unsure: dict[str, list[LogEntry]] = {}

    def take(self, rows: Iterable[LogEntry]) -> tuple[LogEntry, ...]:
        """Those of the rows that prove something whatever comes."""
        sure = []
        for row in rows:
            if row.status == REFUSED:
                sure.append(row)
                self._refused.add(row.request_id or row.path)
            else:
                self._unsure.setdefault(row.request_id or row.path, []).append(row)
        return tuple(sure)

    def rest(self, shows: Shows, meaning: _Meaning) -> tuple[tuple[LogEntry, ...], list[LogEntry]]:
        """Of the others, those that prove something, too, and those that are rows like any other."""
        proving: list[LogEntry] = []
        others: list[LogEntry] = []
        for request, rows in self._unsure.items():
            if request not in self._refused:
                (proving if is_proof(rows, None, shows, meaning) else others).extend(rows)
        self._refused, self._unsure = set(), {}
        return tuple(proving), others
