"""Advice in words: rows and sentences that the page and the command share."""

from collections.abc import Iterable
from typing import Any

from jasyl.texts import Language, say, write_number

from .assessment import Advice
from .energy import EnergyPerRecord
from .frameworks import Verdict
from .grading import GradedOption


def headline(language: Language, advice: Advice) -> str:
    """The advice in one sentence."""
    if advice.grading.advised is None:
        return say(language, "adviser-advised-none")
    option = say(language, f"adviser-option-{advice.grading.advised.id}-name")
    return say(language, f"adviser-advised-{'yes' if advice.blockchain else 'no'}", option=option)


def questions(language: Language, criteria: Iterable[str]) -> list[str]:
    """Criteria as the questions people read."""
    return [say(language, f"adviser-ask-{name}") for name in criteria]


def option_row(language: Language, one: GradedOption, energy: EnergyPerRecord) -> dict[str, Any]:
    """An option as a row of the table."""
    return {
        "option": f"{one.option.grade}. {say(language, f'adviser-option-{one.option.id}-name')}",
        "standing": one.standing,
        "unmet": _rules(language, (rule.id for rule in one.unmet)),
        "obstacles": _rules(language, (rule.id for rule in one.obstacles)),
        "energy": _span(language, energy.total),
        "always_on": _span(language, energy.always_on),
    }


def aspects(language: Language, option: str) -> list[tuple[str, str]]:
    """Benefit, risk, alternative and ethics of an option, each with its heading."""
    parts = ("benefit", "risk", "alternative", "ethics")
    return [(say(language, f"adviser-{part}"), say(language, f"adviser-option-{option}-{part}")) for part in parts]


def framework_row(language: Language, one: Verdict) -> dict[str, Any]:
    """What a framework says, as a row of the table."""
    framework = one.framework
    if framework.kind == "path":
        says = " / ".join(say(language, f"adviser-outcome-{end}") for end in one.outcomes)
        path = "; ".join(
            f"{say(language, f'adviser-ask-{name}')} {say(language, f'adviser-answer-{answer}')}"
            for name, answer in one.walked
        )
    else:
        message = "adviser-tally" if framework.kind == "tally" else "adviser-concerns"
        numbers = {"for": len(one.leaning), "against": len(one.against), "count": len(one.leaning)}
        says = say(language, message, open=len(one.open), **numbers)
        path = "; ".join(questions(language, one.leaning))
    return {
        "framework": say(language, f"adviser-framework-{framework.id}"),
        "says": says,
        "path": path or None,
        "source": framework.source,
    }


def _rules(language: Language, identifiers: Iterable[str]) -> str | None:
    return " ".join(say(language, f"adviser-rule-{one}") for one in identifiers) or None


def _span(language: Language, joules: tuple[float, float]) -> str:
    low, high = (write_number(language, float(f"{one:.2g}")) for one in joules)
    return low if low == high else f"{low} … {high}"
