"""Names below `localhost` belong to this machine (RFC 6761 §6.3). Browsers know that; not every resolver does."""

from __future__ import annotations

import httpx

from postdeploy.system.trust import authorities

_OWN = ".localhost"


def mounts() -> dict[str, httpx.BaseTransport]:
    """For `httpx.Client(mounts=…)`. All other hosts use the default transport and the environment's proxies."""
    return {f"all://*{_OWN}": Transport(verify=authorities())}


class Transport(httpx.HTTPTransport):
    """Connects to 127.0.0.1 and keeps the `Host` header, so that the right deployment answers."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request to this machine."""
        here = request.url.copy_with(host="127.0.0.1")
        return super().handle_request(
            httpx.Request(
                request.method, here, headers=request.headers, stream=request.stream, extensions=request.extensions
            )
        )


def address(host: str) -> str:
    """A host, with its port if it has one, as an address: https, except on this machine; empty stays empty."""
    name = host.partition(":")[0]
    here = name in ("localhost", "127.0.0.1") or name.endswith(_OWN)
    return f"{'http' if here else 'https'}://{host}" if host else ""
