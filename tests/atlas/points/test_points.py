"""Series as PVGIS and NASA POWER write them, made up hour by hour."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jasyl.atlas.points import point_series, read_point_file
from jasyl.atlas.points.series import metres
from jasyl.atlas.sources import Fetched, FetchedFile, place_of, publisher
from jasyl.storage import DataFolder, write_durably
from jasyl.texts import LANGUAGES, Refusal

PVGIS, POWER = publisher("pvgis").source, publisher("power").source
HOURS = [datetime(2023, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(8760)]


def light(hour: datetime) -> float:
    """W/m²: 100 in January up to 1200 in December, for six hours of the day; the day's mean is a quarter."""
    return 100.0 * hour.month if 4 <= hour.hour < 10 else 0.0


def pvgis_hourly(**more: Any) -> dict[str, Any]:
    rows = [
        {"time": hour.strftime("%Y%m%d:%H10"), "G(i)": light(hour), "T2m": 10.0, "WS10m": 4.0, "Int": 0.0}
        for hour in HOURS
    ]
    return {
        "inputs": {
            "location": {"latitude": 51.13, "longitude": 71.43, "elevation": 350.0},
            "mounting_system": {"fixed": {"slope": {"value": 0}}},
            **more,
        },
        "outputs": {"hourly": rows},
    }


def put(tmp_path: Path, content: object, name: str = "x.json") -> Path:
    file = tmp_path / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def check_light(series: Any) -> None:
    """Closed form: a month's mean day is 6 h × 100 W/m² × its number."""
    assert series.months == pytest.approx([0.6 * month for month in range(1, 13)])
    days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    assert series.year == pytest.approx(np.average([0.6 * month for month in range(1, 13)], weights=days))
    assert series.hours[6][3] == 0
    assert series.hours[6][4] == pytest.approx(700 * 24e-3)
    assert series.unit == "kW.h/m2/d"


def test_pvgis_hourly_json(tmp_path: Path) -> None:
    found = {one.layer: one for one in read_point_file(put(tmp_path, pvgis_hourly()), PVGIS)}
    assert set(found) == {"solar.ghi", "land.temperature", "wind.speed_10m"}
    ghi = found["solar.ghi"]
    check_light(ghi)
    assert ghi.years == {2023: pytest.approx(ghi.year, rel=1e-3)}
    assert (ghi.completeness, ghi.period, ghi.typical) == (1.0, "2023-2023", False)
    assert (ghi.longitude, ghi.latitude, ghi.elevation) == (71.43, 51.13, 350.0)
    assert found["wind.speed_10m"].year == pytest.approx(4)


def test_pvgis_components_and_planes(tmp_path: Path) -> None:
    document = pvgis_hourly()
    for row in document["outputs"]["hourly"]:
        whole = row.pop("G(i)")
        row |= {"Gb(i)": whole * 0.75, "Gd(i)": whole * 0.25, "Gr(i)": 0.0}
    found = {one.layer: one for one in read_point_file(put(tmp_path, document), PVGIS)}
    check_light(found["solar.ghi"])
    assert found["solar.dhi"].year == pytest.approx(found["solar.ghi"].year / 4)
    document["inputs"]["mounting_system"]["fixed"]["slope"]["value"] = 35
    assert {one.layer for one in read_point_file(put(tmp_path, document), PVGIS)} == {
        "land.temperature",
        "wind.speed_10m",
    }


def test_pvgis_csv(tmp_path: Path) -> None:
    rows = "\n".join(f"{hour:%Y%m%d:%H}30,{light(hour)},12.0,10.0,4.0,0.0" for hour in HOURS)
    text = (
        "Latitude (decimal degrees):\t51.130\nLongitude (decimal degrees):\t71.430\nElevation (m):\t350\n"
        f"Radiation database:\tPVGIS-ERA5\n\n\nSlope: 0 deg. (optimum)\n\ntime,G(i),H_sun,T2m,WS10m,Int\n{rows}\n\n"
        "G(i): Global irradiance on the inclined plane (W/m2)\n"
    )
    found = {one.layer: one for one in read_point_file(put(tmp_path, text, "x.csv"), PVGIS)}
    check_light(found["solar.ghi"])


def test_a_typical_year_has_no_single_years(tmp_path: Path) -> None:
    """Its months are of several years; that is no gap."""
    rows = []
    for hour in HOURS:
        year = 2005 + hour.month
        rows.append(
            {"time(UTC)": f"{year}{hour:%m%d:%H}00", "T2m": 5.0, "G(h)": light(hour), "Gb(n)": 1.0, "Gd(h)": 2.0}
        )
    document = {"inputs": pvgis_hourly()["inputs"], "outputs": {"months_selected": [], "tmy_hourly": rows}}
    found = {one.layer: one for one in read_point_file(put(tmp_path, document), PVGIS)}
    assert set(found) == {"solar.ghi", "solar.dni", "solar.dhi", "land.temperature"}
    check_light(found["solar.ghi"])
    assert (found["solar.ghi"].typical, found["solar.ghi"].years, found["solar.ghi"].completeness) == (True, {}, 1.0)


def power(standard: str = "UTC", unit: str = "Wh/m^2", factor: float = 1.0) -> dict[str, Any]:
    values = {f"{hour:%Y%m%d%H}": light(hour) * factor for hour in HOURS}
    return {
        "geometry": {"type": "Point", "coordinates": [71.43, 51.13, 347.0]},
        "properties": {"parameter": {"ALLSKY_SFC_SW_DWN": values, "WS50M": dict.fromkeys(values, 6.5)}},
        "header": {"fill_value": -999.0, "time_standard": standard},
        "parameters": {"ALLSKY_SFC_SW_DWN": {"units": unit}, "WS50M": {"units": "m/s"}},
    }


@pytest.mark.parametrize(("unit", "factor"), [("Wh/m^2", 1.0), ("kW-hr/m^2/hour", 1e-3), ("MJ/hr", 0.0036)])
def test_power_json(tmp_path: Path, unit: str, factor: float) -> None:
    found = {one.layer: one for one in read_point_file(put(tmp_path, power(unit=unit, factor=factor)), POWER)}
    check_light(found["solar.ghi"])
    assert found["wind.speed_50m"].months == (6.5,) * 12


def test_missing_hours_are_missing(tmp_path: Path) -> None:
    """A month without its mornings has no mean; a year with too many holes none either; nothing becomes zero."""
    document = power()
    values = document["properties"]["parameter"]["ALLSKY_SFC_SW_DWN"]
    for hour in HOURS:
        if hour.month == 3 and hour.hour == 5:
            values[f"{hour:%Y%m%d%H}"] = -999.0
        if hour.month == 6 and hour.day < 20:
            values[f"{hour:%Y%m%d%H}"] = -999.0
    found = {one.layer: one for one in read_point_file(put(tmp_path, document), POWER)}
    ghi = found["solar.ghi"]
    assert ghi.months[2] is ghi.hours[2][5] is ghi.year is None
    assert ghi.months[5] == pytest.approx(3.6)
    assert ghi.years == {}
    assert ghi.completeness == pytest.approx(1 - (31 + 19 * 24) / 8760)


def test_power_csv(tmp_path: Path) -> None:
    rows = "\n".join(f"{hour.year},{hour.month},{hour.day},{hour.hour},{light(hour)}" for hour in HOURS)
    head = (
        "-BEGIN HEADER-\nNASA/POWER Source Native Resolution Hourly Data \n"
        "Dates (month/day/year): 01/01/2023 through 12/31/2023 in UTC\n"
        "Location: latitude  51.13   longitude 71.43 \nLocation: Latitude  51.13   Longitude 71.43 \n"
        "The value for missing source data that cannot be computed: -999 \nParameter(s): \n"
        "ALLSKY_SFC_SW_DWN     CERES SYN1deg All Sky Surface Shortwave Downward Irradiance (Wh/m^2) \n-END HEADER-\n"
    )
    text = f"{head}YEAR,MO,DY,HR,ALLSKY_SFC_SW_DWN\n{rows}\n"
    (found,) = read_point_file(put(tmp_path, text, "x.csv"), POWER)
    check_light(found)
    with pytest.raises(Refusal) as refusal:
        read_point_file(put(tmp_path, text.replace("in UTC", "in LST"), "x.csv"), POWER)
    assert refusal.value.code == "series-time"


def test_what_is_refused(tmp_path: Path) -> None:
    twice = pvgis_hourly()
    twice["outputs"]["hourly"].append(twice["outputs"]["hourly"][0])
    uneven = power()
    uneven["properties"]["parameter"]["WS50M"].popitem()
    for content, code in [
        (twice, "series-duplicate"),
        (power("LST"), "series-time"),
        (uneven, "series-unreadable"),
        ({"outputs": {}}, "series-unreadable"),
        ("a,b\n1,2\n", "series-unreadable"),
        ("{", "series-unreadable"),
        ("-BEGIN HEADER-\nnothing\n-END HEADER-\n", "series-unreadable"),
        (power(unit="lumen"), "series-unreadable"),
    ]:
        with pytest.raises(Refusal) as refusal:
            read_point_file(put(tmp_path, content), POWER)
        assert refusal.value.code == code
        assert len({refusal.value.text(language) for language in LANGUAGES}) == 3
    with pytest.raises(Refusal):
        read_point_file(tmp_path / "none", POWER)


def test_series_near_a_place(empty: DataFolder) -> None:
    place = place_of(empty, "pvgis")
    place.mkdir(parents=True)
    file = put(place, pvgis_hourly(), "pvgis.json")
    one = FetchedFile(name=file.name, url="u", sha256="0", size=1, retrieved="-", verified="size")
    record = Fetched(publisher="pvgis", source=PVGIS, period="-", files=(one,))
    import msgspec

    write_durably(place / "source.json", msgspec.json.encode(record))
    near = point_series(empty, 71.5, 51.13)
    assert {series.layer for series in near} == {"solar.ghi", "land.temperature", "wind.speed_10m"}
    assert near[0].source.licence == "CC BY 4.0"
    assert point_series(empty, 72.5, 51.13) == []


def test_distance_of_a_degree() -> None:
    assert metres(70, 50, 70, 51) == pytest.approx(111_195, rel=1e-5)
    assert metres(70, 60, 71, 60) == pytest.approx(55_597, rel=1e-3)
