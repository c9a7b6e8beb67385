"""A log behind an address: `--logs=https://…`, also one that is signed for some hours. The query of an address is a secret."""

from __future__ import annotations

from collections.abc import Generator, Mapping

import httpx

from postdeploy.logs.place import CONNECT, PIECE, READ, PlaceError
from postdeploy.system.trust import authorities

_REFUSED = (401, 403)
_TIMEOUT = httpx.Timeout(READ, connect=CONNECT)


class Address:
    """One object, read by GET."""

    grows = False

    def __init__(self, url: str) -> None:
        """Raises: PlaceError: it is not an address."""
        try:
            self._url = httpx.URL(url)
        except httpx.InvalidURL:
            raise PlaceError("it is not an address. Write https://HOST/PATH") from None
        self.name = str(self._url.copy_with(userinfo=b"", query=None, fragment=None))

    def objects(self) -> Mapping[str, str]:
        """Itself."""
        return {self.name: ""}

    def pieces(self, name: str) -> Generator[bytes]:  # noqa: ARG002 - as its contract says
        """The body as it was sent."""
        try:
            with (
                httpx.Client(verify=authorities(), timeout=_TIMEOUT, follow_redirects=True) as client,
                client.stream("GET", self._url, headers={"Accept-Encoding": "identity"}) as answer,
            ):
                _check(answer)
                yield from answer.iter_raw(PIECE)
        except httpx.RemoteProtocolError:
            raise PlaceError("the connection ended before all of it was received: read it again") from None
        except httpx.TimeoutException:
            raise PlaceError(f"the host did not answer within {READ} s") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise PlaceError(f"the host can't be reached ({type(error).__name__})") from None


def _check(answer: httpx.Response) -> None:
    status = answer.status_code
    if status in _REFUSED:
        raise PlaceError(f"HTTP {status}: access denied. A signed address may have expired: get a new one")
    if status == 404:
        raise PlaceError("HTTP 404: nothing is kept there. Check the address")
    if status != 200:
        raise PlaceError(f"HTTP {status}, not 200")
    is_chunked = "chunked" in answer.headers.get("transfer-encoding", "")
    if "content-length" not in answer.headers and not is_chunked and answer.http_version != "HTTP/2":
        raise PlaceError(
            "the answer does not say how long it is, so an end that was cut off would not be noticed. Save it to a file first"
        )
