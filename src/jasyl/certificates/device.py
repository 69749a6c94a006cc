"""What the register publishes about a device, in the words of a certificate."""

import sqlalchemy as sa

from jasyl.registry import facility_by_id
from jasyl.texts import Refusal

from .events import Fact

# Families of plants that are energy sources by the same name; what burns or joins several says its source freely.
SOURCES = frozenset({"solar", "wind", "hydro", "geothermal", "bioenergy"})


def published_about(connection: sa.Connection, facility_id: str, source: str | None = None) -> dict[str, Fact]:
    """Technology, capacity (W), day of commissioning and place of a facility, as far as they are public and known, and
    the energy ``source`` that the issuer states.

    Coordinates are decimal texts: records hold no fractions. Raises Refusal ``certificate-source`` when the register
    knows the plant as one of another source.
    """
    found = facility_by_id(connection, facility_id)
    stated: dict[str, Fact] = {"source": source} if source else {}
    if found is None:
        return stated
    if source in SOURCES and found["family"] in SOURCES and source != found["family"]:
        raise Refusal("certificate-source", received=source, expected=found["family"], facility=found["key"])
    place = ", ".join(one for one in (found["region"], found["place"]) if one)
    about: dict[str, Fact] = {
        "technology": found["technology"],
        "capacity_w": found["capacity_w"],
        "commissioned": found["commissioned"],
        "location": place or None,
        "longitude": None if found["lon"] is None else f"{found['lon']:.5f}",
        "latitude": None if found["lat"] is None else f"{found['lat']:.5f}",
    }
    return {name: value for name, value in about.items() if value is not None} | stated
