"""The rules of a diagnosis about what the browser itself refuses: files of the build that it can't use, and what a policy blocks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit

from postdeploy.model import Cause, Diagnosis
from postdeploy.page.journal import evidence
from postdeploy.page.refusals import BlockedRequest
from postdeploy.page.sight import Sight

_OK = 200
_NOTHING_RUNS = (Cause.NEVER_RENDERED, Cause.CLIENT_CRASH, Cause.BLANK_PAGE)
_SCRIPTS = ("script-src", "style-src", "default-src", "connect-src", "worker-src")
_WITHOUT_ADDRESS = ("inline", "eval", "wasm-eval", "blob", "data", "self")
"""What a violation names where it is not an address."""


def unusable_file(sight: Sight) -> Iterator[Diagnosis]:
    """A file of the build arrived, and the browser can't use it: it is not code, or its digest or encoding is wrong."""
    for refused in sight.refused_files:
        path = urlsplit(refused.url).path
        arrived = [one for one in sight.journal if one.path.partition("?")[0] == path and one.status == _OK]
        if arrived:
            sentence = f"the browser can't use a file of the build, {path}: {refused.why}"
            yield Diagnosis(Cause.ASSET, sentence, evidence(arrived))


def blocked_address(sight: Sight) -> Iterator[Diagnosis]:
    """The policy blocks files or requests of the app by their addresses: that they fail follows from it."""
    yield from _blocked([one for one in _own(sight) if "://" in one.uri])


def blocked_by_policy(sight: Sight) -> Iterator[Diagnosis]:
    """The page's own content security policy blocks what the page needs: its files, its scripts, its requests."""
    yield from _blocked(_own(sight))


def _own(sight: Sight) -> list[BlockedRequest]:
    return [one for one in sight.blocked if one.directive.startswith(_SCRIPTS) and _is_of_the_app(one.uri, sight)]


def _blocked(own: list[BlockedRequest]) -> Iterator[Diagnosis]:
    if own:
        first = own[0]
        path = urlsplit(first.uri).path if "://" in first.uri else f"{first.uri} code"
        count = f" ({len(own)} in all)" if len(own) > 1 else ""
        sentence = f"the content security policy blocks {path} by {first.directive}{count}"
        yield Diagnosis(
            Cause.BLOCKED_BY_POLICY, sentence, tuple(f"{one.directive} blocks {one.uri}" for one in own[:3])
        )


def explained(quiet: Diagnosis, sight: Sight) -> Diagnosis:
    """What is said where nothing failed, unless the browser says why nothing is shown, or does not react."""
    if quiet.cause not in _NOTHING_RUNS:
        return quiet
    return next(chain(unusable_file(sight), blocked_by_policy(sight)), quiet)


def _is_of_the_app(uri: str, sight: Sight) -> bool:
    return uri in _WITHOUT_ADDRESS or (bool(sight.origin) and f"{uri}/".startswith(f"{sight.origin}/"))
