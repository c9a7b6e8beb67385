"""Which build served a page."""

from __future__ import annotations

import pytest

from postdeploy.model import Deployment
from postdeploy.target.identity import read_identity


@pytest.mark.parametrize(
    ("html", "name"),
    [
        pytest.param("<!DOCTYPE html><!--Zx9bQ-1a--><html>", "Zx9bQ-1a", id="a build id as comment"),
        pytest.param(
            'self.__next_f.push([1,"0:{\\"b\\":\\"Zx9bQ-1a\\"}"])', "Zx9bQ-1a", id="a build id in the page's data"
        ),
        pytest.param('<html data-dpl-id="dpl_9">', "dpl_9", id="a deployment id"),
        pytest.param('<script src="/_next/a.js?dpl=dpl_9">', "dpl_9", id="a deployment id on assets"),
    ],
)
def test_a_page_names_its_build(html: str, name: str) -> None:
    assert read_identity("https://x", html).name == name


def test_builds_are_compared_by_the_strongest_mark_that_both_carry() -> None:
    one = Deployment("u", "dpl_1", "b1", "a1")
    assert one.same_build(Deployment("u", None, "b1", "a2"))
    assert not one.same_build(Deployment("u", "dpl_2", "b1", "a1"))
    assert not one.same_build(Deployment("u"))


def test_builds_are_known_to_differ_by_a_mark_that_both_carry() -> None:
    one = Deployment("u", "dpl_1", "b1", "a1")
    assert one.differs(Deployment("u", "dpl_2", "b1", "a1"))
    assert one.differs(Deployment("u", None, "b2", "a1"))
    assert not one.differs(Deployment("u", None, "b1", "a2"))
    assert not one.differs(Deployment("u")), "a page without marks may be anything"
