"""Web servers of tests that end as soon as they are asked to: the usual ones look only twice a second."""

from __future__ import annotations

from pytest_httpserver import HTTPServer

LOOK = 0.01


class QuickServer(HTTPServer):
    """pytest-httpserver's."""

    def thread_target(self) -> None:
        """Serve until `stop`."""
        assert self.server is not None
        self.server.serve_forever(LOOK)
