"""Registered plants near a place, with the capacity factors that figures state for them."""

import calendar
from collections.abc import Callable
from decimal import Decimal

import sqlalchemy as sa

from jasyl.figures import StoredFigure, Subject, current_of
from jasyl.people import ANYBODY, Actor
from jasyl.registry import FacilityFilter, facilities

from .place import Place
from .site_report import CapacityFactor, PlantEntry

SHOWN = 8
# Kilometres beyond which a plant says little about a place.
REACH = 300_000.0
ENERGY, FACTOR = "electricity.generated", "capacity_factor"
FAMILIES = ("solar", "wind", "hydro", "bioenergy", "geothermal")
# Gives what a layer says of the capacity factor of a family at a point, and the layer's id.
Modelled = Callable[[str, float, float], tuple[Decimal | None, str | None]]


def near_plants(
    connection: sa.Connection, place: Place, modelled: Modelled, actor: Actor = ANYBODY
) -> list[PlantEntry]:
    """The facilities that ``actor`` may see: all inside a polygon, then the nearest; as precise as the register is."""
    rows = [row for row in facilities(connection, FacilityFilter(), actor) if _counts(row)]
    metres = place.metres_to([row["lon"] for row in rows], [row["lat"] for row in rows])
    away = sorted(zip(metres, rows, strict=True), key=lambda each: (each[0], each[1]["key"]))
    inside = 0 if place.polygon is None else sum(one == 0 for one, _ in away)
    near = [each for each in away[: inside + SHOWN] if each[0] <= REACH]
    return [_entry(connection, one, number < inside, row, modelled) for number, (one, row) in enumerate(near)]


def _counts(row: sa.RowMapping) -> bool:
    generates = row["family"] in FAMILIES or (row["family"] == "waste" and row["capacity_w"])
    return row["lon"] is not None and not row["reference"] and bool(generates)


def _entry(
    connection: sa.Connection, metres: float, inside: bool, row: sa.RowMapping, modelled: Modelled
) -> PlantEntry:
    value, layer = modelled(row["family"], row["lon"], row["lat"])
    return PlantEntry(
        key=row["key"],
        names={language: row[f"name_{language}"] for language in ("kk", "ru", "en")},
        family=row["family"],
        status=row["status"],
        confirmed=bool(row["confirmed"]),
        capacity=row["capacity_w"],
        metres=round(metres, -2),
        inside=inside,
        longitude=row["lon"],
        latitude=row["lat"],
        precision=row["place_precision"],
        factors=tuple(_factors(connection, row["id"], row["capacity_w"])),
        modelled=value,
        modelled_by=layer,
    )


def _factors(connection: sa.Connection, facility: str, capacity: int | None) -> list[CapacityFactor]:
    """Capacity factors of whole calendar years, newest first: those figures state, else energy over power and time."""
    subject = Subject("facility", facility)
    found: dict[tuple[str, str], CapacityFactor] = {}
    for stored in (*current_of(connection, subject, ENERGY), *current_of(connection, subject, FACTOR)):
        value = _factor(stored, capacity)
        if value is not None:
            figure = stored.figure
            found[figure.period, figure.kind] = CapacityFactor(figure.period, value, figure.kind, stored.id)
    return sorted(found.values(), key=lambda one: (one.year, one.kind), reverse=True)


def _factor(stored: StoredFigure, capacity: int | None) -> Decimal | None:
    figure = stored.figure
    whole_year = len(figure.period) == 4 and figure.period.isdigit()
    if not whole_year or figure.value is None or figure.publication != "public":
        return None
    if figure.indicator == FACTOR:
        return figure.value.quantize(Decimal("0.0001"))
    if not capacity:
        return None
    hours = 8784 if calendar.isleap(int(figure.period)) else 8760
    factor = figure.value / (Decimal(capacity) * hours)
    return factor.quantize(Decimal("0.0001"))
