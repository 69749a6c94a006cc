"""Site reports: everything the atlas and the register know about a place, as one struct.

``SiteReport`` is data; `gather.site_report` makes it, `paper.site_paper` sets it as a printed paper, `rows.site_rows`
as a table. They are imported where used: places need the geo stack.
"""

from .site_report import (
    AreaEntry,
    CapacityFactor,
    Distance,
    Estimate,
    LayerEntry,
    Licence,
    NearSite,
    PlantEntry,
    Rank,
    SiteReport,
    Spread,
    WeatherEntry,
)

__all__ = [
    "AreaEntry",
    "CapacityFactor",
    "Distance",
    "Estimate",
    "LayerEntry",
    "Licence",
    "NearSite",
    "PlantEntry",
    "Rank",
    "SiteReport",
    "Spread",
    "WeatherEntry",
]
