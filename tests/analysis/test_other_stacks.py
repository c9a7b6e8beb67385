"""Logs of other languages, drivers and loggers: what they mean is decided by the same principles."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

from postdeploy.analysis import saved_logs
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.saved_logs import LogQuery
from postdeploy.model import Recommendation, Severity
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import (
    TODAY,
    Sent,
    Writer,
    command_line_63,
    command_line_64,
    drain_lines,
    export_csv,
    export_json,
    export_lines,
    healthy,
    rows,
    stream,
    throws,
)

HOLD, ENVIRONMENT, BACK = Recommendation.HOLD, Recommendation.FIX_ENVIRONMENT, Recommendation.ROLL_BACK


def judged(folder: Path, sent: Iterable[Sent], write: Writer = export_lines) -> LogReport:
    log = folder / "log"
    log.write_bytes(write(sorted(rows(sent), key=lambda row: row.at)))
    return saved_logs.examine([str(log)], LogQuery(), read_runbook(), TODAY)


def advice(report: LogReport) -> Recommendation | None:
    return next((one.recommendation for one in report.findings if one.severity is Severity.FAIL), None)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(
            'psycopg2.OperationalError: connection to server at "10.0.0.7", port 5432 failed: Connection refused',
            HOLD,
            id="Python",
        ),
        pytest.param(
            "failed to connect to `host=db.example.com user=app`: dial error (dial tcp 10.1.2.3:5432: connect: connection refused)",
            HOLD,
            id="Go",
        ),
        pytest.param("SQLTransientConnectionException: HikariPool-1 - Connection is not available", HOLD, id="Java"),
        pytest.param("KnexTimeoutError: Knex: Timeout acquiring a connection. The pool is full", HOLD, id="Knex"),
        pytest.param("SequelizeConnectionRefusedError: connect ECONNREFUSED 10.0.0.3:5432", HOLD, id="Sequelize"),
        pytest.param("MongooseServerSelectionError: connect ECONNREFUSED 10.0.0.3:27017", HOLD, id="MongoDB"),
        pytest.param(
            "Accelerate experienced an error. The query timeout was reached. Error code: P6004", HOLD, id="Accelerate"
        ),
        pytest.param("Error: getaddrinfo ENOTFOUND db.abcdefgh.supabase.co", HOLD, id="the database's name is gone"),
        pytest.param("Error: getaddrinfo EAI_AGAIN aws-0-eu.pooler.supabase.com", HOLD, id="the pooler's name, too"),
        pytest.param("PostgresError: cannot execute INSERT in a read-only transaction", HOLD, id="read-only"),
        pytest.param(
            "Error: self-signed certificate\n code: 'SELF_SIGNED_CERT_IN_CHAIN'\n at pg connect", ENVIRONMENT, id="TLS"
        ),
        pytest.param(
            json.dumps({"level": 50, "err": {"message": "Can't reach database server at db:5432"}}), HOLD, id="pino"
        ),
        pytest.param("Error: getaddrinfo ENOTFOUND api.hubapi.com", BACK, id="someone else's name"),
        pytest.param("Error: self-signed certificate\n code: 'SELF_SIGNED_CERT_IN_CHAIN'", BACK, id="whose is unknown"),
        pytest.param("connect: connection refused", BACK, id="by whom is unknown"),
        pytest.param("Error: ENOSPC: no space left on device, write", BACK, id="a disk of the function's"),
    ],
)
def test_a_lasting_trouble_of_an_action_is_attributed(tmp_path: Path, message: str, expected: Recommendation) -> None:
    failing = [Sent(60 + 18 * n, status=500, message=message) for n in range(30)]
    assert advice(judged(tmp_path, [*healthy(200), *failing])) is expected


@pytest.mark.parametrize("same", [True, False])
def test_what_the_deployment_right_before_fails_with_too_is_not_rolled_back(tmp_path: Path, *, same: bool) -> None:
    """It is no baseline, for it was not good itself; but going back to it helps as little."""
    broken = [throws(f"{word} broke", 60 + n * 9) for n, word in enumerate(["alpha", "beta", "gamma", "delta", "eps"])]
    words = ["alpha", "beta", "gamma", "delta", "eps" if same else "zeta"]
    before = [throws(f"{word} broke", -300 + n * 9, deployment="dpl_old") for n, word in enumerate(words)]
    earlier = [Sent(-600 + n * 5, deployment="dpl_old") for n in range(118)]
    report = judged(tmp_path, [*healthy(200), *broken, *before, *earlier])
    assert advice(report) is (Recommendation.INVESTIGATE if same else BACK)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param([Sent(20 + n, "POST", f"/x{n}.php", 500, "Error: boom") for n in range(50)], id="bots"),
        pytest.param([Sent(9 + n, "POST", "/", 429) for n in range(40)], id="a rate limit"),
        pytest.param([Sent(9 + n, "POST", "/", 200, "(node:4) [DEP0040] Deprecated") for n in range(90)], id="chatter"),
        pytest.param([throws(f"Lead 7f{n}e2c91-aaaa-4bbb is locked", 60 + 40 * n) for n in range(5)], id="ids"),
        pytest.param(
            [Sent(n, "POST", "/api/webhooks/clay", 500, "Error: duplicate event") for n in range(300)], id="redelivery"
        ),
    ],
)
def test_what_is_no_trouble_of_this_deployments_inbox_fails_nothing(tmp_path: Path, sent: list[Sent]) -> None:
    assert advice(judged(tmp_path, [*healthy(200), *sent])) is None


@pytest.mark.parametrize("function", ["", "/space/[slug]"])
def test_one_error_on_pages_of_one_route_is_one(tmp_path: Path, function: str) -> None:
    """A name in a path is known as a parameter where the export names the function that answered."""
    names = ["acme-corp", "globex", "initech", "umbrella-co", "stark-ind"]
    failing = [Sent(60 + 20 * n, "POST", f"/space/{name}", 500, "Error: quota reached") for n, name in enumerate(names)]
    log = tmp_path / "log"
    log.write_bytes(
        export_lines([*rows(healthy(200)), *(msgspec.structs.replace(row, function=function) for row in rows(failing))])
    )
    report = saved_logs.examine([str(log)], LogQuery(), read_runbook(), TODAY)
    assert (report.totals.unique, report.fails) == ((1, False) if function else (5, False))
    assert any("5 unique Server Action errors" in one for one in report.proof.missing) is not bool(function)
    assert any("POST /space/:id" in one.route for one in report.incidents) is bool(function)


@pytest.mark.parametrize("write", [export_json, export_csv, drain_lines, stream, command_line_64, command_line_63])
@pytest.mark.parametrize(
    ("failing", "expected"),
    [
        pytest.param(
            [
                throws(word, 60 + n * 9)
                for n, word in enumerate(["a is not a function", "b is null", "Bad date", "Oops"])
            ],
            BACK,
            id="four errors",
        ),
        pytest.param(
            [Sent(60 + 18 * n, status=500, message="Can't reach database server: P1001") for n in range(30)],
            HOLD,
            id="an outage",
        ),
        pytest.param(
            [Sent(60 + 9 * n, "GET", "/api/cron/x", 500, "Error: connect ECONNREFUSED hubspot") for n in range(30)],
            None,
            id="a CRM in a cron",
        ),
    ],
)
def test_every_format_leads_to_the_same_advice(
    tmp_path: Path, write: Writer, failing: list[Sent], expected: Recommendation | None
) -> None:
    assert advice(judged(tmp_path, [*healthy(60), *failing], write)) is expected
