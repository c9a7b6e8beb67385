"""How a known secret is written where it must not be: plain, encoded, escaped, over several lines."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections.abc import Iterable

_URL_SAFE = str.maketrans("+/", "-_")
MIN_MIDDLE = 8
"""Characters from which on a secret is looked for in the middle of base64, and over lines."""
_IN_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"}
_LINE_END = r"(?:\s{1,20}|\\n)?"


def spellings_of(value: str) -> set[str]:
    """The ways in which a value turns up in texts: plain, encoded, encoded twice, and in the middle of something encoded."""
    raw = value.encode("utf-8", "surrogatepass")
    once = {
        value,
        urllib.parse.quote(value.encode("utf-8", "replace"), safe=""),
        urllib.parse.quote_plus(value.encode("utf-8", "replace")),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        base64.b64encode(raw).decode(),
    }
    twice = {urllib.parse.quote(each.encode("utf-8", "replace"), safe="") for each in once}
    twice |= {json.dumps(each)[1:-1] for each in once} | {
        base64.b64encode(each.encode("utf-8", "replace")).decode() for each in once
    }
    encoded = once | twice | {raw.hex(), raw.hex().upper(), raw.hex(" "), raw.hex(":")}
    encoded |= {"".join(f"\\u{ord(letter):04{form}}" for letter in value) for form in "xX"}
    encoded |= {"".join(f"\\x{byte:02{form}}" for byte in raw) for form in "xX"}
    encoded |= {"".join(f"%{byte:02{form}}" for byte in raw) for form in "xX"}
    encoded |= {each.rstrip("=") for each in encoded}
    encoded |= {each.translate(_URL_SAFE) for each in encoded if each.isascii() and not each.isalnum()}
    encoded |= {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), each) for each in encoded if "%" in each}
    for before in range(3 if len(raw) >= MIN_MIDDLE else 0):  # the same bytes, three ways by where they stand
        middle = base64.b64encode(bytes(before) + raw).decode().rstrip("=")
        middle = middle[(0, 2, 3)[before] : len(middle) - (1 if (before + len(raw)) % 3 else 0)]
        encoded |= {middle, middle.translate(_URL_SAFE)}
    return {spelling for spelling in encoded if spelling}


def escaped(value: str, between: str = "") -> list[str]:
    """Patterns of the value, each of its letters plain or escaped as HTML, addresses, JSON or code have it.

    They differ in how the first letter is written. `between`: what may stand between two letters.
    """
    first, *rest = map(_letter, value)
    tail = "".join(between + (one[0] if len(one) == 1 else f"(?:{'|'.join(one)})") for one in rest)
    return [one + tail for one in first]


def over_lines(value: str) -> list[str]:
    """The same with line ends, or what they have become, in it."""
    return escaped(value, _LINE_END)


def _letter(letter: str) -> list[str]:
    """Patterns of one letter, the longest first. Letters and digits are rarely escaped alone."""
    if letter.isascii() and letter.isalnum():
        return [re.escape(letter)]
    code = ord(letter)
    in_address = urllib.parse.quote(letter.encode("utf-8", "replace"), safe="")
    forms = {
        _IN_HTML.get(letter, letter),
        f"&#{code};",
        f"&#0{code};",
        f"&#x{code:x};",
        f"&#x{code:X};",
        in_address,
        in_address.lower(),
        json.dumps(letter)[1:-1],
        repr(letter)[1:-1],
        f"\\u{code:04x}",
        f"\\u{code:04X}",
        f"\\x{code:02x}",
        "\\" + letter,
        letter,
    }
    return [re.escape(form) for form in sorted(forms, key=len, reverse=True)]


def by_first_letter(patterns: Iterable[str]) -> str:
    """Alternatives that begin with an escaped letter, in their order. At each place only those are tried that begin with its letter."""
    groups: dict[str, list[str]] = {}
    for pattern in patterns:
        first = pattern[: 2 if pattern.startswith("\\") else 1]
        groups.setdefault(first, []).append(pattern.removeprefix(first))
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in groups.items())
