"""Normals of climate stations and means of wind masts, as the package carries them: points, never a field.

Thirty-eight stations in a country of 2.7 million km² say what the climate is where they stand. What is between them
is not drawn: a ridge, a lake or a city between two stations would be invented.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import groupby

from msgspec.structs import replace

from jasyl.quantities import sha256_hex
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..layer import Layer, Source
from ..layer_catalogue import read_record
from ..sites import SiteValue, load_sites, write_sites
from ..value_file import Confidence
from .layers import PRECIPITATION, TEMPERATURE

# Raise it whenever the same rows give other values.
METHOD = "station-normals@1.0.0"
_FILE = "normals.csv"
_CONFIDENCE: dict[str, Confidence] = {"low": "low", "medium": "medium", "high": "high"}
_ORDER = tuple(_CONFIDENCE)
# What stands beside a station's temperature and precipitation: names of parts say quantity and unit.
_PARTS = {
    TEMPERATURE.id: {"temp_mean": "mean_Cel", "temp_max_mean": "mean_maximum_Cel", "temp_min_mean": "mean_minimum_Cel"},
    PRECIPITATION.id: {"precipitation": "mm", "precip_days_ge1mm": "days_with_1mm"},
}


@dataclass(frozen=True)
class Normal:
    """One value of a station: ``month`` 1–12, or 0 for the year."""

    station: str
    wmo_id: str
    region: str
    longitude: Decimal
    latitude: Decimal
    elevation: Decimal | None
    variable: str
    month: int
    value: Decimal
    unit: str
    period: str
    source: str
    confidence: Confidence
    note: str


@cache
def normals() -> tuple[Normal, ...]:
    """Every row of the package's table, by station, variable and month."""
    return tuple(_normal(row) for row in csv.DictReader(_content().decode("utf-8").splitlines()))


def build_station_normals(folder: DataFolder) -> list[Layer]:
    """Build the layers of temperature and precipitation normals; gives their records, for the caller to log.

    A station's value is that of the year; its months stand in ``parts``. Rows of low confidence mark the station as not
    confirmed. What already stands from the same table and method is left as it is.
    """
    return [
        build_sites(folder, layer, station_values(layer, main), METHOD)
        for layer, main in ((TEMPERATURE, "temp_mean"), (PRECIPITATION, "precipitation"))
    ]


def station_values(layer: Layer, main: str) -> list[SiteValue]:
    """One value a station that has the variable ``main`` for the year, with the months of its relatives as parts."""
    names = _PARTS[layer.id]
    rows = (row for row in normals() if row.variable in names)
    found = (site_value(list(group), main, names) for _, group in groupby(rows, key=lambda row: row.station))
    return [value for value in found if value.value is not None]


def site_value(rows: list[Normal], main: str, names: Mapping[str, str]) -> SiteValue:
    """The site that the rows of one station describe: its value is ``main`` of the year, all else are parts.

    A part is called after ``names[variable]`` and the month: ``month_07_mean_Cel``, ``year_mean_minimum_Cel``.
    """
    first = rows[0]
    year = next((row for row in rows if row.variable == main and row.month == 0), None)
    used = [row for row in rows if row.variable == main]
    confidence = _CONFIDENCE[min((row.confidence for row in used or rows), key=_ORDER.index)]
    parts = {
        f"{'year' if row.month == 0 else f'month_{row.month:02}'}_{names[row.variable]}": row.value
        for row in rows
        if row is not year
    }
    if first.elevation is not None:
        parts["elevation_m"] = first.elevation
    said = [f"WMO {first.wmo_id}"] if first.wmo_id else []
    said += dict.fromkeys(row.period for row in used)
    said += dict.fromkeys(row.note for row in used if row.note)
    return SiteValue(
        id=_identifier(first),
        name=first.station,
        longitude=first.longitude,
        latitude=first.latitude,
        precision="exact" if first.wmo_id else "approximate",
        place=first.region or None,
        value=None if year is None else year.value,
        kind="published",
        source="; ".join(dict.fromkeys(row.source for row in rows)),
        confidence=confidence,
        confirmed=confidence != "low",
        note="; ".join(said),
        parts=parts,
    )


def build_sites(folder: DataFolder, definition: Layer, values: Iterable[SiteValue], method: str) -> Layer:
    """Store sites made from the table of normals, unless the same stand already."""
    draft = replace(
        definition,
        sources=(
            Source(
                name="Normals of climate stations and means of wind masts, from the sources named at each site",
                version="1",
                licence="facts of the pages named at each site, no text taken",
                reference="station-normals",
            ),
        ),
        period="as stated at each site",
        method=method,
        inputs={_FILE: sha256_hex(_content())},
    )
    with folder.locked("atlas"):
        try:
            standing = read_record(folder, definition.id)
            if standing and replace(standing, state="waiting", array=None, file=None) == draft:
                return load_sites(folder, definition.id).layer
        except Refusal:
            pass  # damaged: written anew below
        return write_sites(folder, draft, values)


def _identifier(row: Normal) -> str:
    """The WMO number where there is one, else the name in small letters."""
    plain = "".join(letter if letter.isalnum() else "-" for letter in row.station.lower())
    return f"wmo-{row.wmo_id}" if row.wmo_id else "-".join(part for part in plain.split("-") if part)


def _normal(row: Mapping[str, str]) -> Normal:
    confidence = _CONFIDENCE[row["confidence"]]
    return Normal(
        row["station"], row["wmo_id"], row["region_iso"], Decimal(row["longitude"]), Decimal(row["latitude"]),
        Decimal(row["elevation_m"]) if row["elevation_m"] else None, row["variable"], int(row["month"]),
        Decimal(row["value"]), row["unit"], row["period"], row["source"], confidence, row["note"],
    )  # fmt: skip


@cache
def _content() -> bytes:
    return (files("jasyl.atlas.climate") / "data" / _FILE).read_bytes()
