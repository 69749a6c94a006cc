"""Which published series measures a target of a programme: only where the definition is the same.

``data/target_measures.csv`` joins targets to measures by programme, indicator and region; a row without a measure says
why there is none. Whatever is not in the file has no measure that we know of. Targets of the training programme are
measured by the register, which knows every plant of its fictional country; of a real one it knows only some.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

import sqlalchemy as sa

from jasyl.facts import Fact, find
from jasyl.registry import AdoptionRow, adoption_table
from jasyl.texts import LANGUAGES

from .diffusion_report import last_whole_year
from .dynamics import dynamics


@dataclass(frozen=True)
class FactMeasure:
    """A series of facts: metric and technology, the unit its values have and the factor to the target's unit.

    ``over`` is the technology of the denominator when the measure is a share in percent. ``since`` is the first year
    of the present definition: earlier years are another series.
    """

    metric: str
    technology: str
    unit: str
    factor: Decimal = Decimal(1)
    over: str | None = None
    since: int = 0


FACT_MEASURES: Mapping[str, FactMeasure] = {
    "res_share": FactMeasure("generation", "res_supported", "TW.h", over=""),
    "res_generation": FactMeasure("generation", "res_supported", "GW.h"),
    "coal_share": FactMeasure("generation_share", "coal", "%"),
    # Astana counted sorted waste as recycled until 2022; the series was defined anew and not corrected backwards.
    "waste_recycled_share": FactMeasure("recycling_rate", "", "%", since=2023),
    "water_saving_area": FactMeasure("area_with_water_saving_irrigation", "", "har", Decimal("0.001")),
    "water_saving_share": FactMeasure("share_of_land_with_water_saving_irrigation", "", "%"),
    "solar_capacity": FactMeasure("installed_capacity", "solar", "MW"),
}


@dataclass(frozen=True)
class RegisterMeasure:
    """What the register says was there at the end of a year: capacity in MW, or how many facilities; of one family, or
    of all."""

    counted: Literal["capacity", "facilities"]
    family: str | None = None


REGISTER_MEASURES: Mapping[str, RegisterMeasure] = {
    "register_solar": RegisterMeasure("capacity", "solar"),
    "register_wind": RegisterMeasure("capacity", "wind"),
    "register_bioenergy": RegisterMeasure("capacity", "bioenergy"),
    "register_facilities": RegisterMeasure("facilities"),
}
TRAINING_PROGRAMME = "training-green-energy"
Adopted = Callable[[str], Sequence[AdoptionRow]]
_WHOLE = ("", "-12", "-12-31")
_RANK = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True)
class Observation:
    """A value of a year in the unit of the target, and the keys of the facts it was made from."""

    value: float
    facts: tuple[str, ...]


@cache
def training_target_rows() -> tuple[Mapping[str, str], ...]:
    """The targets of the training programme, each with its measure, as they are written down."""
    return tuple({**row, "programme": TRAINING_PROGRAMME} for row in _rows("training_targets.csv"))


@cache
def measure_of_targets() -> Mapping[tuple[str, str, str], tuple[str | None, Mapping[str, str]]]:
    """(programme, indicator, region) → measure or None, and the note that says why, by language."""
    return {
        (row["programme"], row["indicator"], row["region"]): (
            row["measure"] or None,
            {language: row[f"note_{language}"] for language in LANGUAGES if row[f"note_{language}"]},
        )
        for row in (*_rows("target_measures.csv"), *training_target_rows())
    }


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("jasyl.monitoring") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def observations(
    connection: sa.Connection, measure: str, place: str, adopted: Adopted | None = None
) -> dict[int, Observation]:
    """The confirmed values of a measure by year. Plans are no values; of two facts of a year the surer one counts.

    ``adopted`` gives the register's table of a place, for whoever asks of many measures (None: it is read here).
    """
    if measure in REGISTER_MEASURES:
        return _registered(REGISTER_MEASURES[measure], (adopted or adopted_in(connection))(place))
    one = FACT_MEASURES[measure]
    values = _years(
        find(connection, metric=one.metric, place=place, technology=one.technology, confirmed=True), one.unit
    )
    if one.over is None:
        found = {year: Observation(float(_number(fact) * one.factor), (fact.key,)) for year, fact in values.items()}
    else:
        whole = find(connection, metric=one.metric, place=place, technology=one.over, confirmed=True)
        bases = _years(whole, one.unit)
        found = {
            year: Observation(float(_number(fact) / _number(bases[year]) * 100), (fact.key, bases[year].key))
            for year, fact in values.items()
            if year in bases
        }
    return {year: each for year, each in sorted(found.items()) if year >= one.since}


def adopted_in(connection: sa.Connection) -> Adopted:
    """The register's table by place, each read once."""

    @cache
    def adopted(place: str) -> Sequence[AdoptionRow]:
        return adoption_table(connection, None if place == "KZ" else place)

    return adopted


def _registered(one: RegisterMeasure, every: Sequence[AdoptionRow]) -> dict[int, Observation]:
    """At the end of each whole year since the first commissioning, as the register says it today."""
    rows = dynamics([each for each in every if one.family in {None, each.family}], [], last_whole_year()).rows
    return {
        row.year: Observation(float(row.capacity) / 1e6 if one.counted == "capacity" else row.cumulative, ())
        for row in rows
    }


def _years(facts: list[Fact], unit: str) -> dict[int, Fact]:
    """One fact of the whole place or its only named area for each year it tells whole, or tells the end of."""
    found: dict[int, Fact] = {}
    for fact in sorted(facts, key=lambda each: (_RANK[each.confidence], each.period[4:] not in _WHOLE, each.key)):
        if fact.basis == "planned" or fact.value is None or fact.unit != unit or fact.object:
            continue
        stock = fact.metric in {"installed_capacity", "area_with_water_saving_irrigation"}
        if fact.start_year is not None and (stock or fact.period[4:] in _WHOLE) and ".." not in fact.period:
            found.setdefault(fact.start_year, fact)
    return found


def _number(fact: Fact) -> Decimal:
    assert fact.value is not None
    return fact.value
