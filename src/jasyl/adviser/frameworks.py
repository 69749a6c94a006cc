"""What each published framework says of a set of answers; frameworks are never averaged."""

from collections.abc import Mapping
from dataclasses import dataclass

from .rules import Answer, Framework, Leaning

Answers = Mapping[str, Answer]
# Outcomes of paths that mean a blockchain of some kind.
CHAINS = frozenset({"permissionless", "permissioned-public", "permissioned-private", "blockchain-possible"})


@dataclass(frozen=True)
class Verdict:
    """What a framework says.

    ``outcomes``: of a path, every end that the answers still allow (one when nothing needed is unknown); ``walked``:
    the criteria and answers that led there, up to the first unknown one. Of a tally or checklist ``outcomes`` is
    empty; ``leaning`` are the criteria that speak for a blockchain (tally) or are concerns (checklist), ``against``
    the opposite ones. ``open``: criteria without an answer on which it hangs.
    """

    framework: Framework
    outcomes: tuple[str, ...] = ()
    walked: tuple[tuple[str, Answer], ...] = ()
    leaning: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    open: tuple[str, ...] = ()

    @property
    def blockchain(self) -> bool | None:
        """Whether a path ends at a blockchain; None while both remain possible or it is no path."""
        ends = {one in CHAINS for one in self.outcomes}
        return ends.pop() if len(ends) == 1 else None


def verdict(framework: Framework, answers: Answers) -> Verdict:
    """The verdict of ``framework`` on ``answers`` (a criterion left out counts as unknown)."""
    if framework.kind == "path":
        return _walk(framework, answers)
    return _count(framework, answers)


def _walk(framework: Framework, answers: Answers) -> Verdict:
    outcomes: list[str] = []
    walked: list[tuple[str, Answer]] = []
    unsettled: list[str] = []
    for step in framework.steps:
        given = answers.get(step.criterion, "unknown")
        if not unsettled:
            walked.append((step.criterion, given))
        if given == "unknown":
            unsettled.append(step.criterion)
            outcomes.append(step.outcome)
        elif given == step.ends_at:
            outcomes.append(step.outcome)
            break
    else:
        outcomes.append(framework.otherwise)
    return Verdict(framework, tuple(dict.fromkeys(outcomes)), tuple(walked), open=tuple(unsettled))


def _count(framework: Framework, answers: Answers) -> Verdict:
    leanings: tuple[Leaning, ...] = framework.speaks_for or framework.concerns
    given = {one.criterion: answers.get(one.criterion, "unknown") for one in leanings}
    return Verdict(
        framework,
        leaning=tuple(one.criterion for one in leanings if given[one.criterion] == one.answer),
        against=tuple(one.criterion for one in leanings if given[one.criterion] not in (one.answer, "unknown")),
        open=tuple(name for name, answer in given.items() if answer == "unknown"),
    )


def disagreement(verdicts: list[Verdict]) -> bool:
    """Whether one path ends at a blockchain and another does not."""
    return len({one.blockchain for one in verdicts if one.blockchain is not None}) > 1
