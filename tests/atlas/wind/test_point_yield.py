"""The wind at one place: series, months, hours, years, direction and density."""

import numpy as np
import pytest

from jasyl.atlas import point_wind, turbine
from jasyl.atlas.grid import Grid
from jasyl.atlas.weather.memory import MemorySource
from jasyl.atlas.wind.capacity import capacity_factors
from jasyl.texts import Refusal

CURVE = turbine("Vestas_V112_3MW").curve
HOUR = 3_600_000_000


@pytest.mark.parametrize("law", ["logarithmic", "power"])
def test_the_point_agrees_with_the_map(source: MemorySource, law):
    found = point_wind(source, 62.0, 45.5, 80, law=law)
    row, column = source.grid.cell(62.0, 45.5)  # type: ignore[misc]
    expected = capacity_factors(source, CURVE, 80, law=law).mean[row, column]
    assert found.output(CURVE).mean() == pytest.approx(expected, rel=1e-6)
    hourly = capacity_factors(source, CURVE, 80, law=law, by="month-hour")
    profile = found.profile(found.output(CURVE))
    label = int(hourly.labels[5])
    assert profile[label // 24 % 12, label % 24] == pytest.approx(hourly.values[5, row, column], rel=1e-5)
    monthly = found.monthly(found.output(CURVE))
    assert np.isfinite(monthly).sum() in {1, 2}


def test_direction_density_and_fit(source: MemorySource):
    found = point_wind(source, 62.0, 45.5)
    assert found.direction is not None
    assert found.density is not None
    assert ((found.density > 0.9) & (found.density < 1.6)).all()
    rose = found.rose(16)
    assert rose.frequency.sum() + rose.calm == pytest.approx(1)
    assert found.weibull().mean == pytest.approx(found.speed.mean(), rel=0.05)
    corrected, plain = found.output(CURVE, density_correction=True), found.output(CURVE)
    heavier = found.density > 1.225
    assert (corrected[heavier] >= plain[heavier] - 1e-9).all()
    assert (corrected != plain).any()


def test_years_and_what_they_exceed():
    rng = np.random.default_rng(4)
    hours = 24 * (365 * 6 + 1)
    start = int(np.datetime64("2015-12-31T19:00", "us").astype(np.int64))
    speeds = (rng.weibull(2, (hours, 1, 1)) * 8).astype(np.float32)
    speeds[-3000:] = np.nan
    one = MemorySource(Grid(60 * 3600, 50 * 3600, 900, 1, 1), start, HOUR, {"wnd100m": speeds})
    found = point_wind(one, 60.1, 49.9)
    output = found.output(CURVE)
    years, means = found.yearly(output)
    assert years.tolist() == [2016, 2017, 2018, 2019, 2020]
    assert means[0] == pytest.approx(output[: 366 * 24].mean())
    assert found.exceeded(output, 0.9).values < found.exceeded(output, 0.5).values
    later = point_wind(one, 60.1, 49.9, start=start + 24 * HOUR)
    assert len(later.speed) == hours - 24
    assert later.moments[0] - found.moments[0] == np.timedelta64(24, "h")
    for refused in (
        found.rose,
        lambda: found.output(CURVE, density_correction=True),
        lambda: point_wind(one, 70, 49.9),
        lambda: point_wind(one, 60.1, 49.9, 80),
    ):
        with pytest.raises(Refusal):
            refused()
