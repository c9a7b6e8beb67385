"""Requests to Vercel's API, by the same rules for synchronous (`Vercel`) and asynchronous callers (`AsyncVercel`)."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Self, TypeVar

import httpx
import msgspec

from postdeploy.system import decoding
from postdeploy.system.trust import authorities
from postdeploy.vercel.access import Access
from postdeploy.vercel.clock import Clock
from postdeploy.vercel.errors import PlatformError, refusal, unreachable, unreadable
from postdeploy.vercel.retry import RetryPolicy
from postdeploy.vercel.writes import WriteOutcome, WriteResult, write_result

T = TypeVar("T")
_RETRY = RetryPolicy()
_BROKEN = (httpx.TransportError, httpx.DecodingError)
_NOT_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)
_MOST_OF_A_REFUSAL = 1 << 16


class Vercel:
    """The API for synchronous code; may be shared by threads.

    Raises:
        PlatformError: from every call, when there is no answer or an unusable one.
    """

    def __init__(
        self,
        access: Access,
        retry: RetryPolicy = _RETRY,
        clock: Clock | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.access = access
        self.clock = clock or Clock()
        self._retry = retry
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=access.base, headers=access.headers, timeout=retry.answer, verify=authorities()
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def read(self, path: str, shape: type[T], **query: str | int) -> T:
        """GET one thing, in this shape, retried as the policy allows."""
        for attempt in itertools.count(1):
            try:
                return self._once(path, shape, query)
            except PlatformError as error:
                pause = self._retry.pause(attempt, error)
                if pause is None:
                    raise
                self._sleep(pause)
        raise AssertionError("unreachable")

    def write(self, method: str, path: str, body: object, **query: str | int) -> WriteResult:
        """Send a write, exactly once.

        Over a new connection, without retries or redirects: on a kept-alive connection that was closed meanwhile it would be
        unknown whether the request arrived. Never raises: where the outcome is `DOUBTFUL`, read the state.
        """
        access, asked = self.access, f"{method} {path}"
        at, began = self.clock.earliest(), self.clock.monotonic()
        limits = httpx.Limits(max_keepalive_connections=0)
        try:
            with (
                httpx.Client(
                    base_url=access.base,
                    headers=access.headers,
                    timeout=self._retry.answer,
                    limits=limits,
                    verify=authorities(),
                ) as http,
                http.stream(method, path, params={**query, **access.scope}, json=body) as answer,
            ):
                self.clock.learn(answer, began)
                return write_result(answer, self._body_in_time(answer), asked, at, access.token_name)
        except _NOT_CONNECTED as error:
            return WriteResult(WriteOutcome.UNSENT, unreachable(error, asked), at)
        except _BROKEN as error:
            return WriteResult(WriteOutcome.DOUBTFUL, unreachable(error, asked), at)

    def _body_in_time(self, answer: httpx.Response) -> bytes | None:
        """The body, if it arrives in time; None: it broke off. The status alone decides most cases."""
        until = self.clock.monotonic() + self._retry.answer
        body = b""
        try:
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > _MOST_OF_A_REFUSAL or self.clock.monotonic() > until:
                    return None
        except _BROKEN:
            return None
        return body

    def _once(self, path: str, shape: type[T], query: Mapping[str, str | int]) -> T:
        asked = self.clock.monotonic()
        try:
            answer = self._http.get(path, params={**query, **self.access.scope})
        except _BROKEN as error:
            raise unreachable(error, f"GET {path}") from None
        self.clock.learn(answer, asked)
        return decode(answer, shape)


class AsyncVercel:
    """The API for asynchronous code; belongs to one event loop.

    Raises:
        PlatformError: from every call, when there is no answer or an unusable one.
    """

    def __init__(self, access: Access, retry: RetryPolicy = _RETRY, clock: Clock | None = None) -> None:
        self.access = access
        self.clock = clock or Clock()
        self._retry = retry
        self._http = httpx.AsyncClient(
            base_url=access.base, headers=access.headers, timeout=retry.answer, verify=authorities()
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def read(
        self,
        path: str,
        shape: type[T],
        query: Mapping[str, str | int] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        """GET, or with a body POST a query that changes nothing, retried as the policy allows."""
        for attempt in itertools.count(1):
            try:
                return await self._once(path, shape, query or {}, body, headers)
            except PlatformError as error:
                pause = self._retry.pause(attempt, error)
                if pause is None:
                    raise
                await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    @asynccontextmanager
    async def stream(
        self, path: str, query: Mapping[str, str | int], silence: float
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """The bytes of a streamed answer, as they arrive; not retried. `silence`: seconds without a byte before it counts as broken."""
        asked = self.clock.monotonic()
        limits = httpx.Timeout(self._retry.answer, read=silence)
        request = self._http.build_request("GET", path, params={**query, **self.access.scope}, timeout=limits)
        try:
            async with asyncio.timeout(self._retry.answer):
                answer = await self._http.send(request, stream=True)
        except (*_BROKEN, TimeoutError) as error:
            raise unreachable(error, f"GET {path}") from None
        try:
            self.clock.learn(answer, asked)
            if not answer.is_success:
                await _body(answer)
                raise refusal(answer, f"GET {path}")
            yield answer.aiter_raw()
        except _BROKEN as error:
            raise unreachable(error, f"GET {path}") from None
        finally:
            await answer.aclose()

    async def _once(
        self,
        path: str,
        shape: type[T],
        query: Mapping[str, str | int],
        body: object,
        headers: Mapping[str, str] | None,
    ) -> T:
        asked = self.clock.monotonic()
        method = "GET" if body is None else "POST"
        try:
            async with asyncio.timeout(self._retry.answer):
                answer = await self._http.request(
                    method, path, params={**query, **self.access.scope}, json=body, headers=headers
                )
        except (*_BROKEN, TimeoutError) as error:
            raise unreachable(error, f"{method} {path}") from None
        self.clock.learn(answer, asked)
        return decode(answer, shape)


async def _body(answer: httpx.Response) -> None:
    """Read the body of a refusal, if it arrives."""
    try:
        await answer.aread()
    except _BROKEN:
        answer._content = b""  # noqa: SLF001 - httpx has no public way to set an empty body


def decode(answer: httpx.Response, shape: type[T]) -> T:
    """The answer in this shape; raises the error that it stands for."""
    asked = f"{answer.request.method} {answer.request.url.path}"
    if not answer.is_success:
        raise refusal(answer, asked)
    try:
        return decoding.decode(answer.content, shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable(answer, asked, str(error)) from None
