"""Proposals in words: the value offered, the records behind it, and what is missing."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jasyl.facts import metric_name
from jasyl.indicators import Answer, Catalogue, value_of
from jasyl.registry.taxonomy import technology
from jasyl.texts import Language, say

from .book_out import point_name, point_unit
from .proposals import Proposal, Term
from .system_records import Known


def proposal_row(catalogue: Catalogue, one: Proposal, language: Language) -> dict[str, Any]:
    """A proposal as a row for readers; ``value`` rounded to two digits, as the verification manual prints."""
    return {
        "id": one.point.id,
        "code": catalogue.indicator_of(one.point.id).code,
        "point": point_name(catalogue, one.point.id, language),
        "value": offered_value(one),
        "unit": point_unit(catalogue, one.point.id, language),
        "made": joined(source_text(term, language) for term in one.terms) if one.numbers else None,
        "missing": joined(gap_text(term, language) for term in one.gaps) or None,
    }


def offered_value(one: Proposal) -> Decimal | None:
    """The value offered, rounded for readers; the exact one stands in the figure."""
    if one.numbers is None:
        return None
    given = one.numbers
    answer = Answer(one.point.id, given.numerator, given.denominator, given.value, "reported", "", "")
    return rounded(value_of(one.point, answer))


def rounded(exact: Fraction | None) -> Decimal | None:
    """Two digits behind the point."""
    return None if exact is None else round(Decimal(exact.numerator) / Decimal(exact.denominator), 2)


def joined(told: Iterable[str]) -> str:
    """Each text once, in order."""
    return "; ".join(dict.fromkeys(told))


def source_text(term: Term, language: Language) -> str:
    """Where a term comes from, in words: the fact's metric, the technology, the base number, the total."""
    name = term.rule.name
    match term.rule.source:
        case "fact":
            name = metric_name(name, language)
        case "register":
            name = technology(name).names[language]
        case "base":
            name = say(language, f"city-{name.replace('.', '-')}")
        case "inventory":
            name = name.upper()
        case "account":
            name = say(language, f"proposal-account-{name}")
    return say(language, f"proposal-source-{term.rule.source}", name=name)


def gap_text(term: Term, language: Language) -> str:
    """What is missing, in words."""
    why = term.found if not isinstance(term.found, Known) else "nothing"
    return f"{source_text(term, language)} — {say(language, f'proposal-gap-{why}')}"
