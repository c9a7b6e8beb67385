"""A deployment's own address on this machine."""

import httpx
from pytest_httpserver import HTTPServer

from postdeploy.system import loopback


def test_a_name_below_localhost_is_this_machine_and_keeps_its_name(httpserver: HTTPServer) -> None:
    host = f"inbox-abc.localhost:{httpserver.port}"
    httpserver.expect_request("/", headers={"host": host}).respond_with_data("ours", headers={"set-cookie": "a=b"})
    with httpx.Client(base_url=f"http://{host}", mounts=loopback.mounts()) as client:
        answer = client.get("/")
    assert answer.text == "ours"
    assert client.cookies["a"] == "b"
    assert answer.request.url.host == "inbox-abc.localhost"
