"""What a statement is about, by name and with the page that tells more of it."""

import sqlalchemy as sa

from jasyl.cities import city
from jasyl.ledger import Calc
from jasyl.monitoring.dynamics_figures import COUNTRY
from jasyl.places import region, regions
from jasyl.registry import facility_by_id
from jasyl.texts import Refusal

from .visit import Visit


def statement_subject(visit: Visit, connection: sa.Connection, record: Calc) -> tuple[str, str | None]:
    """Its name, and the address of its page where there is one; a facility has its name where this reader may see it,
    else its id as the record has it."""
    kind, subject = record.about
    if kind == "facility":
        row = facility_by_id(connection, subject, visit.actor)
        return visit.name_of(row) if row else subject, visit.href(f"/facilities/{subject}")
    if kind == "plant":
        return subject, visit.href(f"/emissions/plants/{subject}")
    return _place(visit, subject)


def _place(visit: Visit, code: str) -> tuple[str, str | None]:
    """The country, a region or a city; behind it the part of a material account that is meant, where there is one."""
    place, slash, part = code.partition("/")
    if place == COUNTRY:
        return visit.t("country-name"), None
    behind = f", {part.replace('/', ': ')}" if slash else ""
    if place in {one.iso for one in regions()}:
        found = region(place)
        page = "cities" if found.kind == "city" else "regions"
        return found.name(visit.language) + behind, visit.href(f"/{page}/{place}")
    try:
        return city(place).name(visit.language) + behind, visit.href(f"/cities/{place}")
    except Refusal:  # a place that an older release knew
        return code, None
