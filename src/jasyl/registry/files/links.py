"""How rows of files name other records (an enterprise, a facility, a programme), and the other way round."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from jasyl.people import Actor
from jasyl.texts import LANGUAGES, Language, Refusal

from ..assertions import Statement, record
from ..keys import own_key
from ..tables import enterprise, facility, programme, support_measure
from .codes import Row, RowFault, parts
from .provenance import said_by_row

_NAMES = ("name_kk", "name_ru", "name_en")


class Links:
    """What the register holds for rows to speak of, each table read once when it is first asked for."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    @cached_property
    def facilities(self) -> Mapping[str, Any]:
        """Facilities by key: id, key, technology, enterprise_id, region, level."""
        c = facility.c
        query = sa.select(c.id, c.key, c.technology, c.enterprise_id, c.region, c.level, c.merged_into)
        return {row.key: row for row in self.connection.execute(query)}

    @cached_property
    def facilities_by_id(self) -> Mapping[str, Any]:
        return {row.id: row for row in self.facilities.values()}

    @cached_property
    def enterprises(self) -> dict[str, Any]:
        """Enterprises by id: id, key, bin and names."""
        return {row.id: row for row in self._enterprises(sa.true())}

    def _enterprises(self, which: sa.ColumnElement[bool]) -> Sequence[Any]:
        columns = [enterprise.c[name] for name in ("id", "key", "bin", *_NAMES)]
        return self.connection.execute(sa.select(*columns).where(which)).all()

    @cached_property
    def enterprises_by_key(self) -> Mapping[str, Any]:
        return {row.key: row for row in self.enterprises.values()}

    @cached_property
    def enterprise_ids(self) -> dict[str, str]:
        """Ids of enterprises by BIN, key, and every name; the BIN speaks last."""
        return _ways(self.enterprises.values())

    @cached_property
    def programmes(self) -> Mapping[str, str]:
        """Keys of programmes by key and by name."""
        rows = self.connection.execute(sa.select(*(programme.c[name] for name in ("key", *_NAMES)))).all()
        return {way: row.key for row in rows for way in row if way}

    @cached_property
    def measures(self) -> frozenset[str]:
        """Keys of support measures."""
        return frozenset(self.connection.execute(sa.select(support_measure.c.key)).scalars())

    def facility(self, row: Row) -> None:
        """Puts ``facility_id`` in place of the key. Raises RowFault ``unknown-facility``."""
        key = row.get("facility")
        if not key:
            return
        found = self.facilities.get(key)
        if found is None:
            raise RowFault("facility", Refusal("unknown-facility", received=key[:80]))
        row["facility_id"] = found.merged_into or found.id

    def programme(self, row: Row) -> None:
        """The key of a programme. Raises RowFault ``unknown-programme``."""
        said = row.get("programme")
        if said and said not in self.programmes:
            raise RowFault("programme", Refusal("unknown-programme", received=said[:80]))
        if said:
            row["programme"] = self.programmes[said]

    def support(self, row: Row) -> None:
        """Keys of support measures, blank-separated. Raises RowFault ``unknown-support``."""
        for key in parts(row.get("support") or ""):
            if key not in self.measures:
                raise RowFault("support", Refusal("unknown-support", received=key[:80]))
        if row.get("support"):
            row["support"] = " ".join(dict.fromkeys(parts(row["support"])))

    def record_enterprises(self, rows: Sequence[Row], actor: Actor, file: str) -> None:
        """Record the enterprises that ``rows`` name and nobody knows yet, so that every one has an id."""
        new: dict[str, Statement] = {}
        for row in rows:
            for said, number, name in _named(row):
                if said not in self.enterprise_ids and said not in new:
                    fields = {"name_ru": name, "bin": number}
                    given = {key: value for key, value in fields.items() if value}
                    new[said] = Statement(own_key(name, number or ""), given, said_by_row(row, actor, file))
        if new:
            record(self.connection, "enterprise", new.values())
            made = self._enterprises(enterprise.c.key.in_({one.key for one in new.values()}))
            self.enterprises.update({one.id: one for one in made})
            self.enterprise_ids.update(_ways(made))

    def enterprise_id(self, row: Row) -> str | None:
        """The id of the enterprise that ``row`` names by BIN or name."""
        said = row.get("bin") or row.get("enterprise")
        return self.enterprise_ids[said] if said else None

    def partner_ids(self, row: Row) -> str | None:
        """The ids of the other enterprises, blank-separated."""
        ids = [self.enterprise_ids[said] for said in parts(row.get("partners") or "")]
        return " ".join(dict.fromkeys(ids)) or None

    @cached_property
    def _unique(self) -> frozenset[str]:
        ways = Counter(way for row in self.enterprises.values() for way in {*row[1:]} - {None})
        return frozenset(way for way, times in ways.items() if times == 1)

    def bin_of(self, identity: str | None) -> str | None:
        row = self.enterprises.get(identity or "")
        return row.bin if row else None

    def written(self, identity: str | None, language: Language) -> str | None:
        """An enterprise so that an import finds the same one: beside its BIN its name, else a name only it has, or its
        key."""
        row = self.enterprises.get(identity or "")
        if row is None:
            return None
        names = [getattr(row, f"name_{tongue}") for tongue in (language, *LANGUAGES)]
        fit = (name for name in names if name and (row.bin or name in self._unique))
        return next(fit, row.key)

    def written_each(self, identities: str | None) -> str | None:
        """Several enterprises in one cell: each by its BIN or its key."""
        rows: Iterable[Any] = (self.enterprises[one] for one in (identities or "").split() if one in self.enterprises)
        return "; ".join(row.bin or row.key for row in rows) or None


def _ways(rows: Iterable[Any]) -> dict[str, str]:
    """Ids by everything an enterprise may be called; a BIN speaks last."""
    rows = list(rows)
    known = {way: row.id for row in rows for way in (row.key, *row[3:]) if way}
    return known | {row.bin: row.id for row in rows if row.bin}


def _named(row: Row) -> Iterable[tuple[str, str | None, str]]:
    """What a row says of enterprises: as it is looked up, BIN, name."""
    number, name = row.get("bin"), row.get("enterprise")
    said = number or name
    if said:
        yield said, number, name or said
    for one in parts(row.get("partners") or ""):
        yield one, one if len(one) == 12 and one.isdigit() else None, one
