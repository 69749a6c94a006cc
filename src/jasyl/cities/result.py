"""What a city's page and papers of one year are made of: the book as judged, with all that was chosen to judge it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from jasyl.indicators import (
    STATUSES,
    Answer,
    Benchmarks,
    Catalogue,
    Evaluation,
    GroupScore,
    Indicator,
    Rules,
    Scored,
    Shown,
    Status,
    Words,
    evaluate,
    reason_name,
    status_name,
    unit_name,
)
from jasyl.quantities import canonical_json, decimal_text, sha256_hex
from jasyl.texts import Language, say, write_number

from .disclosure import shown_parts
from .entry import GIVEN, Entry
from .pictures import band_text, percent, point_name

# Units that say nothing beside a number.
_UNNAMED = {"number", "ratio", "index"}


@dataclass(frozen=True)
class CityResult:
    """A city's book of one year, evaluated. ``entries`` are those the reader may see, ``withheld`` counts the others;
    ``verified`` holds what a verifier said of a data point."""

    place: str
    year: int
    names: Words
    catalogue: Catalogue
    evaluation: Evaluation
    benchmarks: Benchmarks
    entries: Mapping[str, Entry] = field(default_factory=dict[str, Entry])
    verified: Mapping[str, bool] = field(default_factory=dict[str, bool])
    withheld: int = 0
    training: bool = False

    @cached_property
    def statuses(self) -> Mapping[Status, tuple[Scored, ...]]:
        """Data points by what was answered."""
        found: dict[Status, list[Scored]] = {}
        for scored in self.evaluation.points:
            found.setdefault(scored.answer.status, []).append(scored)
        return {status: tuple(found[status]) for status in STATUSES if status in found}

    def groups(self, level: str) -> list[GroupScore]:
        """The groups of a level in the order of the catalogue."""
        return [group for group in self.evaluation.groups if group.level == level]

    def inside(self, category: tuple[str, ...]) -> list[Scored]:
        """The data points of a category by its path, with or without its sub-dimension."""
        return [
            one
            for one in self.evaluation.points
            if category in ((own := self.indicator(one).path), (own[0], own[-1]) if own else ())
        ]

    def indicator(self, scored: Scored) -> Indicator:
        """The indicator of a data point."""
        return self.catalogue.indicator_of(scored.point)

    @property
    def scored(self) -> int:
        """How many data points have points."""
        return sum(one.points is not None for one in self.evaluation.points)

    @property
    def reported(self) -> int:
        """For how many data points the city gave something, judged or not."""
        return sum(one.answer.status in GIVEN for one in self.evaluation.points)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of `as_data`: stands at the foot of every paper."""
        return sha256_hex(canonical_json(self.as_data()))

    def as_data(self) -> dict[str, Any]:
        """Everything for programs; numbers as decimal texts."""
        evaluation = self.evaluation
        return {
            "place": self.place,
            "year": self.year,
            "name": {"kk": self.names.kk, "ru": self.names.ru, "en": self.names.en},
            "catalogue": {"id": evaluation.catalogue, "version": evaluation.catalogue_version},
            "benchmarks": {"version": self.benchmarks.version, "title": self.benchmarks.title},
            "rules": evaluation.rules.as_data(),
            "training": self.training,
            "withheld": self.withheld,
            "points": [self._point(scored) for scored in evaluation.points],
            "groups": [
                {
                    "level": group.level, "path": list(group.path), "points": group.points, "scored": group.scored,
                    "of": group.of, "share": _text(group.share), "band": group.band,
                }
                for group in evaluation.groups
            ],
        }  # fmt: skip

    def _point(self, scored: Scored) -> dict[str, Any]:
        point, entry = self.catalogue.point(scored.point), self.entries.get(scored.point)
        benchmark, why_none = scored.benchmark, scored.why_none
        return {
            "point": scored.point,
            "indicator": point.indicator,
            "unit": point.unit,
            "status": scored.answer.status,
            "numerator": _text(scored.answer.numerator),
            "denominator": _text(scored.answer.denominator),
            "value": _text(scored.value),
            "target": _text(scored.target),
            "benchmark": None
            if benchmark is None
            else {
                "label": benchmark.label,
                "basis": benchmark.basis,
                "source": benchmark.source,
            },
            "no_benchmark": None if why_none is None else {"basis": why_none.basis, "source": why_none.source},
            "share": _text(scored.share),
            "points": scored.points,
            "band": scored.band,
            "reason": scored.reason,
            "origin": entry.origin if entry else None,
            "quality": entry.quality if entry else None,
            "verified": self.verified.get(scored.point),
            **({"groups": [_group(one) for one in shown]} if (shown := self.groups_of(scored.point)) else {}),
        }

    @property
    def parts(self) -> dict[str, tuple[Shown, ...]]:
        """The groups of every data point that has some."""
        return {point: found for point in self.entries if (found := self.groups_of(point))}

    def groups_of(self, point: str) -> tuple[Shown, ...]:
        """The groups behind a data point as everybody may see them."""
        entry = self.entries.get(point)
        return shown_parts(self.catalogue, entry) if entry else ()


def _group(one: Shown) -> dict[str, Any]:
    numbers = {name: _text(getattr(one, name)) for name in ("numerator", "denominator", "value")}
    return {"by": dict(one.by), **numbers, "suppressed": one.suppressed}


def city_result(
    place: str,
    year: int,
    names: Words,
    catalogue: Catalogue,
    entries: Iterable[Entry],
    benchmarks: Benchmarks,
    rules: Rules | None = None,
    *,
    verified: Mapping[str, bool] | None = None,
    withheld: int = 0,
    training: bool = False,
) -> CityResult:
    """The result of a book's entries. What a verifier did not find plausible is ``not_verified`` whatever the city
    says; the numbers of the city itself (population and the like) are no data points and are only kept."""
    held = {entry.point: entry for entry in entries}
    said = dict(verified or {})
    answers = [_answer(entry, said.get(point)) for point, entry in held.items() if catalogue.has(point)]
    found = evaluate(catalogue, answers, benchmarks, rules)
    return CityResult(place, year, names, catalogue, found, benchmarks, held, said, withheld, training)


def _answer(entry: Entry, verified: bool | None) -> Answer:
    refused = verified is False and entry.is_given
    return replace(entry.answer, status="not_verified") if refused else entry.answer


def value_text(result: CityResult, scored: Scored, language: Language, *, unit: bool = True) -> str:
    """A value as readers write it, with its unit; yes or no; a dash for none."""
    if scored.value is None:
        return "—"
    point = result.catalogue.point(scored.point)
    if point.is_yes_no:
        return say(language, "city-yes" if scored.value else "city-no")
    entry = result.entries.get(scored.point)
    written = write_number(language, scored.value)
    if point.unit in _UNNAMED and not (entry and entry.unit):
        return written
    named = (entry.unit if entry and entry.unit else None) or unit_name(point.unit, language)
    if not unit:
        return written
    # "per 100 000 inhabitants" right behind a number would read as its end.
    return f"{written} ({named})" if named[:1].isdigit() else f"{written} {named}"


def target_text(result: CityResult, scored: Scored, language: Language) -> str:
    """The target of a data point as readers write it; a dash for none."""
    if scored.target is None:
        return "—"
    if result.catalogue.point(scored.point).is_yes_no:
        return say(language, "city-yes" if scored.target else "city-no")
    return write_number(language, scored.target)


def standing_text(scored: Scored, language: Language) -> str:
    """The band of a data point, or why it has none."""
    return band_text(scored.band, language) if scored.band else reason_name(scored.reason, language)


def name_text(result: CityResult, scored: Scored, language: Language) -> str:
    """The name of a data point with that of its indicator."""
    return point_name(result.indicator(scored), scored.point, language)


def group_text(result: CityResult, group: GroupScore, language: Language) -> str:
    """The score of a group and its band, or that nothing of it is scored."""
    if group.share is None:
        return say(language, "city-nothing-scored")
    return f"{percent(group.share, language)} ({band_text(group.band, language)})"


def rule_texts(rules: Rules, language: Language) -> list[tuple[str, str]]:
    """Every setting of an evaluation and what was chosen, in words."""
    edges = ", ".join(f"{write_number(language, edge * 100)} %" for edge in rules.edges)
    yes, no = rules.yes_no
    rounding = (
        say(language, "city-rule-unrounded")
        if rules.rounding is None
        else say(language, "city-rule-decimals", digits=rules.rounding)
    )
    return [
        (say(language, "city-rule-edges"), edges),
        (say(language, "city-rule-on-an-edge"), say(language, f"city-rule-on-an-edge-{rules.edge_inclusive}")),
        (say(language, "city-rule-lower"), say(language, f"city-rule-lower-{rules.lower_is_better}")),
        (say(language, "city-rule-zero"), say(language, f"city-rule-zero-{rules.zero}")),
        (say(language, "city-rule-yes-no"), f"{yes} / {no}"),
        (say(language, "city-rule-target"), say(language, f"city-rule-target-{rules.target}")),
        (say(language, "city-rule-rounding"), rounding),
        (say(language, "city-rule-scored"), ", ".join(status_name(one, language) for one in rules.scored)),
        (say(language, "city-rule-category"), say(language, f"city-rule-category-{rules.category_within}")),
    ]


def _text(number: Decimal | None) -> str | None:
    return None if number is None else decimal_text(number)
