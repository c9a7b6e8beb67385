"""No attack ends with an exit code 0 that nothing proves, and none with a FAIL of our own making."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug import Response

from tests.adversary.attack import STALE, Attack, attacks, carried_out
from tests.site import Site, let_in, site, to_the_login_page

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]
ROWS = list(attacks())
ANSWERS = {"healthy": to_the_login_page, "open": let_in, "away": lambda: Response("no", status=503)}

FAILED = (("open", "FAIL"), ("open", None))
"""A FAIL that was known stands, even where something else has damaged its file."""


@pytest.fixture(scope="module")
def running_site() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture
def served(running_site: Site) -> Site:
    running_site.looks = running_site._asked = 0
    return running_site


def test_there_are_a_hundred_and_fifty_of_them_each_of_its_own() -> None:
    names = [(one.kind, one.tries) for one in ROWS]
    assert len(set(names)) == len(names) >= 150


@pytest.mark.parametrize("attack", [pytest.param(one, id=f"{one.kind}: {one.tries}") for one in ROWS])
def test_the_attack_fails(attack: Attack, served: Site, tmp_path: Path) -> None:
    served.inbox = ANSWERS[attack.site]
    ended = carried_out(attack, served, tmp_path)
    assert (ended.code, attack.says in ended.output) == (attack.exit, True), ended.output
    found = ended.verdict
    proven = found["decision"] == "PASS" and found["complete"] and found["run_id"] != STALE and attack.site == "healthy"
    if ended.code == 0 or ended.gate == 0:
        assert proven != attack.unproven, ended.output
    if ended.code == 1 or ended.gate == 1:
        assert (attack.site, found["decision"]) in FAILED, ended.output
    assert ended.gate in (ended.code, 10) or attack.unproven, ended.output
