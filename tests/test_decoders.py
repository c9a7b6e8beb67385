"""What several threads decode for the first time at the same moment."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from postdeploy.system.decoding import decode

AT_ONCE = """
import sys, threading
import httpx
from postdeploy.vercel.client import decode
from postdeploy.vercel.deployments import _Deployment, _DeploymentList
sys.setswitchinterval(1e-6)
asked, begin = httpx.Request("GET", "http://localhost/"), threading.Barrier(4)
def first(shape, body):
    answer = httpx.Response(200, content=body, request=asked)
    begin.wait()
    decode(answer, shape)
one, many = (_Deployment, b'{"id":"dpl_1"}'), (_DeploymentList, b'{"deployments":[{"uid":"dpl_1"}]}')
threads = [threading.Thread(target=first, args=which) for which in (one, many, one, many)]
for each in threads: each.start()
for each in threads: each.join()
"""
_TIMES = 24
"""One in ten crashed."""


def test_threads_that_decode_at_the_same_moment_do_not_end_the_process() -> None:
    def run(_: int) -> int:
        return subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, check=False).returncode

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(run, range(_TIMES))) == {0}


def test_a_document_is_decoded_into_its_shape() -> None:
    assert decode(b"[1, 2]", list[int]) == [1, 2]
    assert decode('{"a": 1}', dict[str, int]) == {"a": 1}
