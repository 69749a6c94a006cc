"""What a notebook gives in other units, or not as a dataset, is refused by name before anything is worked out of it."""

from typing import Any

import pytest
import xarray as xr
from tests.atlas.solar.made_up_cutout import dataset, fields

from jasyl import atlas
from jasyl.texts import LANGUAGES, Refusal


@pytest.fixture(scope="module")
def weather() -> xr.Dataset:
    made = dataset(fields(steps=72))
    return made.assign(wnd100m=made["temperature"] * 0 + 8, roughness=made["temperature"] * 0 + 0.03)


def pv(given: Any) -> Any:
    return atlas.pv(given, "CSi", {"slope": 35.0, "azimuth": 180.0})


def wind(given: Any) -> Any:
    return atlas.wind_power(given, "V126/3450", aggregate_time="mean")


def refused(work: Any, given: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        work(given)
    return refusal.value


@pytest.mark.parametrize(
    ("work", "field", "changed", "suspect"),
    [
        (pv, "temperature", lambda kelvin: kelvin - 273.15, "degC"),
        (pv, "influx_direct", lambda flux: flux * 3600, "J m-2"),
        (pv, "influx_toa", lambda flux: flux * 3600, "J m-2"),
    ],
)
def test_another_unit_is_named(weather: xr.Dataset, work: Any, field: str, changed: Any, suspect: str):
    refusal = refused(work, weather.assign({field: changed(weather[field])}))
    assert refusal.code == "dataset-unit"
    assert all(suspect in refusal.text(language) and field in refusal.text(language) for language in LANGUAGES)


@pytest.mark.parametrize(("value", "code"), [(-9999.0, "weather-fill"), (400.0, "weather-range")])
def test_speeds_that_cannot_be(weather: xr.Dataset, value: float, code: str):
    assert refused(wind, weather.assign(wnd100m=weather["wnd100m"] * 0 + value)).code == code


@pytest.mark.parametrize("work", [pv, wind])
def test_one_variable_or_one_moment_is_no_dataset(weather: xr.Dataset, work: Any):
    assert refused(work, weather["temperature"]).code == "dataset-kind"
    assert refused(work, weather.isel(time=0)).code == "dataset-no-time"


def test_weather_as_it_should_be_is_taken(weather: xr.Dataset):
    assert 0 < float(pv(weather).mean()) < 0.5
    assert 0 < float(wind(weather).mean()) < 1
