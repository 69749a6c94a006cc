"""Whether rows of a file fit the register: their words known, each record told once, in its place, and the actor's
own."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Protocol

import sqlalchemy as sa

from jasyl.intake import Chunk, Match, Problem
from jasyl.people import Actor, Resource, may
from jasyl.texts import Refusal

from .codes import Row, RowFault
from .kind import FileKind
from .links import Links


class Borders(Protocol):
    """What an installation's borders say of rows (`placing.PlaceCheck`); given from outside."""

    def faults(self, rows: Sequence[Row]) -> Iterator[tuple[int, str, Refusal | None, str]]:
        """Rows that lie elsewhere than they say: index, column, refusal (None: a warning only), text."""
        ...

    def districts(self, rows: Sequence[Row]) -> Sequence[str | None]:
        """The code of the district each row's point lies in."""
        ...


Numbered = list[tuple[int, Row]]


class RowCheck:
    """Checks a file block by block; what is wrong comes together in ``problems`` (told one by one up to the limit,
    counted beyond) and ``warnings``. Of the rows gone by it keeps the keys only."""

    def __init__(self, files: FileKind, links: Links, found: Match, actor: Actor, borders: Borders | None) -> None:
        self.files, self.links, self.found, self.actor = files, links, found, actor
        self.borders = borders if files.located else None
        self.problems: list[Problem] = []
        self.problem_count = 0
        self.warnings: list[tuple[int, str]] = []
        self._seen: dict[str, tuple[int, int]] = {}
        # Whoever may write everywhere need not be asked of each record.
        self._everywhere = may(actor, "write_registry", Resource("public"))

    def good(self, chunk: Chunk) -> list[Row]:
        """The rows that fit, with codes in place of words, and the district where borders are known."""
        keys = list(chunk.columns)
        rows: Numbered = []
        for number, values in zip(chunk.numbers, zip(*chunk.columns.values(), strict=True), strict=True):
            try:
                row = self.files.resolve(dict(zip(keys, values, strict=True)))
                self.files.link(row, self.links)
                self._once(number, row["key"], hash(values))
                if not self._everywhere:
                    self._own(row)
                rows.append((number, row))
            except RowFault as found:
                for fault in found.faults:
                    self._problem(number, fault)
        return [row for _, row in (self._placed(rows, self.borders) if self.borders else rows)]

    def _once(self, number: int, key: str, said: int) -> None:
        """Two rows that come to mean one record would overwrite each other; the same row twice says nothing new."""
        first, before = self._seen.setdefault(key, (number, said))
        if before != said:
            raise RowFault("key", Refusal("value-twice", received=key, expected=str(first)))

    def _own(self, row: Row) -> None:
        """What a row says, and what stands there already, must be the actor's own."""
        touched = [self.files.owned(row, self.links)]
        if row["key"] in self._standing:
            touched.append(self._standing[row["key"]])
        if not all(may(self.actor, "write_registry", one) for one in touched):
            raise RowFault("name", Refusal("not-allowed"))

    @cached_property
    def _standing(self) -> dict[str, Resource]:
        """Whose the records are that stood before this file."""
        rows = self.links.connection.execute(sa.select(self.files.table)).mappings()
        return {row["key"]: self.files.owned(row, self.links) for row in rows}

    def _placed(self, rows: Numbered, borders: Borders) -> Numbered:
        """The rows that lie where they say, each with the district its point lies in."""
        bad: set[int] = set()
        places = [row for _, row in rows]
        for index, column, refusal, warning in borders.faults(places):
            number = rows[index][0]
            if refusal:
                bad.add(index)
                self._problem(number, RowFault(column, refusal))
            else:
                self.warnings.append((number, warning))
        for row, district in zip(places, borders.districts(places), strict=True):
            row["district_found"] = district
        return [one for index, one in enumerate(rows) if index not in bad] if bad else rows

    def _problem(self, number: int, fault: RowFault) -> None:
        self.problem_count += 1
        if len(self.problems) < self.found.table.limits.problems:
            where = self.found.where(number, fault.key)
            self.problems.append(Problem(Refusal(fault.refusal.code, where=where, **fault.refusal.arguments)))
