"""Rivers from a terrain model of 4,000 × 4,000 cells beside pyflwdir: the same input, one run, a process each."""

import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SIDE = 4000
CELL = 3 / 3600


def terrain(side: int, seed: int = 7) -> np.ndarray:
    """Rough hills with a red spectrum (slope 2 of amplitudes), tilted to the south-east, 300 to 3,700 m."""
    random = np.random.default_rng(seed)
    waves = np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.rfftfreq(side), indexing="ij"))
    waves[0, 0] = np.inf
    spectrum = (random.standard_normal(waves.shape) + 1j * random.standard_normal(waves.shape)) * waves**-2.0
    rough = np.fft.irfft2(spectrum, (side, side))
    row, column = np.mgrid[:side, :side]
    return (2000 + 350 * rough / rough.std() - 800 * (row + column - side) / side).astype(np.float32)


def run() -> None:
    """Print processor seconds (compiled beforehand) and the peak of memory that each step adds, in bytes a cell."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        np.save(folder / "dem.npy", terrain(SIDE))
        told = {name: _alone(name, folder) for name in ("floor", "ours", "peer")}
        equal = [
            name
            for name in ("cells", "area", "basins", "order")
            if np.array_equal(np.load(folder / f"ours-{name}.npy"), np.load(folder / f"peer-{name}.npy"))
        ]
    print(f"{SIDE} x {SIDE} cells, float32 heights in memory; equal to the last unit: {', '.join(equal) or 'NOTHING'}")
    print(f"  reading heights and writing codes once: {told['floor']['copy'][0]:.2f} s")
    for step in ("directions from heights", "cells upstream", "area upstream, exact", "Strahler order", "basins"):
        ours, peer = told["ours"][step], told["peer"].get(step)
        beside = "" if peer is None else f"; pyflwdir {peer[0]:.2f} s, {peer[1]:.0f} bytes a cell"
        print(f"  {step}: {ours[0]:.2f} s CPU, {ours[1]:.0f} bytes a cell{beside}")
    used, peak = told["ours"]["all"]
    print(f"  from heights to rivers, power and sites, closed basins found: {used:.2f} s CPU, {peak:.0f} bytes a cell")
    print("  (bytes beside what went in: heights 4, directions 1)")


def _alone(name: str, folder: Path) -> dict[str, list[float]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.atlas_water", name, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


class _Steps:
    """CPU seconds of each step, and by how much it raised the process's peak of memory, in bytes a cell."""

    def __init__(self) -> None:
        self.found: dict[str, list[float]] = {}

    def time(self, name: str, work: Callable[[], Any]) -> Any:
        _reset_peak()
        before, begin = _resident(), time.process_time()
        result = work()
        used = time.process_time() - begin
        self.found[name] = [used, (_peak() - before) * 1024 / SIDE**2]
        return result


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(field)))


def _resident() -> int:
    return _status("VmRSS")


def _peak() -> int:
    return max(_status("VmHWM"), 0) or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _floor(folder: Path) -> dict[str, list[float]]:
    steps, heights = _Steps(), np.load(folder / "dem.npy")
    codes = np.empty(heights.shape, dtype=np.uint8)
    steps.time("copy", lambda: np.greater(heights, 2000, out=codes, casting="unsafe"))
    return steps.found


def _ours(folder: Path) -> dict[str, list[float]]:
    from jasyl.atlas.water import flow, model
    from jasyl.atlas.water.runoff import uniform
    from jasyl.atlas.water.terrain import TerrainGrid

    model.compile_now()
    steps, heights = _Steps(), np.load(folder / "dem.npy")
    grid = TerrainGrid(70.0, 50.0, CELL, CELL, SIDE, SIDE)
    routed = steps.time(
        "directions from heights", lambda: flow.directions(heights, grid, mend="fill", find_sinks=False)
    )
    codes = routed[0]
    routed = None
    np.save(folder / "codes.npy", codes)
    np.save(folder / "rows.npy", grid.row_areas)
    cells = steps.time("cells upstream", lambda: flow.upstream_cells(codes))
    np.save(folder / "ours-cells.npy", cells)
    channel = np.asarray(cells) >= 1000
    cells = None
    np.save(folder / "channel.npy", channel)
    np.save(folder / "ours-area.npy", steps.time("area upstream, exact", lambda: flow.upstream_area(codes, grid)))
    order = steps.time("Strahler order", lambda: flow.stream_order(codes, channel))
    np.save(folder / "ours-order.npy", np.where(channel, order, 0))
    np.save(folder / "ours-basins.npy", steps.time("basins", lambda: flow.basins(codes)))
    codes = channel = order = None

    def everything() -> object:
        rivers = model.rivers_of(grid, heights, uniform(200.0), overwrite=True)
        return rivers.potential, rivers.sites()

    steps.time("all", everything)
    return steps.found


def _peer(folder: Path) -> dict[str, list[float]]:
    warnings.simplefilter("ignore")
    import pyflwdir

    small = terrain(64)
    pyflwdir.from_array(pyflwdir.dem.fill_depressions(small)[1], ftype="d8").upstream_area()  # compiled beforehand
    tiny = pyflwdir.from_array(np.full((9, 9), 1, dtype=np.uint8), ftype="d8")
    tiny.accuflux(np.ones((9, 9), dtype=np.int64), nodata=-1)
    tiny.stream_order(mask=np.ones((9, 9), dtype=bool))
    tiny.basins()
    heights = np.load(folder / "dem.npy")
    steps = _Steps()
    steps.time("directions from heights", lambda: pyflwdir.dem.fill_depressions(heights))
    heights = None
    codes, rows = np.load(folder / "codes.npy"), np.load(folder / "rows.npy")
    channel = np.load(folder / "channel.npy")
    kept: dict[str, pyflwdir.FlwdirRaster] = {}

    def cells() -> object:
        kept["all"] = pyflwdir.from_array(codes, ftype="d8", check_ftype=False, cache=False)
        return kept["all"].upstream_area("cell")

    np.save(folder / "peer-cells.npy", steps.time("cells upstream", cells))
    areas = np.broadcast_to(rows[:, None], codes.shape).copy()
    np.save(
        folder / "peer-area.npy", steps.time("area upstream, exact", lambda: kept["all"].accuflux(areas, nodata=-1))
    )
    order = steps.time("Strahler order", lambda: kept["all"].stream_order(mask=channel))
    np.save(folder / "peer-order.npy", np.where(channel, order, 0))
    np.save(folder / "peer-basins.npy", steps.time("basins", kept["all"].basins))
    return steps.found


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps({"floor": _floor, "ours": _ours, "peer": _peer}[sys.argv[1]](Path(sys.argv[2]))))
    else:
        run()
