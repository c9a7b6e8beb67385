"""What a single word of a message is, by its shape: a code, a word, or an id, an amount, an address of one instance."""

from __future__ import annotations

import itertools
import re

from postdeploy.analysis.vocabulary import WORDS, is_known

SLOT = "…"
"""In the place of an id, an amount, an address."""
TEXT = "\ue000"
"""The same in the place of words. A fingerprint does not distinguish them: `lead "anna"` and `lead "a17"` are one error."""
SLOTS = SLOT + TEXT
_DIGIT = re.compile(r"\d")
_RUNS = re.compile(r"\d+(?=[A-Za-z])")
_CODE = re.compile(
    r"(?:P\d{4}|PGRST\d{3}|E[A-Z]{3,20}|E\d{2,4}|TS\d{4}|ERR_[A-Z0-9_]{2,60}|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\Z"
)
_NUMBERED = re.compile(r"_\d+\Z|\d{3}")
"""What makes a code in capitals an instance: `LEAD_5`, `ORDER_12345`."""
_SQLSTATE = re.compile(r"(?=[0-9A-Z]*\d)[0-9A-Z]{5}\Z")
_STATUS = re.compile(r"[45]\d\d\Z")
_HOST = re.compile(r"((?:[A-Za-z0-9_-]+\.)+[A-Za-z]{2,})(?::(\d+))?\Z")
_FILE = re.compile(
    r"\.(?:js|mjs|cjs|ts|tsx|jsx|json|toml|yml|yaml|html|css|map|py|rb|go|java|php|log|txt|csv|png|jpg|sql|prisma|env|xml|cfg|conf"
    r"|so|dll|exe|wasm|node)\Z",
    re.IGNORECASE,
)
_UPLOAD = re.compile(rf"[^/\s]{{0,160}}\.(?:{'|'.join(sorted(WORDS.uploads))})\Z", re.IGNORECASE)
_LOCALE = re.compile(r"[a-z]{2,3}(?:[-_](?:[A-Z]{2}|[A-Z]?[a-z]{1,3}))?\Z")
_MIME = re.compile(r"(?:application|audio|font|image|message|model|multipart|text|video)/[\w.+-]{1,100}\Z")
_VERSION = re.compile(r"@(?:[~^]?\d|(?:latest|next|canary|beta|alpha|rc)\Z)")
_FILE_OF_CODE = re.compile(
    r"(?:\[[\w.-]{1,40}\]|/vercel/path0)?([\w.@/$()\[\]-]{1,120}\.(?:[cm]?[jt]sx?))(?:#\w{1,60}| [\[(].{0,60})?\Z"
)
"""How bundlers write a module of the app: `[project]/components/LeadCard.tsx#default`."""
_HOME = re.compile(r"\A/?(?:home|Users)/[^/]+/")
"""Whose computer it is."""
_OF_A_BUILD = re.compile(r"\d{3}|/chunks/|(?:\A|/)\d+(?:\.|\Z)")
"""What names a file or a module that a bundler numbered."""
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){3,}[0-9A-Fa-f]{2}\Z")
_EMAIL = re.compile(r"[^@\s]+@[^@\s/]+\Z")
_HANDLE = re.compile(r"@[\w.-]*[a-z_][\w.-]*\Z")
_AMOUNT = re.compile(r"[+-]?[$€£#]?\d[\d.,:%/_x×*+-]*[A-Za-z%µ]{0,4}\Z")
_HEX = re.compile(r"(?:0x)?[0-9a-fA-F]{4,}\Z")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CAMEL = re.compile(r"[A-Z]?[a-z]{2,}\Z")
_TOKEN_FROM = 16
_LONGEST_WORD = 25
_HEX_LETTERS = re.compile(r"[a-f]{12,}\Z")
_GIBBERISH_FROM = 8
"""Letters from which on pairs of letters say whether something is a word."""


def has_digit(word: str) -> bool:
    """Whether a digit stands in it."""
    return _DIGIT.search(word) is not None


def slot(word: str) -> str:
    """What stands in the place of a word that names an instance."""
    is_id = has_digit(word) or "@" in word or "/" in word or any(map(is_gibberish, word.split()))
    return SLOT if is_id else TEXT


def is_code(word: str) -> bool:
    """Whether it is an error's code, or the name of a variable: `P2002`, `ECONNREFUSED`, `ERR_INVALID_URL`, `DATABASE_URL`."""
    return (
        len(word) <= 64 and bool(_CODE.match(word)) and not (word[:1] != "P" and "_" in word and _NUMBERED.search(word))
    )


def is_sqlstate(word: str) -> bool:
    """Whether it may be one: `42P01`, `23505`."""
    return bool(_SQLSTATE.match(word))


def is_status(word: str) -> bool:
    """Whether it may be an HTTP status of a failure."""
    return bool(_STATUS.match(word))


def is_file(word: str) -> bool:
    """Whether it is the name of a file."""
    return bool(_FILE.search(word))


def is_person(word: str) -> bool:
    """Whether it is an address, of an intranet (`anna@firma`), too, or a handle; `next@canary` is a version of a package."""
    return (word[:1] == "@" and is_handle(word)) or (bool(_EMAIL.match(word)) and not _VERSION.search(word))


def is_upload(word: str) -> bool:
    """Whether it is a file that people upload, or the ending of one: `kunden.xlsx`, `.heic`."""
    return bool(_UPLOAD.match(word))


def is_locale(word: str) -> bool:
    """Whether it may be a language: `de`, `pt-BR`, `zh-Hant`."""
    return bool(_LOCALE.match(word))


def is_mime(word: str) -> bool:
    """Whether it is the type of a file: `image/heic`."""
    return "/" in word and bool(_MIME.match(word))


def is_gibberish(word: str) -> bool:
    """Whether a word of letters is an id that happens to hold no digit."""
    if "'" in word:  # `couldn't`
        word = word.partition("'")[0]
    if len(word) < 6 or "_" in word or "-" in word:
        return False
    if (
        word.isascii()
        and word.isalpha()
        and ((len(word) >= _LONGEST_WORD and word.islower()) or _HEX_LETTERS.match(word))
    ):
        return True
    flips = sum(1 for one, following in itertools.pairwise(word) if one.isupper() != following.isupper())
    is_camel = all(_CAMEL.match(part) for part in _CAPITAL.split(word))
    if len(word) >= _GIBBERISH_FROM and not is_camel and flips >= len(word) * 0.4 and not word.isupper():
        return True
    parts = [part for part in _CAPITAL.split(word) if len(part) >= _GIBBERISH_FROM and part.isascii()]
    return not word.isupper() and any(_is_unspeakable(part.lower()) for part in parts)


def is_token(word: str) -> bool:
    """Whether a run of letters and digits is a key or an id, however it is used: long, and no name of the code looks like it."""
    if len(word) >= _GIBBERISH_FROM and len(_RUNS.findall(word)) >= 2:
        return True
    return len(word) >= _TOKEN_FROM and has_digit(word) and (word.isupper() or is_gibberish(word))


def _is_unspeakable(part: str) -> bool:
    pairs = [part[at : at + 2] for at in range(len(part) - 1)]
    return sum(pair in WORDS.pairs for pair in pairs) < len(pairs) * 0.6


def word(text: str) -> str:
    """One word of letters, digits, underscores and dashes."""
    if not _DIGIT.search(text):
        return SLOT if any(is_gibberish(part) for part in re.split("[_-]", text)) else text
    return text if text.lower() in WORDS.with_digits or is_code(text) else SLOT


def is_handle(core: str) -> bool:
    """Whether it is what a person is called in many apps: `@anna_schmidt`."""
    return _HANDLE.match(core) is not None and not is_known(core[1:])


def is_instance(core: str) -> bool:
    """Whether a run of characters as a whole is an address, an amount, a date or an id."""
    low = core.lower()
    if len(core) > 160 or "**" in core or core in WORDS.currencies or ("@" in core and is_person(core)):
        return True
    if low in WORDS.months and (low not in ("may", "sun", "sat", "mar", "jan", "dec", "mon") or core[:1].isupper()):
        return True
    if _AMOUNT.match(core) or _MAC.match(core) or low.startswith("0x"):
        return True
    return bool(_HEX.match(core) and _DIGIT.search(core)) or low == "ffffffff" or _is_host(core)


def named(inner: str) -> str:
    """What stands in quotes after a word that says that the code has such a thing; empty: it is an instance of one."""
    if "node_modules/" in inner:
        steps = inner.rsplit("node_modules/", 1)[1].split("/")
        return "/".join(steps[: 2 if steps[0].startswith("@") else 1])
    inner = _HOME.sub("", inner)
    if (file := _FILE_OF_CODE.match(inner)) and not _OF_A_BUILD.search(file[1]) and "@" not in file[1][1:]:
        return file[1].lstrip("/")
    if not re.fullmatch(r"[@\w$./ :-]{1,80}", inner) or _OF_A_BUILD.search(inner):
        return ""
    if "@" in inner[1:] or any(is_gibberish(part) for part in re.split(r"[^A-Za-z]+", inner)):
        return ""
    if any(is_token(part) or is_gibberish(part) for part in re.split(r"[^A-Za-z0-9]+", inner)):
        return ""
    if has_digit(inner) and not re.fullmatch(r"[A-Za-z_$][\w$]*|@?[\w./:-]+", inner):
        return ""
    return inner


def _is_host(core: str) -> bool:
    if not (found := _HOST.match(core)) or _FILE.search(found[1]):
        return bool(found)
    host = found[1]
    first, last = host.split(".", 1)[0].lower(), host.rsplit(".", 1)[1].lower()
    if last in WORDS.ends_of_hosts and (host.islower() or _DIGIT.search(host)):
        return first not in ("com", "org", "net", "io") or last in ("com", "net", "org")
    return host.islower() and host.count(".") >= 2 and len(last) <= 3 and first not in ("com", "org", "net", "io")
