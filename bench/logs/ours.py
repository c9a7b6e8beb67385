"""This project's own reading of an export: `python -m bench.logs.ours FILE [PROCESSES]`."""

from __future__ import annotations

import datetime as dt
import json
import sys

from postdeploy.analysis.ingestion import Ingestion
from postdeploy.analysis.signals import Signal
from postdeploy.logs.files import open_source
from postdeploy.runbook.reading import read_runbook


def main(file: str, processes: int | None = None) -> None:
    """Read, and say how many Server Action requests failed."""
    reading = Ingestion(read_runbook(), dt.datetime.now(dt.UTC).date(), processes)
    malformed = sum(news.malformed for news in reading.read(open_source(file)))
    tally = reading.ledger.tally()
    failed = len(tally.times(tally.of(Signal.SERVER_ACTION_ERROR)))
    print(
        json.dumps({"failed": failed, "requests": tally.requests, "rows": reading.ledger.rows, "malformed": malformed})
    )


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
