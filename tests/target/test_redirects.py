"""Redirects that a streamed page makes itself."""

import pytest

from postdeploy.target.redirects import streamed_redirect

NEXT = (
    '<html><head></head><body><meta id="__next-page-redirect" http-equiv="refresh" content="1;url=/auth/login"/></body>'
)


@pytest.mark.parametrize(
    ("page", "leads_to"),
    [
        (NEXT, "/auth/login"),
        (NEXT.replace("1;", "0; "), "/auth/login"),
        (NEXT.replace("/auth/login", "/in?a=1&amp;b=2"), "/in?a=1&b=2"),
        ("<META CONTENT='0;URL=/welcome' HTTP-EQUIV=refresh>", "/welcome"),
    ],
)
def test_a_page_may_redirect_at_once(page: str, leads_to: str) -> None:
    assert streamed_redirect(200, page) == leads_to


@pytest.mark.parametrize(
    ("status", "page"),
    [
        pytest.param(200, "<html>url=/auth/login</html>", id="a page"),
        pytest.param(200, NEXT.replace("1;", "30;"), id="one that loads itself anew"),
        pytest.param(200, '<meta http-equiv="refresh" content="1">', id="every second"),
        pytest.param(200, '<meta name="description" content="1;url=/a">', id="another tag"),
        pytest.param(
            200, NEXT.replace("/auth/login", "https://other.example/auth/login"), id="one that leads to another host"
        ),
        pytest.param(200, NEXT.replace("/auth/login", "//other.example/auth/login"), id="the same, without a scheme"),
        pytest.param(503, NEXT, id="an error page"),
    ],
)
def test_any_other_page_stays(status: int, page: str) -> None:
    assert streamed_redirect(status, page) is None
