"""From what a browser saw to the most likely cause: an ordered table of rules, first match wins.

The order is from the outside in: what the platform did, what the server refused, what it answered, what the client made
of it. A rule claims only what a browser can see; the sentence says where to look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from postdeploy.model import Cause, Diagnosis
from postdeploy.page.journal import Exchange, Kind, lasting
from postdeploy.page.sight import Sight


def diagnose(sight: Sight) -> Diagnosis:
    """The first rule that explains what was seen; evidence are the exchanges it rests on.

    Always answers: what no rule explains is `Cause.UNKNOWN`, described as seen.
    """
    for rule in _RULES:
        for found in rule(sight):
            return found
    failed = lasting(sight.journal)
    shown = f": the page shows {sight.screen.error}" if sight.screen.error else ": see what the page shows"
    return Diagnosis(Cause.UNKNOWN, f"none of the known troubles{shown}", _lines(failed))


_SILENT_MS = 4_000
"""The script inside the page reports every second."""
_FRAMEWORK = {
    "E80": "the origin is not allowed: see SERVER_ACTIONS_ALLOWED_ORIGINS",
    "E352": 'a "use server" module exports something that is no async function',
}
"""What the framework's own classes of errors mean, where a digest carries them."""
_OF_THE_SERVER = ("An error occurred in the Server Components render", "Minified React error #441")
"""What the page says when the server failed; the text is left out in production builds (React 19.2 and 19.3)."""


def _lines(exchanges: list[Exchange], most: int = 4) -> tuple[str, ...]:
    """Each request once, by its last answer, with how often it was made."""
    tries: dict[tuple[str, str, str | None], list[Exchange]] = {}
    for exchange in exchanges:
        tries.setdefault(exchange.key, []).append(exchange)
    lines = [each[-1].line() + (f" ({len(each)} times)" if len(each) > 1 else "") for each in tries.values()]
    more = len(lines) - most
    return tuple(lines[:most] + ([f"… and {more} more"] if more > 0 else []))


def _page_gone(sight: Sight) -> Iterator[Diagnosis]:
    if sight.screen.failed and "REDIRECT" in sight.screen.failed.upper():
        yield _loop(sight)
    pages = [page for page in sight.of(Kind.PAGE) if page.status is not None and page.status >= 400]
    if pages:
        yield Diagnosis(Cause.PAGE, f"the page itself answered {pages[-1].status}", _lines(pages))


def _redirect_loop(sight: Sight) -> Iterator[Diagnosis]:
    bounced = [page for page in sight.of(Kind.PAGE) if page.location is not None]
    if len(bounced) >= 4:
        yield _loop(sight)


def _reload_loop(sight: Sight) -> Iterator[Diagnosis]:
    if sight.reloads > 1:
        sentence = f"the page reloads itself again and again: {sight.reloads} times since it was opened"
        yield Diagnosis(Cause.REDIRECT_LOOP, sentence, _lines(lasting(sight.journal)))


def _loop(sight: Sight) -> Diagnosis:
    pages = [page for page in sight.of(Kind.PAGE) if page.location or page.failure]
    paths = " ⇄ ".join(dict.fromkeys(page.path.split("?")[0] for page in pages))
    return Diagnosis(
        Cause.REDIRECT_LOOP, f"a redirect loop: {paths or 'the browser gave up following redirects'}", _lines(pages, 3)
    )


def _missing_asset(sight: Sight) -> Iterator[Diagnosis]:
    lost = lasting(sight.of(Kind.ASSET)) + [one for one in sight.of(Kind.ASSET) if one.failure]
    missing = {
        asset.path: asset for asset in lost if asset.status is not None or "ABORTED" not in (asset.failure or "")
    }
    if missing:
        yield Diagnosis(
            Cause.ASSET,
            f"{len(missing)} script or style file(s) of the page can't be loaded: an incomplete build or a stale cache",
            _lines(list(missing.values())),
        )


def _signed_out(sight: Sight) -> Iterator[Diagnosis]:
    app = sight.runbook.app
    bounces = [page for page in sight.of(Kind.PAGE) if page.location and page.location.startswith(app.login_path)]
    if not bounces or sight.session_kept is None:
        return
    slowest = max(bounce.ms or 0.0 for bounce in bounces) / 1000
    if slowest >= sight.runbook.budgets.auth_wait:
        yield Diagnosis(
            Cause.AUTH_SERVICE,
            f"sent to the login page after {slowest:.0f} s, the session cookie {'kept' if sight.session_kept else 'lost'}: "
            "the auth service is slow or hangs (no auth regression)",
            _lines(bounces),
        )
    elif not sight.session_kept:
        yield Diagnosis(
            Cause.SESSION_REJECTED,
            "sent to the login page at once, and the browser holds no session cookie any more: "
            "the session was rejected (refresh token refused, or cookies handled wrongly)",
            _lines(bounces),
        )
    else:
        yield Diagnosis(
            Cause.AUTH_REGRESSION,
            "sent to the login page at once although the session cookie is there: the app does not accept a good session",
            _lines(bounces),
        )


def _not_authenticated(sight: Sight) -> Iterator[Diagnosis]:
    """The page is served, and yet what it asks for is refused: by a slow auth service, or by the app itself."""
    texts = sight.runbook.meaning.auth_texts
    asked = [one for one in sight.of(Kind.ACTION, Kind.API) if one.path.split("?")[0] != sight.runbook.app.login_path]
    refused = [one for one in lasting(asked) if one.status == 401 or any(text in (one.error or "") for text in texts)]
    if not refused:
        return
    slowest = max(one.ms or 0.0 for one in refused) / 1000
    if slowest >= sight.runbook.budgets.auth_wait:
        yield Diagnosis(
            Cause.AUTH_SERVICE,
            f"“{refused[-1].error or refused[-1].status}” after {slowest:.0f} s: the auth service is slow or hangs (no auth regression)",
            _lines(refused),
        )
    elif sight.session_kept:
        yield Diagnosis(
            Cause.AUTH_REGRESSION,
            f"“{refused[-1].error or refused[-1].status}” at once although the session cookie is there: "
            "the app does not accept a good session",
            _lines(refused),
        )


def _blocked_page(sight: Sight) -> Iterator[Diagnosis]:
    waits = any(page.pending for page in sight.of(Kind.PAGE))
    if sight.silent >= _SILENT_MS and not waits and not sight.screen.failed:
        sentence = f"a script of the page blocks the browser: nothing moved in it for {sight.silent / 1000:.0f} s"
        yield Diagnosis(Cause.CLIENT_CRASH, sentence, _lines([one for one in sight.journal if one.pending]))


def _unanswered(sight: Sight) -> Iterator[Diagnosis]:
    late = sight.unanswered
    if late:
        limit = sight.runbook.budgets.answer
        yield Diagnosis(
            Cause.NO_ANSWER,
            f"{late[0].template} was not answered within {limit:g} s: the server, or the database or service behind it, hangs",
            _lines(late),
        )


def _actions(sight: Sight) -> Iterator[Diagnosis]:
    login = sight.runbook.app.login_path
    answered = [action for action in sight.of(Kind.ACTION) if not action.pending]
    actions = [action for action in answered if action.path.split("?")[0] != login] or answered
    thrown = [action for action in actions if action.digest or (action.status or 0) >= 400]
    if not thrown:
        return
    if all(action.superseded_action for action in thrown):
        yield Diagnosis(
            Cause.SERVER_ACTIONS,
            "the server does not know the page's Server Actions: page and server are of two builds",
            _lines(thrown),
        )
        return
    api = [call for call in sight.of(Kind.API) if not call.pending and not call.read_api_off]
    api_down = bool(api) and all((call.status or 0) >= 500 for call in api)
    named = next((_FRAMEWORK[one.framework_error] for one in thrown if one.framework_error in _FRAMEWORK), None)
    digests = ", ".join(dict.fromkeys(action.digest for action in thrown if action.digest))
    digest = f" (digest {digests})" if digests else ""
    if len(thrown) < len(actions):
        yield Diagnosis(
            Cause.SERVER_ACTIONS,
            f"{len(thrown)} of {len(actions)} Server Actions threw{digest}, the others answer"
            + (f": {named}" if named else ""),
            _lines(thrown),
        )
    elif api_down:
        yield Diagnosis(
            Cause.SERVER,
            f"every Server Action and the read API answer 500{digest}: the server can't start its work; "
            "look for a missing environment variable such as DATABASE_URL",
            _lines(thrown + api),
        )
    else:
        yield Diagnosis(
            Cause.SERVER_ACTIONS,
            f"every Server Action answers {thrown[0].status}{digest} while the rest answers: "
            + (named or 'a broken "use server" module, or what all actions share'),
            _lines(thrown),
        )


def _database(sight: Sight) -> Iterator[Diagnosis]:
    words = next((text for text in sight.runbook.meaning.database_texts if text in sight.said), None)
    if words:
        failed = [exchange for exchange in sight.journal if exchange.error and exchange.failed]
        yield Diagnosis(
            Cause.DATABASE, f"“{words}”: the app can't read its database (unreachable, or refusing)", _lines(failed)
        )


def _messages(sight: Sight) -> Iterator[Diagnosis]:
    prefix = sight.runbook.app.list_path + "/"
    failed = [call for call in lasting(sight.journal) if call.kind is Kind.API and call.path.startswith(prefix)]
    if failed and sight.screen.cards and not sight.screen.error:
        said = f": “{failed[-1].error}”" if failed[-1].error else f" ({failed[-1].status})"
        yield Diagnosis(Cause.MESSAGES, f"the list loads, but a conversation can't be opened{said}", _lines(failed))


def _routes(sight: Sight) -> Iterator[Diagnosis]:
    listed = sight.runbook.app.list_path
    failed = lasting(sight.of(Kind.API))
    lists = [call for call in failed if call.path.split("?")[0] == listed]
    if lists:
        tries = sum(1 for call in sight.journal if call.key == lists[-1].key and call.failed)
        told = lists[-1].error or lists[-1].platform_error
        said = f" “{told}”" if told else ""
        throws = ": its route throws" if (lists[-1].status or 0) >= 500 and not lists[-1].platform_error else ""
        yield Diagnosis(
            Cause.LIST_ROUTE,
            f"the conversation list answered {lists[-1].status}{said} {tries} time(s){throws}",
            _lines(lists),
        )
    elif failed:
        yield Diagnosis(Cause.SERVER, f"{failed[-1].template} answered {failed[-1].status}", _lines(failed))
    lost = [call for call in sight.of(Kind.API, Kind.ACTION) if call.lost]
    if lost:
        cause = Cause.LIST_ROUTE if any(call.path.split("?")[0] == listed for call in lost) else Cause.SERVER
        cause = Cause.SERVER_ACTIONS if all(call.kind is Kind.ACTION for call in lost) else cause
        yield Diagnosis(cause, f"{lost[-1].template} came to nothing: {lost[-1].failure}", _lines(lost))


def _unreadable(sight: Sight) -> Iterator[Diagnosis]:
    others = [one for one in sight.of(Kind.ACTION) if one.status and one.content_type not in (None, "text/x-component")]
    if others:
        led = f" (led to {others[0].location})" if others[0].location else ""
        sentence = f"a Server Action answered {others[0].status} with {others[0].content_type} instead of a result{led}"
        yield Diagnosis(Cause.SERVER_ACTIONS, sentence, _lines(others))
    kinds = [call for call in sight.of(Kind.API) if call.status == 200 and "json" not in (call.content_type or "json")]
    if kinds:
        lists = [call for call in kinds if call.path.split("?")[0] == sight.runbook.app.list_path]
        first = (lists or kinds)[0]
        yield Diagnosis(
            Cause.LIST_ROUTE if lists else Cause.SERVER,
            f"{first.template} answered 200, but with {first.content_type} instead of data"
            + (f" (led to {first.location})" if first.location else ""),
            _lines(kinds),
        )


def _handled(sight: Sight) -> Iterator[Diagnosis]:
    failed = [exchange for exchange in sight.journal if exchange.failed and exchange.kind is not Kind.OTHER]
    if failed:
        yield Diagnosis(Cause.SERVER, f"{failed[0].template} reports a failure: “{failed[0].error}”", _lines(failed))


def _client(sight: Sight) -> Iterator[Diagnosis]:
    crash = sight.screen.boundary or sight.screen.crash
    said = "\n".join([crash or "", *sight.page_errors])
    server = next((text for text in _OF_THE_SERVER if text in said), None)
    if server:
        sentence = f"the server failed while it rendered the page: “{server}”"
        yield Diagnosis(Cause.SERVER, sentence, tuple(sight.page_errors[:2]))
    if crash or sight.page_errors:
        said = sight.page_errors[0].splitlines()[0] if sight.page_errors else str(crash)
        yield Diagnosis(
            Cause.CLIENT_CRASH, f"the page's own script failed: “{said[:160]}”", tuple(sight.page_errors[:2])
        )


def _beside(sight: Sight) -> Iterator[Diagnosis]:
    failed = lasting(sight.of(Kind.OTHER))
    if failed:
        yield Diagnosis(Cause.SERVER, f"{failed[-1].template} answered {failed[-1].status}", _lines(failed))


def _nothing(sight: Sight) -> Iterator[Diagnosis]:
    screen = sight.screen
    if screen.failed:
        yield Diagnosis(Cause.PAGE, f"the page is gone: {screen.failed}")
    elif screen.text_length == 0:
        yield Diagnosis(Cause.BLANK_PAGE, "the page stays blank: every request was answered, nothing was rendered")
    elif not screen.selector and not sight.of(Kind.API, Kind.ACTION):
        yield Diagnosis(
            Cause.NEVER_RENDERED,
            "the page shows something else than the inbox: no workspace selector, and it asked for nothing",
        )
    elif not screen.cards and not screen.empty and not screen.error and not screen.form:
        yield Diagnosis(
            Cause.NEVER_RENDERED,
            "every request was answered, but the conversations never appear: the page keeps loading for ever",
        )


_RULES: tuple[Callable[[Sight], Iterator[Diagnosis]], ...] = (
    _page_gone,
    _redirect_loop,
    _reload_loop,
    _missing_asset,
    _signed_out,
    _not_authenticated,
    _actions,
    _messages,
    _database,
    _blocked_page,
    _unanswered,
    _routes,
    _unreadable,
    _handled,
    _client,
    _beside,
    _nothing,
)
