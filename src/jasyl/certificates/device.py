"""What the register publishes about a device, in the words of a certificate."""

import sqlalchemy as sa

from jasyl.registry import facility_by_id

from .events import Fact


def published_about(connection: sa.Connection, facility_id: str) -> dict[str, Fact]:
    """Technology, capacity (W), day of commissioning and place of a facility, as far as they are public and known.

    Coordinates are decimal texts: records hold no fractions.
    """
    found = facility_by_id(connection, facility_id)
    if found is None:
        return {}
    place = ", ".join(one for one in (found["region"], found["place"]) if one)
    about: dict[str, Fact] = {
        "technology": found["technology"],
        "capacity_w": found["capacity_w"],
        "commissioned": found["commissioned"],
        "location": place or None,
        "longitude": None if found["lon"] is None else f"{found['lon']:.5f}",
        "latitude": None if found["lat"] is None else f"{found['lat']:.5f}",
    }
    return {name: value for name, value in about.items() if value is not None}
