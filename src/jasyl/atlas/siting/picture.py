"""The analysis as a raster to look at."""

from pathlib import Path
from typing import Any

import numpy as np

from jasyl.texts import Refusal

from .distance import blocks
from .exclusion import Board
from .rules import MAX_RULES

NO_VALUE = 255


def write_result(file: Path, board: Board) -> None:
    """A tiled GeoTIFF of bytes: 0 free, 1 excluded; where there are scores a second band of per cent, 255 for none.

    Raises Refusal ``siting-raster`` when the file cannot be written.
    """
    import rasterio  # noqa: PLC0415
    from rasterio.errors import RasterioIOError  # noqa: PLC0415
    from rasterio.windows import Window  # noqa: PLC0415

    grid = board.grid
    shape: Any = {"height": grid.rows, "width": grid.columns, "count": 1 if board.score is None else 2}
    move = rasterio.Affine(grid.degrees, 0, grid.bounds[0], 0, -grid.degrees, grid.bounds[3])
    look: Any = {"dtype": "uint8", "crs": "EPSG:4326", "transform": move, "nodata": NO_VALUE, "compress": "deflate"}
    tiles: Any = {"tiled": True, "blockxsize": 512, "blockysize": 512, "bigtiff": "IF_SAFER"}
    try:
        with rasterio.open(file, "w", driver="GTiff", **shape, **look, **tiles) as out:
            for first, end in blocks(grid):
                window: Any = Window(0, first, grid.columns, end - first)  # pyright: ignore[reportCallIssue]
                rules = np.asarray(board.bits[first:end]) & np.uint64((1 << MAX_RULES) - 1)
                out.write((rules != 0).astype(np.uint8), 1, window=window)
                if board.score is not None:
                    score = np.asarray(board.score[first:end]) * 100
                    out.write(np.where(np.isnan(score), NO_VALUE, np.rint(score)).astype(np.uint8), 2, window=window)
            out.descriptions = ("excluded", "suitability, %")[: out.count]
    except (RasterioIOError, OSError) as error:
        raise Refusal("siting-raster", received=str(file), reason=str(error)[:200]) from error
