"""Mean wind speeds at masts and windy passes: points with a source each, never interpolated into a field."""

from itertools import groupby

from jasyl.storage import DataFolder

from ..climate.normals import build_sites, normals, site_value
from ..layer import Layer
from ..sites import SiteValue
from .layers import MASTS

METHOD = "wind-masts@1.0.0"
_MEANS = {"wind_speed_mean_80m": "80m", "wind_speed_mean": "unstated_height"}
_NAMES = {**{name: f"mean_{height}_m_s" for name, height in _MEANS.items()}, "wind_speed_record": "record_m_s"}


def build_masts(folder: DataFolder) -> Layer:
    """Build the layer of wind masts and give its record, for the caller to log."""
    return build_sites(folder, MASTS, mast_values(), METHOD)


def mast_values() -> list[SiteValue]:
    """One value a mast: its mean speed in m/s, the height in the note; all ten masts are recalled, not confirmed."""
    found: list[SiteValue] = []
    rows = [row for row in normals() if row.variable in _NAMES]
    for _, group in groupby(rows, key=lambda row: row.station):
        members = list(group)
        main = next((row.variable for row in members if row.variable in _MEANS), None)
        if main is not None:
            found.append(site_value(members, main, _NAMES))
    return found
