"""How much of the country a loaded raster covers, said always and refused where it is little."""

import numpy as np
from numpy.typing import NDArray

from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..area_coverage import coverage
from ..grid import Grid

# Below this share of the country a file is more likely the wrong one than meant.
LEAST = 0.5


def check_extent(
    folder: DataFolder, grid: Grid, known: NDArray[np.bool_], *, given_window: bool, partial: bool
) -> list[str]:
    """What to note, where ``known`` says which cells have a value: the share of the country that has one, or of the
    window where one was given.

    Raises Refusal ``raster-covers-little`` when less than half of the country has one, unless ``partial``.
    """
    from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

    if given_window:
        share = float(np.average(known.mean(axis=1), weights=grid.row_areas))
        return [f"window-covered={share:.4f}"]
    try:
        (country,) = coverage(grid, [current(folder).country.shape])
    except Refusal as refusal:
        if refusal.code != "shape-outside":
            raise
        share = 0.0
    else:
        share = country.covered * float(country.areas[known.ravel()[country.cells]].sum()) / country.area
    if share < LEAST and not partial:
        raise Refusal("raster-covers-little", received=round(100 * share, 1), expected=round(100 * LEAST))
    return [f"country-covered={share:.4f}"]
