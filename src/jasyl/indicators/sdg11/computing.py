"""The indicators of SDG 11 that a document has the data for, with what limits each and the groups that may be shown."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Literal

from jasyl.texts import Refusal

from ..catalogue_files import catalogue
from ..disaggregation import Part, Shown, disaggregate, parts_of
from ..evaluation import Answer, value_of
from ..share import Share
from .access import open_space_access, transit_access
from .air import exposure
from .document import CitySdg11, OpenSpaces
from .inputs import read_cells, read_people, read_shapes, read_stops
from .land import land_use
from .open_space import open_space, street_shapes
from .waste import Facility, waste_managed

Caution = Literal["straight_lines", "no_streets", "shrinking", "still", "not_everybody"]
"""What a reader must know: an upper bound, a lower bound, not comparable, no ratio, part of the people."""


@dataclass(frozen=True, slots=True)
class Computed:
    """A data point of SDG 11 computed; ``value`` is None where it cannot be formed, and ``cautions`` says why."""

    point: str
    answer: Answer
    value: Decimal | None
    cautions: tuple[Caution, ...] = ()
    parts: tuple[Shown, ...] = ()


def compute_sdg11(document: CitySdg11, folder: Path, smallest: int = 3) -> tuple[Computed, ...]:
    """Every indicator that the document names data for; its files lie in ``folder``.

    Raises the Refusals of the files and of the functions, those of numbers with ``where`` in the file.
    """
    made = (_transit(document, folder), _land(document), _waste(document), _air(document, folder))
    found = [one for each in made for one in each]
    if document.open_space is not None:
        found += _open_space(document.open_space, folder)
    goal = catalogue("sdg11")
    return tuple(
        replace(one, parts=tuple(part for part in disaggregate(goal.point(one.point), parts, smallest) if part.by))
        for one, parts in found
    )


_Found = tuple[Computed, list[Part]]


def _transit(document: CitySdg11, folder: Path) -> Iterator[_Found]:
    asked = document.transit
    if asked is None:
        return
    people, stops = read_people(folder / asked.people), read_stops(folder / asked.stops)
    share = transit_access(people, stops, asked.low, asked.high, asked.detour)
    yield _of_share("11.2.1", share, ("straight_lines",) if asked.detour == 1 else ())


def _land(document: CitySdg11) -> Iterator[_Found]:
    asked = document.land
    if asked is None:
        return
    made = land_use(asked.built_then, asked.built_now, asked.people_then, asked.people_now, asked.years, asked.rate)
    caution: tuple[Caution, ...] = () if made.comparable else ("still",) if made.ratio is None else ("shrinking",)
    if made.ratio is None:
        yield Computed("11.3.1", Answer("11.3.1", status="not_applicable", origin="system"), None, caution), []
        return
    pair = Share(made.land_rate, made.population_rate)
    yield Computed("11.3.1", pair.answer("11.3.1"), Decimal(repr(made.ratio)), caution), []


def _waste(document: CitySdg11) -> Iterator[_Found]:
    if document.waste is not None:
        facilities = [Facility(one.name, one.control, one.received, one.passed_on) for one in document.waste.facilities]
        yield _of_share("11.6.1", waste_managed(document.waste.generated, facilities), (), of_people=False)


def _air(document: CitySdg11, folder: Path) -> Iterator[_Found]:
    asked = document.air
    for pollutant, file in (("pm25", asked and asked.pm25), ("pm10", asked and asked.pm10)):
        if file:
            cells = read_cells(folder / file)
            made = exposure(cells.concentration, cells.persons, cells.groups)
            cautions: tuple[Caution, ...] = () if made.covered >= made.people else ("not_everybody",)
            answer = made.answer(f"11.6.2.{pollutant}")
            parts = [
                Part((group,), value=Decimal(repr(one.mean)), people=int(one.covered))
                for group, one in made.by.items()
                if one.mean is not None
            ]
            yield Computed(answer.point, answer, answer.value, cautions), parts


def _open_space(asked: OpenSpaces, folder: Path) -> Iterator[_Found]:
    spaces = read_shapes(folder / asked.spaces)
    streets = read_shapes(folder / asked.streets) if asked.streets else []
    if any(street.length and not street.area for street in streets):
        if asked.street_width is None:
            raise Refusal("sdg-street-width", received=asked.streets)
        streets = street_shapes(streets, [asked.street_width] * len(streets))
    made = open_space(read_shapes(folder / asked.built_up), spaces, streets)
    yield _of_share("11.7.1.share", made.share, () if streets else ("no_streets",), of_people=False)
    if asked.people:
        share = open_space_access(read_people(folder / asked.people), spaces, asked.reach, asked.detour)
        yield _of_share("11.7.1.access", share, ("straight_lines",) if asked.detour == 1 else ())


def _of_share(point: str, share: Share, cautions: tuple[Caution, ...], *, of_people: bool = True) -> _Found:
    answer = share.answer(point)
    exact = value_of(catalogue("sdg11").point(point), answer)
    value = None if exact is None else Decimal(exact.numerator) / Decimal(exact.denominator)
    return Computed(point, answer, value, cautions), parts_of(share) if of_people else []
