"""What a fresh machine shows: every layer whose data ship with the program, real data only."""

import sqlalchemy as sa

from jasyl.storage import DataFolder

from .climate.normals import build_station_normals
from .layer import Layer
from .solar.build import build_clear_sky
from .solar.clear_sky import Progress
from .wind.masts import build_masts


def build_defaults(
    folder: DataFolder, connection: sa.Connection | None = None, progress: Progress | None = None
) -> list[Layer]:
    """Build the layers that need no loading and give their records: clear-sky solar, station normals and wind masts as
    points, biomass, waste and geothermal heat, water by region. What stands from the same inputs keeps its bytes.

    ``connection`` reads the facilities of the register (see ``residues.build_residues``); ``progress(done, total)``
    counts the rows of cells of the clear sky, by far the longest part.
    """
    # Here, because these two bring facts, figures and the register with them, which a map of the wind has no use for.
    from .residues import build_residues  # noqa: PLC0415
    from .water.balance import build_water_indicators  # noqa: PLC0415

    return [
        *build_clear_sky(folder, progress),
        *build_station_normals(folder),
        build_masts(folder),
        *build_residues(folder, connection),
        *build_water_indicators(folder),
    ]
