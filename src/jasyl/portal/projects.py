"""Projects: the list with its filters and what it comes to, and a page for each."""

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from jasyl.places import region, regions
from jasyl.registry import (
    MAP_FAMILIES,
    PROJECT_KINDS,
    PROJECT_STATUSES,
    SINCE,
    ProjectFilter,
    enterprises,
    family_name,
    pipeline,
    programme_names,
    project_by_key,
    projects,
    projects_as_of,
    technology,
)
from jasyl.texts import Refusal

from .known import financing_text, known_of
from .lists import (
    Window,
    day_of,
    district_asked,
    district_of,
    districts_offered,
    end_of,
)
from .page import Document, MovedError, NotFoundError, page
from .place_picture import locator
from .programmes import support_names
from .project_rows import project_data, project_row, projects_sheet
from .visit import Visit


@page("/projects", "Projects with filters, in pages of 50 (CSV: all of them)")
def projects_list(visit: Visit, connection: sa.Connection) -> Document:
    """All projects that fit the filters of the query; with ``as_of`` the list of an earlier day."""
    wanted = filter_of(visit, connection)
    day = day_of(visit)
    if day:
        return _as_it_stood(visit, connection, wanted, day)
    sums = pipeline(connection, wanted, visit.actor)
    window = Window.of(visit, sums.listed)
    rows = projects(connection, wanted, visit.actor, limit=window.limit, offset=window.offset)
    data = window.data() | {
        "coming": sums.coming,
        "planned_capacity_w": sums.capacity_w,
        "planned_investment": {currency: f"{amount:.2f}" for currency, amount in sums.investment},
        "projects": [project_data(row) for row in rows],
    }
    context = {
        "sums": sums,
        "capacity_mw": visit.number(Decimal(sums.capacity_w) / 1_000_000, 1),
        "window": window,
        "choices": _choices(visit, connection),
    }
    sheet = projects_sheet(visit, rows, visit.t("projects-caption"))
    return Document("projects.html", visit.t("nav-projects"), data, sheet, context)


def _as_it_stood(visit: Visit, connection: sa.Connection, wanted: ProjectFilter, day: dt.date) -> Document:
    asked = Window.of(visit)
    moment = end_of(day)
    total, rows = projects_as_of(connection, moment, wanted, visit.actor, limit=asked.limit, offset=asked.offset)
    window = Window.of(visit, total)
    caption = visit.t("projects-as-of", day=day.isoformat())
    data = {"as_of": day.isoformat()} | window.data() | {"projects": [project_data(row) for row in rows]}
    context = {"window": window, "list": ("/projects", visit.t("nav-projects"))}
    return Document("as_of.html", caption, data, projects_sheet(visit, rows, caption), context)


def filter_of(visit: Visit, connection: sa.Connection) -> ProjectFilter:
    """The filter that the query of an address says. Unknown values are refused, not ignored."""
    names = ("family", "kind", "status", "region", "technology", "programme")
    asked = {key: visit.query.get(key) or None for key in names}
    allowed: dict[str, tuple[str, ...]] = {"family": MAP_FAMILIES, "kind": PROJECT_KINDS, "status": PROJECT_STATUSES}
    if asked["programme"]:
        allowed["programme"] = tuple(programme_names(connection))
    for key, values in allowed.items():
        if asked[key] is not None and asked[key] not in values:
            raise Refusal("query-choice", received=f"{key}={asked[key]}"[:60], expected=", ".join(values)[:600])
    if asked["region"]:
        asked["region"] = region(asked["region"]).iso
    if asked["technology"]:
        asked["technology"] = technology(asked["technology"]).code
    asked["district"] = district_asked(visit)
    confirmed = {"yes": True, "no": False}.get(visit.query.get("confirmed", ""))
    return ProjectFilter(**asked, confirmed=confirmed, text=visit.query.get("q", "")[:80].strip() or None)


def _choices(visit: Visit, connection: sa.Connection) -> dict[str, list[tuple[str, str]]]:
    return {
        "family": [(key, family_name(key, visit.language)) for key in MAP_FAMILIES],
        "kind": [(key, visit.t(f"project-kind-{key.replace('_', '-')}")) for key in PROJECT_KINDS],
        "status": [(key, visit.t(f"project-status-{key.replace('_', '-')}")) for key in PROJECT_STATUSES],
        "region": [(one.iso, one.name(visit.language)) for one in regions()],
        "district": districts_offered(visit),
        "programme": [(key, visit.name_of(row)) for key, row in programme_names(connection).items()],
        "confirmed": [("yes", visit.t("confirmed")), ("no", visit.t("unconfirmed"))],
    }


@page("/projects/{key:str}", "One project: stages, money, facts with sources")
def project_page(visit: Visit, connection: sa.Connection, key: str) -> Document:
    """A project with everything that is known of it and who said so."""
    row = project_by_key(connection, key, visit.actor)
    if row is None:
        raise NotFoundError
    if row["key"] != key:
        raise MovedError(f"/projects/{row['key']}")
    known = known_of(visit, connection, "project", row["id"], visit.t("project-facts"))
    partners = enterprises(connection, (row["partner_ids"] or "").split())
    programme = programme_names(connection).get(row["programme"] or "")
    context: dict[str, Any] = {
        "project": row,
        "row": project_row(visit, row),
        "technology": technology(row["technology"]),
        "partners": [(visit.name_of(one), visit.href(f"/enterprises/{one['key']}")) for one in partners],
        "programme": visit.name_of(programme) if programme else None,
        "financing": financing_text(visit, row["financing"]),
        "support": _support(visit, connection, row["support"]),
        "stages": [(status, row[field]) for status, field in SINCE.items() if row[field] or status == row["status"]],
        "fact_sources": known.sources,
        "locator": locator(visit, row),
        "district_found": district_of(row)[1],
    }
    data = {
        "project": project_data(row) | {"partners": [one["key"] for one in partners]},
        "assertions": known.data,
    }
    return Document("project.html", visit.name_of(row), data, known.sheet, context)


def _support(visit: Visit, connection: sa.Connection, keys: str | None) -> str | None:
    names = support_names(visit, connection) if keys else {}
    return "; ".join(names.get(key, key) for key in (keys or "").split()) or None
