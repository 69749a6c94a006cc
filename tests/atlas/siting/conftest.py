import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from shapely.geometry import mapping

from jasyl.atlas.siting.rules import parse_rules


@pytest.fixture
def write_features(tmp_path: Path):
    """Write shapes as GeoJSON into the folder of the rules and give the file's name."""

    def write(name, *shapes):
        features = [
            {"type": "Feature", "properties": {"kind": n}, "geometry": mapping(s)} for n, s in enumerate(shapes)
        ]
        (tmp_path / name).write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return name

    return write


@pytest.fixture
def write_raster(tmp_path: Path):
    """Write values on a longitude-latitude grid as GeoTIFF and give the file's name."""

    def write(name, values, west, north, step, crs="EPSG:4326", **more):
        values = np.atleast_3d(values.T).T
        profile = {"driver": "GTiff", "dtype": values.dtype, "count": len(values), "crs": crs} | more
        move = rasterio.Affine(step, 0, west, 0, -step, north)
        shape = {"height": values.shape[1], "width": values.shape[2]}
        with rasterio.open(tmp_path / name, "w", transform=move, **shape, **profile) as out:
            out.write(values)
        return name

    return write


@pytest.fixture
def rules_of():
    """Rules from keywords, as their JSON would say them."""

    def make(*rules, criteria=(), resolution=30, regions=("KZ-71",), **more):
        document = {"title": "t", "resolution": resolution, "regions": regions, "rules": rules, "criteria": criteria}
        return parse_rules(json.dumps(document | more).encode())

    return make
