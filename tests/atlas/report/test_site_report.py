"""Site reports: what they say is what layers, features, weather and register say; bad places are refused."""

import datetime as dt
import json
import math
import shutil
from decimal import Decimal

import msgspec
import numpy as np
import pytest
import sqlalchemy as sa
from pyproj import Geod
from shapely.geometry import LineString, box, mapping

from jasyl.atlas import Source, build_station_normals, coverage, load, statistics, value_at
from jasyl.atlas.areas import AreaValue, write_areas
from jasyl.atlas.grid import Grid
from jasyl.atlas.layer_catalogue import definition
from jasyl.atlas.loading import load_features
from jasyl.atlas.report import SiteReport, Spread, words
from jasyl.atlas.report.charts import hour_table, locator, month_bars
from jasyl.atlas.report.estimates import layer_estimates, spreads
from jasyl.atlas.report.gather import ADOPTED, site_report
from jasyl.atlas.report.paper import site_paper
from jasyl.atlas.report.place import point_place, polygon_place, read_polygon
from jasyl.atlas.report.ranks import distribution, thinned
from jasyl.atlas.report.rows import KEYS, site_rows
from jasyl.atlas.report.weather import weather_entries
from jasyl.atlas.sites import SiteValue, write_sites
from jasyl.atlas.siting import example_rules
from jasyl.atlas.siting.rules import parse_rules
from jasyl.atlas.sources import Fetched, FetchedFile, place_of, publisher
from jasyl.figures import Figure, Subject
from jasyl.figures.figure import insert
from jasyl.papers.pdf import page_pictures, write_pdf
from jasyl.places.boundaries import current
from jasyl.quantities import period
from jasyl.storage import DataFolder, create_folder
from jasyl.texts import LANGUAGES, Refusal, say

LON, LAT = 71.43, 51.13
SQUARE = {"type": "Polygon", "coordinates": [[[70, 50], [70.6, 50], [70.6, 50.4], [70, 50.4], [70, 50]]]}
DAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, atlas):
    """A copy of the built atlas to which tests add layers, features and rules."""
    made = create_folder(tmp_path_factory.mktemp("report") / "data", "real")
    for file in atlas.atlas.iterdir():
        shutil.copy(file, made.atlas / file.name)
    return made


@pytest.fixture
def place(folder):
    return point_place(LON, LAT, current(folder))


def _code(work):
    with pytest.raises(Refusal) as refusal:
        work()
    for language in LANGUAGES:
        assert refusal.value.text(language)
    return refusal.value.code


# The place


@pytest.mark.parametrize(
    ("longitude", "latitude", "code"),
    [
        (LAT, LON, "site-swapped"),
        (10, 50, "site-outside"),
        (math.nan, 50, "site-outside"),
        (math.inf, 1, "site-outside"),
        (71, 91, "site-outside"),
        (-71, 51, "site-outside"),
    ],
)
def test_a_point_outside_is_refused(longitude, latitude, code):
    assert _code(lambda: point_place(longitude, latitude, current(None))) == code


BOW = {"type": "Polygon", "coordinates": [[[70, 50], [71, 51], [71, 50], [70, 51], [70, 50]]]}
OVER = {"type": "Polygon", "coordinates": [[[170, 50], [190, 50], [190, 51], [170, 51], [170, 50]]]}
ACROSS = {"type": "Polygon", "coordinates": [[[179, 50], [-179, 50], [-179, 51], [179, 51], [179, 50]]]}
SWAPPED = {"type": "Polygon", "coordinates": [[[50, 70], [50.4, 70], [50.4, 70.6], [50, 70.6], [50, 70]]]}


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (BOW, "site-crosses-itself"), (OVER, "site-antimeridian"), (ACROSS, "site-antimeridian"),
        (SWAPPED, "site-swapped"), (mapping(box(50, 41, 80, 55)), "site-too-large"), ({"type": "Point"}, "site-shape"),
        ({}, "site-shape"), ([], "site-shape"), ({"type": "FeatureCollection", "features": []}, "site-shape"),
        ({"type": "Polygon", "coordinates": []}, "site-shape"), ({"type": "Polygon"}, "site-shape"),
        ({"type": "Polygon", "coordinates": [[[70, 50], [71]]]}, "site-shape"),
        ({"type": "Feature", "geometry": None}, "site-shape"),
        (mapping(box(87.5, 50, 88.5, 50.3)), "site-outside"),
    ],
)  # fmt: skip
def test_a_polygon_that_makes_no_sense_is_refused(shape, code):
    assert _code(lambda: polygon_place(shape, current(None))) == code


def test_a_polygon_file(tmp_path):
    file = tmp_path / "site.geojson"
    feature = {"type": "Feature", "properties": {}, "geometry": SQUARE}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8-sig")
    found = read_polygon(file, current(None))
    true = abs(Geod(ellps="WGS84").geometry_area_perimeter(found.polygon)[0])
    assert found.area == pytest.approx(true, rel=1e-3)
    file.write_text("{")
    assert _code(lambda: read_polygon(file, current(None))) == "shapes-unreadable"
    assert _code(lambda: read_polygon(tmp_path / "none", current(None))) == "shapes-unreadable"


# The layers


def test_values_are_those_of_the_layers(folder, place):
    found = site_report(folder, place)
    assert [entry.id for entry in found.layers] == ["solar.ghi_clear", "solar.dni_clear"]
    for entry in found.layers:
        value = value_at(folder, entry.id, LON, LAT)
        assert (entry.value, entry.months) == (value.year, value.months)
        assert entry.kind == "modelled-upper-bound"
    assert found.entry("solar.ghi_clear") is found.layers[0]
    assert found.entry("wind.speed_100m") is None
    assert "wind.speed_100m" in found.waiting
    assert found.region == "KZ-71"
    assert {source.licence for source in found.licences} >= {"BSD-3-Clause"}


@pytest.mark.parametrize("code", ["KZ-11", "KZ"])
def test_a_rank_is_the_share_of_area_with_less(folder, code):
    borders = current(folder)
    raster = load(folder, "solar.ghi_clear")
    (where,) = coverage(raster.grid, [borders.unit(code).shape])
    values, areas = raster.band(0).ravel()[where.cells], where.areas
    known = values != raster.layer.nodata
    middle = int(np.median(values[known]))
    less, equal = areas[known & (values < middle)].sum(), areas[known & (values == middle)].sum()
    found = distribution(raster, 0, borders, code)
    assert found.share(middle) == pytest.approx((less + equal / 2) / areas[known].sum(), rel=1e-9)
    assert found.share(-1) == 0
    assert found.share(30_000) == 1


def test_a_large_raster_is_sampled(folder, monkeypatch):
    from jasyl.atlas.report import ranks

    grid = Grid(0, 3600, 60, 50, 31)
    assert thinned(grid, 4).shape == (13, 8)
    borders, raster = current(folder), load(folder, "solar.ghi_clear")
    exact = distribution(raster, 0, borders, "KZ")
    monkeypatch.setattr(ranks, "SAMPLE", 6000)
    rough = distribution.__wrapped__(raster, 0, borders, "KZ")
    assert len(rough.values) < len(exact.values) / 10
    for value in (4000, 4500, 5000):
        assert rough.share(value) == pytest.approx(exact.share(value), abs=0.02)


def test_where_nothing_is_known_there_is_no_rank(folder):
    empty = type(distribution(load(folder, "solar.ghi_clear"), 0, current(folder), "KZ"))(np.empty(0), np.empty(0))
    assert empty.share(1) is None
    # The middle of the Caspian Sea: cells without altitude.
    sea = site_report(folder, point_place(50.5, 42.5, current(folder)))
    assert sea.region is None
    assert sea.layers[0].value is None
    assert sea.layers[0].months == sea.layers[0].ranks == ()


def test_a_polygon_has_statistics_of_its_area(folder):
    found = site_report(folder, polygon_place(SQUARE, current(folder)))
    assert found.shape == "polygon"
    for entry in found.layers:
        (true,) = statistics(folder, entry.id, [SQUARE])
        assert entry.statistics == true
        assert float(entry.value) == pytest.approx(true.mean, abs=1e-6)
        for number, month in enumerate(entry.months, start=1):
            (row,) = statistics(folder, entry.id, [SQUARE], number)
            assert float(month) == pytest.approx(row.mean, abs=2e-6)


def test_the_spread_between_sources_leaves_bounds_out(folder, place):
    from msgspec.structs import replace

    (entry, other) = site_report(folder, place).layers
    one = replace(entry, id="a", kind="published", value=Decimal(4))
    two = replace(entry, id="b", kind="modelled", value=Decimal(6))
    known = {key: replace(definition("solar.ghi"), id=key, quantity="ghi") for key in ("a", "b", other.id)}
    said = layer_estimates([one, two, other], known)
    assert [estimate.layer for estimate in said] == ["a", "b"]
    assert spreads(said) == [Spread("ghi", entry.unit, tuple(said), Decimal(4), Decimal(6), 0.2)]
    assert spreads(layer_estimates([one, other], known)) == []


# Weather


class Weather:
    """Ten years and a bit of hours whose means are known."""

    grid = Grid(70 * 3600, 52 * 3600, 900, 8, 8)
    start = round(dt.datetime(2009, 12, 31, 19, tzinfo=dt.UTC).timestamp() * 1e6)  # midnight of UTC+5
    step = 3_600_000_000
    steps = 24 * (365 * 8 + 366 * 2 + 40)
    fields = ("wnd100m", "temperature", "influx_direct", "influx_diffuse")
    digest = "d" * 64

    def series(self, field, row, column, start=None, end=None):
        assert (row, column) == self.grid.cell(LON, LAT)
        hours = np.arange(self.steps)
        if field == "temperature":
            return np.full(self.steps, 283.15, dtype=np.float32)
        if field == "influx_direct":
            return np.where((hours % 24 >= 6) & (hours % 24 < 18), 400, 0).astype(np.float32)
        if field == "influx_diffuse":
            return np.full(self.steps, 50, dtype=np.float32)
        year = (np.datetime64("2010-01-01") + hours.astype("timedelta64[h]")).astype("datetime64[Y]").astype(int) - 40
        values = (5 + year).astype(np.float32)
        values[24 * 3640 :] = np.nan
        return values


def test_profiles_and_years_of_the_weather(folder, place):
    found = {entry.quantity: entry for entry in site_report(folder, place, weather=Weather()).weather}
    light, wind, warmth = found["irradiation"], found["wind-speed-100m"], found["temperature"]
    assert float(light.mean) == pytest.approx((400 * 12 + 50 * 24) / 1000, abs=1e-3)
    assert [float(value) for value in light.hours[5]] == [1.2] * 6 + [10.8] * 12 + [1.2] * 6
    assert all(float(month) == float(light.mean) for month in light.months)
    assert float(warmth.mean) == 10.0
    assert wind.years == 9  # the tenth lacks its last days, the eleventh all but its first
    nine = np.arange(5.0, 14)
    assert float(wind.p50) == pytest.approx(nine.mean())
    assert float(wind.p90) == pytest.approx(nine.mean() - 1.2816 * nine.std(ddof=1), abs=0.01)
    few = Weather()
    few.steps = 24 * 365 * 4 + 24
    assert [(entry.years, entry.p50, entry.p90) for entry in weather_entries(few, LON, LAT)] == [(4, None, None)] * 3
    assert wind.first == "2010-01-01"
    whole = Weather()
    whole.steps = 24 * (365 * 8 + 366 * 2)
    whole.series = lambda *asked: np.where(np.isnan(Weather.series(whole, *asked)), 14, Weather.series(whole, *asked))
    (wind,) = [entry for entry in weather_entries(whole, LON, LAT) if entry.quantity == "wind-speed-100m"]
    assert wind.years == 10
    assert float(wind.p50) == pytest.approx(9.5)
    assert float(wind.p90) == pytest.approx(9.5 - 1.2816 * np.arange(10).std(ddof=1), abs=0.01)
    assert weather_entries(Weather(), 50, 50) == []


# Features and rules


def test_distances_to_loaded_features(folder, place, tmp_path):
    before = {entry.to: entry.metres for entry in site_report(folder, place).distances}
    assert before == {"grid": None, "road": None, "protected": None}
    line = LineString([(LON + 0.1, LAT - 1), (LON + 0.1, LAT + 1)])
    file = tmp_path / "lines.geojson"
    feature = {"type": "Feature", "properties": {}, "geometry": mapping(line)}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    source = Source(name="OpenStreetMap", version="1", licence="ODbL 1.0", reference="-")
    record = load_features(folder, "grid", file, source, untagged=True)
    assert record.features == 1
    found = site_report(folder, place)
    metres = {entry.to: entry.metres for entry in found.distances}
    true = min(Geod(ellps="WGS84").inv(LON, LAT, LON + 0.1, LAT + step)[2] for step in np.linspace(-0.01, 0.01, 2001))
    assert metres["grid"] == pytest.approx(true, abs=1)
    assert metres["road"] is None
    assert "ODbL 1.0" in {source.licence for source in found.licences}
    assert found.inputs["features-grid"] == record.sha256
    assert _code(lambda: load_features(folder, "moon", file, source)) == "features-subject"
    (folder.atlas / "features-grid.json").write_text("{")
    assert _code(lambda: site_report(folder, place)) == "layer-damaged"
    for left in folder.atlas.glob("features-grid*"):
        left.unlink()


def test_adopted_rules_are_looked_at(folder, place):
    (folder.atlas / ADOPTED).write_bytes(example_rules())
    found = site_report(folder, place)
    assert [(hit.id, hit.state) for hit in found.rules] == [("weak-sun", "excluded"), ("dark-winter", "excluded")]
    assert "rules" in found.inputs
    (folder.atlas / ADOPTED).unlink()


def _box(*edges):
    return mapping(box(*edges))


def test_an_area_is_told_what_rules_leave_and_how_far_its_edge_is(folder, tmp_path):
    """Half of the area lies in a reserve, which the road beyond its edge passes; the cells of a small one are small."""
    copy = DataFolder(shutil.copytree(folder.path, tmp_path / "copy"))
    reserve, road = tmp_path / "reserve.geojson", tmp_path / "road.geojson"
    reserve.write_text(json.dumps(_box(70.3, 49, 72, 52)))
    road.write_text(json.dumps(mapping(LineString([(70.7, 49), (70.7, 52)]))))
    source = Source(name="drawn", version="1", licence="CC0-1.0", reference="-")
    load_features(copy, "protected", reserve, source, untagged=True)
    load_features(copy, "road", road, source, untagged=True)
    near = {"kind": "distance", "id": "reserve", "source": {"file": "reserve.geojson"}, "closer_than": 0}
    dark = {"kind": "value", "id": "dark", "source": {"layer": "solar.ghi_clear"}, "below": 0.5}
    rules = parse_rules(json.dumps({"title": "Test", "density": 10, "rules": [near, dark]}).encode())
    place = polygon_place(SQUARE, current(copy))
    found = site_report(copy, place, rules=(rules, tmp_path))
    room = found.room
    assert found.rules == ()
    assert room.area == pytest.approx(found.area, rel=1e-3)
    assert {rule.id: room.share(rule.hit) for rule in room.rules} == pytest.approx(
        {"reserve": 0.5, "dark": 0}, abs=2e-3
    )
    assert room.capacity == 10 * room.remaining
    assert room.excluded + room.remaining == room.area
    metres = {entry.to: entry.metres for entry in found.distances}
    across = min(Geod(ellps="WGS84").inv(70.6, y, 70.7, y + step)[2] for y in (50, 50.4) for step in (0, 0.0005))
    assert metres == {"grid": None, "protected": 0, "road": pytest.approx(across, rel=1e-3)}
    data = json.loads(json.dumps(found.as_data()))
    assert data["room"]["rules"][0]["hit"] == room.rules[0].hit
    for language in LANGUAGES:
        paper = repr(site_paper(found, current(copy), language, day=DAY))
        for key in ("site-room", "site-crossed", "site-room-capacity", "site-distances-area", "site-plants-area"):
            assert say(language, key) in paper
        kept = [
            row["value"] for row in site_rows(found, language) if row["item"] == say(language, "site-room-remaining")
        ]
        assert kept == [room.remaining]
    moved = site_report(copy, place, rules=(msgspec.structs.replace(rules, density=20), tmp_path))
    assert moved.digest != found.digest
    assert site_report(copy, place).room is None


# Series and stations beside the layers


def test_published_series_and_stations_widen_the_spread(folder, tmp_path):
    """PVGIS and POWER near the place, the station of Astana: each a source of its own, in every form of the report."""
    folder = DataFolder(shutil.copytree(folder.path, tmp_path / "copy"))
    place = point_place(LON, LAT, current(folder))
    base = {"url": "u", "size": 1, "retrieved": "-", "verified": "size"}
    hours = [dt.datetime(2023, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=hour) for hour in range(8760)]
    rows = [{"time": hour.strftime("%Y%m%d:%H10"), "G(i)": 160.0, "T2m": 5.0, "WS10m": 4.0} for hour in hours]
    pvgis = {
        "inputs": {"location": {"latitude": LAT, "longitude": LON, "elevation": 350.0}},
        "outputs": {"hourly": rows},
    }
    stamps = {hour.strftime("%Y%m%d%H"): 180.0 for hour in hours}
    power = {
        "header": {"time_standard": "UTC", "fill_value": -999.0},
        "geometry": {"coordinates": [LON, LAT, 350.0]},
        "properties": {"parameter": {"ALLSKY_SFC_SW_DWN": stamps}},
        "parameters": {"ALLSKY_SFC_SW_DWN": {"units": "W/m^2"}},
    }
    before = site_report(folder, place)
    for publisher_id, document in (("pvgis", pvgis), ("power", power)):
        where = place_of(folder, publisher_id)
        where.mkdir(parents=True)
        (where / "x.json").write_text(json.dumps(document))
        held = FetchedFile(name="x.json", sha256=publisher_id, **base)
        record = Fetched(publisher=publisher_id, source=publisher(publisher_id).source, period="-", files=(held,))
        (where / "source.json").write_bytes(msgspec.json.encode(record))
    build_station_normals(folder)
    found = site_report(folder, place)
    spread = {one.estimates[0].layer: one for one in found.spreads}
    assert set(spread) == {"solar.ghi", "land.temperature"}
    ghi, warmth = spread["solar.ghi"], spread["land.temperature"]
    assert [float(one.value) for one in ghi.estimates] == pytest.approx([3.84, 4.32])
    assert [one.kind for one in ghi.estimates] == ["modelled", "modelled"]
    assert ghi.relative == pytest.approx(0.24 / 4.08, abs=1e-4)
    station = warmth.estimates[1]
    assert (station.layer, station.kind, warmth.relative) == ("climate.temperature", "published", None)
    assert 0 < station.metres <= 30_000
    assert found.digest != before.digest
    assert "series" in found.inputs
    assert {"CC BY 4.0"} <= {source.licence for source in found.licences if "solar.ghi" in source.layers}
    said = found.as_data()["spreads"][0]["estimates"]
    assert [one["value"] for one in said] == pytest.approx([3.84, 4.32])
    borders = current(folder)
    for language in LANGUAGES:
        values = [row for row in site_rows(found, language) if row["value"] in {Decimal("3.84"), Decimal("4.32")}]
        assert len(values) == 2
        assert all(row["detail"] and row["kind"] for row in values)
        paper = site_paper(found, borders, language, day=DAY)
        tables = [block for block in paper.blocks if type(block).__name__ == "Table"]
        written = [cell for block in tables for row in block.rows for cell in row]
        assert any("PVGIS" in cell for cell in written)
        assert any("NASA" in cell for cell in written)
        assert write_pdf(paper)
    far = site_report(folder, point_place(75.0, 48.0, borders))
    assert not [one for one in far.spreads if one.estimates[0].layer == "solar.ghi"]


# Areas, sites and plants


def test_values_of_the_region_and_of_sites_nearby(folder, place):
    about = {"kind": "published", "source": "s", "confidence": "high"}
    values = [
        AreaValue(place="KZ-71", level="region", value=Decimal("12.5"), year=2023, **about),
        AreaValue(place="KZ-11", level="region", value=Decimal(3), **about),
    ]
    write_areas(folder, definition("biomass.energy"), values)
    sites = [
        SiteValue(
            id="near", name="Жақын", longitude=Decimal("71.5"), latitude=Decimal("51.2"), value=Decimal(2), **about
        ),
        SiteValue(id="far", name="Far", longitude=Decimal(55), latitude=Decimal(51), value=Decimal(2), **about),
        SiteValue(id="lost", name="Lost", value=None, **about),
    ]
    write_sites(folder, definition("geothermal.heat"), sites)
    found = site_report(folder, place)
    assert [(entry.layer, entry.place, entry.value) for entry in found.areas] == [
        ("biomass.energy", "KZ-71", Decimal("12.5"))
    ]
    (site,) = found.sites
    assert site.id == "near"
    assert site.metres == pytest.approx(Geod(ellps="WGS84").inv(LON, LAT, 71.5, 51.2)[2], rel=5e-3, abs=60)


@pytest.fixture
def plants(database):
    """Three plants: one near with metered and published years, one far, one unseen."""
    from jasyl.registry.tables import METADATA, facility

    now = 1_700_000_000_000_000
    common = {
        "technology": "RP1.1", "status": "operating", "place_precision": "site", "confidence": "high",
        "confirmed": True, "level": "public", "region": "KZ-71", "status_certain": True, "reference": False,
    }  # fmt: skip
    rows = [
        {"id": "1" * 26, "key": "near", "name_en": "Near", "family": "solar", "lon": 71.5, "lat": 51.2,
         "capacity_w": 10_000_000},
        {"id": "2" * 26, "key": "closed", "family": "solar", "lon": 71.5, "lat": 51.2, "level": "closed"},
        {"id": "3" * 26, "key": "far", "name_en": "Far", "family": "wind", "lon": 50.0, "lat": 51.2},
        {"id": "4" * 26, "key": "shop", "name_en": "Shop", "family": "waste", "lon": 71.5, "lat": 51.2},
    ]  # fmt: skip
    entity = METADATA.tables["entity"]
    with database.writing() as connection:
        for row in rows:
            connection.execute(sa.insert(entity).values(id=row["id"], kind="facility", key=row["key"], created_at=now))
            connection.execute(sa.insert(facility).values(**(common | row)))
        for kind, value, year in (("observed", "17520000000", "2023"), ("published", "8760000000", "2023")):
            span = period(year)
            bounds = (round(span.start.timestamp() * 1e6), round(span.end.timestamp() * 1e6))
            insert(
                connection,
                Figure(
                    "electricity.generated", Subject("facility", "1" * 26), year, *bounds, "W.h", Decimal(value),
                    None, None, kind, "m", "1.0.0", {}, (),
                ),
                now,
            )  # fmt: skip
    return database


def test_plants_nearby_with_their_capacity_factors(folder, place, plants):
    with plants.reading() as connection:
        found = site_report(folder, place, connection=connection)
    (plant,) = found.plants
    assert plant.key == "near"
    factors = {one.kind: (one.year, one.value) for one in plant.factors}
    assert factors == {"observed": ("2023", Decimal("0.2000")), "published": ("2023", Decimal("0.1000"))}
    assert (plant.modelled, plant.modelled_by) == (None, None)


def test_an_area_has_its_plants_and_those_about_it(folder, plants):
    with plants.reading() as connection:
        around = site_report(
            folder, polygon_place(_box(71.45, 51.1, 71.6, 51.3), current(folder)), connection=connection
        )
        beside = site_report(
            folder, polygon_place(_box(71.6, 51.1, 71.7, 51.3), current(folder)), connection=connection
        )
    assert [(plant.key, plant.inside, plant.metres) for plant in around.plants] == [("near", True, 0)]
    roughly = msgspec.structs.replace(around.plants[0], precision="settlement")
    for language in LANGUAGES:
        assert words.plant_distance(around.plants[0], language) == say(language, "site-inside")
        assert words.plant_distance(roughly, language) == say(language, "site-inside-roughly")
    (plant,) = beside.plants
    assert not plant.inside
    assert plant.metres == pytest.approx(Geod(ellps="WGS84").inv(71.5, 51.2, 71.6, 51.2)[2], abs=60)


# The whole


def _full(folder, place):
    return site_report(folder, place, weather=Weather())


def test_the_digest_names_place_and_inputs(folder, place):
    one = site_report(folder, place)
    assert site_report(folder, place) == one
    moved = site_report(folder, point_place(LON + 0.001, LAT, current(folder)))
    assert moved.digest != one.digest
    assert site_report(folder, place, weather=Weather()).digest != one.digest
    assert isinstance(one, SiteReport)
    data = json.loads(json.dumps(one.as_data()))
    assert data["layers"][0]["value"] == float(one.layers[0].value)
    assert data["region"] == "KZ-71"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_a_paper_and_a_table_in_every_language(folder, language, plants):
    borders = current(folder)
    rules = folder.atlas / ADOPTED
    rules.write_bytes(example_rules())
    with plants.reading() as connection:
        full = site_report(folder, point_place(LON, LAT, borders), connection=connection, weather=Weather())
    rules.unlink()
    for found in (full, site_report(folder, polygon_place(SQUARE, borders))):
        rows = site_rows(found, language)
        assert {tuple(row) for row in rows} == {KEYS}
        assert rows[-1]["value"] == found.digest
        assert say(language, "site-schematic") in {row["detail"] for row in rows}
        paper = site_paper(found, borders, language, day=DAY)
        assert write_pdf(paper) == write_pdf(paper)
        assert len(page_pictures(paper, ppi=20)) >= 2
        assert "refusal-" not in repr(paper)


def test_pictures_leave_gaps_where_nothing_is_known():
    months = [Decimal(number) if number % 2 else None for number in range(12)]
    drawn = month_bars(months, "ru")
    assert drawn.count("<rect") == 6
    assert drawn.count("—") == 6
    assert month_bars([Decimal(-5)] * 12, "kk").count("<rect") == 12
    table = hour_table([[None] * 24] * 11 + [[Decimal(hour) for hour in range(24)]], "en")
    assert table.count("<rect") == 24 + 64
    assert "<svg" in hour_table([[None] * 24] * 12, "en")
    assert locator(current(None), LON, LAT).count("<circle") == 2


def test_the_store_of_the_folder_that_holds_the_place_is_used(folder, tmp_path):
    import xarray as xr

    from jasyl.atlas.report.weather import store_at
    from jasyl.atlas.weather.conversion import convert

    hours = np.arange("2020-01-01T00", "2020-01-11T00", dtype="datetime64[h]").astype("datetime64[ns]")
    longitudes, latitudes = np.arange(70, 73.1, 0.25), np.arange(50, 52.1, 0.25)
    shape = (len(hours), len(latitudes), len(longitudes))
    wind = np.broadcast_to(latitudes[None, :, None] - 45, shape).astype(np.float32)
    cutout = xr.Dataset(
        {"wnd100m": (("time", "y", "x"), wind, {"units": "m s**-1"}),
         "temperature": (("time", "y", "x"), np.full(shape, 270, dtype=np.float32), {"units": "K"})},
        coords={"time": hours, "y": latitudes, "x": longitudes, "lon": ("x", longitudes), "lat": ("y", latitudes)},
        attrs={"module": "era5"},
    )  # fmt: skip
    cutout.to_netcdf(tmp_path / "cutout.nc", engine="h5netcdf")
    convert(folder, str(tmp_path / "cutout.nc"), "ten-days")
    found = site_report(folder, point_place(71.3, 51.1, current(folder)))
    values = {entry.quantity: float(entry.mean) for entry in found.weather}
    assert values == pytest.approx({"wind-speed-100m": 6.0, "temperature": -3.1}, abs=0.06)
    assert found.inputs["weather"]
    assert any("weather" in source.layers for source in found.licences)
    assert store_at(folder, 60, 45) is None
    shutil.rmtree(folder.atlas / "weather", ignore_errors=True)


def test_a_layer_of_codes_and_two_sources_of_one_quantity(folder):
    from msgspec.structs import replace

    from jasyl.atlas.grid import KAZAKHSTAN
    from jasyl.atlas.layer_catalogue import write_record
    from jasyl.atlas.raster import array_hash, write_cog

    def build(layer_id, value, **more):
        values = np.full((1, *KAZAKHSTAN.shape), value, dtype=np.int16)
        digest = array_hash(values)
        about = {"state": "built", "grid": KAZAKHSTAN, "bands": ("mean",), "array": digest, "file": f"{layer_id}.t.tif"}
        layer = replace(definition(layer_id), **(about | more))
        write_cog(folder.atlas / layer.file, values, layer)
        write_record(folder, layer)

    build("land.cover", 40)
    build("solar.ghi", 40, scale="0.1")
    build("solar.dni", 50, scale="0.1", quantity=definition("solar.ghi").quantity)
    borders = current(folder)
    for place in (point_place(LON, LAT, borders), polygon_place(SQUARE, borders)):
        found = site_report(folder, place)
        assert found.entry("land.cover").code == 40
        assert found.entry("land.cover").ranks == ()
        (spread,) = found.spreads
        assert (float(spread.low), float(spread.high), spread.relative) == (4, 5, 0.1111)
        for language in LANGUAGES:
            paper = site_paper(found, borders, language, day=DAY)
            assert write_pdf(paper)
            named = [row["value"] for row in site_rows(found, language) if isinstance(row["value"], str)]
            assert "40" not in named
    for layer in ("land.cover", "solar.ghi", "solar.dni"):
        for file in folder.atlas.glob(f"{layer}.*"):
            file.unlink()
