"""What finding rivers takes of memory, told before a terrain model is read: better refused than killed half-way."""

from pathlib import Path
from typing import Final

from jasyl.texts import Refusal, Where

from .terrain import CM2, TerrainGrid

# What benchmarks/atlas_water.py measures, at most: heights, levels, codes and marks of a cell (12 to 14 bytes); the
# network of a channel cell.
CELL_BYTES: Final = 14
CHANNEL_BYTES: Final = 70
# Rivers are lines: where a channel begins at n cells, about this over √n of all cells are channels.
CHANNEL_SHARE: Final = 1.2
_MEMORY = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")


def needed(grid: TerrainGrid, channel_area: float) -> int:
    """Bytes at the peak, heights included, for a channel that begins at ``channel_area`` m²."""
    cells = grid.rows * grid.columns
    share = min(CHANNEL_SHARE * (float(grid.row_areas.mean()) / CM2 / channel_area) ** 0.5, 1.0)
    return round(cells * (CELL_BYTES + CHANNEL_BYTES * share))


def available() -> int | None:
    """Bytes that this process may still take, by the machine and by its control group; None where nobody says."""
    found = [one for one in (_of_machine(), _of_group()) if one is not None]
    return min(found, default=None)


def check_memory(grid: TerrainGrid, channel_area: float, name: str) -> None:
    """Raises Refusal ``dem-memory`` when the rivers of this grid would need more memory than there is."""
    asked, left = needed(grid, channel_area), available()
    if left is not None and asked > left:
        raise Refusal(
            "dem-memory",
            where=Where(file=name),
            received=f"{grid.rows} × {grid.columns}",
            needed=f"{asked / 1e9:.1f}",
            available=f"{left / 1e9:.1f}",
        )


def _of_machine() -> int | None:
    try:
        lines = _MEMORY.read_text(encoding="ascii").splitlines()
    except OSError:  # not Linux
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


def _of_group() -> int | None:
    try:
        most, taken = ((_GROUP / name).read_text(encoding="ascii").strip() for name in ("memory.max", "memory.current"))
    except OSError:  # no control groups of the second kind
        return None
    return int(most) - int(taken) if most.isdigit() else None
