"""The wind layers of a data folder: from a store, and those that need none."""

import numpy as np
import pytest

from jasyl.atlas import (
    Asked,
    Losses,
    Source,
    build_masts,
    build_wind,
    capacity_layer,
    catalogue,
    load,
    load_climate,
    load_sites,
    read_record,
    speed_ratio,
    turbine,
    turbine_yield,
    wind_climate,
)
from jasyl.atlas.layer_notes import layer_note
from jasyl.atlas.period import days
from jasyl.atlas.weather.memory import MemorySource
from jasyl.storage import DataFolder
from jasyl.texts import LANGUAGES, Refusal

MADE_UP = (Source(name="made-up weather", version="1", licence="CC0", reference="tests"),)


def test_layers_of_a_store(empty: DataFolder, seasons: MemorySource):
    asked = Asked(turbine("E-126/4200"), 135, Losses(wake=0.1))
    assert load_climate(empty) is None
    speed, power, factor = build_wind(empty, seasons, asked, sources=MADE_UP)
    assert [layer.id for layer in (speed, power, factor)] == [
        "wind.speed_modelled", "wind.power_density_modelled", "wind.capacity_factor",
    ]  # fmt: skip
    climate = wind_climate(seasons)
    values = load(empty, speed.id).values
    np.testing.assert_allclose(values[0] / 100, climate.mean_speed(), atol=0.0051)
    for month in range(12):
        np.testing.assert_allclose(values[1 + month] / 100, climate.mean_speed(month=month), atol=0.0051)
    expected = turbine_yield(climate, asked.turbine.curve, 135, losses=asked.losses, density=climate.air_density())
    np.testing.assert_allclose(load(empty, factor.id).values[0] / 10_000, expected, atol=6e-5)
    assert factor.inputs["weather"] == seasons.digest
    whole = days(seasons.start, seasons.start + seasons.steps * seasons.step)
    assert {one.period for one in (speed, power, factor)} == {whole}
    assert any("E-126/4200" in note and "135 m" in note for note in factor.notes)
    assert any("0.100" in note for note in factor.notes)
    kept = load_climate(empty)
    assert kept is not None
    np.testing.assert_array_equal(capacity_layer(kept, asked), capacity_layer(climate, asked))
    assert kept.grid == seasons.grid
    assert {layer.id for layer in catalogue(empty) if layer.state == "built"} >= {speed.id, power.id, factor.id}


def test_ten_days_are_no_year(empty: DataFolder, source: MemorySource):
    with pytest.raises(Refusal) as refused:
        build_wind(empty, source, Asked(turbine("V90/3000")), sources=MADE_UP)
    assert (refused.value.code, refused.value.arguments["received"]) == ("weather-months", "1")
    assert not list(empty.atlas.glob("wind.*"))


def test_the_same_weather_gives_the_same_hashes_and_older_files_go(empty: DataFolder, seasons: MemorySource):
    asked = Asked(turbine("Vestas_V112_3MW"))
    first = build_wind(empty, seasons, asked, sources=MADE_UP, threads=1)
    again = build_wind(empty, seasons, asked, sources=MADE_UP, threads=2)
    assert [layer.array for layer in first] == [layer.array for layer in again]
    other = build_wind(empty, seasons, Asked(turbine("V90/3000")), sources=MADE_UP)
    assert other[2].array != again[2].array
    assert len(list(empty.atlas.glob("wind.capacity_factor.*.tif"))) == 1
    assert len(list(empty.atlas.glob("wind.climate.*.npz"))) == 1


def test_scaled_to_a_published_mean(empty: DataFolder, seasons: MemorySource):
    modelled = wind_climate(seasons).mean_speed()
    ratio = speed_ratio(modelled, seasons.grid, modelled * 1.2, seasons.grid, height=100, reference="GWA test")
    speed, power, factor = build_wind(empty, seasons, Asked(turbine("Vestas_V112_3MW")), sources=MADE_UP, bias=ratio)
    np.testing.assert_allclose(load(empty, speed.id).values[0] / 100, modelled * 1.2, atol=0.0051)
    assert all(any("GWA test" in note for note in layer.notes) for layer in (speed, power, factor))
    assert all("ratio" not in layer_note(note, "ru") and "hub" not in layer_note(note, "kk") for note in factor.notes)


def test_masts_are_points_and_not_confirmed(empty: DataFolder):
    layer = build_masts(empty)
    assert layer.shape == "sites"
    found = load_sites(empty, "wind.masts")
    assert len(found.values) == 11
    masts = [value for value in found.values if "month" not in "".join(value.parts)]
    assert len(masts) == 10
    assert not any(value.confirmed for value in masts)
    assert all(value.kind == "published" and value.source for value in found.values)
    gate = next(value for value in found.values if "Djungar" in value.name)
    assert str(gate.value) == "9.7"
    assert gate.precision == "approximate"
    korday = next(value for value in found.values if value.name == "Korday pass")
    assert korday.confirmed
    assert str(korday.value) == "5.9"
    assert build_masts(empty) == layer == read_record(empty, "wind.masts")


@pytest.mark.parametrize("language", LANGUAGES)
def test_layers_speak(empty: DataFolder, language):
    for layer in catalogue(empty):
        if layer.family in {"wind", "climate"}:
            assert layer.title(language)
            assert layer.about(language)
            assert layer.load(language)
