"""What one check left hanging is not what the next one waits for."""

from __future__ import annotations

import pytest

from tests.page.app.page import Page, row

LIST = "/api/inbox/conversations"


def _hanging(path: str = f"{LIST}/c9") -> Page:
    return Page().lists(row()).asks(path)


@pytest.mark.parametrize("path", [LIST, f"{LIST}/c9", "/api/inbox/counts"])
def test_what_was_pending_before_is_not_awaited_any_more(path: str) -> None:
    seen = _hanging(path).seen
    assert [one.path for one in seen.pending] == [path]
    assert [one.path for one in seen.leave_pending()] == [path]
    assert seen.pending == ()


def test_it_is_no_part_of_what_comes_next_until_it_is_answered() -> None:
    seen = _hanging().seen
    seen.leave_pending()
    assert [one.pending for one in seen.since(0.0)] == [False]
    seen.take({"type": "answer", "id": "open", "status": 500, "headers": {}, "url": "https://x/", "at": 60})
    seen.take({"type": "body", "id": "open", "body": "", "at": 70})
    assert [one.status for one in seen.since(0.0)] == [200, 500]


def test_what_is_asked_afterwards_is_awaited() -> None:
    page = _hanging()
    page.seen.leave_pending()
    page.seen.take(
        {
            "type": "request",
            "id": "next",
            "method": "GET",
            "url": "https://app.example.com" + LIST,
            "action": None,
            "at": 80,
        }
    )
    assert [one.path for one in page.seen.pending] == [LIST]
    assert page.seen.leave_pending() == page.seen.journal[-1:]
