"""Files of PVGIS (hourly series, typical year) and NASA POWER (hourly), as JSON and as CSV."""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from jasyl.texts import Refusal, Where

from ..layer import Source
from .series import Floats, Place, PointSeries, summed_up

Columns = Mapping[str, Sequence[Any]]
# Column of the publisher, the layer of the same quantity, its unit, and how many of it one is (W/m² over 24 h in kWh).
_PVGIS = (
    ("G(i)", "solar.ghi", "kW.h/m2/d", 24e-3),
    ("G(h)", "solar.ghi", "kW.h/m2/d", 24e-3),
    ("Gb(n)", "solar.dni", "kW.h/m2/d", 24e-3),
    ("Gd(h)", "solar.dhi", "kW.h/m2/d", 24e-3),
    ("T2m", "land.temperature", "Cel", 1.0),
    ("WS10m", "wind.speed_10m", "m/s", 1.0),
)
_POWER = (
    ("ALLSKY_SFC_SW_DWN", "solar.ghi", "kW.h/m2/d", 24e-3),
    ("ALLSKY_SFC_SW_DNI", "solar.dni", "kW.h/m2/d", 24e-3),
    ("ALLSKY_SFC_SW_DIFF", "solar.dhi", "kW.h/m2/d", 24e-3),
    ("T2M", "land.temperature", "Cel", 1.0),
    ("WS10M", "wind.speed_10m", "m/s", 1.0),
    ("WS50M", "wind.speed_50m", "m/s", 1.0),
)
# POWER has radiation in Wh/m² of the hour (which is W/m²), in older answers in kWh or MJ.
_POWER_UNITS = {"Wh/m^2": 1.0, "W/m^2": 1.0, "kW-hr/m^2": 1000.0, "kW-hr/m^2/hour": 1000.0, "MJ/hr": 1e6 / 3600}
_COORDINATE = re.compile(r"^(Latitude|Longitude|Elevation)[^:]*:\s*(-?[\d.]+)", re.MULTILINE)
_POWER_PLACE = re.compile(r"Latitude\s+(-?[\d.]+)\s+Longitude\s+(-?[\d.]+)")


def read_point_file(file: Path, source: Source) -> list[PointSeries]:
    """The series of a file, one for each quantity it holds that the atlas knows; of which publisher, it says itself.

    Raises Refusal ``series-unreadable`` (neither of the two, or damaged), ``series-time`` (local solar time),
    ``series-duplicate``.
    """
    where = Where(file.name)
    try:
        text = file.read_text(encoding="utf-8-sig")
        if text.lstrip().startswith("{"):
            document = json.loads(text)
            read = _power_json if "properties" in document else _pvgis_json
            return read(document, source, where)
        read_text = _power_csv if text.startswith("-BEGIN HEADER-") else _pvgis_csv
        return read_text(text, source, where)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"[:200]
        raise Refusal("series-unreadable", where=where, reason=reason) from error


def _pvgis_json(document: Any, source: Source, where: Where) -> list[PointSeries]:
    outputs, location = document["outputs"], document["inputs"]["location"]
    typical = "tmy_hourly" in outputs
    rows: list[dict[str, Any]] = outputs["tmy_hourly" if typical else "hourly"]
    place = Place(float(location["longitude"]), float(location["latitude"]), location.get("elevation"))
    mounting: Any = document["inputs"].get("mounting_system", {}).get("fixed", {})
    slope = float(mounting.get("slope", {}).get("value", 0) or 0)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return _pvgis(columns, place, source, where, slope=slope, typical=typical)


def _pvgis_csv(text: str, source: Source, where: Where) -> list[PointSeries]:
    said = {name: float(value) for name, value in _COORDINATE.findall(text)}
    place = Place(said["Longitude"], said["Latitude"], said.get("Elevation"))
    lines = text.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("time"))
    last = next((number for number in range(first, len(lines)) if not lines[number].strip()), len(lines))
    rows = list(csv.DictReader(lines[first:last]))
    slope = re.search(r"Slope:\s*(-?[\d.]+)", text)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    typical = "time(UTC)" in columns
    return _pvgis(columns, place, source, where, slope=float(slope[1]) if slope else 0.0, typical=typical)


def _pvgis(
    columns: Columns, place: Place, source: Source, where: Where, *, slope: float, typical: bool
) -> list[PointSeries]:
    columns = dict(columns)
    if {"Gb(i)", "Gd(i)", "Gr(i)"} <= columns.keys():
        parts = (columns.pop("Gb(i)"), columns.pop("Gd(i)"), columns.pop("Gr(i)"))
        columns["G(i)"] = [sum(map(float, three)) for three in zip(*parts, strict=True)]
        if slope == 0:
            columns["Gd(h)"] = parts[1]
    if slope:  # of an inclined plane: no quantity of a layer
        columns.pop("G(i)", None)
    # Radiation stands at a minute of its hour (10 or 30 past by satellite): the hour is what counts.
    stamps = [
        _moment(written, "%Y%m%d:%H%M").replace(minute=0) for written in columns["time(UTC)" if typical else "time"]
    ]
    return _series(columns, _PVGIS, stamps, place, source, where, typical=typical)


def _power_json(document: Any, source: Source, where: Where) -> list[PointSeries]:
    parameters: dict[str, dict[str, float]] = document["properties"]["parameter"]
    longitude, latitude, *height = document["geometry"]["coordinates"]
    _check_standard(str(document["header"].get("time_standard", "LST")), where)
    fill = float(document["header"]["fill_value"])
    keys = list(next(iter(parameters.values())))
    units = {name: str(about.get("units", "")) for name, about in document.get("parameters", {}).items()}
    columns = {
        name: [np.nan if value == fill else value for value in found.values()] for name, found in parameters.items()
    }
    if any(list(found) != keys for found in parameters.values()):
        raise ValueError("hours differ between parameters")
    stamps = [_moment(key, "%Y%m%d%H") for key in keys]
    place = Place(longitude, latitude, height[0] if height else None)
    return _series(_in_watts(columns, units), _POWER, stamps, place, source, where)


def _power_csv(text: str, source: Source, where: Where) -> list[PointSeries]:
    head, _, body = text.partition("-END HEADER-")
    found = _POWER_PLACE.search(head.replace(":", " "))
    if found is None:
        raise ValueError("no coordinates in the header")
    _check_standard("UTC" if "UTC" in head else "LST", where)
    fill = re.search(r"missing[^:]*:\s*(-?[\d.]+)|(-999)", head)
    missing = float((fill[1] or fill[2]) if fill else -999)
    rows = list(csv.DictReader(body.strip().splitlines()))
    stamps = [datetime(int(row["YEAR"]), int(row["MO"]), int(row["DY"]), int(row["HR"]), tzinfo=UTC) for row in rows]
    units = dict(re.findall(r"^(\w+)\s.*\(([^()]*)\)\s*$", head, re.MULTILINE))
    names = [name for name in rows[0] if name not in ("YEAR", "MO", "DY", "HR")]
    columns = {name: [np.nan if float(row[name]) == missing else float(row[name]) for row in rows] for name in names}
    place = Place(float(found[2]), float(found[1]), None)
    return _series(_in_watts(columns, units), _POWER, stamps, place, source, where)


def _check_standard(standard: str, where: Where) -> None:
    """Raises Refusal ``series-time``: local solar time is no time of a clock, and its days are not ours."""
    if standard != "UTC":
        raise Refusal("series-time", where=where, received=standard)


def _in_watts(columns: Columns, units: Mapping[str, str]) -> dict[str, Sequence[Any]]:
    made: dict[str, Sequence[Any]] = {}
    for name, values in columns.items():
        factor = _POWER_UNITS[units[name]] if name.startswith("ALLSKY") else 1.0
        made[name] = [value * factor for value in values]
    return made


def _series(
    columns: Columns,
    known: Sequence[tuple[str, str, str, float]],
    stamps: Sequence[datetime],
    place: Place,
    source: Source,
    where: Where,
    *,
    typical: bool = False,
) -> list[PointSeries]:
    made: list[PointSeries] = []
    for name, layer, unit, factor in known:
        if name in columns and layer not in {one.layer for one in made}:
            values: Floats = np.array([float(value) for value in columns[name]]) * factor
            made.append(summed_up(layer, unit, source, place, stamps, values, where=where, typical=typical))
    return made


def _moment(written: str, form: str) -> datetime:
    return datetime.strptime(written, form).replace(tzinfo=UTC)
