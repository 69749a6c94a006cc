"""Small files as publishers give them, made from the seeded weather of the benchmarks."""

import zipfile
from pathlib import Path

import netCDF4
import numpy as np
from benchmarks.weather_year import Weather, axes, write_cutout

WINDOW = (60.0, 44.0, 62.25, 45.5)  # 10 columns, 7 rows
FIRST, HOURS = "2023-06-01T00", 240
UNITS = {
    "ssrd": "J m**-2",
    "ssr": "J m**-2",
    "fdir": "J m**-2",
    "tisr": "J m**-2",
    "t2m": "K",
    "d2m": "K",
    "stl4": "K",
    "u10": "m s**-1",
    "v10": "m s**-1",
    "u100": "m s**-1",
    "v100": "m s**-1",
    "fsr": "m",
    "ro": "m",
}


def raw(window=WINDOW, first=FIRST, hours=HOURS, degrees=0.25):
    """Raw ERA5 variables [time, latitude descending, longitude], with latitudes, longitudes and stamps."""
    latitudes, longitudes = axes(window, degrees)
    latitudes = latitudes[::-1]
    weather = Weather(latitudes, longitudes, np.datetime64(first, "h"))
    values = {name: found.astype(np.float32) for name, found in weather.hours(0, hours).items()}
    stamps = weather.first + np.arange(hours).astype("timedelta64[h]")
    return values, latitudes, longitudes, stamps, weather.height


def write_era5(
    path: Path,
    values,
    latitudes,
    longitudes,
    stamps,
    *,
    time="valid_time",
    names=("latitude", "longitude"),
    units=None,
    expver=None,
    fill=None,
    order=("time", "lat", "lon"),
    kind="NETCDF4",
    chunks=None,
    packed=False,
    step_units="seconds since 1970-01-01",
    axis_units=("degrees_north", "degrees_east"),
):
    """A NetCDF file as the Climate Data Store gives it."""
    units = UNITS | (units or {})
    with netCDF4.Dataset(path, "w", format=kind) as out:
        out.createDimension(time, len(stamps))
        out.createDimension(names[0], len(latitudes))
        out.createDimension(names[1], len(longitudes))
        clock = out.createVariable(time, "i8" if kind == "NETCDF4" else "i4", (time,))
        clock.units, clock.calendar = step_units, "proleptic_gregorian"
        unit, _, origin = step_units.partition(" since ")
        clock[:] = (stamps - np.datetime64(origin)) // np.timedelta64(1, {"seconds": "s", "hours": "h"}[unit])
        for name, found, said in zip(names, (latitudes, longitudes), axis_units, strict=True):
            axis = out.createVariable(name, "f8", (name,))
            axis.units = said
            axis[:] = found
        if expver is not None:
            marks = out.createVariable("expver", str, (time,))
            for number, mark in enumerate(expver):
                marks[number] = mark
        dimensions = tuple({"time": time, "lat": names[0], "lon": names[1]}[role] for role in order)
        turn = tuple(("time", "lat", "lon").index(role) for role in order)
        for name, found in values.items():
            options = {"zlib": True, "chunksizes": chunks} if kind == "NETCDF4" else {}
            if packed:
                variable = out.createVariable(name, "i2", dimensions, fill_value=-32767, **options)
                low, high = float(np.nanmin(found)), float(np.nanmax(found))
                variable.scale_factor, variable.add_offset = max((high - low) / 65000, 1e-12), (high + low) / 2
            else:
                variable = out.createVariable(name, "f4", dimensions, fill_value=fill, **options)
            if units.get(name) is not None:
                variable.units = units[name]
            variable[:] = found.transpose(turn)
    return path


def write_zip(path: Path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return path


def write_small_cutout(path: Path, **options):
    write_cutout(path, **({"window": WINDOW, "first": FIRST, "hours": HOURS} | options))
    return path
