"""Who decided something, as pages tell it."""

from collections.abc import Iterable

import sqlalchemy as sa

from jasyl.monitoring.quality.verdict import QUALITY
from jasyl.people import OPERATOR, account_names

from .visit import Visit


def deciders(visit: Visit, connection: sa.Connection, identities: Iterable[str]) -> dict[str, str]:
    """Accounts by their names; a command of the operator and quality control itself in the reader's words."""
    ours = {each: visit.t(f"decider-{each}") for each in (OPERATOR.id, QUALITY)}
    return account_names(connection, identities) | ours
