"""What several threads decode for the first time at the same moment."""

from __future__ import annotations

import subprocess
import sys

import httpx

from postdeploy.system.decoding import decode
from postdeploy.vercel.client import decode as decode_answer

AT_ONCE = """
import sys, threading
import msgspec
from postdeploy.system.decoding import decode
sys.setswitchinterval(1e-6)
def first(begin, shape, document):
    begin.wait()
    decode(document, shape)
for number in range(150):
    one = msgspec.defstruct(f"One{number}", [("id", str), *((f"also{each}", str | None, None) for each in range(12))])
    many = msgspec.defstruct(f"Many{number}", [("deployments", list[one])])
    begin = threading.Barrier(4)
    both = [(one, b'{"id":"dpl_1"}'), (many, b'{"deployments":[{"id":"dpl_1"}]}')]
    threads = [threading.Thread(target=first, args=(begin, *each)) for each in both * 2]
    for each in threads: each.start()
    for each in threads: each.join()
"""
"""150 pairs of new types, one holding the other: decoded without a lock, six processes of six crashed."""


def test_threads_that_decode_at_the_same_moment_do_not_end_the_process() -> None:
    assert subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, check=False).returncode == 0


def test_a_document_is_decoded_into_its_shape() -> None:
    assert decode(b"[1, 2]", list[int]) == [1, 2]
    assert decode('{"a": 1}', dict[str, int]) == {"a": 1}


def test_so_is_an_answer() -> None:
    asked = httpx.Request("GET", "http://localhost/")
    assert decode_answer(httpx.Response(200, content=b"[1, 2]", request=asked), list[int]) == [1, 2]
