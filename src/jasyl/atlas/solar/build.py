"""Building layers from their inputs into the data folder."""

from typing import Final

from msgspec.structs import replace

from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..grid import KAZAKHSTAN
from ..layer import BANDS, Layer, Source
from ..layer_catalogue import read_record
from ..raster import quantise, read_values, store_raster
from .clear_sky import REFERENCE_YEAR, Progress, clear_sky
from .clear_sky_inputs import input_hashes, package_version, read_inputs
from .layers import DNI_CLEAR, GHI_CLEAR

# Raise it whenever the same inputs give other numbers; the golden test pins what a version gives.
CLEAR_SKY_METHOD: Final = "clear-sky/ineichen-perez@1.1.0"


def build_clear_sky(folder: DataFolder, progress: Progress | None = None) -> list[Layer]:
    """Build the clear-sky layers of Kazakhstan and give their records, for the caller to log.

    Writes ``<id>.<hash>.tif`` and then ``<id>.json`` under the folder's atlas; whoever reads meanwhile sees the old
    layer or the new one. What already stands there from the same inputs and method is left as it is.
    ``progress(done, total)`` counts rows of cells. Raises Refusal ``atlas-input-missing``.
    """
    drafts = [_draft(GHI_CLEAR), _draft(DNI_CLEAR)]
    with folder.locked("atlas"):
        standing = [_standing(folder, draft) for draft in drafts]
        if all(standing):
            return [layer for layer in standing if layer is not None]
        found = clear_sky(read_inputs(KAZAKHSTAN), progress=progress)
        return [
            store_raster(folder, drafts[0], quantise(found.ghi)),
            store_raster(folder, drafts[1], quantise(found.dni)),
        ]


def _draft(layer: Layer) -> Layer:
    """The record of a clear-sky layer, complete but for its numbers."""
    version = package_version()
    reference = "https://pvlib-python.readthedocs.io/"
    return replace(
        layer,
        state="built",
        sources=(
            Source(
                name="Linke turbidity climatology (SoDa, Remund et al. 2003), LinkeTurbidities.h5 in pvlib",
                version=version,
                licence="BSD-3-Clause",
                reference=reference,
            ),
            Source(
                name="Terrain altitude (Mapzen terrain tiles), Altitude.h5 in pvlib",
                version=version,
                licence="BSD-3-Clause",
                reference=reference,
            ),
        ),
        resolution=KAZAKHSTAN.step,
        period=f"turbidity climatology; sun of {REFERENCE_YEAR}, a year of 365 days",
        method=CLEAR_SKY_METHOD,
        inputs=input_hashes(),
        bands=BANDS,
        scale="0.001",
        grid=KAZAKHSTAN,
    )


def _standing(folder: DataFolder, draft: Layer) -> Layer | None:
    """The layer that is already built as ``draft`` asks, when its raster is sound."""
    try:
        layer = read_record(folder, draft.id)
        if layer is None or replace(layer, array=None, file=None) != draft:
            return None
        read_values(folder, layer)
    except Refusal:
        return None
    return layer
