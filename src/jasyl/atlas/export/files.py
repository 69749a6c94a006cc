"""Which layer can be had in which form, and writing it."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jasyl.storage import DataFolder
from jasyl.texts import Refusal, Where

from ..layer import Layer, Shape
from ..layer_catalogue import definition, read_record


@dataclass(frozen=True)
class Format:
    """A form of file: how its name ends, its media type, its usual name, for which shapes of layers it is made."""

    suffix: str
    media_type: str
    name: str
    shapes: tuple[Shape, ...]


# fmt: off
FORMATS = (
    Format(".tif", "image/tiff; application=geotiff; profile=cloud-optimized", "GeoTIFF (COG)", ("raster",)),
    Format(".zarr.zip", "application/zip", "Zarr (ZIP)", ("raster",)),
    Format(".pmtiles", "application/vnd.pmtiles", "PMTiles", ("raster",)),
    Format(".parquet", "application/vnd.apache.parquet", "GeoParquet", ("areas", "sites", "lines")),
    Format(".gpkg", "application/geopackage+sqlite3", "GeoPackage", ("areas", "sites", "lines")),
    Format(".csv", "text/csv", "CSV", ("raster", "areas", "sites", "lines")),
    Format(".json", "application/json", "JSON", ("areas", "sites")),
)
# fmt: on
_Writer = Callable[[DataFolder, Layer, Path], None]


def formats_of(layer: Layer) -> list[Format]:
    """The forms in which a layer can be had."""
    return [form for form in FORMATS if layer.shape in form.shapes]


def format_of(name: str, layer: Layer) -> Format:
    """The form that a file's name asks for. Raises Refusal ``export-format`` with those there are."""
    for form in formats_of(layer):
        if name.endswith(form.suffix):
            return form
    expected = ", ".join(form.suffix for form in formats_of(layer))
    raise Refusal("export-format", received=Path(name).name[-40:], expected=expected)


def write_layer(folder: DataFolder, layer_id: str, target: Path, *, form: str | None = None) -> int:
    """Write a built layer to ``target`` in the ``form`` (an ending, ``pmtiles``) or that its name ends in; gives the
    number of bytes.

    Raises Refusal ``layer-unknown``, ``layer-waiting``, ``export-format``, ``export-too-large``,
    ``export-unwritable`` and ``layer-damaged``.
    """
    layer = _built(folder, layer_id)
    chosen = format_of(target.name if form is None else f".{form.removeprefix('.')}", layer)
    try:
        with tempfile.TemporaryDirectory(prefix=".jasyl-", dir=target.parent) as place:
            made = Path(place) / f"layer{chosen.suffix}"
            _writer(chosen, layer.shape)(folder, layer, made)
            shutil.move(made, target)
            return target.stat().st_size
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refusal("export-unwritable", where=Where(file=str(target)), reason=reason) from error


def layer_file(folder: DataFolder, layer_id: str, suffix: str) -> tuple[bytes, Format]:
    """The bytes of a built layer in the form of ``suffix``. Raises as `write_layer`."""
    form = format_of(f"layer{suffix}", _built(folder, layer_id))
    with tempfile.TemporaryDirectory(prefix="jasyl-") as place:
        made = Path(place) / f"layer{suffix}"
        write_layer(folder, layer_id, made)
        return made.read_bytes(), form


def _built(folder: DataFolder, layer_id: str) -> Layer:
    definition(layer_id)
    layer = read_record(folder, layer_id)
    if layer is None:
        raise Refusal("layer-waiting", received=layer_id)
    return layer


def _writer(form: Format, shape: Shape) -> _Writer:
    from . import cells, lines, places  # noqa: PLC0415  (xarray, pyogrio, pyarrow when they write)

    if form.suffix in {".tif", ".json"} or (form.suffix == ".parquet" and shape == "lines"):
        return _copy
    if form.suffix == ".zarr.zip":
        return cells.write_zarr
    if form.suffix == ".pmtiles":
        from .pmtiles import write_pmtiles  # noqa: PLC0415

        return write_pmtiles
    if form.suffix == ".parquet":
        return places.write_parquet
    of_shapes = lines if shape == "lines" else places
    if form.suffix == ".gpkg":
        return of_shapes.write_geopackage
    return cells.write_table if shape == "raster" else of_shapes.write_table


def _copy(folder: DataFolder, layer: Layer, target: Path) -> None:
    """The file as it is kept: its record names the hash of what is in it."""
    shutil.copyfile(folder.atlas / (layer.file or ""), target)
