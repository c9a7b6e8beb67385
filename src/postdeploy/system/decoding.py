"""Decoders, made one at a time.

msgspec looks into a type when it is decoded first. Where two threads do so at once, and one type holds the other, one of them meets
what the other has not finished, and the process crashes (msgspec 0.20). So whatever threads may decode gets its decoder here.
"""

from __future__ import annotations

import threading
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
_made: dict[Any, msgspec.json.Decoder[Any]] = {}
_one_at_a_time = threading.Lock()


def decode(document: bytes | str | msgspec.Raw, shape: type[T]) -> T:
    """The document in this shape.

    Raises:
        msgspec.DecodeError: it has another one, or is not JSON.
    """
    with _one_at_a_time:
        if shape not in _made:
            _made[shape] = msgspec.json.Decoder(shape)
        decoder: msgspec.json.Decoder[T] = _made[shape]
    return decoder.decode(document)
