"""The weather products that can be converted: what they call a variable, in which unit, and what is derived from it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from jasyl.atlas.layer import Source

from .chunk import Floats
from .field import FIELDS

# How a product's stamps and accumulations relate to our intervals [start, start + step):
#   closing   a stamp closes its interval; accumulations and means are over it (ERA5)
#   daily     the same, but accumulations run since 00 UTC (ERA5-Land)
#   slots     a stamp is an instant; the mean of an hour is that of its slots (SARAH)
Stamping = Literal["closing", "daily", "slots"]
ProductName = Literal["era5", "era5-land", "sarah-3", "atlite-cutout"]


@dataclass(frozen=True)
class Raw:
    """A variable as published: the names it goes by (first the short one) and the unit recipes reckon in."""

    names: tuple[str, ...]
    unit: str

    @property
    def accumulates(self) -> bool:
        """Whether it is a sum over time, which ERA5-Land gives since midnight."""
        return self.unit == "J m-2" or "ro" in self.names


@dataclass(frozen=True)
class Recipe:
    """How a field is derived: from which raw variables, by what. The same arithmetic, in float32, as atlite's.

    ``instead_of`` names the better field that makes this one needless.
    """

    field: str
    inputs: tuple[str, ...]
    run: Callable[..., Floats]
    instead_of: str | None = None


@dataclass(frozen=True)
class Product:
    name: ProductName
    stamping: Stamping
    source: Source
    raws: Mapping[str, Raw]
    recipes: tuple[Recipe, ...]

    def possible(self, available: Iterable[str]) -> tuple[Recipe, ...]:
        """The recipes whose raw variables are ``available``."""
        has = set(available)
        able = {recipe.field: recipe for recipe in self.recipes if has.issuperset(recipe.inputs)}
        return tuple(recipe for recipe in able.values() if recipe.instead_of not in able)


_ECMWF = {
    raw.names[0]: raw
    for raw in (
        Raw(("ssrd", "surface_solar_radiation_downwards"), "J m-2"),
        Raw(("ssr", "surface_net_solar_radiation"), "J m-2"),
        Raw(("fdir", "total_sky_direct_solar_radiation_at_surface"), "J m-2"),
        Raw(("tisr", "toa_incident_solar_radiation"), "J m-2"),
        Raw(("t2m", "2m_temperature"), "K"),
        Raw(("d2m", "2m_dewpoint_temperature"), "K"),
        Raw(("stl4", "soil_temperature_level_4"), "K"),
        Raw(("u100", "100m_u_component_of_wind"), "m s-1"),
        Raw(("v100", "100m_v_component_of_wind"), "m s-1"),
        Raw(("u10", "10m_u_component_of_wind"), "m s-1"),
        Raw(("v10", "10m_v_component_of_wind"), "m s-1"),
        Raw(("fsr", "forecast_surface_roughness"), "m"),
        Raw(("ro", "runoff"), "m"),
        Raw(("z", "geopotential", "geopotential_at_surface"), "m2 s-2"),
    )
}
_SARAH = {raw.names[0]: raw for raw in (Raw(("SIS",), "W m-2"), Raw(("SID",), "W m-2"))}


def _flux(energy: Floats) -> Floats:
    """The mean flux of an hour, W/m², from its energy, J/m²; the model's tiny negatives are none."""
    return np.maximum(energy / np.float32(3600), 0)


def _diffuse(ssrd: Floats, fdir: Floats) -> Floats:
    return _flux(ssrd - fdir)


def _remainder(total: Floats, direct: Floats) -> Floats:
    return np.maximum(total - direct, 0)


def _albedo(ssrd: Floats, ssr: Floats) -> Floats:
    """The share reflected, 0 in the dark as atlite has it; missing where the radiation is."""
    dark = ssrd == 0
    return np.where(dark, np.float32(0) * ssr, (ssrd - ssr) / np.where(dark, np.float32(1), ssrd))


def _speed(u: Floats, v: Floats) -> Floats:
    return np.sqrt(u**2 + v**2)


def _shear(u10: Floats, v10: Floats, u100: Floats, v100: Floats) -> Floats:
    """Exponent of the power law between 10 and 100 m; missing in a dead calm."""
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = np.log(_speed(u10, v10) / _speed(u100, v100)) / np.log(10 / 100)
    return np.where(np.isfinite(exponent), exponent, np.nan).astype(np.float32)


def _azimuth(u100: Floats, v100: Floats) -> Floats:
    azimuth = np.arctan2(u100, v100)
    return np.where(azimuth < 0, azimuth + np.float32(2 * np.pi), azimuth)


def _roughness(fsr: Floats) -> Floats:
    """The model's few negatives become 0.2 mm, as atlite has it."""
    return np.where(fsr < 0, np.float32(2e-4), fsr)


def _kept(values: Floats) -> Floats:
    return values


def _positive(values: Floats) -> Floats:
    return np.maximum(values, 0)


def _height(z: Floats) -> Floats:
    """Height above sea level from the surface geopotential; standard gravity 9.80665 m/s²."""
    return z / np.float32(9.80665)


_ECMWF_RECIPES = (
    Recipe("influx_toa", ("tisr",), _flux),
    Recipe("influx_direct", ("fdir",), _flux),
    Recipe("influx_diffuse", ("ssrd", "fdir"), _diffuse),
    Recipe("albedo", ("ssrd", "ssr"), _albedo),
    Recipe("temperature", ("t2m",), _kept),
    Recipe("soil temperature", ("stl4",), _kept),
    Recipe("dewpoint temperature", ("d2m",), _kept),
    Recipe("wnd100m", ("u100", "v100"), _speed),
    Recipe("wnd_shear_exp", ("u10", "v10", "u100", "v100"), _shear),
    Recipe("wnd_azimuth", ("u100", "v100"), _azimuth),
    Recipe("roughness", ("fsr",), _roughness),
    Recipe("runoff", ("ro",), _positive),
    Recipe("height", ("z",), _height),
    # Without the direct part (ERA5-Land) the global flux is what there is; without 100 m, the wind at 10 m.
    Recipe("influx", ("ssrd",), _flux, instead_of="influx_diffuse"),
    Recipe("wnd10m", ("u10", "v10"), _speed, instead_of="wnd100m"),
)

_CC_BY = "CC BY 4.0"
PRODUCTS: dict[ProductName, Product] = {
    "era5": Product(
        "era5",
        "closing",
        Source(
            name="ERA5 hourly data on single levels, Copernicus Climate Change Service (ECMWF)",
            version="ERA5",
            licence=_CC_BY,
            reference="doi:10.24381/cds.adbb2d47",
        ),
        _ECMWF,
        _ECMWF_RECIPES,
    ),
    "era5-land": Product(
        "era5-land",
        "daily",
        Source(
            name="ERA5-Land hourly data, Copernicus Climate Change Service (ECMWF)",
            version="ERA5-Land",
            licence=_CC_BY,
            reference="doi:10.24381/cds.e2161bac",
        ),
        _ECMWF,
        _ECMWF_RECIPES,
    ),
    "sarah-3": Product(
        "sarah-3",
        "slots",
        Source(
            name="Surface Radiation Data Set - Heliosat (SARAH), EUMETSAT CM SAF",
            version="3",
            licence="CM SAF data policy: free with attribution",
            reference="doi:10.5676/EUM_SAF_CM/SARAH/V003",
        ),
        _SARAH,
        (
            Recipe("influx", ("SIS",), _positive, instead_of="influx_diffuse"),
            Recipe("influx_direct", ("SID",), _positive),
            Recipe("influx_diffuse", ("SIS", "SID"), _remainder),
        ),
    ),
    "atlite-cutout": Product(
        "atlite-cutout",
        "closing",
        Source(name="atlite cutout", version="era5", licence=_CC_BY, reference="doi:10.24381/cds.adbb2d47"),
        {field.name: Raw((field.name,), field.units) for field in FIELDS.values()},
        tuple(Recipe(field.name, (field.name,), _kept) for field in FIELDS.values()),
    ),
}
