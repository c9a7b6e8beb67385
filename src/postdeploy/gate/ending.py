"""How a job ends, by the verdict and by what the pipeline is to do with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from postdeploy.model import Decision, UsageError
from postdeploy.system.exit_codes import ExitCode

_MISTAKES = (ExitCode.USAGE, ExitCode.NOTHING_SELECTED)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the pipeline does with a verdict."""

    enforce: bool = True
    """False: observe. The job stays green, whatever the verdict."""
    inconclusive_fails: bool = True

    def exit_code(self, decision: Decision | None, ended: int) -> int:
        """How the job ends. `ended`: how the run did; a mistake of the workflow is one in any case, since nothing was observed."""
        if decision is None or ended in _MISTAKES:
            return ended or ExitCode.INCONCLUSIVE if self.enforce or ended in _MISTAKES else ExitCode.PASSED
        if not self.enforce or (decision is Decision.INCONCLUSIVE and not self.inconclusive_fails):
            return ExitCode.PASSED
        return ExitCode.of(decision)

    def title(self, decision: Decision) -> str:
        """The verdict as the job's title says it."""
        return str(decision) if self.enforce or decision is Decision.PASS else f"would have been {decision}"


def policy_of(enforce: str, on_inconclusive: str) -> Policy:
    """By the words of a workflow.

    Raises:
        UsageError: it is another word.
    """
    return Policy(
        _one_of("enforce", enforce, {"true": True, "false": False}),
        _one_of("on-inconclusive", on_inconclusive, {"fail": True, "warn": False}),
    )


def _one_of(name: str, word: str, words: dict[str, bool]) -> bool:
    if word not in words:
        raise UsageError(f"{name}: {word!r}. Write {' or '.join(words)}.")
    return words[word]
