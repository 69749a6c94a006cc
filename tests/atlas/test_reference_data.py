"""Comparison with real data of Kazakhstan that are not part of the repository."""

import csv
import difflib
import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import rasterio

from jasyl.atlas import KAZAKHSTAN, coverage, load, statistics
from jasyl.atlas.layer import NODATA
from jasyl.storage import DataFolder


def test_clear_sky_bounds_the_measured_climate(atlas: DataFolder, shared_data: Path):
    """WorldClim 2.0 (kJ/m² per day, mean of the year, 10 arc-minutes) stays below the clear sky in every cell.

    Without exception; 969 of 24192 cells have no clear-sky value (the Caspian Sea, mountains above 4500 m). Its median
    share is 0.78: what clouds leave over Kazakhstan. Nearest to the bound, 0.98, is the Aral Sea, for which the
    turbidity climatology has hazy air; lowest, 0.55, are the highest ridges of the Tien Shan.
    """
    with rasterio.open(shared_data / "kz_worldclim20_srad_annual_10min.tif") as dataset:
        assert tuple(dataset.bounds) == pytest.approx((46, 40, 88, 56))
        all_sky = dataset.read(1, masked=True) / 3600
    raster = load(atlas, "solar.ghi_clear")
    fine = np.where(raster.values[0] == NODATA, np.nan, raster.values[0] * float(raster.layer.scale))
    clear = fine.reshape(96, 2, 252, 2).mean(axis=(1, 3))
    share = all_sky.filled(np.nan) / clear
    share = share[~np.isnan(share)]
    assert share.size == 23223
    assert share.max() < 1
    assert 0.7 < np.median(share) < 0.85
    assert share.min() > 0.5


def test_the_twenty_regions(atlas: DataFolder, shared_data: Path):
    """Their areas add up to the country as the boundary set gives it, 2,728,308 km² (equal-area projection)."""
    regions = json.loads((shared_data / "kz_adm1_2024.geojson").read_text(encoding="utf-8"))["features"]
    shapes = [region["geometry"] for region in regions]
    assert sum(part.area for part in coverage(KAZAKHSTAN, shapes)) / 1e6 == pytest.approx(2_728_308, rel=1e-4)
    found = statistics(atlas, "solar.ghi_clear", shapes)
    assert len(found) == 20
    # Only the shores of the Caspian and three cells of high mountains have no value.
    assert sorted(row.share for row in found)[3:] == pytest.approx([1] * 17, abs=1e-3)
    assert min(row.share for row in found) > 0.95
    named = {region["properties"]["ADM1_EN"]: row.mean for region, row in zip(regions, found, strict=True)}
    assert max(named.values()) < 6.5
    north = min(named, key=named.__getitem__)
    assert "North" in north


def test_each_district_of_the_statistics_has_the_code_of_its_namesake(shared_data: Path):
    """Codes were found by name: within its region no other district is named more like it, and none has two."""
    known: dict[str, dict[str, str]] = {}
    for feature in json.loads((shared_data / "kz_adm2_2024.geojson").read_text(encoding="utf-8"))["features"]:
        about = feature["properties"]
        region = f"KZ-{about['ADM1_PCODE'][2:]}"
        city = "city" if about["KATO"][2] == "1" else "district"
        known.setdefault(region, {})[about["KATO"]] = f"{about['ADM2_EN']} {city}"
    written = (files("jasyl.atlas") / "data" / "agriculture.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(written.splitlines()) if row["level"] == "district"]
    named = {(row["place"], row["region"], row["name"]) for row in rows}
    assert len(named) == len({place for place, _, _ in named}) == 54
    for place, region, name in named:
        assert place[:2] == region[3:]
        asked = name.partition(" (")[0].replace(" area", "")
        asked = asked if asked.endswith((" city", " district")) else f"{asked} district"
        likeness = {code: difflib.SequenceMatcher(None, asked, other).ratio() for code, other in known[region].items()}
        assert max(likeness, key=likeness.__getitem__) == place, (name, known[region].get(place))
        assert likeness[place] > 0.7, name
