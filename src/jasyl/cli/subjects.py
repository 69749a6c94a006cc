"""What keys on the command line mean: facilities, series, enterprises of the register."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from jasyl.monitoring.dynamics_figures import COUNTRY
from jasyl.people import OPERATOR
from jasyl.places import regions
from jasyl.registry import Series, facility_by_id, facility_by_key, series_by_key, series_of
from jasyl.texts import Refusal


def facility_of(connection: sa.Connection, key: str) -> Mapping[Any, Any]:
    """The facility of a key or ULID. Raises Refusal ``unknown-facility``."""
    found = facility_by_key(connection, key, OPERATOR) or facility_by_id(connection, key, OPERATOR)
    if found is None:
        raise Refusal("unknown-facility", received=key[:80])
    return found


def series_of_facility(connection: sa.Connection, facility: Mapping[Any, Any], key: str | None) -> Series:
    """The series ``key`` of a facility, or its only one. Raises Refusal ``unknown-series`` or ``series-unnamed``."""
    mine = series_of(connection, facility["id"])
    if key is not None:
        found = series_by_key(connection, key)
        if found.facility_id != facility["id"]:
            raise Refusal("unknown-series", received=key[:80])
        return found
    if len(mine) != 1:
        names = ", ".join(one.key for one in mine[:20])
        raise Refusal("series-unnamed", received=facility["key"], expected=names or "—")
    return mine[0]


def is_place(name: str) -> bool:
    """Whether a name is the country's code or a region's, of which totals are made."""
    return name == COUNTRY or name in {one.iso for one in regions()}
