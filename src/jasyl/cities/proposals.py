"""Values of data points that the system can derive from its own records, offered to a city with their passport.

Which records make which data point is a table (``data/proposals.csv``): each row is one term of a numerator, a
denominator or a value, with the unit it is asked in and the factor by which it enters. Where a data point can be made
in several ways, the first whose every term is there is proposed; where none is, what the first way lacks is named, so
that a reader sees what to load. A proposal is a figure of indicator ``proposed.<catalogue>.<point>``; the city takes it
over or writes its own number and says why.
"""

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal, cast

import sqlalchemy as sa

from jasyl import figures
from jasyl.figures import Figure, FigureKind, Outcome, Subject, method
from jasyl.indicators import Catalogue, DataPoint
from jasyl.people import Actor
from jasyl.quantities import LOCAL_TIME, decimal_text, microseconds, period
from jasyl.texts import Refusal

from .attestation import unit_code
from .book import write_entries
from .city import City
from .entry import Entry
from .entry_checks import value_of
from .methods import PointNumbers, PointParameters, number_of
from .system_records import Gap, Known, SourceKind, Wanted, known, weakest

Part = Literal["numerator", "denominator", "value"]
METHOD, VERSION = "city.proposal", "1.0.0"


@dataclass(frozen=True)
class Rule:
    """One term of a ``way`` to make ``point``: ``factor`` × the number ``name`` of ``source``, in ``unit``, enters
    ``part``."""

    point: str
    way: int
    part: Part
    source: SourceKind
    name: str
    unit: str
    factor: Decimal


@dataclass(frozen=True)
class Term:
    """A rule with what the system knows for it: a number, or why there is none."""

    rule: Rule
    found: Known | Gap


@dataclass(frozen=True)
class Proposal:
    """What the system offers for a data point: its terms, and the numbers where every term was found.

    ``figure`` is the id of the kept figure, None as long as it is not kept.
    """

    point: DataPoint
    terms: tuple[Term, ...]
    numbers: PointNumbers | None
    kind: FigureKind | None
    completeness: Decimal | None = None
    figure: str | None = None

    @property
    def gaps(self) -> tuple[Term, ...]:
        """The terms that are missing."""
        return tuple(one for one in self.terms if not isinstance(one.found, Known))


@method(METHOD, VERSION, indicator="proposed", kind="published", unit="1", parameters=PointParameters)
def city_proposal(parameters: PointParameters, data: PointNumbers) -> Outcome:
    """numerator / denominator × multiplier of the data point, or the value, from records of the system.

    The figure's indicator and unit are those of the data point, its kind that of the weakest record.
    """
    return Outcome(number_of(parameters, data))


@cache
def rules(catalogue: str = "u4ssc") -> tuple[Rule, ...]:
    """The terms that are known for a catalogue; empty for those without."""
    if catalogue != "u4ssc":
        return ()
    text = files("jasyl.cities").joinpath("data", "proposals.csv").read_text(encoding="utf-8")
    return tuple(
        Rule(row["point"], int(row["way"]), cast(Part, row["part"]), cast(SourceKind, row["source"]), row["name"],
             row["unit"], Decimal(row["factor"]))
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


def proposals(
    connection: sa.Connection, city: City, year: int, catalogue: Catalogue, points: Collection[str] | None = None
) -> list[Proposal]:
    """A proposal for every data point that has rules (of ``points`` alone, where given), in the order of the catalogue;
    nothing is written."""
    wanted = Wanted(city, year, catalogue.id)
    seen: dict[tuple[SourceKind, str, str], Known | Gap] = {}
    found: dict[str, dict[int, list[Term]]] = {}
    for rule in rules(catalogue.id):
        if points is not None and rule.point not in points:
            continue
        asked = (rule.source, rule.name, rule.unit)
        if asked not in seen:
            seen[asked] = known(connection, wanted, *asked)
        found.setdefault(rule.point, {}).setdefault(rule.way, []).append(Term(rule, seen[asked]))
    return [_first_whole(point, found[point.id]) for point in catalogue.points if point.id in found]


def keep_proposals(
    connection: sa.Connection,
    city: City,
    year: int,
    catalogue: Catalogue,
    now: int,
    *,
    points: Collection[str] | None = None,
    training: bool = False,
) -> list[Proposal]:
    """The same, each complete one kept as a figure; unchanged ones stay the figure they are."""
    kept: list[Proposal] = []
    for one in proposals(connection, city, year, catalogue, points):
        if one.numbers is None or one.kind is None:
            kept.append(one)
            continue
        figure = _figure(city, year, catalogue, one, "training" if training else one.kind)
        stored = figures.store(connection, figure, (), now)
        kept.append(replace(one, kind=figure.kind, figure=stored.id))
    return kept


def accept_proposals(
    connection: sa.Connection,
    city: City,
    year: int,
    catalogue: Catalogue,
    points: Sequence[str],
    actor: Actor,
    now: int,
    *,
    training: bool = False,
) -> list[Entry]:
    """Take the proposals of ``points`` into the city's book as they are, in the caller's transaction: all or none.

    Raises Refusal ``city-no-proposal`` for a point that has none, and what `write_entries` refuses.
    """
    kept = keep_proposals(connection, city, year, catalogue, now, points=points, training=training)
    offered = {one.point.id: one for one in kept}
    given: list[Entry] = []
    for point in points:
        one = offered.get(point)
        if one is None or one.numbers is None:
            raise Refusal("city-no-proposal", received=point[:80], expected=f"{city.place} {year}")
        numbers = one.numbers
        quality = "measured" if one.kind in ("observed", "published", "training") else "estimate_assumptions"
        given.append(
            Entry(
                point, numbers.numerator, numbers.denominator, numbers.value,
                origin="system", quality=quality, proposal=one.figure,
            )
        )  # fmt: skip
    return write_entries(connection, city, year, catalogue, given, actor, now)


def beside_proposal(
    connection: sa.Connection,
    city: City,
    year: int,
    catalogue: Catalogue,
    entry: Entry,
    now: int,
    *,
    training: bool = False,
) -> Entry:
    """``entry`` with the figure that the system proposed for its data point, where there is one: of origin ``system``
    when it says the same number, else as a number of the city's own, which needs its reason."""
    if entry.is_base or not entry.is_given:
        return entry
    kept = keep_proposals(connection, city, year, catalogue, now, points=[entry.point], training=training)
    one = next((offered for offered in kept if offered.figure), None)
    if one is None or one.numbers is None:
        return entry
    numbers = one.numbers
    said = Entry(entry.point, numbers.numerator, numbers.denominator, numbers.value)
    same = value_of(catalogue, said) == value_of(catalogue, entry)
    origin = "system" if same else None if entry.origin == "system" else entry.origin
    return replace(entry, proposal=one.figure, origin=origin, reason="" if same else entry.reason)


def _first_whole(point: DataPoint, ways: Mapping[int, list[Term]]) -> Proposal:
    made = [_proposal(point, tuple(ways[way])) for way in sorted(ways)]
    return next((one for one in made if one.numbers is not None), made[0])


def _proposal(point: DataPoint, terms: tuple[Term, ...]) -> Proposal:
    there = [one.found for one in terms if isinstance(one.found, Known)]
    if len(there) < len(terms):
        return Proposal(point, terms, None, None)
    parts: dict[Part, Decimal] = {}
    for one, number in zip(terms, there, strict=True):
        parts[one.rule.part] = parts.get(one.rule.part, Decimal()) + number.value * one.rule.factor
    if parts.get("denominator") == 0:
        return Proposal(point, tuple(Term(one.rule, _empty(one)) for one in terms), None, None)
    numbers = PointNumbers(parts.get("numerator"), parts.get("denominator"), parts.get("value"))
    kind = weakest([number.kind for number in there])
    return Proposal(point, terms, numbers, kind, min(number.completeness for number in there))


def _empty(term: Term) -> Known | Gap:
    """A denominator of nothing is as good as none."""
    return "nothing" if term.rule.part == "denominator" else term.found


def _figure(city: City, year: int, catalogue: Catalogue, one: Proposal, kind: FigureKind) -> Figure:
    assert one.numbers is not None
    point = one.point
    parameters = PointParameters(
        catalogue.id, catalogue.version, point.id, decimal_text(point.multiplier), point.has_denominator
    )
    inputs = [each for term in one.terms if isinstance(term.found, Known) for each in term.found.inputs]
    when = period(str(year), LOCAL_TIME)
    return Figure(
        f"proposed.{catalogue.id}.{point.id}",
        Subject("place", city.place),
        when.name,
        microseconds(when.start),
        microseconds(when.end),
        unit_code(point.unit),
        number_of(parameters, one.numbers),
        None,
        one.completeness,
        kind,
        METHOD,
        VERSION,
        {name: getattr(parameters, name) for name in parameters.__struct_fields__},
        tuple(dict.fromkeys(inputs)),
    )
