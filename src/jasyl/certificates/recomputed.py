"""Whether the tables of certificates still say what the log says: every certificate, not only the stored root."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from jasyl import ledger
from jasyl.texts import Refusal

from .certificate import Certificate
from .state_tree import StateTree
from .store import certificate_of, pieces_of, row_of, state_hash
from .tables import certificate_table

_MANY = 500


@dataclass(frozen=True)
class Recomputed:
    """``stored`` is the root the tables keep, ``state`` the one that follows from their rows; ``differing`` are the
    certificates of which a row, a piece or a leaf is another than the log's, or which only one of the two knows."""

    stored: str
    state: str
    differing: tuple[str, ...]

    def agrees(self, state: str) -> bool:
        """Whether the tables keep, row by row, what leads to this state hash."""
        return self.stored == self.state == state and not self.differing


def recompute(connection: sa.Connection, logged: Mapping[str, bytes]) -> Recomputed:
    """The state hash from the rows as they are, held against the leaves that a replay of the log gave."""
    tree, differing = StateTree(), set(logged)
    ids = list(connection.execute(sa.select(certificate_table.c.id)).scalars())
    for start in range(0, len(ids), _MANY):
        for row, one in _rows(connection, ids[start : start + _MANY]):
            leaf = one.leaf() if one else None
            if leaf is not None:
                tree.put(row["id"], leaf)
            if one is not None and leaf == logged.get(row["id"]) and row == row_of(one, row["record_id"]):
                differing.discard(row["id"])
            else:
                differing.add(row["id"])
    return Recomputed(state_hash(connection), tree.root.hex(), tuple(sorted(differing)))


def _rows(connection: sa.Connection, ids: Sequence[str]) -> list[tuple[dict[str, Any], Certificate | None]]:
    """Rows with the certificate they make; None where the record they name does not begin one."""
    held = certificate_table
    rows = [dict(row) for row in connection.execute(sa.select(held).where(held.c.id.in_(ids))).mappings()]
    entries = ledger.entries(connection, [row["record_id"] for row in rows])
    pieces = pieces_of(connection, ids)
    made: list[tuple[dict[str, Any], Certificate | None]] = []
    for row in rows:
        try:
            one = certificate_of(entries[row["record_id"]], pieces[row["id"]])
        except (KeyError, Refusal):
            one = None
        made.append(({**row, "leaf": bytes(row["leaf"])}, one))
    return made
