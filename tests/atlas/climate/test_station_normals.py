"""Station normals: what the table says, at its points, with its confidence."""

from decimal import Decimal

import pytest

from jasyl.atlas import build_station_normals, load_sites
from jasyl.atlas.climate.normals import normals
from jasyl.storage import DataFolder


def test_temperature_and_precipitation(empty: DataFolder):
    temperature, precipitation = build_station_normals(empty)
    warm, wet = load_sites(empty, temperature.id), load_sites(empty, precipitation.id)
    assert (len(warm.values), len(wet.values)) == (38, 31)
    astana = next(value for value in warm.values if value.name == "Astana")
    assert astana.id == "wmo-35188"
    assert astana.value == Decimal("4.2") or Decimal(3) < (astana.value or 0) < Decimal(5)
    assert astana.parts["month_01_mean_Cel"] < -10 < 15 < astana.parts["month_07_mean_Cel"]
    assert astana.place == "KZ-71"
    assert astana.source
    months = [f"month_{number:02}_mm" for number in range(1, 13)]
    for value in wet.values:
        if set(months) <= set(value.parts) and value.value is not None:
            total = sum(value.parts[month] for month in months)
            assert abs(total - value.value) <= max(Decimal(6), value.value / 25), value.name


def test_low_confidence_is_marked(empty: DataFolder):
    low = {row.station for row in normals() if row.variable == "precipitation" and row.confidence == "low"}
    wet = load_sites(empty, build_station_normals(empty)[1].id)
    assert low
    assert {value.name for value in wet.values if not value.confirmed} == low
    assert wet.total()[1] == len(low)


def test_what_stands_is_left_and_damage_is_mended(empty: DataFolder):
    first = build_station_normals(empty)
    files = {file: file.stat().st_mtime_ns for file in empty.atlas.glob("climate.*")}
    assert build_station_normals(empty) == first
    assert {file: file.stat().st_mtime_ns for file in empty.atlas.glob("climate.*")} == files
    assert first[0].file is not None
    (empty.atlas / first[0].file).write_bytes(b"{}")
    assert build_station_normals(empty) == first
    assert len(load_sites(empty, first[0].id).values) == 38


def test_every_row_is_a_point_in_the_country():
    for row in normals():
        assert 46 <= row.longitude <= 88
        assert 40 <= row.latitude <= 56
        assert row.source
        assert 0 <= row.month <= 12
    assert len({row.station for row in normals()}) == 49


@pytest.mark.parametrize("variable", ["derived_hdd18", "ghi_sum", "climate_zone_label"])
def test_nothing_derived_or_regional_is_carried(variable: str):
    assert not [row for row in normals() if row.variable == variable]
