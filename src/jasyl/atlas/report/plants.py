"""Registered plants near a place, with the capacity factors that figures state for them."""

import calendar
import math
from collections.abc import Callable
from decimal import Decimal

import sqlalchemy as sa

from jasyl.figures import StoredFigure, Subject, current_of
from jasyl.people import ANYBODY, Actor
from jasyl.registry import FacilityFilter, facilities

from .site_report import CapacityFactor, PlantEntry

SHOWN = 8
# Kilometres beyond which a plant says little about a place.
REACH = 300_000.0
ENERGY, FACTOR = "electricity.generated", "capacity_factor"
FAMILIES = ("solar", "wind", "hydro", "bioenergy", "geothermal")
# Gives what a layer says of the capacity factor of a family at a point, and the layer's id.
Modelled = Callable[[str, float, float], tuple[Decimal | None, str | None]]


def near_plants(
    connection: sa.Connection, longitude: float, latitude: float, modelled: Modelled, actor: Actor = ANYBODY
) -> list[PlantEntry]:
    """The nearest facilities that ``actor`` may see, nearest first; places are as precise as the register says."""
    away: list[tuple[float, sa.RowMapping]] = []
    for row in facilities(connection, FacilityFilter(), actor):
        generates = row["family"] in FAMILIES or (row["family"] == "waste" and row["capacity_w"])
        if row["lon"] is None or row["reference"] or not generates:
            continue
        metres = geodesic(longitude, latitude, row["lon"], row["lat"])
        if metres <= REACH:
            away.append((metres, row))
    away.sort(key=lambda each: (each[0], each[1]["key"]))
    return [_entry(connection, metres, row, modelled) for metres, row in away[:SHOWN]]


def geodesic(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """Metres between two points: great circle on the sphere of the ellipsoid's mean radius, within 0.5 %."""
    one, other = math.radians(latitude), math.radians(other_latitude)
    half = math.sin((other - one) / 2) ** 2
    half += math.cos(one) * math.cos(other) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(half))


def _entry(connection: sa.Connection, metres: float, row: sa.RowMapping, modelled: Modelled) -> PlantEntry:
    value, layer = modelled(row["family"], row["lon"], row["lat"])
    return PlantEntry(
        key=row["key"],
        names={language: row[f"name_{language}"] for language in ("kk", "ru", "en")},
        family=row["family"],
        status=row["status"],
        confirmed=bool(row["confirmed"]),
        capacity=row["capacity_w"],
        metres=round(metres, -2),
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
