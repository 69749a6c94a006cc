"""Water as a resource: rivers, runoff, hydropower, and how scarce and how well supplied water is.

What works on arrays is in the modules ``model`` (all steps), ``flow``, ``network``, ``hydropower`` and ``small_hydro``;
they load numba and are imported where used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .hydropower import Assumptions
    from .model import Rivers, Routing

__all__ = ["rivers"]


def rivers(
    dem: Any,
    runoff: Any = None,
    *,
    unit: str | None = None,
    directions: Any = None,
    inland_sea: bool = False,
    routing: "Routing | None" = None,
    assumptions: "Assumptions | None" = None,
) -> "Rivers":
    """Rivers of a terrain model: directions, channels, reaches, and with ``runoff`` their discharge and hydropower.

    ``dem`` is an xarray DataArray of heights in m with latitude and longitude (degrees, WGS 84; NaN is the sea);
    ``runoff`` a number in mm a year, or a DataArray with units in its attributes (or ``unit``), one field or twelve
    months; ``directions`` a DataArray of D8 codes (ESRI, HydroSHEDS, MERIT Hydro) to be followed instead of those
    found from the heights. What comes back gives ``to_dataset()``, ``to_table()`` (pyarrow, lines as WKB),
    ``potential`` and ``sites()``.

    Raises Refusal ``dem-…``, ``directions-…``, ``runoff-…`` for what cannot be what it says it is.
    """
    from .model import rivers_of_array  # noqa: PLC0415

    return rivers_of_array(
        dem,
        runoff,
        unit=unit,
        directions=directions,
        inland_sea=inland_sea,
        routing=routing,
        assumptions=assumptions,
    )
