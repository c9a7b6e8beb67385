"""What stands behind a word for a secret is its value, unless it reads like a word of the sentence.

`password correct-horse` holds a secret, `token expired` does not.
"""

from __future__ import annotations

import re
from functools import lru_cache

from postdeploy.analysis import word_shapes
from postdeploy.analysis.vocabulary import is_known

_NAME = re.compile(
    r"(?i)(?:[\w-]{0,40}[_-])?(?:passw(?:or)?d|passwort|kennwort|passphrase|passcode|pwd|secret|token|credential|api[_-]?key)s?\Z"
    r"|[a-z]{1,40}(?:Password|Passphrase|Secret|Token|Credential|ApiKey)s?\Z"
)
_KEYS = (
    "api",
    "access",
    "private",
    "secret",
    "signing",
    "encryption",
    "license",
    "service_role",
    "master",
    "shared",
    "session",
    "service",
)
"""What a key is called that is a secret; others are of tables and translations."""
_BETWEEN = frozenset(["is", "was", "of", "value", "=", ":"])
_OF_THE_LANGUAGE = frozenset(["unexpected", "expected"])
"""`Unexpected token I in JSON`: a parser's token."""


@lru_cache(maxsize=4096)
def is_next(said: str, before: str, was_next: bool) -> bool:
    """Whether a secret's value may follow this word. `before`: the word before it; `was_next`: whether it stands there itself."""
    if is_name(said):
        return before.lower() not in _OF_THE_LANGUAGE
    return (was_next and said.lower() in _BETWEEN) or (
        said in ("key", "keys", "Key", "Keys") and before.lower() in _KEYS
    )


@lru_cache(maxsize=4096)
def is_name(word: str) -> bool:
    """Whether it is a word for a secret: `password`, `x-api-key`, `accessToken`."""
    return len(word) <= 64 and _NAME.match(word) is not None and not word_shapes.is_code(word)


def is_value(word: str, *, is_quoted: bool = False) -> bool:
    """Whether what stands there is the secret itself, not a word of the sentence or the name of a variable."""
    core = word.strip(".,:;!?()")
    if not core or word_shapes.is_code(core):
        return False
    if is_quoted:
        return True
    if (core.isalpha() and (core.islower() or core.isupper())) or core.lower() in _BETWEEN:
        return False
    return not all(is_known(part) for part in re.split(r"[-/'_]", core) if part)
