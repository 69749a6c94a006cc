"""Small files as publishers give them, made from the seeded weather of the benchmarks."""

import zipfile
from pathlib import Path

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
    kind="NetCDF-4",
    chunks=None,
    packed=False,
    step_units="seconds since 1970-01-01",
    axis_units=("degrees_north", "degrees_east"),
):
    """A NetCDF file as the Climate Data Store gives it."""
    unit, _, origin = step_units.partition(" since ")
    clock = (stamps - np.datetime64(origin)) // np.timedelta64(1, {"seconds": "s", "hours": "h"}[unit])
    variables = {time: (clock.astype("i4" if kind == "classic" else "i8"), (time,), {"units": step_units})}
    for name, found, said in zip(names, (latitudes, longitudes), axis_units, strict=True):
        variables[name] = (np.asarray(found, np.float64), (name,), {"units": said})
    if expver is not None:
        variables["expver"] = (np.array(expver, object), (time,), {})
    dimensions = tuple({"time": time, "lat": names[0], "lon": names[1]}[role] for role in order)
    turn = tuple(("time", "lat", "lon").index(role) for role in order)
    for name, found in values.items():
        said = (UNITS | (units or {})).get(name)
        about = {"units": said} if said is not None else {}
        stored, packing = _pack(found) if packed else _fill(found, fill)
        variables[name] = (stored.transpose(turn), dimensions, about | packing)
    (write_classic if kind == "classic" else write_netcdf4)(path, variables, chunks)
    return path


def _pack(found):
    low, high = float(np.nanmin(found)), float(np.nanmax(found))
    scale, offset = (high - low) / 65000, (high + low) / 2
    stored = np.rint((found.astype(np.float64) - offset) / scale).astype(np.int16)
    return stored, {"scale_factor": scale, "add_offset": offset, "_FillValue": np.int16(-32767)}


def _fill(found, fill):
    if fill is None:
        return found, {}
    return np.where(np.isnan(found), np.float32(fill), found), {"_FillValue": np.float32(fill)}


def write_netcdf4(path: Path, variables, chunks=None):
    """Variables as (values, dimensions, attributes); those over three dimensions are deflated."""
    import h5netcdf
    import h5py

    with h5netcdf.File(path, "w") as out:
        out.dimensions = {
            d: n for found, names, _ in variables.values() for d, n in zip(names, found.shape, strict=True)
        }
        for name, (found, dimensions, about) in variables.items():
            kind = h5py.string_dtype() if found.dtype == object else found.dtype
            packed = {"compression": "gzip", "shuffle": True, "chunks": chunks} if found.ndim == 3 else {}
            fill = {"fillvalue": about["_FillValue"]} if "_FillValue" in about else {}
            variable = out.create_variable(name, dimensions, kind, data=found, **packed, **fill)
            variable.attrs.update({key: value for key, value in about.items() if key != "_FillValue"})


def write_classic(path: Path, variables, _=None):
    """The same as classic NetCDF with large offsets; time is the record dimension."""
    from scipy.io import netcdf_file

    with netcdf_file(path, "w", version=2) as out:
        record = next(iter(variables))
        for found, names, _ in variables.values():
            for name, length in zip(names, found.shape, strict=True):
                if name not in out.dimensions:
                    out.createDimension(name, None if name == record else length)
        for name, (found, dimensions, about) in variables.items():
            variable = out.createVariable(name, found.dtype, dimensions)
            variable[:] = found
            for key, value in about.items():
                setattr(variable, key, value)


def write_zip(path: Path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return path


def write_small_cutout(path: Path, **options):
    write_cutout(path, **({"window": WINDOW, "first": FIRST, "hours": HOURS} | options))
    return path
