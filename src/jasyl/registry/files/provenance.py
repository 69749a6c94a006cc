"""Who says what a row of a file says."""

from functools import lru_cache
from typing import Any

from jasyl.people import Actor

from ..fields import Provenance


def said_by_row(row: dict[str, Any], actor: Actor, file: str) -> Provenance:
    """The provenance of a row: its own source, or the file; of medium confidence and public unless it says so."""
    said = (row.get("source") or file, row.get("confidence") or "medium", row.get("source_date"))
    return _provenance(actor.id, *said, row.get("level") or "public")


@lru_cache(maxsize=1000)
def _provenance(actor: str, source: str, confidence: str, source_date: str | None, level: str) -> Provenance:
    """One object for the many rows of a file that come from the same source."""
    return Provenance(source, actor, confidence, source_date, level=level)
