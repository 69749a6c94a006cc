"""Measures of strategies: the list, and a programme with its goals, dated targets and measures."""

import datetime as dt
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import sqlalchemy as sa

from jasyl.cities import books, point_name
from jasyl.cities.results import CATALOGUE
from jasyl.indicators import catalogue
from jasyl.monitoring import TargetProgress, target_progress
from jasyl.people import Actor, Resource, may
from jasyl.places import region, regions
from jasyl.quantities import written_unit
from jasyl.registry import (
    MEASURE_STATUSES,
    MEASURE_THEMES,
    MeasureFilter,
    measure_state,
    measures,
    programme_names,
)
from jasyl.registry.tables import programme
from jasyl.texts import Refusal

from .dynamics_targets import COLUMNS as TARGET_COLUMNS
from .dynamics_targets import target_row
from .page import Document, NotFoundError, page
from .sheet import Column, Sheet
from .visit import Visit

COLUMNS = (
    Column("key", "field-key", files_only=True),
    Column("name", "column-measure", link=True),
    Column("programme", "column-programme", link=True),
    Column("goal", "field-goal"),
    Column("owner", "field-measure-owner"),
    Column("money", "column-money"),
    Column("indicator", "field-measure-indicator"),
    Column("status", "column-status", choices="measure-status"),
    Column("state", "column-measure-state", choices="measure-state"),
    Column("progress", "field-progress", digits=0),
    Column("due", "field-due"),
    Column("point", "field-point", link=True),
    Column("effect", "column-effect"),
    Column("region", "column-region"),
    Column("themes", "field-themes"),
    Column("start", "field-start"),
    Column("confidence", "column-confidence", choices="confidence-level"),
)
Row = sa.RowMapping


@page("/programmes/measures", "Measures of strategies: ?programme=&region=&theme=&status=")
def measures_page(visit: Visit, connection: sa.Connection) -> Document:
    """Every measure that the reader may see, with how it stands to its date."""
    found = measures(connection, _wanted(visit, connection), visit.actor)
    names = programme_names(connection)
    context = {
        "programmes": _choices(visit, "programme", {key: visit.name_of(row) for key, row in names.items()}),
        "regions": _choices(visit, "region", {one.iso: one.name(visit.language) for one in regions()}),
        "themes": _choices(visit, "theme", {key: visit.t(f"measure-theme-{key}") for key in MEASURE_THEMES}),
        "statuses": _choices(visit, "status", {key: visit.t(f"measure-status-{key.replace('_', '-')}")
                                               for key in MEASURE_STATUSES}),
        "chosen": dict(visit.query),
        "enters": may_enter(visit.actor),
    }  # fmt: skip
    data = {"measures": [measure_data(row) for row in found]}
    return Document("measures.html", visit.t("measures-title"), data, measures_sheet(visit, connection, found), context)


def may_enter(actor: Actor) -> bool:
    """Whether a reader may enter measures at all: the agency, or an akimat of its own region."""
    return actor.signed_in and may(actor, "write_registry", Resource(region=actor.region))


def _wanted(visit: Visit, connection: sa.Connection) -> MeasureFilter:
    """The filter of the query. Raises Refusal ``query-choice`` and ``unknown-region``."""
    asked = {key: visit.query.get(key) or None for key in ("programme", "region", "theme", "status")}
    known: dict[str, Sequence[str]] = {
        "theme": MEASURE_THEMES, "status": MEASURE_STATUSES, "programme": sorted(programme_names(connection))
    }  # fmt: skip
    for key, choices in known.items():
        if asked[key] is not None and asked[key] not in choices:
            raise Refusal("query-choice", received=f"{key}={asked[key]}"[:60], expected=", ".join(choices)[:400])
    if asked["region"] is not None:
        region(asked["region"])
    return MeasureFilter(**asked)


def _choices(visit: Visit, key: str, named: dict[str, str]) -> list[tuple[str, str, bool]]:
    chosen = visit.query.get(key) or ""
    return [(value, text, value == chosen) for value, text in named.items()]


def measures_sheet(visit: Visit, connection: sa.Connection, found: Sequence[Row], caption: str | None = None) -> Sheet:
    """Measures as a table."""
    names = programme_names(connection)
    booked = {place for place, _, of, _ in books(connection) if of == CATALOGUE}
    rows = [_row(visit, row, names) | _point(visit, row, booked) for row in found]
    return Sheet(COLUMNS, rows, caption or visit.t("measures-caption"))


def _point(visit: Visit, row: Row, booked: AbstractSet[str]) -> dict[str, Any]:
    """The data point that a measure serves: on a page its name, and its trend where the city keeps a book."""
    point, known = row["point"], catalogue(CATALOGUE)
    if visit.form != "html" or not point or not known.has(point):
        return {"point": point}
    trend = visit.href("/cities/compare", place=row["region"], point=point) + "#trend"
    return {
        "point": point_name(known, point, visit.language),
        "point_link": trend if row["region"] in booked else None,
    }


def _row(visit: Visit, row: Row, names: Any) -> dict[str, Any]:
    known = names.get(row["programme"] or "")
    html = visit.form == "html"
    return {
        "key": row["key"],
        "name": visit.name_of(row),
        "name_link": visit.href(f"/programmes/measures/{row['key']}"),
        "programme": visit.name_of(known) if known else row["strategy"],
        "programme_link": visit.href(f"/programmes/{row['programme']}") if known else None,
        "goal": row["goal"],
        "owner": row["owner"],
        "money": _money(visit, row),
        "indicator": row["indicator"],
        "effect": _effect(visit, row),
        "status": row["status"],
        "start": row["start"],
        "due": row["due"],
        "progress": row["progress"],
        "state": state_of(row),
        "region": visit.place(row["region"] or "KZ"),
        "themes": _themes(visit, row["themes"]) if html else row["themes"],
        "confidence": row["confidence"],
    }


def state_of(row: Row) -> str:
    """How a measure stands today."""
    told = {name: row[name] for name in ("start", "due", "done", "progress")}
    return measure_state(row["status"], dt.datetime.now(dt.UTC).date(), **told)


def _themes(visit: Visit, themes: str | None) -> str | None:
    return ", ".join(visit.t(f"measure-theme-{one}") for one in (themes or "").split()) or None


def _money(visit: Visit, row: Row) -> str | None:
    if row["investment"] is None:
        return None
    amount = visit.number(row["investment"]) if visit.form == "html" else str(row["investment"])
    year = f" ({row['price_year']})" if row["price_year"] else ""
    return f"{amount} {visit.currency(row['investment_currency'])}{year}"


def _effect(visit: Visit, row: Row) -> str | None:
    if row["effect"] is None:
        return None
    amount = visit.number(row["effect"]) if visit.form == "html" else str(row["effect"])
    return f"{amount} {visit.unit(row['effect_unit']) or ''}".strip()


def measure_data(row: Row) -> dict[str, Any]:
    """A measure for programs; numbers as decimal texts."""
    hidden = {"id", "level", "changed_at"}
    plain = {
        name: str(value) if name in {"progress", "effect", "investment"} and value is not None else value
        for name, value in row.items()
        if name not in hidden
    }
    return plain | {"state": state_of(row)}


@page("/programmes/{key:str}", "One programme: goals, dated targets with their progress, measures")
def programme_page(visit: Visit, connection: sa.Connection, key: str) -> Document:
    """Strategy, goal, target, measure: what was promised and how it stands."""
    found = connection.execute(sa.select(programme).where(programme.c.key == key)).mappings().first()
    if found is None:
        raise NotFoundError
    own = [one for one in target_progress(connection) if one.target["programme"] == key]
    held = measures(connection, MeasureFilter(programme=key), visit.actor)
    served = {one.target["indicator"] for one in own}
    groups = [_group(visit, connection, indicator, own, held) for indicator in dict.fromkeys(
        one.target["indicator"] for one in own)]  # fmt: skip
    others = [row for row in held if row["indicator"] not in served]
    name = visit.name_of(found)
    context = {
        "programme": found,
        "name": name,
        "groups": groups,
        "others": measures_sheet(visit, connection, others, visit.t("measures-others")) if others else None,
        "count": len(held),
        "enters": may_enter(visit.actor),
    }
    data = {
        "programme": {name: found[name] for name in ("key", "name_kk", "name_ru", "name_en", "goals", "legal_acts")},
        "targets": [one.as_data() for one in own],
        "measures": [measure_data(row) for row in held],
    }
    sheet = Sheet(TARGET_COLUMNS, [target_row(visit, one) for one in own], visit.t("programme-targets"))
    return Document("programme.html", name, data, sheet, context)


def _group(
    visit: Visit, connection: sa.Connection, indicator: str, own: Sequence[TargetProgress], held: Sequence[Row]
) -> dict[str, Any]:
    """An indicator of the programme with its dated targets and the measures that name it."""
    targets = [one for one in own if one.target["indicator"] == indicator]
    serving = [row for row in held if row["indicator"] == indicator]
    first = targets[0].target
    said = None if visit.language == "en" else first[f"indicator_{visit.language}"]
    unit = written_unit(first["unit"], visit.language) if first["unit"] else ""
    rows = [target_row(visit, one) for one in targets]
    columns = [one for one in TARGET_COLUMNS if one.key not in {"programme", "indicator"}]
    return {
        "title": f"{said or indicator}{f', {unit}' if unit else ''}",
        "goal": first["goal"],
        "targets": Sheet(columns, rows, visit.t("programme-targets")),
        "measures": measures_sheet(visit, connection, serving, visit.t("measures-of-target")) if serving else None,
    }
