"""What is known around a series: its plant and place, the meters beside, behind and within it."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from jasyl.registry.tables import facility
from jasyl.texts import Refusal

from ..series import SeriesDefinition
from ..tables import meter_part

# Quantities of companions: what stands at the same facility and explains its output.
IRRADIANCE, WIND = "irradiance", "wind_speed"


@dataclass(frozen=True)
class Surroundings:
    """Of one series: the family of its technology, its place, and numbers of series beside it on the same grid."""

    family: str
    place: tuple[float, float] | None
    irradiance: int | None
    wind: int | None
    parts: tuple[int, ...]
    twins: tuple[int, ...]

    @property
    def needed(self) -> set[int]:
        """Series whose readings are looked at together with this one's."""
        companions = {each for each in (self.irradiance, self.wind) if each is not None}
        return companions | set(self.parts) | set(self.twins)


def surroundings_of(connection: sa.Connection, definitions: Mapping[int, SeriesDefinition]) -> dict[int, Surroundings]:
    """What is known around each of ``definitions`` (all series of the facilities concerned should be among them)."""
    columns = (facility.c.id, facility.c.family, facility.c.lon, facility.c.lat, facility.c.place_precision)
    places = {row.id: row for row in connection.execute(sa.select(*columns))}
    behind: dict[int, list[int]] = {}
    for row in connection.execute(sa.select(meter_part.c.whole, meter_part.c.part)):
        behind.setdefault(row.whole, []).append(row.part)
    beside: dict[str, list[SeriesDefinition]] = {}
    for each in definitions.values():
        beside.setdefault(each.facility_id, []).append(each)
    made: dict[int, Surroundings] = {}
    for number, series in definitions.items():
        plant = places.get(series.facility_id)
        lon, lat = (plant.lon, plant.lat) if plant is not None and plant.place_precision != "none" else (None, None)
        same = [each for each in beside[series.facility_id] if _same_grid(each, series) and each.number != number]
        parts = tuple(sorted(part for part in behind.get(number, ()) if part in definitions))
        made[number] = Surroundings(
            plant.family if plant is not None else "",
            None if lon is None or lat is None else (float(lon), float(lat)),
            next((each.number for each in same if each.quantity == IRRADIANCE), None),
            next((each.number for each in same if each.quantity == WIND), None),
            parts if all(_same_grid(definitions[part], series) for part in parts) else (),
            tuple(
                each.number
                for each in same
                if each.quantity == series.quantity and each.kind == series.kind and each.number not in parts
            ),
        )
    return made


def _same_grid(one: SeriesDefinition, other: SeriesDefinition) -> bool:
    return (one.interval, one.zone) == (other.interval, other.zone)


def set_parts(
    connection: sa.Connection, whole: SeriesDefinition, parts: Mapping[int, SeriesDefinition]
) -> tuple[int, ...]:
    """Say which meters stand behind ``whole``; replaces what was said before, none takes it back.

    Raises Refusal ``meter-parts`` when one measures another quantity or grid, or is the whole itself.
    """
    for each in parts.values():
        if each.number == whole.number or each.quantity != whole.quantity or not _same_grid(each, whole):
            raise Refusal("meter-parts", received=each.id, expected=whole.quantity)
    connection.execute(sa.delete(meter_part).where(meter_part.c.whole == whole.number))
    if parts:
        rows = [{"whole": whole.number, "part": number} for number in sorted(parts)]
        connection.execute(sa.insert(meter_part), rows)
    return tuple(sorted(parts))
