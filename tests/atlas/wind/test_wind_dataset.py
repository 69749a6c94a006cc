"""The notebook's face: the same call as atlite's, the same numbers, on xarray objects."""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import xarray as xr
from scipy.sparse import random as random_matrix

from jasyl import atlas
from jasyl.atlas.weather import NetCDFSource
from jasyl.texts import Refusal

NAME = "Vestas_V112_3MW"


def theirs(cutout: Any, **arguments: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return cutout.wind(turbine=NAME, **arguments)


@pytest.fixture(scope="module")
def dataset(atlite_cutout: Any) -> xr.Dataset:
    return atlite_cutout.data


def close(ours: xr.DataArray, other: xr.DataArray) -> None:
    assert ours.dims == other.dims
    assert ours.attrs["units"] == other.attrs["units"]
    np.testing.assert_allclose(ours.values, other.values, rtol=5e-6, atol=1e-6)
    for name in other.dims:
        np.testing.assert_array_equal(ours[name].values, other[name].values)


@pytest.mark.parametrize("aggregate_time", ["mean", "sum", None])
def test_cells(dataset: xr.Dataset, atlite_cutout: Any, aggregate_time: Any):
    close(
        atlas.wind_power(dataset, NAME, aggregate_time=aggregate_time),
        theirs(atlite_cutout, aggregate_time=aggregate_time),
    )


def test_a_cutout_and_a_store_are_taken_as_they_are(dataset: xr.Dataset, atlite_cutout: Any, cutout_file: Path):
    known = atlas.wind_power(dataset, NAME, aggregate_time="mean")
    close(atlas.wind_power(atlite_cutout, NAME, aggregate_time="mean"), known)
    stored = atlas.wind_power(NetCDFSource(cutout_file), NAME, aggregate_time="mean")
    close(stored.sortby("y"), known.sortby("y"))


@pytest.mark.parametrize("per_unit", [False, True])
def test_matrix_shapes_and_layout(dataset: xr.Dataset, atlite_cutout: Any, per_unit: bool):
    cells = dataset.sizes["y"] * dataset.sizes["x"]
    matrix = random_matrix(5, cells, density=0.3, random_state=1, format="csr")
    shapes = [shapely.box(60.3, 44.2, 62.1, 45.9), shapely.Point(62.5, 45.5).buffer(1.1)]
    layout = xr.DataArray(
        np.arange(cells, dtype=float).reshape(dataset.sizes["y"], -1), {"y": dataset["y"], "x": dataset["x"]}
    )
    for given in ({"matrix": matrix}, {"layout": layout}, {"matrix": matrix, "layout": layout}):
        arguments = {**given, "per_unit": per_unit, "aggregate_time": None}
        other = theirs(atlite_cutout, **arguments)
        ours = atlas.wind_power(dataset, NAME, **arguments)
        np.testing.assert_allclose(ours.transpose(*other.dims).values, other.values, rtol=5e-6)
    import geopandas

    frame = geopandas.GeoSeries(shapes, crs=4326, index=["box", "round"])
    other = theirs(atlite_cutout, shapes=frame, per_unit=per_unit, aggregate_time="mean")
    ours = atlas.wind_power(dataset, NAME, shapes=frame, per_unit=per_unit, aggregate_time="mean")
    np.testing.assert_allclose(ours.values, other.values, rtol=5e-6)
    assert list(ours[ours.dims[0]].values) == ["box", "round"]
    summed = atlas.wind_power(dataset, NAME, shapes=shapes, aggregate_time="sum")
    assert summed.sizes == {"dim_0": 2}


def test_smooth_power_law_and_own_mapping(dataset: xr.Dataset, atlite_cutout: Any):
    close(
        atlas.wind_power(dataset, NAME, smooth={"sigma": 1.5}, aggregate_time="mean"),
        theirs(atlite_cutout, smooth={"sigma": 1.5}, aggregate_time="mean"),
    )
    close(
        atlas.wind_power(dataset, NAME, interpolation_method="power", aggregate_time="mean"),
        theirs(atlite_cutout, interpolation_method="power", aggregate_time="mean"),
    )
    mapping = {"V": [0, 3, 12, 25, 25], "POW": [0, 0, 2, 2, 0], "P": 2, "hub_height": 90}
    found = atlas.wind_power(dataset, mapping, aggregate_time="mean")
    again = atlas.wind_power(dataset, {**mapping, "POW": [0, 0, 2e6, 2e6, 0], "P": 2e6}, aggregate_time="mean")
    np.testing.assert_allclose(found.values, again.values, rtol=1e-6)


def test_turbine_objects_files_and_labelled_matrices(dataset: xr.Dataset, tmp_path: Path):
    type_ = atlas.turbine(NAME)
    named = atlas.wind_power(dataset, NAME, aggregate_time="mean")
    assert (atlas.wind_power(dataset, type_, aggregate_time="mean") == named).all()
    path = tmp_path / "own.json"
    own = {"wind_speed": type_.curve.speeds, "power": type_.curve.powers, "power_unit": "W", "hub_height": 80}
    path.write_text(json.dumps(own))
    assert (atlas.wind_power(dataset, path, aggregate_time="mean") == named).all()
    cells = dataset.sizes["y"] * dataset.sizes["x"]
    matrix = xr.DataArray(np.ones((2, cells)), {"bus": ["a", "b"]}, ("bus", "spatial"))
    assert list(atlas.wind_power(dataset, NAME, matrix=matrix)["bus"].values) == ["a", "b"]
    plain = dataset[["wnd100m", "roughness"]].load()
    np.testing.assert_allclose(atlas.wind_power(plain, NAME, aggregate_time="mean"), named, rtol=1e-12)


def test_arguments_that_contradict(dataset: xr.Dataset):
    cells = dataset.sizes["y"] * dataset.sizes["x"]
    for arguments in (
        {"per_unit": True},
        {"matrix": np.ones((1, cells)), "shapes": [shapely.box(60, 44, 61, 45)]},
        {"matrix": np.ones((1, 3))},
    ):
        with pytest.raises(Refusal):
            atlas.wind_power(dataset, NAME, **arguments)
    with pytest.raises(Refusal, match="hub_height"):
        atlas.wind_power(dataset, {"V": [0, 1], "POW": [0, 1], "P": 1})
    with pytest.raises(Refusal):
        atlas.wind_power(dataset[["temperature"]], NAME)
