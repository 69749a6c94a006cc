"""The made-up year and its two stores, made once for all benchmarks of one run; no benchmark itself.

JASYL_WEATHER_YEAR names a file that ``benchmarks.weather_year`` wrote (made when absent), JASYL_WEATHER_STORES a data
folder for the stores ``float32`` and ``int16`` (made when absent): 3.4 GB and 16 GB, which later runs find again.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Literal

Kind = Literal["float32", "int16"]


def year(place: Path) -> Path:
    """The deflated NetCDF file of the year."""
    named = os.environ.get("JASYL_WEATHER_YEAR")
    file = Path(named) if named else place / "year.nc"
    if not file.exists():
        command = [sys.executable, "-m", "benchmarks.weather_year", str(file)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return file


def store(place: Path, file: Path, kind: Kind) -> Path:
    """The store ``kind`` of the year; what converting it took is printed."""
    from jasyl.atlas.weather import Wish, convert
    from jasyl.atlas.weather.record import weather_folder
    from jasyl.storage import create_folder, open_folder

    named = os.environ.get("JASYL_WEATHER_STORES")
    data = Path(named) if named else place / "data"
    folder = open_folder(data) if data.exists() else create_folder(data, "real")
    found = weather_folder(folder) / kind
    if not (found / "record.json").exists():
        began, used = time.perf_counter(), time.process_time()
        convert(folder, str(file), kind, Wish(packing=kind))
        wall, used = time.perf_counter() - began, time.process_time() - used
        size = sum(part.stat().st_size for part in found.rglob("*") if part.is_file()) / 1e9
        print(f"converted into a {kind} store, once: {wall:.0f} s wall, {used:.0f} s CPU, {size:.1f} GB", flush=True)
    return found
