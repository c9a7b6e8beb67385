"""Requests as values."""

import pytest

from postdeploy.page.journal import Exchange, Kind, given_up, is_cancellation, lasting, path_template


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/api/inbox/conversations?clientId=5f0c&limit=50", "/api/inbox/conversations?clientId&limit"),
        ("/api/inbox/conversations/5f0c0de0-0000-4000-8000-000000000001", "/api/inbox/conversations/:id"),
        ("/api/x/12345", "/api/x/:id"),
        ("/auth/login", "/auth/login"),
        ("/?view=inbox", "/?view"),
        ("/w/ada.lovelace@example.com/x", "/w/:id/x"),
        ("/w/ada%40example.com", "/w/:id"),
        ("/call/+49 151 23456789", "/call/:id"),
        ("/from/203.0.113.77", "/from/:id"),
        ("/lead-123456", "/:id"),
        ("/v5.5.5/leads", "/v5.5.5/leads"),
        ("/logo@2x.png", "/logo@2x.png"),
        ("/@modal/settings", "/@modal/settings"),
        ("/chunks/1a2b3c4d5e6f.js", "/chunks/1a2b3c4d5e6f.js"),
        ("/w/anna-schmidt", "/w/:id"),
        ("/w/acme/inbox", "/w/:id/inbox"),
        ("/leads/anna.schmidt", "/leads/:id"),
        ("/p/Anna/Schmidt", "/p/:id/:id"),
        ("/customers/Anna-Schmidt", "/customers/:id"),
        ("/kunden/Öznur", "/kunden/:id"),
        ("/in/m%C3%BCller", "/in/:id"),
        ("/unsubscribe/anna%40firma.de", "/unsubscribe/:id"),
        ("/reset/AbCdEfGhIjKlMnOpQrSt", "/reset/:id"),
        ("/reset/AbCd_EfGh-IjKlMnOpQr?next=x", "/reset/:id?next"),
        ("/reset/kqzvwxjhbqpfmdlrtgnskwvyhcbzxjqp", "/reset/:id"),
        ("/api/inbox/conversations", "/api/inbox/conversations"),
        ("/@annaschmidt", "/:id"),
        ("/~annaschmidt/feed", "/:id/feed"),
        ("/search/anna+schmidt", "/search/:id"),
        ("/inbox;user=annaschmidt", "/inbox;:id"),
        ("/users/annaschmidt/edit", "/users/:id/edit"),
        ("/profile/anna", "/profile/:id"),
        ("/messages/annaschmidt", "/messages/:id"),
        ("/invite/correct-horse-battery-staple", "/invite/:id"),
        ("/reset/abcdefghijkl", "/reset/:id"),
        ("/verify/abc.def", "/verify/:id"),
        ("/unsubscribe/annaschmidt", "/unsubscribe/:id"),
        ("/chat/with/annaschmidt", "/chat/with/:id"),
        ("/api/leads/by-name/annaschmidt", "/api/leads/by-name/:id"),
        ("/users/settings", "/users/settings"),
        ("/api/users/me", "/api/users/me"),
        ("/profile/edit", "/profile/edit"),
        ("/profile/notifications", "/profile/notifications"),
        ("/search", "/search"),
        ("/reset", "/reset"),
        ("/reset/", "/reset/"),
        ("/invite/accept", "/invite/accept"),
        ("/invite/[token]", "/invite/[token]"),
        ("/users/:id", "/users/:id"),
        ("/c++", "/c++"),
        ("/~", "/~"),
        ("/settings/billing", "/settings/billing"),
        ("/settings/api-keys", "/settings/api-keys"),
        ("/api/inbox/read-state", "/api/inbox/read-state"),
        ("/users/sign-in", "/users/sign-in"),
        ("/leads/export", "/leads/export"),
        ("/api/updateLeadConversationStatus", "/api/updateLeadConversationStatus"),
        ("/app/%5Bslug%5D/page.js", "/app/%5Bslug%5D/page.js"),
        ("/w/[slug]", "/w/[slug]"),
        ("//]", "//]"),
        ("//[::1/x?a=1#b", "//[::1/x?a"),
        ("https://[x/12", "https://[x/:id"),
    ],
)
def test_ids_and_values_are_left_out_of_a_template(path: str, template: str) -> None:
    assert path_template(path) == template


def exchange(status: int | None, path: str = "/api/x", **more: object) -> Exchange:
    return Exchange(Kind.API, "GET", path, 0.0, ms=1.0, status=status, **more)  # type: ignore[arg-type]


def test_a_failure_that_a_retry_made_good_does_not_last() -> None:
    assert lasting([exchange(500), exchange(200)]) == []


def test_a_failure_of_another_address_is_not_made_good() -> None:
    broken = exchange(500, "/api/x?clientId=a")
    assert lasting([broken, exchange(200, "/api/x?clientId=b")]) == [broken]


def test_a_request_is_given_up_when_it_failed_as_often_as_the_page_repeats_it() -> None:
    assert given_up([exchange(500)] * 3, retries=3) == []
    assert given_up([exchange(500)] * 4, retries=3) == [exchange(500)]
    assert given_up([exchange(500)] * 4 + [exchange(200)], retries=3) == []


def test_the_read_api_switched_off_is_no_failure() -> None:
    assert not exchange(503, error="READ_API_DISABLED").failed


@pytest.mark.parametrize("more", [{"error": "Failed"}, {"digest": "1"}, {"error": ""}])
def test_a_failure_inside_a_200_is_a_failure(more: dict[str, str]) -> None:
    assert exchange(200, **more).failed


@pytest.mark.parametrize(
    ("failure", "cancelled"),
    [
        pytest.param("net::ERR_ABORTED", True, id="Chromium"),
        pytest.param("AbortError: The user aborted a request.", True, id="fetch"),
        pytest.param("NS_BINDING_ABORTED", True, id="Firefox"),
        pytest.param("TypeError: Failed to fetch", False, id="a broken connection"),
    ],
)
def test_a_request_that_the_page_cancelled_is_not_lost(failure: str, cancelled: bool) -> None:
    assert is_cancellation(failure) is cancelled
    one = Exchange(Kind.API, "GET", "/a", 0.0, ms=1.0, failure=failure, cancelled=cancelled)
    assert one.lost is not cancelled
