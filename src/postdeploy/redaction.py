"""Nothing leaves unredacted: no secret, no e-mail address, no person's name.

A `Secret` can't be printed by accident. A `Redactor` knows the secrets of this run and learns the names that the
browser sees on the way; every text that is written passes through it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from postdeploy.spellings import MIN_MIDDLE, by_first_letter, escaped, over_lines, spellings_of

MASK = "***"
_TEXTS = {".json", ".md", ".properties", ".txt"}
_MIN_SECRET = 4
_MIN_NAME = 3
_MOST_KEPT, _LONGEST_KEPT = 4_096, 2_000
"""Texts whose redaction is kept, for a verdict is written again after each check, and their characters at most."""

_NAMES_OF_SECRETS = (
    r"(?:token|secret|passw(?:or)?d|pwd|api[_-]?key|access[_-]?key|private[_-]?key|signature|credential)s?"
)
_VALUE = r"""(?![$<*…\[])[^\s"'`&,;<>{}()\[\]…]"""
_PATTERNS = (
    re.compile(
        r"-----BEGIN (?:[A-Z ]{1,30} )?PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----END))*+(?:-----END [A-Z ]{1,40}-----)?"
    ),
    re.compile(r"(?<![\w-])(?:(?!eyJ)[\w-])*+eyJ[\w-]{8,}+\.[\w-]{8,}+\.[\w-]+"),  # JSON web tokens
    re.compile(r"\bbase64-[A-Za-z0-9_-]{16,}={0,2}"),  # Supabase session cookies
    re.compile(r"(?i)(?<=bearer )[\w.~+/-]{8,}=*"),
    re.compile(r"(?:(?<=[Bb]asic )|(?<=BASIC ))(?=[A-Za-z+/]*(?:[0-9=]|[a-z][A-Z]))[A-Za-z0-9+/]{8,}={0,2}"),
    re.compile(r"(?i)\bsb_(?:secret|publishable)_\w+"),
    re.compile(r"(?<![A-Za-z0-9])(?:[srp]k|rk)_(?:live|test)_\w{8,}|\bwhsec_\w{8,}"),  # Stripe
    re.compile(r"(?<![A-Za-z0-9])sk-[\w-]{16,}"),  # OpenAI, Anthropic
    re.compile(
        r"(?<![A-Za-z0-9])(?:xox[a-z]-[\w-]{8,}|gh[pousr]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|npm_\w{30,}|hf_\w{30,})"
    ),
    re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA|A3T[0-9A-Z])[0-9A-Z]{16}(?![0-9A-Za-z])"),  # AWS
    re.compile(r"(?<![A-Za-z0-9])(?:SK|AC)[0-9a-fA-F]{32}(?![0-9A-Za-z])"),  # Twilio
    re.compile(
        r"(?<![A-Za-z0-9])(?:AIza[\w-]{35}|SG\.[\w-]{16,}\.[\w-]{16,}|pat-[a-z]{2,3}\d-[\da-f-]{36})"
    ),  # Google, SendGrid, HubSpot
    re.compile(
        r"(?<![A-Za-z0-9])(?:glsa_|glc_|hv[sb]\.|lin_api_|ntn_|pscale_(?:tkn|oauth|pw)_|pypi-AgE|rubygems_|sbp_|sntry[su]_|shp(?:at|ca|pa|ss)_"
        r"|sgp_|sq0(?:atp|csp)-|xkeysib-|xapp-|do[opr]_v1_|dp\.(?:pt|st|ct|sa)\.|dapi(?=[0-9a-f]{32})|gsk_|PMAK-|ATATT3|AKCp|LTAI|ya29\."
        r"|EAAA|[nt]fp_|AGE-SECRET-KEY-1|FLWSECK|re_(?=[A-Za-z0-9]{8}_))[\w.=-]{16,}"
    ),  # beginnings as gitleaks and detect-secrets list them
    re.compile(
        r"(?<![A-Za-z0-9])(?:key-[0-9a-f]{32}|[0-9a-f]{32}-us\d{1,2}|\d{8,10}:[0-9A-Za-z_-]{35}|[A-Za-z0-9+/]{86}=="
        r"|[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,})(?![\w-])"
    ),  # Mailgun, Mailchimp, Telegram, Azure, Discord
    re.compile(r"(?i)\b(?:postgres(?:ql)?|mysql)://\S+"),
    re.compile(r"(?<=://)[^\s/@:]{1,200}:[^\s/@]{1,200}(?=@)"),  # credentials in any address
    re.compile(r"(?<![\w.+-])[\w.+-]++(?:@|%(?:25){0,3}40|&#64;)[\w-]+(?:\.[\w-]+)+"),  # e-mail addresses
    re.compile(r"(?<![\w.:/-])\+\d[\d ()/-]{7,}\d"),  # international phone numbers
    re.compile(r"(?<![\w-])\(\d{3}\) ?\d{3}-\d{4}\b"),
    re.compile(r"(?<![\w.:/-])[2-9]\d\d([-. ])[2-9]\d\d\1\d{4}\b"),
)
_ASSIGNED = re.compile(
    rf"(?i)({_NAMES_OF_SECRETS}"
    r"""(?:["'\\]{0,2}[ ]?=[ ]?["'\\]{0,2}|["'\\]{1,2}[ ]?:[ ]?["'\\]{1,2}|[ ]?:[ ]?["']))"""
    rf"({_VALUE}{{4,}})"
)
"""`token=…`, `"password":"…"`, `apiKey: '…'`: the name stays. What follows a plain colon is a sentence."""
_IBAN = re.compile(r"\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){13,18}(?![\w-])")
_DOMESTIC = re.compile(r"(?<![\w.:/-])0\d{1,4}(?:[ /-]\d{2,9}){1,4}\b|(?<![\w.:/-])0[1-9]\d{8,11}\b")
_LEAST_DIGITS = 9
_SEQUENCE = re.compile(
    "\x1b\\[[0-?]{0,40}[ -/]{0,8}[@-~]|\x1b\\][^\x07\x1b]{0,200}(?:\x07|\x1b\\\\)|\x1b[ -/]{0,4}[0-Z\\\\^-~]"
)
"""What a terminal takes for a command: colours, movements, titles, links."""
_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]|\\r(?!\\n)")
_UNSEEN = re.compile(
    "[\x00-\x08\x0d-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Control characters, what turns the direction of writing, and what has no width: a reader would see something else than stands there."""


def shown(text: str) -> str:
    """A text from outside as it may be shown in a terminal, in Markdown, in HTML, at GitHub: only what can be seen, tabs and line ends."""
    letters = text.replace("\n", "").replace("\t", "").replace("⨯", "")
    if letters.isascii() and letters.isprintable():  # nearly all: much quicker
        return text
    return _UNSEEN.sub("", _LINE_ENDS.sub(" ", _SEQUENCE.sub("", text)))


class Secret:
    """A value that is never shown: `str`, `repr` and f-strings give `***`; `reveal()` gives the value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself. Only for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a Secret is not to be stored or sent")


def _is_iban(found: str) -> bool:
    plain = found.replace(" ", "")
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


def _is_card(found: str) -> bool:
    digits = [int(each) for each in reversed(found) if each.isdigit()]
    return sum(one if at % 2 == 0 else sum(divmod(2 * one, 10)) for at, one in enumerate(digits)) % 10 == 0


def _is_long(found: str) -> bool:
    return sum(each.isdigit() for each in found) >= _LEAST_DIGITS


def _masked(pattern: re.Pattern[str], is_one: Callable[[str], bool], text: str) -> str:
    return pattern.sub(lambda found: MASK if is_one(found[0]) else found[0], text)


_CHECKED = ((_IBAN, _is_iban), (_CARD, _is_card), (_DOMESTIC, _is_long))


class Redactor:
    """Blots out what must not be written.

    Secrets are replaced wherever they stand; names (of people, as the app's answers give them) only as whole words,
    so that a person called "Al" does not blot out "All Workspaces".
    """

    def __init__(self, secrets: Iterable[Secret | str] = ()) -> None:
        self._secrets: set[str] = set()
        self._values: set[str] = set()
        """The secrets as they are given: looked for with escaped letters, and over lines."""
        self._names: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._kept: dict[str, str] = {}
        """Texts and what they are without what is known by now."""
        for secret in secrets:
            self.hide(secret)

    def hide(self, secret: Secret | str) -> None:
        """Blot out this value, in every spelling, wherever it stands."""
        value = secret.reveal() if isinstance(secret, Secret) else secret
        for one in {value, value.strip("\ufeff\r\n\t ")}:  # a field of a form takes no line end
            if len(one) >= _MIN_SECRET:
                self._secrets = self._secrets | spellings_of(one)
                self._values = self._values | {one}
                self._forget()

    def learn_names(self, names: Iterable[str]) -> None:
        """Blot out these people's names from now on."""
        fresh = {name.strip() for name in names} - self._names
        fresh = {name for name in fresh if len(name) >= _MIN_NAME}
        if fresh:
            self._names = self._names | fresh
            self._forget()

    def _forget(self) -> None:
        """More is known: texts are redacted anew. A new dict, as a thread at work may still store its result in the old."""
        self._pattern = None
        self._kept = {}

    @property
    def names(self) -> frozenset[str]:
        """The names learnt so far."""
        return frozenset(self._names)

    def __call__(self, text: str) -> str:
        """The text without secrets, tokens, addresses and names, and without characters that can't be seen."""
        kept = self._kept
        if (known := kept.get(text)) is not None:
            return known
        redacted = self._redacted(text)
        if len(text) <= _LONGEST_KEPT:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            kept[text] = redacted
        return redacted

    def _redacted(self, text: str) -> str:
        text = shown(text)
        for pattern in _PATTERNS:
            text = pattern.sub(MASK, text)
        text = _ASSIGNED.sub(rf"\1{MASK}", text)
        for pattern, is_one in _CHECKED:
            text = _masked(pattern, is_one, text)
        known = self._known()
        return known.sub(MASK, text) if known else text

    def values(self, document: Any) -> Any:
        """A JSON document whose texts are redacted one by one: what is encoded afterwards is still JSON."""
        if isinstance(document, str):
            return self(document)
        if isinstance(document, dict):
            return {name: self.values(value) for name, value in document.items()}
        return [self.values(value) for value in document] if isinstance(document, list | tuple) else document

    def scrub(self, directory: Path) -> int:
        """The last look before publishing: blot out what was learnt only after it was written. Returns how many files held it."""
        known = self._known()
        if known is None or not directory.is_dir():
            return 0
        found = 0
        for file in sorted(directory.iterdir()):
            if file.suffix not in _TEXTS or not known.search(
                text := file.read_text(encoding="utf-8", errors="replace")
            ):
                continue
            clean = file.with_name(f"{file.name}.clean")
            clean.write_text(known.sub(MASK, text), encoding="utf-8")
            clean.replace(file)
            found += 1
        return found

    def _known(self) -> re.Pattern[str] | None:
        pattern, kept = self._pattern, self._kept
        if pattern is None and (self._secrets or self._names):
            secrets = [re.escape(secret) for secret in sorted(self._secrets, key=len, reverse=True)]
            for value in sorted(self._values, key=len, reverse=True):
                secrets += over_lines(value) if len(value) >= MIN_MIDDLE else escaped(value)
            names = by_first_letter(re.escape(name) for name in sorted(self._names, key=len, reverse=True))
            found = [by_first_letter(secrets)] if secrets else []
            pattern = re.compile("|".join(found + ([rf"\b(?:{names})\b"] if names else [])))
            if kept is self._kept:  # else another thread has learnt more meanwhile
                self._pattern = pattern
        return pattern


def blot(value: object, redact: Redactor) -> object:
    """The same nested value (dict, list, tuple, str, …) with every text redacted."""
    return redact.values(value)
