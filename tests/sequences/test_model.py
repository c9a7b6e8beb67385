"""Random months of a gate: whatever is deployed, breaks, heals, is verified and rolled back, these sentences stay true."""

from __future__ import annotations

from contextlib import ExitStack

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from postdeploy.model import Decision, Recommendation
from postdeploy.record.last_good import KnownBy, LastGood, NoLastGood
from tests.properties import tried
from tests.sequences.world import World, world

NUMBERS = st.integers(1, 9)


class Gate(RuleBasedStateMachine):
    """What the test knows by itself: which deployments passed, and which failed for their own sake."""

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self.world: World = self._open.enter_context(world())
        self.passed: set[str] = set()
        self.failed: set[str] = set()
        self.been_live: set[str] = set()
        self.deleted: set[str] = set()
        self.forward = False
        self._known_at = -1
        self._known: LastGood | NoLastGood = NoLastGood("")
        self.live_at: dict[str, int] = {}
        """When production last began to serve it, in steps."""
        self.left: set[str] = set()
        """Those that production was rolled back from, and that were not promoted since."""

    def teardown(self) -> None:
        self._open.close()

    # What happens -----------------------------------------------------------------------------------------------------

    @initialize(crashing=st.booleans(), forward=st.booleans())
    def first_deploy(self, crashing: bool, forward: bool) -> None:
        """In every second history production never goes back."""
        self.forward = forward
        self.deploy(crashing)

    @rule(crashing=st.booleans())
    def deploy(self, crashing: bool) -> None:
        before = self.world.live if self.world.built else ""
        self.world.do("deploy crashing" if crashing else "deploy")
        if self.world.live != before:
            self._went_live(self.world.live)

    @rule(crashing=st.booleans())
    def release(self, crashing: bool) -> None:
        """What a pipeline does after a push: a staged build is verified at its own address."""
        self.deploy(crashing)
        newest = self.world.built[-1]
        self._judged(newest, "verify" if newest == self.world.live else f"verify {newest}")

    @rule()
    def run_in_an_outage(self) -> None:
        self.database_goes_down()
        self.verify()
        self.database_comes_back()

    @rule()
    def database_goes_down(self) -> None:
        self.world.do("database down")

    @rule()
    def database_comes_back(self) -> None:
        self.world.do("database up")

    @rule()
    def verify(self) -> None:
        self._judged(self.world.live, "verify")

    @rule(how=st.sampled_from(["watch", "watch an outage", "watch until an outage"]))
    @precondition(lambda self: self.world.database)
    def watch(self, how: str) -> None:
        self._judged(self.world.live, how)

    @rule(number=NUMBERS)
    def verify_one_at_its_own_address(self, number: int) -> None:
        name = self._name(number)
        if name not in self.deleted:
            self._judged(name, f"verify {name}")

    @precondition(lambda self: not self.forward)
    @rule()
    def roll_back(self) -> None:
        target = self.world.target()
        if isinstance(target, LastGood):
            assert target.id not in self.failed - self.passed
            self._moved("roll back", target.id)

    @precondition(lambda self: not self.forward)
    @rule(number=NUMBERS, how=st.sampled_from(["promote", "pin"]))
    def move(self, number: int, how: str) -> None:
        name = self._name(number)
        if name not in self.deleted and name != self.world.live:
            self._moved(f"{how} {name}", name)

    @rule()
    def stage_builds(self) -> None:
        self.world.do("stage builds")

    @rule(number=NUMBERS)
    def delete(self, number: int) -> None:
        name = self._name(number)
        if name != self.world.live:
            self.world.do(f"delete {name}")
            self.deleted.add(name)

    # What stays true --------------------------------------------------------------------------------------------------

    @invariant()
    def what_only_ever_failed_is_no_target(self) -> None:
        good = self._good
        assert not isinstance(good, LastGood) or good.id not in self.failed - self.passed

    @invariant()
    def what_failed_is_not_to_be_promoted(self) -> None:
        advice = self.world.advice()
        if "To promote it" in advice:
            assert advice.split()[0] in self.passed - self.failed
        if advice and advice.split()[0] in self.failed - self.passed:
            assert "promote it:" not in advice.replace("do not promote it:", "")

    @invariant()
    def what_passed_and_was_not_failed_for_its_own_sake_stays_a_candidate(self) -> None:
        fit = self._fit()
        good = self._good
        if fit:
            assert isinstance(good, LastGood), (fit, good)
            assert good.known_by is KnownBy.RECORD
            assert good.id in fit

    @invariant()
    def the_newest_fit_candidate_wins(self) -> None:
        """That is the one that went live last; what production was rolled back from comes after all others."""
        fit, good = self._fit(), self._good
        if fit:
            assert isinstance(good, LastGood)
            assert good.id == max(fit, key=lambda one: (one not in self.left, self.live_at[one])), (
                self.left,
                self.live_at,
            )

    @invariant()
    def the_record_changes_only_what_it_knows(self) -> None:
        """Where it knows nothing of a deployment, the platform's word is the same with it and without it."""
        if not (self.passed | self.failed):
            with_record, without = self._good, self.world.last_good(record=False)
            assert with_record == without

    @invariant()
    def every_conclusion_names_what_it_rests_on(self) -> None:
        good = self._good
        if isinstance(good, NoLastGood):
            assert good.why
        else:
            assert "according to" in good.says
        verdict = self.world.verdict
        if verdict and verdict.decision is Decision.FAIL:
            assert verdict.summary
            assert verdict.recommendation is not Recommendation.ROLL_BACK or (verdict.target and verdict.evidence_for)

    # ------------------------------------------------------------------------------------------------------------------

    def _moved(self, step: str, name: str) -> None:
        """Production moves by hand, as the pipeline does it: what serves then is verified."""
        before, built = self.world.live, self.world.built
        self.world.do(step)
        if built.index(name) < built.index(before):
            self.left.add(before)
        self._went_live(name)
        self.verify()

    def _went_live(self, name: str) -> None:
        self.been_live.add(name)
        self.left.discard(name)
        self.live_at[name] = self.world.steps

    def _judged(self, name: str, step: str) -> None:
        """A healthy deployment with healthy dependencies passes, whatever happened before."""
        works = self.world.works(name)
        self.world.do(step)
        verdict = self.world.verdict
        assert verdict
        if works and step != "watch until an outage":
            assert verdict.decision is Decision.PASS, verdict
        if verdict.decision is Decision.PASS:
            assert works
            self.passed.add(name)
            self.failed.discard(name)
        elif verdict.recommendation is not Recommendation.HOLD:
            assert name in self.world.crashing
            self.failed.add(name)

    @property
    def _good(self) -> LastGood | NoLastGood:
        """The last-good deployment, asked for once after each step."""
        if self._known_at != self.world.steps:
            self._known_at, self._known = self.world.steps, self.world.last_good()
        return self._known

    def _fit(self) -> set[str]:
        """Passed, never failed for its own sake since, once live, still there, and not the current one."""
        return (self.passed - self.failed) & self.been_live - self.deleted - {self.world.live}

    def _name(self, number: int) -> str:
        built = self.world.built
        return built[(number - 1) % len(built)]


Gate.TestCase.settings = settings(tried(25), stateful_step_count=20, suppress_health_check=list(HealthCheck))
TestGate = Gate.TestCase
