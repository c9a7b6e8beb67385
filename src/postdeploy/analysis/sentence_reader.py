"""Reads a sentence of a log word by word: what names the trouble stays, what names one instance of it becomes `SLOT` or `TEXT`.

Every pattern here takes time in proportion to the text, and no more than `tokens.MOST` tokens are read.
"""

from __future__ import annotations

import re

from postdeploy.analysis import hosts, named_parameters, quoted_names, secret_words, tokens, word_shapes
from postdeploy.analysis.addresses import with_plain_addresses
from postdeploy.analysis.shortening import one_slot, shortened
from postdeploy.analysis.statements import without_call
from postdeploy.analysis.vocabulary import WORDS, is_known
from postdeploy.analysis.word_shapes import SLOT, SLOTS, TEXT

_DEEPEST = 3
"""Sentences that stand in values of sentences."""
_CHARACTER = re.compile(
    rf"\b({'|'.join(sorted(WORDS.before_characters))}) (?:([\"'`])[^\n]\2|[^\s\w\"'`(]|[^\W_](?= in\b))(?=[\s,.:;]|$)",
    re.IGNORECASE,
)
"""What a parser met and did not expect."""
_INDEX = " (index)"
"""Prisma's earlier versions write it behind the name of a constraint."""
_NAME = re.compile(r"@?[A-Za-z_$][\w$./ :@-]{0,80}\Z")
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$-]{0,60}\Z")
_CALL = re.compile(r"[A-Za-z_$](?:[^\W\d]|\$){0,60}(?:\.[A-Za-z_$](?:[^\W\d]|\$){0,60}){0,6}(?:\(\))?\Z")
_MEMBER = re.compile(r"[A-Za-z_$]{1,60}(?:\.[A-Za-z_$]{1,60}){1,6}\Z")
_ROUTE = re.compile(r"(?:/(?:[A-Za-z_-]{1,40}|\[{1,2}[\w.]{1,40}\]{1,2}|\([\w.-]{1,40}\)))+\Z")
_PACKAGE = re.compile(r"(?:@[a-z][\w-]*/)?[A-Za-z][\w.-]*\Z")
_OR = re.compile(r"[A-Za-z]+/[A-Za-z]+\Z")
_JOINTS = re.compile(r"([.:@#/\\+*&^%$~!?]+)")
_NOTHING_BUT_SLOTS = re.compile(rf"[{SLOTS}.:@#-]+\Z")
_CLASSES = ("Error", "Exception")
_NAMING, _FAULTS = ("named", "called"), ("error", "exception", "failed", "because")
_NOTHING = frozenset(["null", "undefined", "none"])
_HOSTS = frozenset(["address", "host", "hostname"])
_VERBS = frozenset(["get", "post", "put", "patch", "delete", "head", "options"])


def read(text: str, depth: int = 0) -> str:
    """The sentence in one line."""
    text = _CHARACTER.sub(rf"\1 {SLOT}", with_plain_addresses(without_call(text)))
    return shortened("".join(_Sentence(text, depth).parts()))


class _Sentence:
    """What was read so far."""

    def __init__(self, text: str, depth: int) -> None:
        self._tokens = tokens.of(text)
        self._depth = depth
        self._is_code_next = False
        self._before = ""
        """The last word."""
        self._key = ""
        """The key whose value comes next."""
        self._assigned = False
        """Whether that key stands before `=`, where anything may be its value."""
        self._brackets = 0
        """How many brackets are open since that key."""
        self._is_instance_next = False
        self._is_secret_next = False
        self._is_name_next = False
        """Whether more words of a name may follow: `cn=Anna Schmidt`."""
        self._out: list[str] = []

    def parts(self) -> list[str]:
        """The sentence in parts."""
        for at, (kind, token) in enumerate(self._tokens):
            if kind == "space":
                self._out.append(" ")
                if self._assigned and not self._brackets:
                    self._key = ""
            elif kind == "mark":
                self._mark(token)
            elif kind == "name":
                self._key, self._assigned, self._brackets = token[1:-2].rpartition(".")[2], False, 0
                self._is_secret_next = secret_words.is_name(self._key)
                self._out.append(token[1:-2] + ":")
            else:
                self._out.append(self._value(kind, token, at))
                self._note(kind, token)
        return self._out

    def _mark(self, mark: str) -> None:
        if mark == "=":
            self._key, self._assigned, self._brackets = self._before, True, 0
        elif self._key:
            self._brackets += (mark in "{[(<") - (mark in ")]}>")
            if self._brackets < 0 or (mark in ",;|" and not self._brackets):
                self._key = ""
        if mark not in "<>":
            self._out.append(mark)
        if mark not in "\"'`":
            self._is_instance_next, self._is_name_next = self._is_instance_next and mark in "(#", False
            self._is_secret_next = self._is_secret_next and mark in "(["

    def _note(self, kind: str, token: str) -> None:
        """What the next tokens are read by."""
        was_person = self._is_instance_next and self._out[-1] in (SLOT, TEXT)
        was_secret, self._is_secret_next, self._is_instance_next = self._is_secret_next, False, False
        self._is_name_next = self._out[-1] == TEXT and (self._is_name_next or bool(self._assigned and self._key))
        if not self._brackets:
            self._key = ""
        if kind != "chunk":
            return
        said = token.strip(".!?*~-+/\\").rstrip(":")
        if token.endswith(":") and _IDENTIFIER.match(said) and not said.endswith(_CLASSES):
            self._key, self._assigned, self._brackets = said, False, 0
        self._is_code_next = said in _NAMING and self._before.lower() in WORDS.named  # `column named lead_id`
        is_one_next = said.lower() in WORDS.instances and not token.endswith((":", ".", "!"))
        self._is_instance_next = is_one_next or (was_person and token[:1].isupper())
        self._is_secret_next = secret_words.is_next(said, self._before, was_secret)
        if not self._is_code_next:
            self._before = said

    def _value(self, kind: str, token: str, at: int) -> str:
        if kind == "url":
            return hosts.of_url(token)
        if kind == "path":
            return token if _ROUTE.match(token) else SLOT + (":" if token.endswith(":") else "")
        if self._assigned and self._key:
            return self._assigned_value(token[1:-1] if kind == "quoted" else token)
        if self._is_secret_next:
            inner = token[1:-1] if kind == "quoted" else token
            if secret_words.is_value(inner, is_quoted=kind == "quoted"):
                return word_shapes.slot(inner)
        if kind == "quoted":
            return self._quoted(token, self._next(at))
        if (self._is_instance_next or self._is_name_next) and self._is_one(token):
            return word_shapes.slot(token)
        if self._key and word_shapes.is_status(token) and self._key.lower() in WORDS.keys:
            return token
        return self._chunk(token, at)

    def _is_one(self, token: str) -> bool:
        bare = token.strip(".:,")
        if not self._is_instance_next:
            return token[:1].isupper() and not is_known(bare)
        is_code = (self._is_code_next and quoted_names.code(bare) == bare) or self._is_code_in_brackets(bare)
        if is_code or token.endswith(":") or bare.lower() in WORDS.plain:
            return False
        return re.fullmatch(r"[\w.@+#'\x80-\U0010ffff-]+", token) is not None

    def _is_code_in_brackets(self, bare: str) -> bool:
        """`no reply from the team (E_MAIL)`: it says why, whatever stands before it."""
        return self._out[-1:] == ["("] and word_shapes.is_code(bare)

    def _assigned_value(self, token: str) -> str:
        bare, key = token.strip(".:;,"), self._key.lower()
        if key in WORDS.sentences and (quoted_names.is_sentence(token) or is_known(bare)):
            return self._sentence(token)
        if self._is_place_of_schema(key) and self._is_kept(bare):
            return bare
        if key not in WORDS.keys or (key == "name" and not bare.endswith(_CLASSES)):
            return word_shapes.slot(token)
        return bare if self._is_kept(bare) else word_shapes.slot(token)

    def _is_kept(self, inner: str) -> bool:
        """Whether the value of a key that names the trouble reads like a name or a code."""
        if self._key.lower() == "received":  # what a person entered, unless it is a type
            return inner.lower() in WORDS.types
        if word_shapes.is_code(inner) or word_shapes.is_status(inner):
            return True
        if word_shapes.is_sqlstate(inner):
            return self._key.lower() in ("code", "sqlstate", "errorcode")
        if "://" in inner or "@" in inner:
            return False
        if "." in inner and self._key.lower() == "hostname":
            return False
        return bool(_NAME.match(inner)) and not word_shapes.has_digit(inner) and not word_shapes.is_gibberish(inner)

    def _quoted(self, token: str, follows: str) -> str:
        inner, key, before = token[1:-1].strip().removesuffix(_INDEX), self._key.lower(), self._before.lower()
        if key in _HOSTS or ("://" in inner and (key in WORDS.addresses or (not key and before in WORDS.before_calls))):
            return hosts.of_url(inner) if "://" in inner else hosts.service(inner)
        if key:
            return self._keyed(inner, key)
        verb, _, rest = inner.partition(" ")
        if verb.lower() in _VERBS and (verb.isupper() or "/" in rest):
            return f"{verb} {hosts.of_url(rest)}"
        if named_thing := quoted_names.named(before, follows.lstrip("-").lower(), inner):
            return named_thing
        if (inner[:1] == "/" or before == "for") and (named := self._named(inner, before)):
            return named
        if token[0] == "`" and before not in WORDS.before_locales and _CALL.match(inner):
            steps = inner.split(".")
            return ".".join(steps[-2:]) if len(steps) >= 3 else inner
        if before in WORDS.instances or before == "received":
            return inner if inner in WORDS.types else word_shapes.slot(inner)
        is_code = not before.endswith(_FAULTS) or follows[:1].isalpha() or not quoted_names.is_reason(inner)
        return quoted_names.code(inner) if is_code else self._sentence(inner)

    def _named(self, inner: str, before: str) -> str:
        """A route of the app, or a parameter of an interface; empty: it is none."""
        if inner[:1] == "/":
            is_route = bool(_ROUTE.match(inner)) and "[" in inner
            return inner if is_route else named_parameters.route(inner, before, is_quoted=True)
        return named_parameters.parameter(inner) if named_parameters.is_parameter_next(self._out[-6:-1:2]) else ""

    def _sentence(self, inner: str) -> str:
        return read(quoted_names.sentence(inner), self._depth + 1) if self._depth < _DEEPEST else TEXT

    def _keyed(self, inner: str, key: str) -> str:
        """The value of a key, in quotes."""
        is_said = key in WORDS.failing and quoted_names.is_reason(inner)
        if is_said or (key in WORDS.sentences and quoted_names.is_sentence(inner)):
            return self._sentence(inner)
        if key == "name" and not inner.endswith(_CLASSES):
            return TEXT
        if key in WORDS.parameters and (name := named_parameters.parameter(inner)):
            return name
        if key in WORDS.keys or key in WORDS.named or self._is_place_of_schema(key):
            is_kept = self._is_kept(inner)
        else:
            is_kept = key in WORDS.things and quoted_names.is_thing(inner)
        if key == "received" and not is_kept:
            return word_shapes.slot(inner)
        return inner if is_kept else quoted_names.code(inner)

    def _is_place_of_schema(self, key: str) -> bool:
        """`In context=('properties', 'score')`: where something stands in a schema."""
        return bool(self._brackets) and key in ("context", "loc")

    def _next(self, at: int) -> str:
        return next((token for kind, token in self._tokens[at + 1 : at + 4] if kind != "space"), "")

    def _is_answer(self, core: str, at: int) -> bool:
        """Whether a number is the status of an answer, not an amount."""
        if not word_shapes.is_status(core):
            return False
        follows, before = self._next(at).lower().strip(".,:"), self._before.lower()
        if follows in WORDS.after_status or before.startswith("http") or before in WORDS.before_status:
            return True
        is_amount = follows[:1].isalpha() and follows not in WORDS.after_status_or_amount
        if self._before.endswith(_CLASSES) and self._next(at)[:1].isupper():
            return True
        return before in WORDS.before_status_or_amount and not is_amount

    def _chunk(self, chunk: str, at: int) -> str:
        """A run without spaces, brackets and quotes."""
        core = chunk.strip(".:!?*~-+/\\_") if len(chunk) > 1 else chunk
        if not core:
            return chunk if chunk.strip("-*=_#~.") or len(chunk) < 3 else ""
        lead, _, tail = chunk.partition(core)
        if kept := self._kept(core, at):
            return kept + tail
        if "/" in core or "\\" in core or lead.endswith("/"):
            return self._path(lead, core, tail)
        if word_shapes.is_instance(core):
            return SLOT + tail
        if ("." in chunk and word_shapes.is_upload(lead + core)) or self._is_instance_here(core, at):
            return word_shapes.slot(core) + tail
        parts = filter(None, _JOINTS.split(core))
        text = "".join(word_shapes.word(part) if part[0].isalnum() or part[0] in "_-" else part for part in parts)
        if _NOTHING_BUT_SLOTS.match(text) and not text.isascii():
            text = one_slot(text)
        return lead.lstrip("-") + text + tail

    def _kept(self, core: str, at: int) -> str:
        """What names the trouble although it looks like an instance; empty: nothing of it does."""
        before = self._before.lower()
        if self._is_answer(core, at) or word_shapes.is_code(core):
            return core
        if core[:1] == "#" and before == "error":
            return core  # React's minified errors
        if word_shapes.is_sqlstate(core) and before in ("sqlstate", "code"):
            return core
        if self._before.endswith(_CLASSES) and self._next(at) == "is" and _MEMBER.match(core):
            steps = core.split(".")
            return ".".join(steps[1:] if len(steps[0]) < 3 else steps)  # a minified name changes from build to build
        is_address = (self._before in WORDS.before_hosts or self._key.lower() in _HOSTS) and "@" not in core
        if is_address and ("." in core or ":" in core) and not word_shapes.is_upload(core):
            return hosts.service(core)
        return ""

    def _is_instance_here(self, core: str, at: int) -> bool:
        """Whether what stands around a word says that it is an instance."""
        low, key = core.lower(), self._key.lower()
        if (core[:1].isupper() and key in WORDS.before_zones) or (key and low in _NOTHING and key not in WORDS.keys):
            return True
        if self._before.lower() == "for" and self._next(at) == "from" and low not in WORDS.plain:
            return True
        if self._out[-1:] == [" "] and low in WORDS.zones:
            return not set(SLOTS).isdisjoint("".join(self._out[-3:]))
        return self._before.lower() in WORDS.before_locales and word_shapes.is_locale(core)

    def _path(self, lead: str, core: str, tail: str) -> str:
        if not lead and "." in core and (service := hosts.of_path(core)):
            return service
        if self._before.lower() in ("module", "package") and (named := word_shapes.named(lead.replace("/", "") + core)):
            return named + tail
        if lead == "/" and (route := named_parameters.route(lead + core, self._before.lower())):
            return route + (tail if tail in (":", ".", ",") else "")
        is_title = all(part[:1].isupper() and part[1:].islower() for part in core.split("/"))
        if _OR.match(core) and not lead and not is_title:
            return core + tail
        return SLOT + (tail if tail in (":", ".", ",") else "")
