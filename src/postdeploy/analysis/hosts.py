"""Which service a host is of: what an app calls names a trouble, a customer's shop, mail server or web page names one instance of it.

A host names a service if its domain is a known one's, if it says so (`api.acme.com`), if it lies within the app's own network, or if its
port is a database's. The lists are data: runbook/defaults/vocabulary.toml.
"""

from __future__ import annotations

import re
from functools import lru_cache

from postdeploy.analysis.vocabulary import WORDS
from postdeploy.analysis.word_shapes import SLOT, has_digit, is_gibberish

_PORT = re.compile(r":(\d{2,5})\Z")
_OF_URL = re.compile(r"[^:]{1,20}://(?:[^@/?#\s]{0,200}@)?([^/?#\s]*)")
_BEFORE_PATH = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}(?=/)")
_SECOND_LEVEL = frozenset(["co", "com", "org", "net", "gov", "ac", "edu"])


def of_url(url: str) -> str:
    """The service of an address with a scheme; a slot: it names none."""
    found = _OF_URL.match(url)
    return service(found[1]) if found else SLOT


def of_path(text: str) -> str:
    """The service of an address without a scheme (`linkedin.com/in/…`); empty: it names none."""
    found = _BEFORE_PATH.match(text)
    name = service(found[0]) if found else SLOT
    return "" if name == SLOT else name


@lru_cache(maxsize=4096)
def service(address: str) -> str:
    """What names the service of a host, and a port that says which it is; a slot in the place of an instance's host."""
    host, port = address, ""
    if found := _PORT.search(address):
        host, port = address[: found.start()], found[1]
    name = _name(host, port)
    return f"{name}:{port}" if port in WORDS.ports else name


def _name(host: str, port: str) -> str:
    labels = [label for label in host.lower().split(".") if label]
    if host == "localhost" or len(labels) < 2:
        return host if host == "localhost" else SLOT
    domain = _domain(labels)
    if domain in WORDS.domains_of_several:
        return _one_of_several(labels, domain)
    if domain in WORDS.services:
        return domain
    own = labels[-1] in WORDS.ends_within or port in WORDS.ports_of_stores
    if own or any(word in WORDS.words_of_services for label in labels[:-1] for word in label.split("-")):
        return _without_ids(labels, len(domain.split(".")) + 1)
    return SLOT


def _domain(labels: list[str]) -> str:
    """`acme.co.uk` of `shop.acme.co.uk`."""
    count = 3 if len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-count:])


def _one_of_several(labels: list[str], domain: str) -> str:
    before = labels[: -len(domain.split("."))]
    for label in [*(one for one in before if one in WORDS.words_of_services), *reversed(before)]:
        if label in WORDS.with_digits or not (has_digit(label) or is_gibberish(label)):
            return f"{label}.{domain}"
    return domain


def _without_ids(labels: list[str], most: int) -> str:
    kept: list[str] = []
    for label in reversed(labels):
        if has_digit(label) or is_gibberish(label) or len(kept) == most:
            break
        kept.insert(0, label)
    return ".".join(kept) if len(kept) > 1 else SLOT
