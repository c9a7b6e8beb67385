"""Whether what a Server Action or a read returns says that it failed, though its status is 200. Pure.

Apps say so in several ways: `{"success": false}`, an `error` next to `data: null`, `{"serverError": "…"}`. A result that holds data as
well has not failed: its error may be about a part of it.
"""

from __future__ import annotations

import json

from postdeploy.page.flight import ActionAnswer
from postdeploy.runbook.tables import ErrorTexts

_REFUSED = 400
_SHORT = 80
_BROKEN_OFF = "the answer ends before the action's result"


def failure_in(answer: ActionAnswer, words: ErrorTexts) -> str | None:
    """The error text of an answer that reports a failure, or None. An absent text is the empty string."""
    if answer.broken_off:
        return _BROKEN_OFF
    item = answer.result
    if not isinstance(item, dict):
        return None
    if item.get("success") is False:
        return _text(item.get("error") or item.get("message"))
    said = next((item[key] for key in words.error_keys if item.get(key)), None)
    others = [each for key, each in item.items() if key not in (*words.error_keys, *words.error_details)]
    return _text(said) if said and not any(others) else None


def plain_error(status: int | None, body: str) -> str | None:
    """An error status without the app's own JSON: its text, if it is short enough to be one."""
    if status is None or status < _REFUSED or "E{" in body:
        return None
    try:
        value = json.loads(body)
    except ValueError:
        text = body.strip()
        return text if 0 < len(text) <= _SHORT and "<" not in text else None
    error = value.get("error") if isinstance(value, dict) else None
    return error if isinstance(error, str) else None


def _text(said: object) -> str:
    if isinstance(said, dict) and isinstance(said.get("message"), str):
        return str(said["message"])
    if isinstance(said, str):
        return said
    return json.dumps(said) if said and said is not True else ""
