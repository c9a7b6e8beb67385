"""How a job ends."""

from __future__ import annotations

import pytest

from postdeploy.gate.ending import Policy, policy_of
from postdeploy.model import Decision, UsageError

ENFORCE, OBSERVE, WARN = Policy(), Policy(enforce=False), Policy(inconclusive_fails=False)
PASS, FAIL, INCONCLUSIVE = Decision.PASS, Decision.FAIL, Decision.INCONCLUSIVE


@pytest.mark.parametrize(
    ("policy", "decision", "ended", "code"),
    [
        (ENFORCE, PASS, 0, 0),
        (ENFORCE, FAIL, 1, 1),
        (ENFORCE, INCONCLUSIVE, 10, 10),
        (WARN, INCONCLUSIVE, 10, 0),
        (WARN, FAIL, 1, 1),
        (OBSERVE, FAIL, 1, 0),
        (OBSERVE, INCONCLUSIVE, 10, 0),
        pytest.param(ENFORCE, None, 3, 3, id="no verdict"),
        pytest.param(ENFORCE, None, 0, 10, id="no verdict, and all seems well: fails closed"),
        pytest.param(WARN, None, 10, 10, id="no verdict is more than INCONCLUSIVE"),
        pytest.param(OBSERVE, None, 3, 0, id="no verdict, observed"),
        pytest.param(OBSERVE, None, 4, 4, id="a mistake of the workflow: nothing is observed"),
        pytest.param(OBSERVE, INCONCLUSIVE, 4, 4, id="a mistake, with a verdict that says so"),
        pytest.param(OBSERVE, None, 5, 5, id="nothing selected"),
    ],
)
def test_a_job_ends(policy: Policy, decision: Decision | None, ended: int, code: int) -> None:
    assert policy.exit_code(decision, ended) == code


def test_the_title_says_what_it_would_have_been() -> None:
    assert [OBSERVE.title(one) for one in Decision] == ["PASS", "would have been FAIL", "would have been INCONCLUSIVE"]
    assert ENFORCE.title(FAIL) == "FAIL"


@pytest.mark.parametrize(("enforce", "on_inconclusive"), [("yes", "fail"), ("true", "ignore"), ("", "fail")])
def test_another_word_is_a_mistake(enforce: str, on_inconclusive: str) -> None:
    with pytest.raises(UsageError, match="Write"):
        policy_of(enforce, on_inconclusive)
