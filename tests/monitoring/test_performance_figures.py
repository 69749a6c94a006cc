"""Performance against the atlas for the same hours: closed forms over a plant whose weather is known exactly."""

from decimal import Decimal

import numpy as np
import pytest
import sqlalchemy as sa
from tests.monitoring.quality.plant import BEGIN, DAY, HOUR, NOW, PLACE, a_facility, a_meter, deliver
from tests.monitoring.world import a_database, at

from jasyl.atlas.grid import Grid
from jasyl.atlas.report import weather
from jasyl.atlas.weather import MemorySource
from jasyl.figures import get
from jasyl.ledger import create_keys
from jasyl.monitoring import bring_up_to_date, facility_indicators, make_figure
from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.expected_output import clear_sky_bound, expected_output
from jasyl.monitoring.performance_figures import Compared, daily_index
from jasyl.monitoring.performance_year import performance_year
from jasyl.monitoring.quality.observation import sun_over
from jasyl.monitoring.sealed_hours import hourly_amounts
from jasyl.quantities import period
from jasyl.registry import facility_by_key, series_of
from jasyl.storage import create_folder
from jasyl.texts import Refusal

DAYS = 30
END = at("2025-06-30 19:00")


def a_sky(days=DAYS, start=BEGIN):
    """Weather of one cell around the place: a clear sky by Haurwitz, 20 °C, a steady wind of 8 m/s."""
    begins = start + HOUR * np.arange(days * 24)
    clear = sun_over(begins, HOUR, *PLACE).clear.astype(np.float32)[:, None, None]
    flat = np.ones_like(clear)
    grid = Grid(round((PLACE[0] - 0.5) * 3600), round((PLACE[1] + 0.5) * 3600), 3600, 1, 1)  # arc seconds
    fields = {
        "influx_direct": clear * np.float32(0.85), "influx_diffuse": clear * np.float32(0.15),
        "influx_toa": clear * np.float32(1.3), "albedo": flat * np.float32(0.2),
        "temperature": flat * np.float32(293.15), "wnd100m": flat * np.float32(8), "roughness": flat * np.float32(0.03),
    }  # fmt: skip
    return MemorySource(grid, start, HOUR, fields)


@pytest.fixture
def sky(monkeypatch):
    """The weather store of the folder, played from memory."""
    source = a_sky()
    monkeypatch.setattr(weather, "store_at", lambda *_: (source, None))
    return source


class Plant:
    def __init__(self, path, technology="RP.PV", *, metered=True):
        self.folder = create_folder(path, "real")
        create_keys(self.folder)
        self.database = a_database(self.folder)
        self.facility_id = a_facility(self.database, technology=technology)
        self.meter = a_meter(self.database, self.facility_id) if metered else None

    def row(self, connection):
        return facility_by_key(connection, "sunny")

    def bring(self, start, value, meter=None):
        deliver(self.database, self.folder, meter or self.meter, start, value)
        bring_up_to_date(self.database, self.folder, NOW, author="test")

    def figure(self, indicator, name="2025-06"):
        with self.database.writing() as connection:
            return make_figure(connection, self.row(connection), indicator, name, "observed", NOW, folder=self.folder)


@pytest.fixture
def plant(tmp_path):
    made = Plant(tmp_path / "data")
    yield made
    made.database.close()


def expectation(plant):
    with plant.database.reading() as connection:
        return expected_output(connection, plant.folder, plant.row(connection), BEGIN, END)


def test_a_plant_that_gives_nine_tenths_has_an_index_of_nine_tenths(plant, sky):
    expected = expectation(plant)
    plant.bring(expected.start, np.rint(expected.energy * 0.9).astype(np.int64))
    index, whole = plant.figure("performance_index").figure, plant.figure("electricity.expected").figure
    assert float(index.value) == pytest.approx(0.9, abs=1e-5)
    assert (index.kind, index.completeness) == ("modelled", Decimal("1.000000"))
    assert float(whole.value) == pytest.approx(expected.energy.sum(), abs=1)
    assert float(plant.figure("availability").figure.value) == 1
    ratio = float(plant.figure("performance_ratio").figure.value)
    assert ratio == pytest.approx(0.9 * expected.energy.sum() / 1e6 / (expected.irradiation.sum() / 1000), rel=1e-5)
    assert {one.kind for one in index.inputs} == {"sealed_day", "weather_store"}
    assert index.parameters["panel"] == "CSi"


def test_hours_without_a_reading_are_on_neither_side(plant, sky):
    expected = expectation(plant)
    kept = np.arange(len(expected.start)) >= 10 * 24
    plant.bring(expected.start[kept], np.rint(expected.energy[kept]).astype(np.int64))
    index = plant.figure("performance_index").figure
    assert float(index.value) == pytest.approx(1, abs=1e-5)
    assert 0.6 < float(index.completeness) < 0.7


def test_a_plant_that_stood_still_for_a_third_was_available_for_the_rest(plant, sky):
    expected = expectation(plant)
    stood = np.arange(len(expected.start)) < 10 * 24
    plant.bring(expected.start, np.where(stood, 0, np.rint(expected.energy)).astype(np.int64))
    ran = 1 - expected.energy[stood].sum() / expected.energy.sum()
    assert float(plant.figure("availability").figure.value) == pytest.approx(ran, abs=1e-5)


def test_a_correction_changes_the_index(plant, sky):
    expected = expectation(plant)
    plant.bring(expected.start, np.rint(expected.energy).astype(np.int64))
    before = plant.figure("performance_index")
    plant.bring(expected.start, np.rint(expected.energy * 0.5).astype(np.int64))
    with plant.database.reading() as connection:
        assert get(connection, before.id)
    assert float(plant.figure("performance_index").figure.value) == pytest.approx(0.5, abs=1e-4)


def test_without_weather_there_is_a_bound_and_no_expectation(plant, monkeypatch):
    monkeypatch.setattr(weather, "store_at", lambda *_: None)
    start = BEGIN + HOUR * np.arange(DAYS * 24)
    value = np.rint(sun_over(start, HOUR, *PLACE).clear * 850).astype(np.int64)
    plant.bring(start, value)
    with plant.database.reading() as connection:
        row = plant.row(connection)
        found = performance_year(connection, plant.folder, row, series_of(connection, row["id"]), 2025)
        assert "performance_index" not in facility_indicators(connection, row, plant.folder, period("2025-06"))
        bound = clear_sky_bound(row, BEGIN, END)
    assert found.basis == "clear_sky"
    assert (found.whole.expected, found.whole.index) == (None, None)
    assert found.whole.bound > float(found.whole.energy)
    assert (value <= bound.energy + 1).all()
    with pytest.raises(Refusal) as refusal:
        plant.figure("performance_index")
    assert refusal.value.code == "no-weather"


def test_the_sky_of_a_wind_farm_bounds_nothing(tmp_path, sky):
    farm = Plant(tmp_path / "wind", "RP.WON")
    expected = expectation(farm)
    assert expected.settings["turbine"] == "E-126/4200"
    assert np.allclose(expected.energy, expected.energy[0])  # a steady wind
    assert 0.2e6 < expected.energy[0] < 0.8e6
    with farm.database.reading() as connection:
        assert clear_sky_bound(farm.row(connection), BEGIN, END) is None
    farm.database.close()


def test_a_meter_of_irradiance_gives_an_observed_performance_ratio(plant):
    light = a_meter(
        plant.database, plant.facility_id, "light", quantity="irradiance", unit="W/m2", kind="mean"
    )  # fmt: skip
    start = BEGIN + HOUR * np.arange(DAYS * 24)
    clear = np.rint(sun_over(start, HOUR, *PLACE).clear).astype(np.int64)
    plant.bring(start, clear, light)
    plant.bring(start, clear * 800)  # 1 MW that gives 0.8 W for each W/m² and kW
    found = plant.figure("performance_ratio.metered").figure
    assert (found.indicator, found.kind) == ("performance_ratio", "observed")
    assert float(found.value) == pytest.approx(0.8, abs=1e-6)


def test_a_day_counts_in_the_index_when_half_of_it_was_metered():
    expected = np.tile(np.r_[np.zeros(12), np.ones(12)], 3)
    metered = expected * 0.5
    metered[24:44] = np.nan  # eight of twelve bright hours are missing on the second day
    found = daily_index(Compared(metered, expected))
    assert found[0] == 0.5
    assert np.isnan(found[1])


def test_hours_count_only_when_every_meter_has_them(plant):
    second = a_meter(plant.database, plant.facility_id, "second", interval_seconds=900)
    start = BEGIN + HOUR * np.arange(48)
    plant.bring(start, np.full(48, 10))
    quarters = BEGIN + HOUR // 4 * np.arange(48 * 4)
    plant.bring(quarters[quarters != BEGIN + HOUR // 4], np.full(48 * 4 - 1, 5), second)
    with plant.database.reading() as connection:
        defined = list(definitions(connection, series_of(connection, plant.facility_id)).values())
        found = hourly_amounts(connection, plant.folder, defined, start, HOUR)
    assert np.isnan(found.value[0])
    assert (found.value[1:] == 30).all()
    assert len(found.inputs) == 4


def test_degradation_needs_two_years(plant, sky):
    expected = expectation(plant)
    plant.bring(expected.start, np.rint(expected.energy).astype(np.int64))
    with pytest.raises(Refusal) as refusal:
        plant.figure("degradation")
    assert refusal.value.code == "degradation-too-short"


ELECTRIC, USED, HEAT = ("electricity_generated", "W.h"), ("electricity_consumed", "W.h"), ("heat_supplied", "W.h")
WASTE, SORTED = ("waste_received", "kg"), ("waste_recycled", "kg")
GAS, WATER = ("gas_produced", "m3"), ("water_supplied", "m3")


@pytest.mark.parametrize(
    ("technology", "upper", "lower", "amounts", "indicator", "value"),
    [
        ("RP.BAT", ELECTRIC, USED, (850, 1000), "round_trip_efficiency", 0.85),
        ("HT.HPA", HEAT, USED, (3200, 1000), "seasonal_performance_factor", 3.2),
        ("WS.SOR", SORTED, WASTE, (300, 1200), "recovery_rate", 0.25),
        ("WA.DES", USED, WATER, (3500, 1), "specific_energy", 3.5),
        ("RP.BGS", GAS, WASTE, (90, 1000), "biogas_yield", 90),
    ],
)
def test_what_a_technology_is_judged_by_is_a_ratio_of_its_meters(
    tmp_path, technology, upper, lower, amounts, indicator, value
):
    made = Plant(tmp_path / "data", technology, metered=False)
    start = BEGIN + HOUR * np.arange(DAYS * 24)
    for number, ((quantity, unit), amount) in enumerate(zip((upper, lower), amounts, strict=True)):
        meter = a_meter(made.database, made.facility_id, f"m{number}", quantity=quantity, unit=unit)
        kept = start >= BEGIN + number * DAY  # the second meter began a day later: that day counts on neither side
        made.bring(start[kept], np.full(int(kept.sum()), amount), meter)
    found = made.figure(f"performance.{indicator}").figure
    assert float(found.value) == pytest.approx(value, abs=1e-6)
    assert found.completeness == Decimal("0.966667")
    with made.database.reading() as connection:
        row = made.row(connection)
        assert f"performance.{indicator}" in facility_indicators(connection, row)
        year = performance_year(connection, made.folder, row, series_of(connection, row["id"]), 2025)
        assert float(year.whole.ratios[f"performance.{indicator}"]) == pytest.approx(value, abs=1e-6)
    made.database.close()


def test_avoided_emissions_rest_on_the_energy(plant):
    start = BEGIN + HOUR * np.arange(DAYS * 24)
    plant.bring(start, np.full(len(start), 1_000_000))
    found = plant.figure("emissions.avoided.cm_variable").figure
    assert found.value == Decimal(DAYS * 24) * 698  # 1 MWh an hour, 698 kg/MWh
    assert found.kind == "modelled"
    assert found.parameters["low"] == "532"
    assert {one.kind for one in found.inputs} == {"figure", "emission_factor"}
    with plant.database.writing() as connection:
        plain = sa.text("update facility set technology = 'RP.WTE'")
        connection.execute(plain)
    with pytest.raises(Refusal) as refusal:
        plant.figure("emissions.avoided.cm_variable")
    assert refusal.value.code == "avoided-no-baseline"


def test_specific_yield_is_hours_of_nominal_power(plant):
    start = BEGIN + HOUR * np.arange(DAYS * 24)
    plant.bring(start, np.full(len(start), 250_000))
    assert plant.figure("yield.specific").figure.value == Decimal("180.000")
    assert plant.figure("capacity_factor").figure.value == Decimal("0.250000")


def test_a_figure_made_again_rests_on_what_it_said_of_the_plant(plant, sky, monkeypatch):
    """Defaults of panel and losses change with versions of the program; a published number must not move with them."""
    expected = expectation(plant)
    plant.bring(expected.start[:24], np.rint(expected.energy[:24]).astype(np.int64))
    before = plant.figure("electricity.expected")
    assert before.figure.parameters["losses"] == "0.0350"
    # Half the capacity, and half of what the first losses left.
    with plant.database.reading() as connection:
        whole = expected_output(connection, plant.folder, plant.row(connection), BEGIN, END)
        quarter = expected_output(connection, plant.folder, plant.row(connection), BEGIN, END, {
            **before.figure.parameters, "capacity": "500000", "losses": "0.5175",
        })  # fmt: skip
    assert quarter.energy.sum() == pytest.approx(whole.energy.sum() / 4, rel=1e-6)
    monkeypatch.setattr("jasyl.monitoring.expected_output.PANEL", "CdTe")
    plant.bring(expected.start[24:48], np.rint(expected.energy[24:48]).astype(np.int64))
    with plant.database.reading() as connection:
        after = get(connection, before.id)
    assert (after.figure.value, after.figure.parameters) == (before.figure.value, before.figure.parameters)
    with plant.database.reading() as connection:
        odd = {**before.figure.parameters, "mounting": "tracking"}
        with pytest.raises(Refusal) as caught:
            expected_output(connection, plant.folder, plant.row(connection), BEGIN, END, odd)
    assert caught.value.code == "plant-mounting"


def test_a_farm_made_again_keeps_its_turbine_and_height(tmp_path, sky):
    farm = Plant(tmp_path / "farm", "RP.WON")
    with farm.database.reading() as connection:
        row = farm.row(connection)
        today = expected_output(connection, farm.folder, row, BEGIN, END)
        same = expected_output(connection, farm.folder, row, BEGIN, END, dict(today.settings))
        higher = expected_output(connection, farm.folder, row, BEGIN, END, {**today.settings, "hub_height": "60"})
        lossy = expected_output(connection, farm.folder, row, BEGIN, END, {**today.settings, "losses": "0.25"})
    farm.database.close()
    assert np.array_equal(same.energy, today.energy)
    assert higher.energy.sum() < today.energy.sum() and higher.settings["hub_height"] == "60"
    assert lossy.energy.sum() == pytest.approx(0.75 * today.energy.sum(), rel=1e-12)
