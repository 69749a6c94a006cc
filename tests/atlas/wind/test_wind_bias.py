"""Scaling to a published mean: area means between grids, ratios, refusals."""

import numpy as np
import pytest

from jasyl.atlas import speed_ratio
from jasyl.atlas.grid import ARC_SECONDS, Grid
from jasyl.atlas.wind.bias import regrid
from jasyl.texts import Refusal

COARSE = Grid(60 * ARC_SECONDS, 50 * ARC_SECONDS, 900, 8, 12)


def test_regridding_keeps_the_area_integral():
    """On a target that covers the source, the sum of mean × covered area is that of the source (any grids)."""
    fine = Grid(60 * ARC_SECONDS + 77, 50 * ARC_SECONDS - 33, 130, 45, 70)
    values = np.random.default_rng(1).uniform(3, 9, fine.shape)
    values[5:9, 5:20] = np.nan
    found, share = regrid(values, fine, COARSE)
    area = COARSE.row_areas[:, None] * share
    known = ~np.isnan(values)
    kept = np.nansum(found * area)
    lost = np.where(np.isnan(found), share, 0).max()
    assert lost < 0.01
    expected = (np.where(known, values, 0) * fine.row_areas[:, None]).sum()
    assert kept == pytest.approx(expected, rel=1e-3 if lost else 1e-6)


def test_regridding_equals_exactextract_weights():
    fine = Grid(60 * ARC_SECONDS, 50 * ARC_SECONDS, 300, 24, 36)
    values = np.random.default_rng(2).uniform(3, 9, fine.shape)
    found, share = regrid(values, fine, COARSE)
    areas = np.broadcast_to(fine.row_areas[:, None], fine.shape)
    blocks = (values * areas).reshape(8, 3, 12, 3).sum(axis=(1, 3)) / areas.reshape(8, 3, 12, 3).sum(axis=(1, 3))
    np.testing.assert_allclose(found, blocks, rtol=1e-12)
    np.testing.assert_allclose(share, 1, rtol=1e-12)


def test_ratio_brings_the_mean_to_the_published():
    fine = Grid(60 * ARC_SECONDS, 50 * ARC_SECONDS, 300, 24, 24)  # the west of the window only
    published = np.full(fine.shape, 7.7)
    modelled = np.full(COARSE.shape, 7.0)
    found = speed_ratio(modelled, COARSE, published, fine, height=100, reference="GWA 4.0")
    np.testing.assert_allclose(found.values[:, :8], 1.1)
    assert np.isnan(found.values[:, 8:]).all()
    assert found.said == "GWA 4.0, at 100 m, ratio 1.100 at the median, 1.100 to 1.100 in nine of ten, in 64 cells"
    wild = modelled.copy()
    wild[0, 0] = 0.5
    assert speed_ratio(wild, COARSE, published, fine, height=100, reference="x").values[0, 0] == 3


def test_rasters_that_do_not_meet_or_are_in_another_unit():
    modelled = np.full(COARSE.shape, 7.0)
    away = Grid(0, 0, 900, 4, 4)
    with pytest.raises(Refusal) as caught:
        speed_ratio(modelled, COARSE, np.full(away.shape, 7.0), away, height=100, reference="x")
    assert caught.value.code == "wind-bias-apart"
    with pytest.raises(Refusal) as caught:
        speed_ratio(modelled, COARSE, np.full(COARSE.shape, 7.0 * 3.6), COARSE, height=100, reference="x")
    assert caught.value.code == "wind-bias"
