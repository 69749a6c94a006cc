"""What files of one kind hold, and how their rows become records and records rows again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import sqlalchemy as sa

from jasyl.intake import Template
from jasyl.people import Resource
from jasyl.texts import Language

from ..fields import PROJECTIONS, Kind
from .codes import Row
from .links import Links

FileName = Literal["facilities", "projects", "installations", "enterprises", "measures"]
FILE_NAMES: tuple[FileName, ...] = get_args(FileName)
Record = Mapping[Any, Any]


@dataclass(frozen=True)
class FileKind:
    """One kind of file: ``name`` stands in commands, addresses and texts, ``kind`` is that of its records.

    Attributes:
        template: its columns.
        resolve: a row as it was read with codes in place of words, and a key; raises RowFaults.
        link: puts ids where the row names records that must be there already; raises RowFault.
        fields: what the row asserts, once every enterprise it names has an id.
        owned: whose a row, or a record, is: decides who may write it and, with its level, who may read it.
        written: a record of the register as a row again, for the columns that are no fields of it.
        located: whether its points are compared with the borders.
        partied: whether its rows name enterprises, which are recorded with the file where nobody knows them.
    """

    name: FileName
    kind: Kind
    template: Callable[[], Template]
    resolve: Callable[[Row], Row]
    link: Callable[[Row, Links], None]
    fields: Callable[[Row, Links], dict[str, Any]]
    owned: Callable[[Record, Links], Resource]
    written: Callable[[Record, Links, Language], Row]
    located: bool = False
    partied: bool = False

    @property
    def table(self) -> sa.Table:
        """The projection that lists show."""
        return PROJECTIONS[self.kind]

    @property
    def has_points(self) -> bool:
        """Whether its files can be GeoJSON."""
        return {"longitude", "latitude"} <= {column.kind for column in self.template().columns}


def copied(row: Row, *names: str) -> dict[str, Any]:
    """The fields that a row says as they are."""
    return {name: row[name] for name in names if row.get(name) is not None}


def dated(row: Row, *names: str) -> dict[str, Any]:
    """The dates that a row says, as precise as it says them."""
    return {name: str(row[name]) for name in names if row.get(name) is not None}


def named(row: Row) -> dict[str, Any]:
    """The names that a row says; the bare one counts as Russian where no language is given."""
    fields = copied(row, "name_kk", "name_ru", "name_en")
    return fields or {"name_ru": row["name"]}
