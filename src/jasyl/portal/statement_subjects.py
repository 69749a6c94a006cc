"""What a statement is about, by name and with the page that tells more of it."""

import sqlalchemy as sa

from jasyl.circular.account_figures import INDICATORS as ACCOUNT_INDICATORS
from jasyl.circular.account_figures import subject_name
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
    if record.indicator in ACCOUNT_INDICATORS:
        return _account(visit, connection, subject)
    return _place(visit, subject)


def _account(visit: Visit, connection: sa.Connection, subject: str) -> tuple[str, str | None]:
    """A material account and the part of it that is meant, ``KZ-75/almaty-waste/recycled``, behind their place."""
    code, _, part = subject.partition("/")
    name = subject_name(connection, subject, visit.language) or part.replace("/", ": ")
    return f"{_place(visit, code)[0]}, {name}", visit.href(f"/circular/{part.partition('/')[0]}")


def _place(visit: Visit, code: str) -> tuple[str, str | None]:
    """The country, a region or a city."""
    if code == COUNTRY:
        return visit.t("country-name"), None
    if code in {one.iso for one in regions()}:
        found = region(code)
        page = "cities" if found.kind == "city" else "regions"
        return found.name(visit.language), visit.href(f"/{page}/{code}")
    try:
        return city(code).name(visit.language), visit.href(f"/cities/{code}")
    except Refusal:  # a place that an older release knew
        return code, None
