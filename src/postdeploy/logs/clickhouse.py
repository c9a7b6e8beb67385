"""ClickHouse over HTTP: one question, its rows. The password comes from CLICKHOUSE_PASSWORD and stands in no message."""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import SplitResult, parse_qs

import httpx
import msgspec

from postdeploy.logs.place import CONNECT, PlaceError
from postdeploy.system.trust import authorities

PASSWORD = "CLICKHOUSE_PASSWORD"  # noqa: S105 - a variable's name
_PORTS = {"https": 8443, "http": 8123}
_SECONDS = 60
"""For one answer."""
_TIMEOUT = httpx.Timeout(_SECONDS + 5, connect=CONNECT)
_CODE = re.compile(r"Code: (\d+)\. DB::Exception")
_REMEDIES = {
    "47": "a column is not there: [warehouse.NAME] in runbook.toml says which holds what, and schema=NAME chooses it",
    "60": "there is no such table: check table= in the address",
    "81": "there is no such database: check the path of the address",
    "159": f"it took longer than {_SECONDS} s: order the table by time, or ask for less with hours=",
    "192": f"there is no such user: check the address, and {PASSWORD}",
    "194": f"access denied: check the user in the address, and {PASSWORD}",
    "241": "it ran out of memory: ask for less with hours=",
    "497": "access denied: the user needs SELECT on the table",
    "516": f"access denied: check the user in the address, and {PASSWORD}",
}
_SAID = 2_000
"""Characters at both ends of an answer that may hold an error."""
_NO_SETTINGS = "164"
"""The user is read-only, and changes no setting."""
_NUMBERS = frozenset({"at", "status", "minute", "worst", "requests", "unnamed", "since", "until", "rows", "now"})
_LINES = msgspec.json.Decoder(dict[str, Any])


class ClickHouse:
    """A server's answers, by POST; nothing is written there (readonly)."""

    def __init__(self, address: SplitResult) -> None:
        """Raises: PlaceError: it is not an address of ClickHouse, or holds a password."""
        if address.password is not None:
            raise PlaceError(f"the address holds a password, which command lines and logs show: set {PASSWORD} instead")
        given = parse_qs(address.query)
        scheme = "http" if given.get("secure", ["yes"])[0] == "no" else "https"
        if not address.hostname:
            raise PlaceError("it names no host. Write clickhouse://USER@HOST/DATABASE?table=TABLE")
        host = f"[{address.hostname}]" if ":" in address.hostname else address.hostname
        self._url = f"{scheme}://{host}:{address.port or _PORTS[scheme]}/"
        self._form = {"database": address.path.strip("/") or "default", "default_format": "JSONEachRow"}
        self._settings = {"wait_end_of_query": "1", "max_execution_time": str(_SECONDS), "readonly": "2"}
        self._user = address.username or "default"

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """What is answered, a row each.

        Raises:
            PlaceError: it can't be answered; the message says why and names the remedy.
        """
        answer = self._post(sql)
        if answer.status_code != 200 and _code(answer) == _NO_SETTINGS:
            self._settings = {}
            answer = self._post(sql)
        if answer.status_code != 200:
            raise PlaceError(_why(answer))
        try:
            found = [_as_numbers(row) for row in _LINES.decode_lines(answer.content)]
        except (msgspec.DecodeError, ValueError, TypeError):
            raise PlaceError(_why(answer)) from None  # what fails late stands behind the rows
        if any(row.keys() == {"exception"} for row in found):
            raise PlaceError(_why(answer))
        return found

    def check(self, sql: str) -> None:
        """Whether a question can be asked: by asking it.

        Raises:
            PlaceError: it can't.
        """
        self.rows(sql)

    def unreadable(self) -> tuple[int, str]:
        """None: a table holds what fits its columns."""
        return 0, ""

    def close(self) -> None:
        """Nothing is kept open."""

    def _post(self, sql: str) -> httpx.Response:
        headers = {"X-ClickHouse-User": self._user, "X-ClickHouse-Key": os.environ.get(PASSWORD, "")}
        try:
            with httpx.Client(verify=authorities(), timeout=_TIMEOUT, headers=headers) as client:
                answer = client.post(self._url, params=self._form | self._settings, content=sql.encode())
        except httpx.TimeoutException:
            raise PlaceError(
                f"the host did not answer within {_SECONDS} s: order the table by time, or ask for less with hours="
            ) from None
        except (httpx.ReadError, httpx.RemoteProtocolError):
            raise PlaceError("its answer was interrupted: ask again. A proxy between may end long answers") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise PlaceError(
                f"the host can't be reached ({type(error).__name__}). Its HTTP port: clickhouse://USER@HOST:PORT/…,"
                " and secure=no where it speaks no TLS"
            ) from None
        says_its_length = (
            answer.headers.keys() & {"content-length", "transfer-encoding"} or answer.http_version == "HTTP/2"
        )
        if not says_its_length:
            raise PlaceError("its answer does not say how long it is, so an end that was cut off would not be noticed")
        return answer


def _as_numbers(row: dict[str, Any]) -> dict[str, Any]:
    """Older servers write large numbers as texts, unless a setting says otherwise that a read-only user may not change."""
    return {name: int(value) if name in _NUMBERS else value for name, value in row.items()}


def _code(answer: httpx.Response) -> str:
    found = _CODE.search(answer.text[:_SAID]) or _CODE.search(answer.text[-_SAID:])
    return str(answer.headers.get("x-clickhouse-exception-code") or (found[1] if found else ""))


def _why(answer: httpx.Response) -> str:
    code = _code(answer)
    if code:
        return f"ClickHouse answered with error {code}" + (f": {remedy}" if (remedy := _REMEDIES.get(code)) else "")
    if answer.status_code == 200:
        return "it did not answer as ClickHouse does. Check host and port of the address"
    return f"HTTP {answer.status_code}: it did not answer as ClickHouse does. Check host and port of the address"
