"""Narrowing lists: by fields, by words, by district, and to what somebody may see."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from jasyl.people import Actor

from .tables import enterprise, facility

SPOKEN = ("name_kk", "name_ru", "name_en", "place", "key")
OPERATOR_NAMES = (
    enterprise.c.key.label("enterprise_key"),
    enterprise.c.name_kk.label("enterprise_kk"),
    enterprise.c.name_ru.label("enterprise_ru"),
    enterprise.c.name_en.label("enterprise_en"),
)


class Filter(Protocol):
    """What a list of facilities or projects is narrowed to."""

    @property
    def district(self) -> str | None: ...
    @property
    def text(self) -> str | None: ...
    def condition(self) -> sa.ColumnElement[bool]: ...
    def test(self) -> Callable[[Mapping[str, Any]], bool]: ...


def narrowed(table: sa.Table, wanted: Filter, equal: Sequence[str]) -> sa.ColumnElement[bool]:
    """A filter in SQL: every field of ``equal`` that it asks for, the district, the words."""
    asked = {name: getattr(wanted, name) for name in equal}
    terms = [table.c[name] == value for name, value in asked.items() if value is not None]
    if wanted.district:
        terms.append(sa.func.coalesce(table.c.district, table.c.district_found) == wanted.district)
    if wanted.text:
        terms.append(spoken(table, wanted.text))
    return sa.and_(sa.true(), *terms)


def narrowing(wanted: Filter, equal: Sequence[str]) -> Callable[[Mapping[str, Any]], bool]:
    """The same for rows that are not in a table."""
    asked = {name: getattr(wanted, name) for name in equal if getattr(wanted, name) is not None}
    words = (wanted.text or "").casefold().split()[:6]

    def fits(row: Mapping[str, Any]) -> bool:
        said = " ".join(str(row.get(name) or "") for name in SPOKEN).casefold() if words else ""
        return (
            all(row.get(name) == value for name, value in asked.items())
            and wanted.district in {None, row.get("district") or row.get("district_found")}
            and all(word in said for word in words)
        )

    return fits


def spoken(table: sa.Table, text: str) -> sa.ColumnElement[bool]:
    """Every word somewhere in a name, the place or the key; letter case does not matter for ASCII and Cyrillic."""
    columns = [table.c[name] for name in SPOKEN if name in table.c]
    every: list[sa.ColumnElement[bool]] = []
    for word in text.split()[:6]:
        # SQLite's lower() knows ASCII only: the three usual forms of a word are looked for as they stand.
        forms = {word, word.lower(), word.capitalize(), word.upper()}
        every.append(sa.or_(*(column.contains(form, autoescape=True) for column in columns for form in forms)))
    return sa.and_(*every)


def sees_everything(actor: Actor) -> bool:
    """Whether publication levels hide nothing from an actor."""
    return bool(actor.roles & {"agency", "auditor"})


def visible(
    actor: Actor, table: sa.FromClause = facility, holder: sa.FromClause | None = None
) -> sa.ColumnElement[bool]:
    """The rows an actor may read one by one: `people.may` for ``read``, written as SQL for whole lists.

    ``holder`` has the columns that say whose a row is, where the table itself does not.
    """
    if sees_everything(actor):
        return sa.true()
    seen: list[sa.ColumnElement[bool]] = [table.c.level == "public"]
    owner = holder if holder is not None else table
    if "enterprise" in actor.roles and actor.enterprise_id and "enterprise_id" in owner.c:
        seen.append(owner.c.enterprise_id == actor.enterprise_id)
    if "akimat" in actor.roles and actor.region:
        seen.append(owner.c.region == actor.region)
    return sa.or_(*seen)
