"""Compiling the atlas's inner loops ahead of time, at set-up: whoever clicks first does not wait for a compiler."""

import importlib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

# Every module of the atlas that offers compile_now().
MODULES = (
    "jasyl.atlas.weather.pack",
    "jasyl.atlas.weather.unshuffle",
    "jasyl.atlas.solar.pass_loop",
    "jasyl.atlas.wind.capacity_loop",
    "jasyl.atlas.wind.climate_kernels",
    "jasyl.atlas.water.model",
    "jasyl.atlas.siting.distance_kernels",
)


def compile_all(progress: Callable[[str], None] | None = None) -> None:
    """Compile the kernels that are not compiled yet and keep them beside their sources (or in the user's cache).

    ``progress(module)`` is called before each. What was compiled from older sources is removed first: numba looks only
    at the file of the function it is asked for, not at those of the functions which that one calls.
    """
    _forget_stale(Path(str(files("jasyl.atlas"))))
    for name in MODULES:
        if progress:
            progress(name)
        importlib.import_module(name).compile_now()


def _forget_stale(room: Path) -> None:
    kept = [file for pattern in ("*.nbi", "*.nbc", "*.o") for file in room.rglob(pattern)]
    newest = max(source.stat().st_mtime for source in room.rglob("*.py"))
    if any(file.stat().st_mtime < newest for file in kept):
        for file in kept:
            file.unlink(missing_ok=True)
