"""Landfills, sorting plants and biogas plants out of the register of facilities."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import cast

import sqlalchemy as sa

from jasyl.quantities import canonical_json, decimal_text, sha256_hex

from ..sites import Precision
from ..value_file import Confidence

TECHNOLOGIES = ("WS.LAN", "WS.SOR", "RP.LFG")
_PRECISIONS: dict[str, Precision] = {"site": "exact", "settlement": "settlement", "approximate": "approximate"}


@dataclass(frozen=True)
class Facility:
    """A facility of the register as far as the maps of waste need it."""

    key: str
    name: str
    technology: str
    status: str
    region: str | None
    longitude: Decimal | None
    latitude: Decimal | None
    precision: Precision
    tonnes_a_year: Decimal | None
    source: str
    confidence: Confidence
    confirmed: bool

    @property
    def at_work(self) -> bool:
        from jasyl.registry import AT_WORK  # noqa: PLC0415  (the room of the register loads much that no map needs)

        return self.status in AT_WORK


def registered(connection: sa.Connection) -> tuple[Facility, ...]:
    """The public facilities of the register, its reference plants left out."""
    from jasyl.registry import FacilityFilter, facilities  # noqa: PLC0415

    rows = (row for name in TECHNOLOGIES for row in facilities(connection, FacilityFilter(technology=name)))
    return tuple(
        _facility({name: row[name] for name in row}, f"register of facilities: {row['key']}")
        for row in rows
        if not row["reference"]
    )


def starter() -> tuple[Facility, ...]:
    """The same out of the starter that ships with the program: real, whatever a folder holds."""
    from jasyl.registry.starter import rows_of  # noqa: PLC0415

    rows = rows_of("facilities.csv")
    return tuple(
        _facility({name: row[name] or None for name in row}, row["source"])
        for row in rows
        if row["technology"] in TECHNOLOGIES
    )


def facilities_hash(found: Iterable[Facility]) -> str:
    """SHA-256 over the canonical JSON of the facilities, whatever they were read from."""
    rows = [
        {name: decimal_text(value) if isinstance(value, Decimal) else value for name, value in asdict(one).items()}
        for one in found
    ]
    return sha256_hex(canonical_json(rows))


def _facility(row: dict[str, object], source: str) -> Facility:
    longitude, latitude = (None if row[name] is None else Decimal(str(row[name])) for name in ("lon", "lat"))
    capacity, unit = row["capacity"], row["capacity_unit"]
    confidence = cast("Confidence", row["confidence"])
    return Facility(
        key=str(row["key"]),
        name=str(row["name_en"] or row["name_ru"] or row["name_kk"] or row["key"]),
        technology=str(row["technology"]),
        status=str(row["status"]),
        region=cast("str | None", row["region"]),
        longitude=longitude,
        latitude=latitude,
        precision=_PRECISIONS.get(str(row["place_precision"]), "approximate"),
        tonnes_a_year=Decimal(str(capacity)) if capacity is not None and unit == "t/a" else None,
        source=source,
        confidence=confidence,
        confirmed=row["confirmed"] in {True, "yes"} and confidence != "low",
    )
