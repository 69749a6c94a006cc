"""A year of made-up weather in the shape of ERA5, written as an atlite cutout: the same input for us and for peers.

Not weather of any place: seeded waves and noise over an invented terrain, with a real sun. Variables, types, units and
attributes are those that atlite 0.7 writes from the Climate Data Store; stamps close their hour, as in ERA5.

    python -m benchmarks.weather_year /tmp/weather-year/year-deflate.nc
    python -m benchmarks.weather_year --plain --window 60,44,66,48 --hours 168 week.nc
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

KAZAKHSTAN = (46.0, 40.0, 88.0, 56.0)  # centres of the first and last cells
BLOCK = 100  # hours of a chunk, atlite's default
Array = NDArray[Any]

# Name → (type, units, feature of atlite).
VARIABLES: dict[str, tuple[str, str, str]] = {
    "wnd100m": ("f4", "m s**-1", "wind"),
    "wnd_shear_exp": ("f8", "", "wind"),
    "wnd_azimuth": ("f8", "rad", "wind"),
    "roughness": ("f4", "m", "wind"),
    "influx_toa": ("f4", "W m**-2", "influx"),
    "influx_direct": ("f4", "W m**-2", "influx"),
    "influx_diffuse": ("f4", "W m**-2", "influx"),
    "albedo": ("f4", "(0 - 1)", "influx"),
    "solar_altitude": ("f8", "rad", "influx"),
    "solar_azimuth": ("f8", "rad", "influx"),
    "temperature": ("f4", "K", "temperature"),
    "soil temperature": ("f4", "K", "temperature"),
    "dewpoint temperature": ("f4", "K", "temperature"),
    "runoff": ("f4", "m", "runoff"),
}


@dataclass(frozen=True)
class Waves:
    """A smooth field in space and time: a sum of travelling waves of unit variance."""

    numbers: Array  # [wave, 3]: per degree of longitude, per degree of latitude, per hour
    phases: Array

    @classmethod
    def drawn(cls, rng: np.random.Generator, count: int, length: float, hours: float) -> "Waves":
        """Waves about ``length`` degrees long that pass in about ``hours``."""
        numbers = rng.normal(size=(count, 3)) * 2 * np.pi / np.array([length, length, hours])
        return cls(numbers, rng.uniform(0, 2 * np.pi, count))

    def at(self, hours: Array, latitudes: Array, longitudes: Array) -> Array:
        """The field [hour, latitude, longitude], float32."""
        in_time = self.numbers[:, 2] * hours[:, None] + self.phases
        x = self.numbers[:, 0] * longitudes[None, :, None] + self.numbers[:, 1] * latitudes[:, None, None]
        space = x.reshape(-1, len(self.phases))
        left = np.hstack([np.cos(in_time), np.sin(in_time)]).astype(np.float32)
        right = np.hstack([np.cos(space), -np.sin(space)]).astype(np.float32)
        field = left @ right.T * np.float32(np.sqrt(2 / len(self.phases)))
        return field.reshape(len(hours), len(latitudes), len(longitudes))


class Weather:
    """ERA5's variables over a window, hour by hour, from a seed. ``latitudes`` descend or ascend as given."""

    def __init__(self, latitudes: Array, longitudes: Array, first: np.datetime64, seed: int = 1) -> None:
        self.latitudes, self.longitudes = latitudes, longitudes
        self.first, self.seed = first, seed
        rng = np.random.default_rng(seed)
        self.front = Waves.drawn(rng, 24, 18, 90)
        self.cloud = Waves.drawn(rng, 40, 5, 30)
        self.gusts = [(mean, Waves.drawn(rng, 32, 9, 48)) for mean in (1.5, 0.6)]
        self.ground = Waves.drawn(rng, 40, 6, 1e9)
        self.soil = Waves.drawn(rng, 16, 10, 1e9)
        flat = np.maximum(self.ground.at(np.zeros(1), latitudes, longitudes)[0], -0.9)
        ridge = np.exp(-(((latitudes[:, None] - 42.5) / 2.5) ** 2) - ((longitudes - 77) / 6) ** 2)
        self.height = (300 + 160 * flat + 2600 * ridge * (1 + 0.2 * flat)).astype(np.float32)
        patch = self.soil.at(np.zeros(1), latitudes, longitudes)[0]
        self.roughness = np.exp(-3.2 + 1.1 * patch + 0.8 * ridge).astype(np.float32)

    def hours(self, begin: int, end: int) -> dict[str, Array]:
        """Raw variables of ERA5 (J/m², K, m/s, m) for stamps ``first + begin … first + end − 1`` hours."""
        hours = np.arange(begin, end, dtype=np.float64)
        stamps = self.first + np.arange(begin, end).astype("timedelta64[h]")
        lat, lon = self.latitudes, self.longitudes
        rng = np.random.default_rng([self.seed, begin])
        shape = (len(hours), len(lat), len(lon))

        def noise(size: float) -> Array:
            return rng.standard_normal(shape, dtype=np.float32) * np.float32(size)

        day = (stamps - stamps.astype("datetime64[Y]")).astype("timedelta64[D]").astype(float)[:, None, None]
        season = -np.cos(2 * np.pi * (day - 15) / 365.25).astype(np.float32)
        front = self.front.at(hours, lat, lon)
        sines = np.mean([np.maximum(sine_of_altitude(stamps, m, lat, lon), 0) for m in (8, 23, 38, 53)], axis=0)
        toa = (1361 * (1 + 0.033 * np.cos(2 * np.pi * day / 365.25)) * sines).astype(np.float32)
        clear = 0.56 + 0.17 * np.tanh(self.cloud.at(hours, lat, lon) - 0.5 * front) + noise(0.01)
        direct_share = np.clip(1.9 * (clear - 0.32), 0.02, 0.85)
        snow = np.clip((lat[:, None] - 44) / 14 - 0.75 * season - 0.2, 0, 0.55).astype(np.float32)
        clock = ((stamps - stamps.astype("datetime64[D]")).astype(float)[:, None, None] + lon / 15) % 24
        warmth = (
            282
            - 0.75 * (lat[:, None] - 48)
            - 0.0062 * (self.height - 300)
            + 15.5 * season
            + (4 + 2 * season) * -np.cos(2 * np.pi * (clock - 3) / 24)
            + 4.5 * front
        ).astype(np.float32) + noise(0.15)
        stable = (0.17 + 0.07 * np.cos(2 * np.pi * (clock - 2) / 24)).astype(np.float32)
        u10, v10 = (mean + 3.0 * wave.at(hours, lat, lon) + noise(0.2) for mean, wave in self.gusts)
        shear = 10 ** (stable + noise(0.01))
        ssrd = toa * clear * 3600
        melt = np.maximum(season + 0.4 * front - 0.2, 0) * np.maximum(self.height / 1500, 0.1)
        return {
            "u10": grib(u10, 2**-10),
            "v10": grib(v10, 2**-10),
            "u100": grib(u10 * shear, 2**-10),
            "v100": grib(v10 * shear, 2**-10),
            "fsr": grib(self.roughness * (1 + 0.15 * season) * np.ones(shape, np.float32), 2**-16),
            "ssrd": grib(ssrd, 64),
            "ssr": grib(ssrd * (1 - 0.17 - snow), 64),
            "fdir": grib(ssrd * direct_share, 64),
            "tisr": grib(toa * 3600, 64),
            "t2m": grib(warmth, 2**-9),
            "stl4": grib((warmth - 282) * 0.05 + 284 - 0.4 * (lat[:, None] - 48), 2**-10),
            "d2m": grib(warmth - 3 - 4 * np.maximum(clear - 0.3, 0) * 5, 2**-9),
            "ro": grib(np.where(melt > 0.25, melt * 2e-5, 0), 2**-28),
        }


def grib(values: Array, quantum: float) -> Array:
    """``values`` with the coarse steps of GRIB packing, which is why reanalysis deflates well."""
    return (np.rint(values / quantum) * quantum).astype(np.float32)


def hour_angle(stamps: Array, minutes: float, longitudes: Array) -> tuple[Array, Array]:
    """Declination [time] and hour angle [time, longitude], radians, ``minutes`` before the stamp.

    J. J. Michalsky, Solar Energy 40 (1988) 227-235; the hour of the day without its seconds, as atlite takes it.
    """
    moment = stamps.astype("datetime64[m]").astype(np.int64) - int(minutes)
    n = moment / 1440 - 10957.5  # days since 2000-01-01 12:00
    hour = moment % 1440 / 60
    anomaly = np.radians(357.528 + 0.9856003 * n)
    ecliptic = np.radians(280.460 + 0.9856474 * n + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    tilt = np.radians(23.439 - 4e-7 * n)
    ascension = np.arctan2(np.cos(tilt) * np.sin(ecliptic), np.cos(ecliptic))
    sidereal = np.radians((6.697375 + hour + 0.0657098242 * n)[:, None] * 15 + longitudes)
    return (
        np.arcsin(np.sin(tilt) * np.sin(ecliptic)),
        (sidereal - ascension[:, None] + np.pi) % (2 * np.pi) - np.pi,
    )


def sine_of_altitude(stamps: Array, minutes: float, latitudes: Array, longitudes: Array) -> Array:
    """Sine of the sun's altitude [time, latitude, longitude]."""
    declination, angle = hour_angle(stamps, minutes, longitudes)
    lat = np.radians(latitudes)[:, None]
    d = declination[:, None, None]
    return np.clip(np.sin(d) * np.sin(lat) + np.cos(d) * np.cos(lat) * np.cos(angle)[:, None, :], -1, 1)


def as_atlite(raw: dict[str, Array], stamps: Array, latitudes: Array, longitudes: Array) -> dict[str, Array]:
    """atlite's variables from those of ERA5, as its CDS route derives and types them."""
    speed10, speed100 = np.hypot(raw["u10"], raw["v10"]), np.hypot(raw["u100"], raw["v100"])
    azimuth = np.arctan2(raw["u100"], raw["v100"]).astype(np.float64)
    sine = sine_of_altitude(stamps, 30, latitudes, longitudes)
    declination, angle = hour_angle(stamps, 30, longitudes)
    lat, d, h = np.radians(latitudes)[:, None], declination[:, None, None], angle[:, None, :]
    cosine = np.maximum(np.sqrt(1 - sine**2), 1e-12)
    bearing = np.arccos(np.clip((np.sin(d) * np.cos(lat) - np.cos(d) * np.sin(lat) * np.cos(h)) / cosine, -1, 1))
    ssrd = raw["ssrd"]
    with np.errstate(invalid="ignore", divide="ignore"):
        albedo = np.nan_to_num((ssrd - raw["ssr"]) / ssrd, nan=0.0)
        shear = np.nan_to_num(np.log(speed10 / speed100) / np.log(10 / 100), nan=0.0)  # a dead calm
    return {
        "wnd100m": speed100,
        "wnd_shear_exp": shear,
        "wnd_azimuth": np.where(azimuth >= 0, azimuth, azimuth + 2 * np.pi),
        "roughness": raw["fsr"],
        "influx_toa": np.maximum(raw["tisr"] / 3600, 0),
        "influx_direct": np.maximum(raw["fdir"] / 3600, 0),
        "influx_diffuse": np.maximum((ssrd - raw["fdir"]) / 3600, 0),
        "albedo": albedo,
        "solar_altitude": np.arcsin(sine),
        "solar_azimuth": np.where(h <= 0, bearing, 2 * np.pi - bearing),
        "temperature": raw["t2m"],
        "soil temperature": raw["stl4"],
        "dewpoint temperature": raw["d2m"],
        "runoff": np.maximum(raw["ro"], 0),
    }


def axes(window: tuple[float, float, float, float], degrees: float) -> tuple[Array, Array]:
    """Latitudes (ascending, as in a cutout) and longitudes of the cell centres of a window W,S,E,N."""
    west, south, east, north = window
    rows, columns = round((north - south) / degrees) + 1, round((east - west) / degrees) + 1
    return south + degrees * np.arange(rows), west + degrees * np.arange(columns)


def write_cutout(
    path: Path,
    *,
    window: tuple[float, float, float, float] = KAZAKHSTAN,
    first: str = "2023-01-01T00",
    hours: int = 8760,
    degrees: float = 0.25,
    deflate: bool = True,
    level: int = 4,
    seed: int = 1,
    block: int = BLOCK,
) -> None:
    """Write the cutout, block by block: memory for one block. ``window`` names centres of the outer cells."""
    import h5netcdf

    lat, lon = axes(window, degrees)
    weather = Weather(lat, lon, np.datetime64(first, "h"), seed)
    shape = (hours, len(lat), len(lon))
    block = min(block, hours)
    packed: dict[str, Any] = {"compression": "gzip", "compression_opts": level, "shuffle": True} if deflate else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5netcdf.File(path, "w") as out:
        out.attrs["module"] = "era5"
        out.attrs["prepared_features"] = ["height", "influx", "runoff", "temperature", "wind"]
        out.attrs.update({"chunksize_time": block, "Conventions": "CF-1.8", "title": "made-up weather, not observed"})
        out.dimensions = {"time": shape[0], "y": shape[1], "x": shape[2]}
        times = out.create_variable("time", ("time",), "i8", data=np.arange(hours))
        times.attrs.update({"units": f"hours since {first.replace('T', ' ')}:00:00", "calendar": "proleptic_gregorian"})
        for name, dimension, values in (("y", "y", lat), ("x", "x", lon), ("lat", "y", lat), ("lon", "x", lon)):
            out.create_variable(name, (dimension,), "f8", data=values)
        height = out.create_variable("height", ("y", "x"), "f4", data=weather.height)
        height.attrs.update({"units": "m", "module": "era5", "feature": "height", "coordinates": "lat lon"})
        variables: dict[str, Any] = {}
        for name, (kind, units, feature) in VARIABLES.items():
            variables[name] = out.create_variable(name, ("time", "y", "x"), kind, chunks=(block, *shape[1:]), **packed)
            attributes = {"units": units, "module": "era5", "feature": feature, "coordinates": "lat lon"}
            variables[name].attrs.update(attributes)
        for begin in range(0, hours, block):
            end = min(begin + block, hours)
            stamps = weather.first + np.arange(begin, end).astype("timedelta64[h]")
            for name, values in as_atlite(weather.hours(begin, end), stamps, lat, lon).items():
                variables[name][begin:end] = values.astype(VARIABLES[name][0])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write a made-up ERA5-like atlite cutout.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--window", default="46,40,88,56", help="W,S,E,N: centres of the outer cells, degrees")
    parser.add_argument("--first", default="2023-01-01T00", help="first stamp, UTC")
    parser.add_argument("--hours", type=int, default=8760)
    parser.add_argument("--degrees", type=float, default=0.25)
    parser.add_argument("--plain", action="store_true", help="not deflated")
    parser.add_argument("--level", type=int, default=4, help="of zlib")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    west, south, east, north = (float(edge) for edge in asked.window.split(","))
    began = time.perf_counter()
    write_cutout(
        asked.path,
        window=(west, south, east, north),
        first=asked.first,
        hours=asked.hours,
        degrees=asked.degrees,
        deflate=not asked.plain,
        level=asked.level,
        seed=asked.seed,
    )
    print(f"{asked.path}: {asked.path.stat().st_size / 1e9:.2f} GB in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
