"""Stands in for ClickHouse's HTTP side only: what is asked is answered by chDB, which is ClickHouse's engine in this process."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from postdeploy.logs.entry import LogEntry
from tests.servers import LOOK

TABLES = {
    "vercel": "CREATE TABLE {} (id String, timestamp Int64, level String, message String, source String, path String,"
    " statusCode Nullable(Int16), requestId String, deploymentId String, environment String,"
    " proxy Tuple(method String, path String, statusCode Nullable(Int16), userAgent Array(String))) ENGINE = MergeTree ORDER BY timestamp",
    "otel": "CREATE TABLE {} (Timestamp DateTime64(9), TraceId String, SeverityText LowCardinality(String), Body String,"
    " ResourceAttributes Map(LowCardinality(String), String), LogAttributes Map(LowCardinality(String), String))"
    " ENGINE = MergeTree ORDER BY Timestamp",
}


class ChdbServer:
    """Answers POST as ClickHouse does, for one user and password."""

    def __init__(self, session: Any, password: str = "") -> None:
        self.asked: list[str] = []
        self.answered = 0
        """Bytes that left it."""
        self.refuses = 0
        """So many of the next questions are refused."""
        self.is_strict = False
        """The user is read-only and changes no setting; large numbers are texts, as older servers write them."""
        self._session, self._lock, self._password = session, Lock(), password
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sql = self.rfile.read(int(self.headers["Content-Length"])).decode()
                given = parse_qs(urlsplit(self.path).query)
                if outer.is_strict and "readonly" in given:
                    code, body = "164", b"Code: 164. DB::Exception: Cannot modify setting in readonly mode"
                else:
                    code, body = outer._answer(sql, self.headers["X-ClickHouse-Key"], given["default_format"][0])
                self.send_response(500 if code else 200)
                if code:
                    self.send_header("X-ClickHouse-Exception-Code", code)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self._server.serve_forever, args=(LOOK,), daemon=True).start()
        self.port = self._server.server_address[1]

    def address(self, table: str, more: str = "") -> str:
        """As `--logs` takes it."""
        return f"clickhouse://reader@127.0.0.1:{self.port}/default?table={table}&secure=no{more}"

    def fill(self, table: str, schema: str, rows: Iterable[LogEntry]) -> None:
        """A table with these rows; made if it is not there."""
        self._session.query(TABLES[schema].replace("TABLE {}", f"TABLE IF NOT EXISTS {table}"))
        lines = "\n".join(json.dumps((_drained if schema == "vercel" else _collected)(row)) for row in rows)
        self._session.query(f"INSERT INTO {table} FORMAT JSONEachRow\n{lines}")

    def close(self) -> None:
        """No more answers."""
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, sql: str, password: str, form: str) -> tuple[str, bytes]:
        self.asked.append(sql)
        if password != self._password:
            return "516", b"Code: 516. DB::Exception: Authentication failed"
        if self.refuses:
            self.refuses -= 1
            return "241", b"Code: 241. DB::Exception: Memory limit exceeded"
        try:
            with self._lock:
                quoted = (
                    f"{sql}\nSETTINGS output_format_json_quote_64bit_integers = {int(self.is_strict)}"
                    if "SELECT" in sql
                    else sql
                )
                body = self._session.query(quoted, form).bytes()
        except RuntimeError as error:
            said = str(error)
            return said.partition("Code: ")[2].partition(".")[0], said.encode()
        self.answered += len(body)
        return "", body


def _drained(row: LogEntry) -> dict[str, Any]:
    agent = "Mozilla/5.0 postdeploy/0.1.0" if row.own else "Mozilla/5.0"
    return {
        "id": row.row_id or "",
        "timestamp": row.at,
        "level": row.level,
        "message": row.message,
        "source": "lambda",
        "path": "",
        "statusCode": row.status,
        "requestId": row.request_id or "",
        "deploymentId": row.deployment_id or "",
        "environment": row.environment or "",
        "proxy": {
            "method": row.method,
            "path": f"app.example.com{row.path}?a=1",
            "statusCode": row.status,
            "userAgent": [agent],
        },
    }


def _collected(row: LogEntry) -> dict[str, Any]:
    attributes = {
        "vercel.request_id": row.request_id or "",
        "http.request.method": row.method,
        "url.path": row.path,
        "user_agent.original": "postdeploy/0.1.0" if row.own else "",
    }
    if row.status is not None:
        attributes["http.response.status_code"] = str(row.status)
    return {
        "Timestamp": f"{row.at // 1000}.{row.at % 1000:03}000000",
        "TraceId": "",
        "SeverityText": row.level.upper(),
        "Body": row.message,
        "ResourceAttributes": {
            "vercel.deployment_id": row.deployment_id or "",
            "deployment.environment.name": row.environment or "",
        },
        "LogAttributes": attributes,
    }
