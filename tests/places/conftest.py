"""Official files for comparison, and small boundary files made on the spot."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from jasyl.places.boundaries import schematic
from jasyl.storage import DataFolder, create_folder


def _shared() -> Path | None:
    named = os.environ.get("JASYL_SHARED_DATA")
    places = [Path(named)] if named else [parent.parent / "shared" / "data" for parent in Path(__file__).parents]
    return next((place / "kz" for place in places if (place / "kz" / "kz_adm1_2024.geojson").is_file()), None)


@pytest.fixture(scope="session")
def official() -> Path:
    """The folder with the official files of 2024 (geokz, CC BY 4.0)."""
    found = _shared()
    if found is None:
        pytest.skip("the official boundary files are not here (set JASYL_SHARED_DATA)")
    return found


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return create_folder(tmp_path / "data", "real")


Features = list[dict[str, Any]]


@pytest.fixture
def region_features() -> Features:
    """The schematic regions dressed as a publisher's file."""
    return [
        {
            "type": "Feature",
            "properties": {"ADM1_PCODE": unit.code.replace("-", ""), "ISO_3166_2": "KZ-ALM"},
            "geometry": json.loads(shapely.to_geojson(unit.shape)),
        }
        for unit in schematic().of("region")
    ]


@pytest.fixture
def district_features() -> Features:
    """Two districts in each region: its western and its eastern half."""
    features: Features = []
    for unit in schematic().of("region"):
        west, south, east, north = unit.shape.bounds
        middle = (west + east) / 2
        for number, box in enumerate(((west, south, middle, north), (middle, south, east, north)), start=1):
            parts = shapely.get_parts(unit.shape.intersection(shapely.box(*box)))
            half = shapely.union_all(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
            code = f"{unit.code[3:]}{number}000000"
            names = {"ADM2_KK": f"{number}-аудан", "ADM2_RU": f"Район {number}", "ADM2_EN": f"District {number}"}
            features.append(
                {
                    "type": "Feature",
                    "properties": {"KATO": code, "ADM1_PCODE": unit.code.replace("-", ""), **names},
                    "geometry": json.loads(shapely.to_geojson(half)),
                }
            )
    return features


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes features as a GeoJSON file."""

    def write(features: Features, name: str = "regions.geojson", **more: Any) -> Path:
        file = tmp_path / name
        file.write_text(json.dumps({"type": "FeatureCollection", **more, "features": features}), encoding="utf-8")
        return file

    return write
