"""Scaling modelled wind speeds to a published climate: the ratio of long-term means, cell by cell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from ..grid import Grid
from ..raster import Raster

Floats = NDArray[np.float64]
# Reanalysis on 30 km cells misses ridges and gorges by half; a ratio beyond these is an error of one of the two.
RATIOS = (0.3, 3.0)


@dataclass(frozen=True, eq=False)
class SpeedRatio:
    """``values`` [row, column]: published over modelled mean speed, NaN where either is missing.

    ``covered`` [row, column] is the share of each cell's area for which the published raster has values; ``height`` is
    m above ground of both; ``reference`` names the published raster (source, version, hash), for the record.
    """

    grid: Grid
    values: Floats
    covered: Floats
    height: float
    reference: str

    @property
    def said(self) -> str:
        """What a layer's record keeps of the scaling."""
        known = self.values[~np.isnan(self.values)]
        low, middle, high = (f"{value:.3f}" for value in np.quantile(known, (0.05, 0.5, 0.95)))
        ratio = f"ratio {middle} at the median, {low} to {high} in nine of ten"
        return f"{self.reference}, at {self.height:g} m, {ratio}, in {len(known)} cells"


def regrid(values: Floats, grid: Grid, target: Grid) -> tuple[Floats, Floats]:
    """Area means of a raster over the cells of another grid, and the share of each cell's area that has values.

    Each source cell counts by the area (on the ellipsoid) in which it overlaps the target cell; exact, as both grids
    have edges along meridians and parallels. NaN where less than a hundredth of the cell is covered.
    """
    known = ~np.isnan(values)
    rows = _overlaps(-_edges(grid.north, -grid.step, grid.rows), -_edges(target.north, -target.step, target.rows))
    columns = _overlaps(_edges(grid.west, grid.step, grid.columns), _edges(target.west, target.step, target.columns))
    # Area of the overlap: the share of the source row's height, times its area, times the share of its width.
    rows = rows * grid.row_areas[None, :]
    weights = rows @ known.astype(np.float64) @ columns.T
    sums = rows @ np.where(known, values, 0.0) @ columns.T
    share = np.clip(weights / target.row_areas[:, None], 0, 1)
    return np.where(share >= 0.01, sums / np.where(weights > 0, weights, 1), np.nan), share


def speed_ratio(
    modelled: Floats, grid: Grid, published: Floats, published_grid: Grid, *, height: float, reference: str,
    least_covered: float = 0.5,
) -> SpeedRatio:  # fmt: skip
    """Published over modelled mean speed at ``height``, the published raster brought to ``grid`` by area.

    Cells of which less than ``least_covered`` is covered stay unscaled (NaN). Raises Refusal ``wind-bias`` when the
    rasters do not meet, or when the median ratio says that one of them is in another unit or at another height.
    """
    reference_mean, covered = regrid(published, published_grid, grid)
    usable = (covered >= least_covered) & (modelled > 0)
    ratio = np.divide(reference_mean, modelled, out=np.full(grid.shape, np.nan), where=usable)
    known = ratio[~np.isnan(ratio)]
    if not len(known):
        raise Refusal("wind-bias-apart", received=str(published_grid.bounds), expected=str(grid.bounds))
    middle = float(np.median(known))
    if not RATIOS[0] <= middle <= RATIOS[1]:
        raise Refusal("wind-bias", received=f"{middle:.2f}", expected=f"{RATIOS[0]:g}–{RATIOS[1]:g}")
    return SpeedRatio(grid, np.clip(ratio, *RATIOS), covered, height, reference)


def layer_ratio(raster: Raster, modelled: Floats, grid: Grid) -> SpeedRatio:
    """Published over modelled mean speed 100 m above ground, the published one a built layer.

    Raises Refusal ``wind-bias…``.
    """
    layer = raster.layer
    stored = raster.band(0)
    published = np.where(stored == layer.nodata, np.nan, stored * float(layer.scale))
    said = "; ".join(f"{source.name} {source.version}" for source in layer.sources)
    reference = f"{layer.id} ({said}, {(layer.array or '')[:16]})"
    return speed_ratio(modelled, grid, published, raster.grid, height=100, reference=reference)


def _edges(first: int, step: int, count: int) -> Floats:
    return first + step * np.arange(count + 1, dtype=np.float64)


def _overlaps(source: Floats, target: Floats) -> Floats:
    """[target, source]: the share of each source interval that lies in each target interval; edges ascend."""
    low = np.maximum(source[None, :-1], target[:-1, None])
    high = np.minimum(source[None, 1:], target[1:, None])
    return np.maximum(high - low, 0) / np.diff(source)[None, :]
