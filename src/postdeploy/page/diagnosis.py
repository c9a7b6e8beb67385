"""The most likely cause of what a browser saw: an ordered table of rules, the first match decides.

The order is from the outside in: the platform, what the server refused, what it answered, what the client did with that.
A rule claims only what a browser can see. The app's own rules are in `postdeploy.page.app.rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from postdeploy.model import Cause, Diagnosis
from postdeploy.page import browser, network
from postdeploy.page.app import rules
from postdeploy.page.app.settings import wrong_setting
from postdeploy.page.journal import Kind, evidence, lasting
from postdeploy.page.sight import Sight
from postdeploy.page.spoken import another_schema, database


def diagnose(sight: Sight) -> Diagnosis:
    """The first rule that matches; its evidence is the requests it rests on.

    Always answers: `Cause.UNKNOWN` if no rule matches.
    """
    return replace(_first(sight), no_read_succeeds=sight.no_read_succeeds)


def conclude(sight: Sight, quietly: Diagnosis | None) -> Diagnosis:
    """The cause, where `quietly` says what is wrong although nothing may have failed.

    A toast, a page that reloads itself, or a failure that is known says more.
    """
    if quietly is None:
        return diagnose(sight)
    if not sight.failing:
        said = (found for rule in _ALSO_QUIETLY for found in rule(sight))
        return next(said, None) or browser.explained(quietly, sight)
    found = diagnose(sight)
    return quietly if found.cause is Cause.UNKNOWN else found


def _first(sight: Sight) -> Diagnosis:
    for rule in _RULES:
        for found in rule(sight):
            return found
    failed = lasting(sight.journal)
    shown = f"the page shows {sight.screen.error}" if sight.screen.error else "see the screenshot and the requests"
    return Diagnosis(Cause.UNKNOWN, f"no known cause matches: {shown}", evidence(failed))


_SILENT_MS = 4_000
"""The recorder reports every second."""
_FRAMEWORK = {
    "E352": 'a "use server" module exports something other than an async function',
}
"""What the framework's error codes mean, where a digest carries one."""
_OF_THE_SERVER = ("An error occurred in the Server Components render", "Minified React error #441")
"""What the page shows when the server failed; production builds omit the error's own text (React 19.2 and 19.3)."""


def _page_gone(sight: Sight) -> Iterator[Diagnosis]:
    if sight.screen.failed and "REDIRECT" in sight.screen.failed.upper():
        yield _loop(sight)
    pages = [page for page in sight.of(Kind.PAGE) if page.status is not None and page.status >= 400]
    if pages:
        yield Diagnosis(Cause.PAGE, f"the page itself answered {pages[-1].status}", evidence(pages))


def _redirect_loop(sight: Sight) -> Iterator[Diagnosis]:
    bounced = [page for page in sight.of(Kind.PAGE) if page.location is not None]
    if len(bounced) >= 4:
        yield _loop(sight)


def _reload_loop(sight: Sight) -> Iterator[Diagnosis]:
    if sight.reloads > 1:
        sentence = f"the page keeps reloading itself: {sight.reloads} times since it was opened"
        yield Diagnosis(Cause.REDIRECT_LOOP, sentence, evidence(lasting(sight.journal)))


def _loop(sight: Sight) -> Diagnosis:
    pages = [page for page in sight.of(Kind.PAGE) if page.location or page.failure]
    paths = " ⇄ ".join(dict.fromkeys(page.path.split("?")[0] for page in pages))
    sentence = f"a redirect loop: {paths or 'the browser stopped following redirects'}"
    return Diagnosis(Cause.REDIRECT_LOOP, sentence, evidence(pages, 3))


def _missing_asset(sight: Sight) -> Iterator[Diagnosis]:
    lost = lasting(sight.of(Kind.ASSET)) + [one for one in sight.of(Kind.ASSET) if one.failure]
    missing = {asset.path: asset for asset in lost if asset.status is not None or not asset.cancelled}
    if missing:
        first = next(iter(missing)).partition("?")[0]
        what = f"{len(missing)} of the page's script and style files can't be loaded ({first})"
        sentence = f"{what}: the build is incomplete, or a cache is stale"
        yield Diagnosis(Cause.ASSET, sentence, evidence(list(missing.values())))


def _signed_out(sight: Sight) -> Iterator[Diagnosis]:
    app = sight.runbook.app
    bounces = [page for page in sight.of(Kind.PAGE) if page.location and page.location.startswith(app.login_path)]
    if not bounces or sight.session_kept is None:
        return
    slowest = max(bounce.ms or 0.0 for bounce in bounces) / 1000
    if slowest >= sight.runbook.budgets.auth_wait:
        yield Diagnosis(
            Cause.AUTH_SERVICE,
            f"redirected to the login page after {slowest:.0f} s, session cookie {'kept' if sight.session_kept else 'lost'}: "
            "the auth service is slow or does not answer (not an auth regression)",
            evidence(bounces),
        )
    elif not sight.session_kept:
        yield Diagnosis(
            Cause.SESSION_REJECTED,
            "redirected to the login page immediately, and the session cookie is gone: "
            "the session was rejected (refresh token refused, or cookies handled wrongly)",
            evidence(bounces),
        )
    else:
        yield Diagnosis(
            Cause.AUTH_REGRESSION,
            "redirected to the login page immediately although the session cookie is present: the app rejects a valid session",
            evidence(bounces),
        )


def _not_authenticated(sight: Sight) -> Iterator[Diagnosis]:
    """The page is served, but its requests are refused: by a slow auth service, or by the app itself."""
    texts = sight.runbook.meaning.auth_texts
    asked = [one for one in sight.of(Kind.ACTION, Kind.API) if one.path.split("?")[0] != sight.runbook.app.login_path]
    refused = [one for one in lasting(asked) if one.status == 401 or any(text in (one.error or "") for text in texts)]
    if not refused:
        return
    said = refused[-1].error or refused[-1].status
    slowest = max(one.ms or 0.0 for one in refused) / 1000
    if slowest >= sight.runbook.budgets.auth_wait:
        why = "the auth service is slow or does not answer (not an auth regression)"
        yield Diagnosis(Cause.AUTH_SERVICE, f"refused with “{said}” after {slowest:.0f} s: {why}", evidence(refused))
    elif sight.session_kept:
        what = f"refused with “{said}” immediately although the session cookie is present"
        yield Diagnosis(Cause.AUTH_REGRESSION, f"{what}: the app rejects a valid session", evidence(refused))


def _blocked_page(sight: Sight) -> Iterator[Diagnosis]:
    waits = any(page.pending for page in sight.of(Kind.PAGE))
    if sight.silent >= _SILENT_MS and not waits and not sight.screen.failed:
        sentence = f"a script blocks the page: no activity for {sight.silent / 1000:.0f} s"
        yield Diagnosis(Cause.CLIENT_CRASH, sentence, evidence([one for one in sight.journal if one.pending]))


def _unanswered(sight: Sight) -> Iterator[Diagnosis]:
    late = sight.unanswered
    if late:
        limit = sight.runbook.budgets.answer
        what = f"{late[0].template} was not answered within {limit:g} s"
        sentence = f"{what}: the server, or a database or service behind it, does not respond ({network.meanwhile(sight, late)})"
        yield Diagnosis(Cause.NO_ANSWER, sentence, evidence(late))


def _actions(sight: Sight) -> Iterator[Diagnosis]:
    login = sight.runbook.app.login_path
    answered = [action for action in sight.of(Kind.ACTION) if not action.pending]
    actions = [action for action in answered if action.path.split("?")[0] != login] or answered
    thrown = [one for one in actions if one.digest is not None or ((one.status or 0) >= 400 and not one.of_a_gateway)]
    if not thrown:
        return
    if all(action.superseded_action for action in thrown):
        yield Diagnosis(
            Cause.SERVER_ACTIONS,
            "the server does not know the page's Server Actions: page and server come from different builds",
            evidence(thrown),
        )
        return
    api = [call for call in sight.of(Kind.API) if not call.pending and not call.read_api_off]
    api_down = bool(api) and all((call.status or 0) >= 500 for call in api)
    named = next((_FRAMEWORK[one.framework_error] for one in thrown if one.framework_error in _FRAMEWORK), None)
    digests = ", ".join(dict.fromkeys(action.digest for action in thrown if action.digest))
    digest = f" (digest {digests})" if digests else ""
    share = f"{len(thrown)} of {len(actions)}"
    if len(thrown) < len(actions):
        yield Diagnosis(
            Cause.SERVER_ACTIONS,
            f"{share} Server Actions threw{digest}, the others succeed" + (f": {named}" if named else ""),
            evidence(thrown),
        )
    elif api_down:
        yield Diagnosis(
            Cause.SERVER,
            f"every Server Action ({share}) and the read API answer 500{digest}: the server fails before it does any work; "
            "check for a missing environment variable such as DATABASE_URL",
            evidence(thrown + api),
        )
    else:
        yield Diagnosis(
            Cause.SERVER_ACTIONS,
            f"every Server Action ({share}) answers {thrown[0].status}{digest} while other requests succeed: "
            + (named or 'a broken "use server" module, or code that all actions share'),
            evidence(thrown),
        )


def _reads(sight: Sight) -> Iterator[Diagnosis]:
    failed = lasting(sight.of(Kind.API))
    if failed:
        yield Diagnosis(Cause.SERVER, f"{failed[-1].template} answered {failed[-1].status}", evidence(failed))


def _lost(sight: Sight) -> Iterator[Diagnosis]:
    lost = [call for call in sight.of(Kind.API, Kind.ACTION) if call.lost]
    if lost:
        cause = Cause.SERVER_ACTIONS if all(call.kind is Kind.ACTION for call in lost) else Cause.SERVER
        yield Diagnosis(cause, f"{lost[-1].template} got no answer: {lost[-1].failure}", evidence(lost))


def _unreadable_actions(sight: Sight) -> Iterator[Diagnosis]:
    others = [one for one in sight.of(Kind.ACTION) if one.status and one.content_type not in (None, "text/x-component")]
    if others:
        led = f" (redirected to {others[0].location})" if others[0].location else ""
        sentence = f"a Server Action answered {others[0].status} with {others[0].content_type} instead of a result{led}"
        yield Diagnosis(Cause.SERVER_ACTIONS, sentence, evidence(others))


def _unreadable_reads(sight: Sight) -> Iterator[Diagnosis]:
    for first in sight.unreadable_reads[:1]:
        yield Diagnosis(Cause.SERVER, first.describe_unreadable(), evidence(sight.unreadable_reads))


def _handled(sight: Sight) -> Iterator[Diagnosis]:
    failed = [exchange for exchange in sight.journal if exchange.failed and exchange.kind is not Kind.OTHER]
    for one in failed[:1]:
        said = f"“{one.error}”" if one.digest is None else f"an error row (digest {one.digest or 'none'})"
        yield Diagnosis(Cause.SERVER, f"{one.template} reports a failure: {said}", evidence(failed))


def _client(sight: Sight) -> Iterator[Diagnosis]:
    crash = sight.screen.boundary or sight.screen.crash
    said = "\n".join([crash or "", *sight.page_errors])
    server = next((text for text in _OF_THE_SERVER if text in said), None)
    if server:
        sentence = f"the server failed to render the page: “{server}”"
        yield Diagnosis(Cause.SERVER, sentence, tuple(sight.page_errors[:2]))
    if crash or sight.page_errors:
        said = sight.page_errors[0].splitlines()[0] if sight.page_errors else str(crash)
        sentence = f"the page's own script failed: “{said[:160]}”"
        yield Diagnosis(Cause.CLIENT_CRASH, sentence, tuple(sight.page_errors[:2]))


def _other_routes(sight: Sight) -> Iterator[Diagnosis]:
    failed = [one for one in lasting(sight.of(Kind.OTHER)) if (one.status or 0) >= 500]
    if failed:
        yield Diagnosis(Cause.SERVER, f"{failed[-1].template} answered {failed[-1].status}", evidence(failed))


def _blank(sight: Sight) -> Iterator[Diagnosis]:
    if sight.screen.failed:
        yield Diagnosis(Cause.PAGE, f"the page is gone: {sight.screen.failed}")
    elif sight.screen.text_length == 0:
        yield Diagnosis(Cause.BLANK_PAGE, "the page stays blank: every request was answered, nothing was rendered")


_RULES: tuple[Callable[[Sight], Iterator[Diagnosis]], ...] = (
    _page_gone,
    _redirect_loop,
    _reload_loop,
    browser.blocked_address,
    _missing_asset,
    browser.unusable_file,
    _signed_out,
    _not_authenticated,
    wrong_setting,
    another_schema,
    network.gateways,
    _actions,
    rules.opening_fails,
    database,
    _blocked_page,
    rules.never_settles,
    network.everything_slow,
    _unanswered,
    rules.list_fails,
    _reads,
    rules.list_is_lost,
    _lost,
    _unreadable_actions,
    rules.list_is_unreadable,
    _unreadable_reads,
    _handled,
    browser.blocked_by_policy,
    _client,
    network.slow,
    _other_routes,
    _blank,
    rules.never_rendered,
)
_ALSO_QUIETLY = (_reload_loop, wrong_setting, another_schema, database)
"""Rules that match also where no request failed and no error is shown."""
