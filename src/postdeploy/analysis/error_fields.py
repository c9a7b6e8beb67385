"""What Node prints of an error behind its stack: its own fields, the service that it called, and the errors within it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from postdeploy.analysis import hosts, sentence_reader, word_shapes
from postdeploy.analysis.minified import without_given_class, without_given_names

_MOST = 12
"""Fields that are read."""
_MOST_WITHIN, _LONGEST_LIST = 4, 2_000
"""Errors within an error, and characters of their list."""
_FIELD = re.compile(
    r"""
      \b(?P<key>code|status|statusCode|modelName|target|column|table|constraint|syscall|hostname|field_name|param|type|routine)
        ["']?:[ ]?(?P<value>\[[^\]\n]{0,200}\]|'[^'\n]{0,120}'|"[^"\n]{0,120}"|[45]\d\d\b)
    | \[?(?P<cause>\bcause)\]?:[ ](?P<error>[A-Za-z\[][^\n]{0,300})
    """,
    re.VERBOSE,
)
_NO_CAUSE = frozenset({"undefined", "null"})
_CALLED = re.compile(
    r"""(?<![\w"])(?:(?:url|baseURL|baseUrl|prefixUrl|href)'?:[ ]?'[a-z][a-z0-9+.-]{1,15}://(?:[^'\s/?\#@]{1,200}@)?|host(?:name)?'?:[ ]?')
    (?P<host>[^'\s/?\#]{1,255})""",
    re.VERBOSE,
)
"""Whom a client called: axios, gaxios, got, ofetch and undici print it in their fields. A key in double quotes is of what was sent."""
_MOST_ADDRESSES = 8
_WITHIN = re.compile(r"(?<![\w.])\[?(?:errors|issues|reasons)\]?:[ ]?\[(?!(?:Array|Object)\])")
_CODE_WITHIN = re.compile(r"\bcode['\"]?: ?(['\"])([\w./-]{1,80})\1")
_ERROR_WITHIN = re.compile(
    r"(?:^|[\[,])[ \t]{0,40}\[?([A-Za-z_$][\w$]{0,60}(?: \[\w{1,60}\])?: [^\n]{1,200})", re.MULTILINE
)
_MESSAGE_WITHIN = re.compile(
    r"\b(?:message|msg|reason)['\"]?: ?(?:'([^'\n]{1,200})'|\"([^\"\n]{1,200})\"|`([^`\n]{1,200})`)"
)
_TEXT_WITHIN = re.compile(r"(?:^|[\[,])[ \t]{0,40}'([^'\n]{3,200})'", re.MULTILINE)
_ADAPTER = "driverAdapterError"
_OF_ADAPTER = re.compile(
    r"""\bconstraint['"]?:\s{0,40}\{\s{0,40}['"]?(?P<key>fields|index)['"]?:\s{0,40}
        (?P<value>\[[^\]]{0,300}\]|'[^'\n]{0,120}'|"[^"\n]{0,120}")
    | \boriginalMessage['"]?:\s{0,40}(?:'(?P<message>[^'\n]{1,300})'|"(?P<same>[^"\n]{1,300})")
    | \boriginalCode['"]?:[ ]?['"](?P<code>\w{5})['"]
    """,
    re.VERBOSE,
)
"""What Prisma's driver adapters say of the constraint: the message itself says `(not available)`."""
_CONNECTION = re.compile(r"Error: (?:connect|read|write|getaddrinfo) E[A-Z_]+")
"""What each address of a host answered: the error around it says it once."""
_MINIFIED = re.compile(r"(\[|\b)[A-Za-z_$]{1,3} \[(\w{3,60})\]")


def without_class(text: str) -> str:
    """Node prints the class of a minified build before its name: `[le [AuthApiError]: …` as `[AuthApiError: …`."""
    return _MINIFIED.sub(r"\1\2", text)


def details(before: str, after: str) -> str:
    """What the fields after a stack say that the message before it does not."""
    found: dict[str, str] = {}
    for one in _FIELD.finditer(after):
        if one["cause"]:
            if one["error"].rstrip(" ,}]") in _NO_CAUSE:
                continue
            error = _plain(one["error"])
            found.setdefault(f"cause {error}", f"cause: {error}")
        elif one["value"].strip("'\"[] ") not in before:
            found.setdefault(one["key"], f"{one['key']}: {one['value']}")
        if len(found) == _MOST:
            break
    if _ADAPTER in after and found.keys().isdisjoint(("column", "table", "constraint")):
        found.setdefault(_ADAPTER, _of_adapter(before, after))
    said = [one for one in found.values() if one]
    if "hostname" not in found and (host := _called(after)) and not any(host in text for text in (before, *said)):
        said.insert(0, f"host: '{host}'")
    known = " ".join([before, *said])
    return " ".join([*said, *_within(known, after, has_code="code" in found)])


def _of_adapter(before: str, after: str) -> str:
    """The constraint's fields or name; else the database's own message, else its code."""
    found = {one.lastgroup: one for one in _OF_ADAPTER.finditer(after)}
    if one := found.get("value"):
        return (
            ""
            if all(name in before for name in re.findall(r"\w+", one["value"]))
            else f"{one['key']}: {' '.join(one['value'].split())}"
        )
    if one := found.get("message") or found.get("same"):
        return str(one["message"] or one["same"])
    one = found.get("code")
    return f"code: '{one['code']}'" if one and one["code"] not in before else ""


def _plain(error: str) -> str:
    return without_given_names(without_given_class(without_class(error).rstrip(" {["), has_stack=True))


def _called(after: str) -> str:
    """The called service: the first address that names one."""
    if "://" not in after and "host" not in after:
        return ""
    for number, one in enumerate(_CALLED.finditer(after)):
        name = hosts.service(one["host"])
        if not name.startswith(word_shapes.SLOT) and not name.startswith("localhost"):
            return name
        if number == _MOST_ADDRESSES:
            break
    return ""


def _within(known: str, after: str, *, has_code: bool) -> Iterator[str]:
    """The errors that one error holds: `[errors]` of an AggregateError, `errors` of an answer; each once, whatever instance it names."""
    if (found := _WITHIN.search(after)) is None:
        return
    text = _list(after, found)
    errors = [
        _plain(one[1]).rstrip(" ],") for one in _ERROR_WITHIN.finditer(text) if "'" not in one[1].partition(": ")[0]
    ]
    errors = [one for one in errors if one.partition(":")[0].endswith(("Error", "Exception", "]"))]
    codes = [f"code: '{one[2]}'" for one in _CODE_WITHIN.finditer(text)]
    messages = [one[1] or one[2] or one[3] for one in _MESSAGE_WITHIN.finditer(text)]
    seen: set[str] = set()
    for one in [*codes, *errors] or messages or [text[1] for text in _TEXT_WITHIN.finditer(text)]:
        said = one.removeprefix("code: ").strip("'")
        if said in known or (has_code and _CONNECTION.match(one)) or (words := sentence_reader.read(one)) in seen:
            continue
        seen.add(words)
        yield one
        if len(seen) == _MOST_WITHIN:
            return


def _list(after: str, found: re.Match[str]) -> str:
    """What stands in the brackets: to the end of the line, or to the bracket under the key."""
    end = after.find("\n", found.end())
    if end >= 0 and not after[found.end() : end].strip():
        line = after[after.rfind("\n", 0, found.start()) + 1 : found.start()]
        end = after.find(f"\n{line if not line.strip() else ''}]", end)
    return after[found.end() : end if end >= 0 else None][:_LONGEST_LIST]
