"""What lists share: their pages, the day they are asked for, how districts and doubtful statuses are told."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jasyl.places import region
from jasyl.quantities import written_unit
from jasyl.registry import technology
from jasyl.texts import Refusal

from .visit import Visit

if TYPE_CHECKING:
    from jasyl.places.boundaries import Boundaries, Boundary

PAGE_ROWS = 50
Row = Mapping[Any, Any]  # a row of the register, as SQLAlchemy gives it
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


@dataclass(frozen=True)
class Window:
    """The part of a list that a page shows. A spreadsheet wants the whole list, a page 50 rows of it."""

    page: int
    total: int
    limit: int | None
    address: str

    @classmethod
    def of(cls, visit: Visit, total: int = 0) -> "Window":
        """By the number of the page in the query. Raises Refusal ``query-number``."""
        number = visit.whole("page", 1, 1, 100_000)
        limit = None if visit.form == "csv" else PAGE_ROWS
        return cls(number, total, limit, visit.with_query(page="PAGE").replace("PAGE", "{page}"))

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_ROWS))

    @property
    def offset(self) -> int:
        return 0 if self.limit is None else (self.page - 1) * self.limit

    def data(self) -> dict[str, Any]:
        """The same for programs."""
        return {"total": self.total, "page": self.page, "pages": self.pages}


def day_of(visit: Visit) -> dt.date | None:
    """The day of ``?as_of=``. Raises Refusal ``query-day``."""
    written = visit.query.get("as_of")
    if not written:
        return None
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise Refusal("query-day", received=f"as_of={written}"[:60]) from None


def end_of(day: dt.date) -> dt.datetime:
    """The end of a day, UTC: what was recorded on it is in."""
    return dt.datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=dt.UTC)


def uncertainty(visit: Visit, row: Row) -> str | None:
    """``status not confirmed since 2016``, where the source does not vouch for today's status."""
    if row["status_certain"]:
        return None
    years = _YEAR.findall(row["status_date"] or "")
    return visit.t("status-not-confirmed-since", year=max(years)) if years else visit.t("status-not-confirmed")


def _districts(visit: Visit) -> "Mapping[str, Boundary]":
    """Districts by KATO (or the publisher's own) code; none under schematic borders."""
    from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

    return _by_kato(current(visit.house.folder))


@lru_cache(maxsize=4)
def _by_kato(boundaries: "Boundaries") -> "Mapping[str, Boundary]":
    return {unit.kato or unit.code: unit for unit in boundaries.of("district")}


def districts_offered(visit: Visit) -> list[tuple[str, str]]:
    """Districts to choose from: those of the region that is asked for."""
    region = visit.query.get("region")
    found = _districts(visit).items() if region else ()
    named = [(code, unit.names.of(visit.language)) for code, unit in found if unit.region == region]
    return sorted(named, key=lambda one: one[1])


def district_asked(visit: Visit) -> str | None:
    """The district of the query, a KATO code. Raises Refusal ``query-choice``."""
    written = visit.query.get("district") or None
    if written is not None and not re.fullmatch(r"[0-9A-Za-z-]{2,40}", written):
        raise Refusal("query-choice", received=f"district={written}"[:60], expected="101000000 …")
    return written


def district_of(row: Row) -> tuple[str | None, bool]:
    """The code of a row's district, and whether nobody stated it: then it follows from the borders in use."""
    stated = row["district"]
    return stated or row["district_found"], stated is None and row["district_found"] is not None


def described(visit: Visit, row: Row) -> dict[str, Any]:
    """What lists say of every facility and project: name, technology, whose it is, where, its status."""
    place = region(row["region"]) if row["region"] else None
    return {
        "name": visit.name_of(row),
        "family": row["family"],
        "technology": technology(row["technology"]).name(visit.language),
        "enterprise": visit.name_of(row, "enterprise_") if row["enterprise_key"] else None,
        "enterprise_link": visit.href(f"/enterprises/{row['enterprise_key']}") if row["enterprise_key"] else None,
        "region": place.name(visit.language) if place else None,
        "region_link": visit.href(f"/regions/{place.iso}") if place else None,
        "district": district_name(visit, row),
        "status": row["status"],
    }


def district_name(visit: Visit, row: Row) -> str | None:
    """The district in words where the borders name it, else its code."""
    code, _ = district_of(row)
    if code is None:
        return None
    unit = _districts(visit).get(code)
    return unit.names.of(visit.language) if unit else code


def district_data(row: Row) -> dict[str, Any]:
    """The district for programs; ``district_by`` is ``statement`` or ``borders``."""
    code, found = district_of(row)
    return {"district": code, "district_by": None if code is None else "borders" if found else "statement"}


def capacity_text(visit: Visit, row: Row) -> str | None:
    """Capacity with its unit, as the source gave it."""
    if row["capacity"] is None:
        return None
    return f"{visit.number(row['capacity'])} {written_unit(row['capacity_unit'] or '1', visit.language)}".strip()
