"""Which of the six options meets what the answers demand: the weakest that does; what stands in the way of others."""

from dataclasses import dataclass
from typing import Literal

from .frameworks import Answers
from .rules import Conditions, Demand, Obstacle, Option, Rules

# short: weaker than demanded; fits: just enough; more: stronger than demanded; hindered, excluded: obstacles.
Standing = Literal["short", "fits", "more", "hindered", "excluded"]


@dataclass(frozen=True)
class GradedOption:
    """An option with its standing, the demands it does not meet, and the obstacles that hold for it."""

    option: Option
    standing: Standing
    unmet: tuple[Demand, ...]
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True)
class Grading:
    """All options, weakest first.

    ``needed`` is the grade the settled answers demand, ``needed_at_most`` the one they would if every open question
    went the demanding way. ``advised`` is the weakest option that is neither short nor excluded; None when the
    demands contradict the obstacles. ``hangs_on``: open criteria that could change what is advised.
    """

    options: tuple[GradedOption, ...]
    demands: tuple[Demand, ...]
    needed: int
    needed_at_most: int
    advised: Option | None
    hangs_on: tuple[str, ...]


def grade(rules: Rules, answers: Answers) -> Grading:
    """Grade the options of ``rules`` by ``answers`` (a criterion left out counts as unknown)."""
    demands = tuple(one for one in rules.demands if _holds(one.when, answers))
    needed = max((one.grade for one in demands), default=1)
    at_most = max((one.grade for one in rules.demands if _may_hold(one.when, answers)), default=1)
    options = tuple(_graded(option, rules, demands, needed, answers) for option in rules.options)
    advised = _weakest(options)
    return Grading(options, demands, needed, at_most, advised, _open(rules, answers, advised))


def _graded(option: Option, rules: Rules, demands: tuple[Demand, ...], needed: int, answers: Answers) -> GradedOption:
    unmet = tuple(one for one in demands if one.grade > option.grade)
    against = tuple(one for one in rules.obstacles if option.grade in one.grades and _holds(one.when, answers))
    if any(one.effect == "excludes" for one in against):
        standing: Standing = "excluded"
    elif unmet:
        standing = "short"
    elif against:
        standing = "hindered"
    else:
        standing = "fits" if option.grade == needed else "more"
    return GradedOption(option, standing, unmet, against)


def _weakest(options: tuple[GradedOption, ...]) -> Option | None:
    return next((one.option for one in options if one.standing not in ("short", "excluded")), None)


def _open(rules: Rules, answers: Answers, advised: Option | None) -> tuple[str, ...]:
    """Unanswered criteria of rules that may yet hold and would then change what is advised."""
    found: dict[str, None] = {}
    here = advised.grade if advised else 0
    for rule in (*rules.demands, *rules.obstacles):
        if _holds(rule.when, answers) or not _may_hold(rule.when, answers):
            continue
        matters = rule.grade > here if isinstance(rule, Demand) else rule.effect == "excludes" and here in rule.grades
        if matters:
            found.update(dict.fromkeys(name for name in rule.when if answers.get(name, "unknown") == "unknown"))
    return tuple(found)


def _holds(when: Conditions, answers: Answers) -> bool:
    return all(answers.get(name) == wanted for name, wanted in when.items())


def _may_hold(when: Conditions, answers: Answers) -> bool:
    return all(answers.get(name, "unknown") in (wanted, "unknown") for name, wanted in when.items())
