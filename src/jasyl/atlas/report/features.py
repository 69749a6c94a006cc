"""Features that distances are measured to: grid, roads, protected areas, as somebody loaded them."""

import shutil
from pathlib import Path
from typing import Literal, get_args

import msgspec

from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Refusal

from ..siting.rules import VectorSource
from ..siting.sources import Features, features, file_digest

Subject = Literal["grid", "road", "protected"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)


class FeatureRecord(msgspec.Struct, frozen=True):
    """Where loaded features come from."""

    subject: Subject
    file: str
    sha256: str
    features: int
    source: str
    licence: str


def load_features(
    folder: DataFolder, subject: str, file: Path, *, source: str, licence: str, layer: str | None = None
) -> FeatureRecord:
    """Keep the features of ``file`` (any format of GDAL, any coordinate system it names) as those of ``subject``.

    They are written as a GeoPackage on WGS 84, geometry only. Raises Refusal ``features-subject`` and what
    ``siting.sources.features`` raises.
    """
    import pyogrio.raw  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    if subject not in SUBJECTS:
        raise Refusal("features-subject", received=subject[:40], expected=", ".join(SUBJECTS))
    found = features(VectorSource(file=file.name, layer=layer), file.parent)
    target = _file(folder, subject)
    made = target.with_name(f".{target.name}.new.gpkg")
    made.unlink(missing_ok=True)
    pyogrio.raw.write(
        made, shapely.to_wkb(found.shapes), [], [], crs="EPSG:4326", geometry_type="Unknown", layer=subject,
        driver="GPKG",
    )  # fmt: skip
    record = FeatureRecord(subject, target.name, file_digest(made), len(found.shapes), source, licence)
    shutil.move(made, target)
    write_durably(target.with_suffix(".json"), msgspec.json.encode(record))
    return record


def loaded(folder: DataFolder, subject: str) -> tuple[Features, FeatureRecord] | None:
    """The features of a subject with their record; None while none are loaded."""
    target = _file(folder, subject)
    try:
        record = msgspec.json.decode(target.with_suffix(".json").read_bytes(), type=FeatureRecord)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise Refusal("layer-damaged", received=target.name, reason=str(error)[:200]) from error
    return features(VectorSource(file=target.name), target.parent), record


def _file(folder: DataFolder, subject: str) -> Path:
    return folder.atlas / f"features-{subject}.gpkg"
