"""Reads verdict.json as this version, an earlier one, or a later one of the same schema has written it."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec

from postdeploy.analysis.log_report import LogProof, LogReport, LogTotals, LogWindow
from postdeploy.record.document import SCHEMA, VerdictDocument
from postdeploy.system.decoding import decode


class Unreadable(ValueError):  # noqa: N818 - reads as a sentence: the document is unreadable
    """Not a verdict that this version can read."""


class NewerSchema(Unreadable):
    """A verdict that a newer version has written, in a schema of its own."""


_LARGEST = 64 << 20


class _Version(msgspec.Struct):
    schema: int


def read(content: bytes) -> VerdictDocument:
    """A verdict.json of this version or an earlier one; of a later one in the same schema, what is known of it.

    Raises:
        NewerSchema: it was written in a later schema.
        Unreadable: it is not a verdict.
    """
    try:
        version = decode(content, _Version).schema
        if version > SCHEMA:
            raise NewerSchema(f"written by a newer version (schema {version})")
        document = _upgraded(json.loads(content, object_pairs_hook=_said_once))
        try:
            found = decode(msgspec.json.encode(document), VerdictDocument)
        except msgspec.ValidationError:
            found = _fitting(document, VerdictDocument)
        found.ended  # noqa: B018 - raises ValueError where it is not a time
    except (ValueError, msgspec.DecodeError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"not a verdict ({str(error)[:120]})") from None
    return found


def read_file(path: Path) -> VerdictDocument:
    """The verdict in a file. A pipe or a device is none: to read it could last for ever.

    Raises:
        OSError: it can't be read.
        Unreadable: it is not a verdict.
    """
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:  # noqa: PTH123 - a pipe must not wait
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
            raise Unreadable("not a verdict (a pipe, a device, or far too large)")
        return read(file.read())


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON leaves open which of two values counts, so a document that has both is damaged, or made up."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unreadable("not a verdict (a key stands twice)")
    return found


_FLAT = {
    field.encode_name: group
    for group, kind in (("window", LogWindow), ("proof", LogProof), ("totals", LogTotals))
    for field in msgspec.structs.fields(kind)
}
"""Key of `log`, as long as they all stood side by side → where it stands now."""


def _upgraded(document: dict[str, Any]) -> dict[str, Any]:
    """The document in the shape of today; `complete` came together with the nested log."""
    if "complete" in document:
        return document
    log = document.get("log")
    upgraded = document | {"complete": bool(document.get("checks"))}
    return upgraded | {"log": nested(log)} if isinstance(log, dict) else upgraded


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    """A `log` whose keys stand side by side, in the shape of today."""
    log: dict[str, Any] = {"window": {}, "proof": {}, "totals": {}, "recovery": {}}
    for name, value in flat.items():
        match name:
            case "judged":
                log["findings"] = value
            case "borne":
                log["recovery"]["known"] = value
            case "fresh":
                log["recovery"]["new"] = value
            case _ if name in _FLAT:
                log[_FLAT[name]][name] = value
            case _:
                log[name] = value
    return log


def _fitting(value: Any, kind: Any) -> Any:
    """The value as this type, without what does not fit and is not needed: a later version may know more words.

    Raises:
        msgspec.ValidationError: what is needed does not fit.
    """
    alternatives = get_args(kind) if get_origin(kind) is not tuple else ()
    struct = next((one for one in (kind, *alternatives) if _is_part(one)), None)
    if isinstance(value, dict) and struct:
        found = {}
        for field in msgspec.structs.fields(struct):
            if field.encode_name in value:
                try:
                    found[field.name] = _fitting(value[field.encode_name], field.type)
                except msgspec.ValidationError:
                    if field.required:
                        raise
        try:
            return struct(**found)
        except TypeError as error:  # what is needed is not there
            raise msgspec.ValidationError(str(error)) from None
    if isinstance(value, list) and get_origin(kind) is tuple and _is_part(get_args(kind)[0]):
        return tuple(_fitting(one, get_args(kind)[0]) for one in value)
    return msgspec.convert(value, kind)


def _is_part(kind: Any) -> bool:
    """Whether it is taken apart; the log counts as a whole, since a part of it compares wrongly."""
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind is not LogReport
