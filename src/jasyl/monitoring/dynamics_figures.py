"""Dynamics as figures: facilities, enterprises, capacity, money and output of a region or the country in a year.

``dynamics.capacity`` is of all families, ``dynamics.capacity.solar`` of one: a family is part of the indicator, so that
figures of two families are never successive states of one. Each counted facility is an input, down to its assertions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import sqlalchemy as sa

from jasyl.emissions import baseline_of, energy_factor, factor_reference
from jasyl.figures import (
    Describer,
    FigureKind,
    Gathered,
    Gatherer,
    Node,
    NoParameters,
    Outcome,
    Reference,
    Request,
    StoredFigure,
    Subject,
    Watch,
    make,
    method,
)
from jasyl.places import region
from jasyl.quantities import canonical_json, decimal_text, microseconds, period, sha256_hex
from jasyl.registry import MAP_FAMILIES, AdoptionRow, adoption_table, every_series
from jasyl.registry.tables import assertion, facility, source
from jasyl.texts import Refusal

from .amounts import RATIO, rounded
from .dynamics import displacing_energy, dynamics
from .dynamics_row import DynamicsRow
from .metered_years import MeteredYears, metered_years

COUNTRY = "KZ"
# A change of any assertion about facilities or who runs them may change what is counted.
REGISTER = Watch("register", "facilities")


@dataclass(frozen=True)
class YearOfDynamics:
    """The facilities of a place (and family), confirmed or not, and the year asked for."""

    facilities: Sequence[AdoptionRow]
    year: int
    metered: MeteredYears = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Measure:
    """What is counted: its unit (UCUM), its value in a row, and of how many of those counted it is known."""

    unit: str
    value: Callable[[DynamicsRow], int | Decimal | None]
    known: Callable[[DynamicsRow], tuple[int, int]]
    kind: FigureKind = "published"
    # Whether a year without any record of it is unknown rather than nothing.
    silent: bool = False


def _all(row: DynamicsRow) -> tuple[int, int]:
    return 1, 1


def _invested(currency: str) -> Measure:
    """Money of the facilities that went to work in the year, in one currency; never converted."""

    def value(row: DynamicsRow) -> Decimal | None:
        stated = row.invested.get(currency)
        return None if stated is None else stated.value

    def known(row: DynamicsRow) -> tuple[int, int]:
        return min(sum(one.facilities for one in row.invested.values()), row.new), row.new

    return Measure(f"{{{currency}}}", value, known, silent=True)


# Currencies in which investment is stated in Kazakhstan.
CURRENCIES = ("KZT", "USD", "EUR")
MEASURES: dict[str, Measure] = {
    "facilities": Measure("1", lambda row: row.cumulative, _all),
    "new_facilities": Measure("1", lambda row: row.new, _all),
    "enterprises": Measure("1", lambda row: row.enterprises, _all),
    "new_enterprises": Measure("1", lambda row: row.new_enterprises, _all),
    "capacity": Measure(
        "W", lambda row: row.capacity, lambda row: (row.cumulative - row.capacity_unknown, row.cumulative)
    ),
    "new_capacity": Measure("W", lambda row: row.new_capacity, _all),
    "output": Measure("W.h", lambda row: row.output, lambda row: (row.output_known, row.cumulative), silent=True),
    # A comparison with named baselines, kept apart from any inventory.
    "avoided": Measure(
        "kg", lambda row: row.avoided, lambda row: (row.avoided_known, row.cumulative), "modelled", silent=True
    ),
    **{f"invested_{currency.lower()}": _invested(currency) for currency in CURRENCIES},
}
FAMILIES: tuple[str | None, ...] = (None, *MAP_FAMILIES)


def dynamics_indicator(measure: str, family: str | None = None) -> str:
    """``dynamics.capacity`` or ``dynamics.capacity.solar``."""
    return f"dynamics.{measure}" + (f".{family}" if family else "")


DYNAMICS_INDICATORS = {
    dynamics_indicator(measure, family): (measure, family) for measure in MEASURES for family in FAMILIES
}


def count_of_year(_parameters: NoParameters, data: YearOfDynamics, *, measure: str) -> Outcome:
    """The measure at the end of (or in) the year; see :func:`jasyl.monitoring.dynamics.dynamics`.

    Completeness is the share of facilities that could be counted, of all that may have been introduced (unconfirmed
    ones and unknown years stand apart), times the share of the counted whose value is known. Nothing is spread.
    """
    first = min([each.commissioned_year for each in data.facilities if each.commissioned_year] + [data.year])
    found = dynamics(data.facilities, [], data.year, first=first, metered=data.metered)
    apart = found.apart
    aside = len(apart.unconfirmed) + len(apart.year_unknown) + len(apart.closed_year_unknown)
    counted = len(data.facilities) - aside - len(apart.not_introduced)
    share = Fraction(counted, counted + aside) if counted + aside else Fraction(1)
    if not found.rows:
        return Outcome(None if MEASURES[measure].silent else Decimal(0), rounded(share, RATIO))
    row, what = found.rows[-1], MEASURES[measure]
    known, of = what.known(row)
    value = what.value(row)
    complete = share * (Fraction(known, of) if of else Fraction(1))
    return Outcome(None if value is None else Decimal(value), rounded(complete, RATIO))


for _indicator, (_measure, _family) in DYNAMICS_INDICATORS.items():
    method(_indicator, "1.0.0", indicator=_indicator, kind=MEASURES[_measure].kind, unit=MEASURES[_measure].unit)(
        partial(count_of_year, measure=_measure)
    )


def dynamics_gatherers(kind: FigureKind = "published") -> dict[str, Gatherer]:
    """What :func:`jasyl.figures.make` and ``recompute`` need for these methods; ``training`` in its starter."""

    def gather(connection: sa.Connection, request: Request, family: str | None, measure: str) -> Gathered:
        year = int(request.period.name)  # a civil year: its first instant lies in the year before, in UTC
        place = None if request.subject.kind == "country" else request.subject.id
        rows = [each for each in adoption_table(connection, place) if family is None or each.family == family]
        inputs = register_entries(connection, [each.identity for each in rows])
        watches: tuple[Watch, ...] = (REGISTER,)
        metered: MeteredYears = {}
        if measure == "avoided":
            metered = metered_years(connection)
            inputs += displaced_inputs(rows, year, metered)
            watches += _meters(connection, rows, request)
        if measure == "output":
            told = [each for each in rows if year in each.output]
            inputs += tuple(
                Reference("published_output", f"{one.identity}/{year}", sha256_hex(canonical_json(one.output[year])))
                for one in told
            )
        if measure.startswith("invested"):
            inputs += _stated_money(rows, year)
        said: FigureKind = "training" if kind == "training" else MEASURES[measure].kind
        return Gathered(YearOfDynamics(rows, year, metered), inputs, watches, kind=said)

    return {
        indicator: partial(gather, family=family, measure=measure)
        for indicator, (measure, family) in DYNAMICS_INDICATORS.items()
    }


def displaced_inputs(rows: Sequence[AdoptionRow], year: int, metered: MeteredYears) -> tuple[Reference, ...]:
    """The energies that displace and the factors by which they do, of facilities that have both."""
    found: list[Reference] = []
    factors: set[str] = set()
    for one in rows:
        usual, energy = baseline_of(one.technology), displacing_energy(one, year, metered)
        if usual is None or energy is None:
            continue
        factors.add(usual)
        what = "published_output" if year in one.output else "metered_year"
        said = one.output[year] if year in one.output else decimal_text(energy)
        found.append(Reference(what, f"{one.identity}/{year}", sha256_hex(canonical_json(said))))
    return (*found, *(factor_reference(energy_factor(key)) for key in sorted(factors)))


def _stated_money(rows: Sequence[AdoptionRow], year: int) -> tuple[Reference, ...]:
    """What the facilities that went to work in the year, or their projects, say was invested."""
    stated = (
        (one.identity, {currency: decimal_text(value) for currency, value in one.invested.items()})
        for one in rows
        if one.commissioned_year == year and one.invested
    )
    return tuple(Reference("stated_money", identity, sha256_hex(canonical_json(said))) for identity, said in stated)


def _meters(connection: sa.Connection, rows: Sequence[AdoptionRow], request: Request) -> tuple[Watch, ...]:
    """Readings that may change what was metered in the year."""
    counted = {one.identity for one in rows}
    start, end = microseconds(request.period.start), microseconds(request.period.end)
    return tuple(
        Watch("series", one.id, start, end)
        for one in every_series(connection)
        if one.facility_id in counted and one.quantity == "electricity_generated"
    )


def make_dynamics_figure(
    connection: sa.Connection, place: str, indicator: str, year: str, kind: FigureKind, now: int
) -> StoredFigure:
    """Compute and keep the figure ``indicator`` of ``place`` (``KZ`` or the ISO code of a region) for a calendar year.

    ``kind`` is that of the folder's figures: what the register holds is published by its sources, unless it is
    training data. Raises Refusal ``unknown-indicator``, ``unknown-region``, ``dynamics-year``.
    """
    if indicator not in DYNAMICS_INDICATORS:
        raise Refusal(
            "unknown-indicator", received=indicator[:60], expected=", ".join(dynamics_indicator(m) for m in MEASURES)
        )
    if not (len(year) == 4 and year.isascii() and year.isdigit()):
        raise Refusal("dynamics-year", received=year[:40])
    said = dynamics_kind(kind)
    request = Request(dynamics_subject(place), period(year), {})
    return make(connection, dynamics_gatherers(said), indicator, request, now)


def dynamics_kind(kind: FigureKind) -> FigureKind:
    """``published`` for real data, ``training`` for training data."""
    return "training" if kind == "training" else "published"


def dynamics_subject(place: str) -> Subject:
    """The country or a region as the subject of figures. Raises Refusal ``unknown-region``."""
    return Subject("country", COUNTRY) if place == COUNTRY else Subject("region", region(place).iso)


# The fields of a facility that decide whether and how it is counted.
COUNTED_FIELDS = (
    "capacity", "capacity_unit", "commissioned", "confirmed", "enterprise_id", "region", "status", "technology",
)  # fmt: skip


def register_entries(connection: sa.Connection, identities: Sequence[str]) -> tuple[Reference, ...]:
    """One input for each facility: its id, and the digest of what is asserted of the fields that count."""
    said: dict[str, list[list[object]]] = {identity: [] for identity in identities}
    for row in _assertions(connection, list(said)):
        said[row.entity_id].append([row.field, row.seq, row.value])
    return tuple(
        Reference("register_entry", identity, sha256_hex(canonical_json([identity, entries])))
        for identity, entries in sorted(said.items())
    )


_CHUNK = 500


def _assertions(connection: sa.Connection, identities: Sequence[str]) -> list[sa.Row[tuple[object, ...]]]:
    """The newest assertion of each field that counts, in the order of fields, with its source."""
    found: list[sa.Row[tuple[object, ...]]] = []
    for start in range(0, len(identities), _CHUNK):
        chunk = identities[start : start + _CHUNK]
        newest = (
            sa.select(sa.func.max(assertion.c.seq))
            .where(assertion.c.entity_id.in_(chunk), assertion.c.field.in_(COUNTED_FIELDS))
            .group_by(assertion.c.entity_id, assertion.c.field)
        )
        query = (
            sa.select(assertion, source.c.text.label("source"), source.c.date.label("source_date"))
            .join(source, source.c.id == assertion.c.source_id)
            .where(assertion.c.seq.in_(newest))
            .order_by(assertion.c.entity_id, assertion.c.field)
        )
        found += connection.execute(query).all()
    return found


def register_describers() -> dict[str, Describer]:
    """What the passport says of an entry of the register: its key, and the assertions that were counted.

    What is not public is told by its digest alone: a passport must not open what a total hides.
    """

    def entry(connection: sa.Connection, reference: Reference) -> Node:
        row = connection.execute(sa.select(facility).where(facility.c.id == reference.id)).mappings().first()
        if row is None or row["level"] != "public":
            return Node(reference.kind, reference.id, {"digest": reference.hash})
        children = tuple(
            Node(
                "assertion",
                str(each.seq),
                {"field": each.field, "value": each.value, "source": each.source, "source_date": each.source_date,
                 "actor": each.actor, "confidence": each.confidence},
            )
            for each in _assertions(connection, [reference.id])
            if each.level == "public"
        )  # fmt: skip
        current = register_entries(connection, [reference.id])[0].hash == reference.hash
        return Node(
            reference.kind, reference.id, {"key": row["key"], "digest": reference.hash, "current": current}, children
        )

    return {"register_entry": entry}
