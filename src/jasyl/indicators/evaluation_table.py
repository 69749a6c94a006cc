"""An evaluation as a table and as JSON: what was said, what it was judged by, and why something has no points."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Any

from jasyl.papers import Column, write_csv
from jasyl.quantities import decimal_text
from jasyl.texts import LANGUAGES, Language, say

from .catalogue import Catalogue
from .disaggregation import By, Shown, missing_breakdowns
from .evaluation import Evaluation, Scored
from .rules import Band
from .wording import band_name, reason_name, unit_name
from .words import NOTHING, Words

_DIGITS = Context(prec=12)
POINT_COLUMNS = (
    "place", "year", "catalogue", "catalogue_version", "indicator", "code", "point", "name", "dimension",
    "subdimension", "category", "breakdown", "numerator", "denominator", "value", "unit", "direction", "target",
    "share", "points", "band", "reason", "status", "origin", "quality", "benchmark_version", "benchmark_label",
    "benchmark_basis", "benchmark_source",
)  # fmt: skip
GROUP_COLUMNS = (
    "place", "year", "catalogue", "level", "group", "name", "points", "scored", "of", "share", "band",
    "benchmark_version",
)  # fmt: skip
_NUMBERS = {"numerator", "denominator", "value", "target", "share"}
_COUNTS = {"year", "points", "scored", "of"}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CityYear:
    """An evaluation with the place and year it is of; ``parts`` are the breakdowns that may be shown, by data point."""

    place: str
    year: int
    evaluation: Evaluation
    name: Words = NOTHING
    parts: Mapping[str, tuple[Shown, ...]] = field(default_factory=dict[str, tuple[Shown, ...]])


def point_rows(catalogue: Catalogue, of: Iterable[CityYear], language: Language) -> Iterator[Row]:
    """A row per data point, and below it one per cell of its breakdown; numbers to 12 digits, codes for what programs
    compare. ``reason`` of a closed cell is ``suppressed``."""
    for one in of:
        for scored in one.evaluation.points:
            yield _point_row(catalogue, one, scored, language)
            for part in one.parts.get(scored.point, ()):
                if part.by:
                    yield _part_row(_point_row(catalogue, one, scored, language), part)


def group_rows(catalogue: Catalogue, of: Iterable[CityYear], language: Language) -> Iterator[Row]:
    """A row per dimension, sub-dimension and category."""
    for one in of:
        for group in one.evaluation.groups:
            yield {
                "place": one.place,
                "year": one.year,
                "catalogue": one.evaluation.catalogue,
                "level": group.level,
                "group": "/".join(group.path),
                "name": catalogue.group_name(group.path[-1])[language],
                "points": group.points,
                "scored": group.scored,
                "of": group.of,
                "share": _short(group.share),
                "band": group.band,
                "benchmark_version": one.evaluation.benchmark_version,
            }


def evaluation_csv(
    catalogue: Catalogue, of: Iterable[CityYear], language: Language, *, keys: bool = True, groups: bool = False
) -> bytes:
    """Data points, or ``groups``, as CSV; ``keys`` heads the columns with machine keys, else with names."""
    made = (group_rows if groups else point_rows)(catalogue, of, language)
    columns = evaluation_columns(GROUP_COLUMNS if groups else POINT_COLUMNS)
    return b"".join(write_csv(columns, made, language, keys=keys))


def evaluation_columns(keys: Sequence[str] = POINT_COLUMNS) -> list[Column]:
    """The columns for a writer of ``jasyl.papers``, with headers in the three languages."""
    return [
        Column(
            key,
            {language: say(language, f"indicator-column-{key.replace('_', '-')}") for language in LANGUAGES},
            "decimal" if key in _NUMBERS else "integer" if key in _COUNTS else "text",
        )
        for key in keys
    ]


def evaluation_data(catalogue: Catalogue, one: CityYear, language: Language) -> dict[str, Any]:
    """An evaluation for JSON, with its settings; numbers are decimal texts, names and bands in ``language``."""
    made = one.evaluation
    return {
        "place": one.place,
        "name": one.name[language],
        "year": one.year,
        "catalogue": made.catalogue,
        "catalogue_version": made.catalogue_version,
        "benchmark_version": made.benchmark_version,
        "benchmark_labels": sorted({scored.benchmark.label for scored in made.points if scored.benchmark}),
        "rules": made.rules.as_data(),
        "points": [
            {
                **_texts(row),
                "unit_name": unit_name(row["unit"], language),
                "band_name": _band_told(row["band"], language),
                "reason_name": _told(row, language),
                "breakdowns_missing": missing_breakdowns(
                    catalogue.indicator(row["indicator"]), one.parts.get(row["point"], ())
                ),
            }
            for row in point_rows(catalogue, [one], language)
        ],
        "groups": [
            {**_texts(row), "band_name": _band_told(group.band, language)}
            for row, group in zip(group_rows(catalogue, [one], language), made.groups, strict=True)
        ],
    }


def _point_row(catalogue: Catalogue, one: CityYear, scored: Scored, language: Language) -> Row:
    point = catalogue.point(scored.point)
    indicator = catalogue.indicator_of(scored.point)
    answer, benchmark = scored.answer, scored.benchmark
    said = benchmark or scored.why_none
    whole = len(indicator.points) == 1
    name = indicator.name[language] if whole else f"{indicator.name[language]}: {point.name[language]}"
    return {
        "place": one.place,
        "year": one.year,
        "catalogue": one.evaluation.catalogue,
        "catalogue_version": one.evaluation.catalogue_version,
        "indicator": indicator.id,
        "code": indicator.code,
        "point": point.id,
        "name": name,
        "dimension": indicator.dimension or None,
        "subdimension": indicator.subdimension or None,
        "category": indicator.category or None,
        "breakdown": None,
        "numerator": answer.numerator,
        "denominator": answer.denominator,
        "value": _short(scored.value),
        "unit": point.unit,
        "direction": (benchmark.direction if benchmark else None) or point.direction,
        "target": scored.target,
        "share": _short(scored.share),
        "points": scored.points,
        "band": scored.band,
        "reason": scored.reason or None,
        "status": answer.status,
        "origin": answer.origin or None,
        "quality": answer.quality or None,
        "benchmark_version": one.evaluation.benchmark_version,
        "benchmark_label": benchmark.label if benchmark else None,
        "benchmark_basis": said.basis or None if said else None,
        "benchmark_source": said.source or None if said else None,
    }


def _part_row(row: Row, part: Shown) -> Row:
    judged = ("target", "share", "points", "band", "benchmark_label", "benchmark_basis", "benchmark_source")
    return {
        **row,
        **dict.fromkeys(judged),
        "breakdown": breakdown_key(part.by),
        "numerator": part.numerator,
        "denominator": part.denominator,
        "value": _short(part.value),
        "reason": "suppressed" if part.suppressed else None,
    }


def breakdown_key(by: By) -> str:
    """``sex=female;age=15-64``."""
    return ";".join(f"{axis}={value}" for axis, value in by)


def _short(number: Decimal | None) -> Decimal | None:
    return None if number is None else _DIGITS.plus(number)


def _texts(row: Row) -> Row:
    return {key: decimal_text(cell) if isinstance(cell, Decimal) else cell for key, cell in row.items()}


def _told(row: Row, language: Language) -> str:
    return reason_name(row["reason"], language) if row["reason"] else ""


def _band_told(band: Band | None, language: Language) -> str:
    return band_name(band, language) if band else ""
