"""Messages as their patterns see them: without what distinguishes requests alone.

An id (a UUID, or a number of at least 12 digits, hexadecimal or not) is replaced by one that is always the same, and as long. Few messages
differ then, however many requests wrote them, so few are read; and no pattern takes a part of an id for a code or a port.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ID = re.compile(r"(?<![0-9A-Za-z-])[0-9a-f][0-9a-f-]{11,63}+(?![0-9A-Za-z-])")
_DASHES = (8, 13, 18, 23)
_UUID = "4e5c1f7a-9b3d-4a6e-8d2c-7f1b9e3a5c6d"
_HEXADECIMAL = "4e5c1f7a9b3d4a6e8d2c7f1b9e3a5c6d" * 2
_DECIMAL = "7482619374826193" * 4
_MAY_SEE_IDS = re.compile(r"\d|\[|\\[dhHpPQx]")


def coarse(message: str) -> str:
    """The message with the same ids as every other one."""
    return _ID.sub(_replaced, message)


def may_see_ids(patterns: Iterable[str]) -> bool:
    """Whether one of these may distinguish ids: it names digits, or some letters among others."""
    return any(map(_MAY_SEE_IDS.search, patterns))


def _replaced(found: re.Match[str]) -> str:
    text = found[0]
    if "-" in text:
        is_uuid = len(text) == len(_UUID) and tuple(at for at, one in enumerate(text) if one == "-") == _DASHES
        return _UUID if is_uuid else text
    return text if text.isalpha() else (_DECIMAL if text.isdecimal() else _HEXADECIMAL)[: len(text)]
