"""Tokens: secrets by which programs act for an account, narrowed to what they are for."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from ulid import ULID

from jasyl.quantities import now_us
from jasyl.texts import Refusal

from .accounts import actor_from, secret_hash
from .administration import account_named
from .rights import ACTIONS, Action, Actor, Reach
from .tables import account, token, token_reach

# Stands in token.series_id of a token whose reach is listed in a table of its own.
_REACH = "reach"


@dataclass(frozen=True)
class Token:
    """A token in force; its secret was shown once and is kept as a hash only.

    ``series`` and ``enterprises`` are ids it is narrowed to; neither: it reaches as far as its account.
    """

    id: str
    label: str
    actions: tuple[str, ...]
    created_at: int
    series: tuple[str, ...]
    enterprises: tuple[str, ...]


def new_token(
    connection: sa.Connection,
    account_id: str,
    label: str,
    actions: frozenset[Action],
    *,
    series: Iterable[str] = (),
    enterprises: Iterable[str] = (),
) -> str:
    """Make a token for a program; this is the only time it is seen.

    ``series`` and ``enterprises`` (ids) narrow it to the readings of these series and to what belongs to these
    enterprises; neither: it reaches as far as its account.
    """
    secret = "jasyl_" + secrets.token_urlsafe(32)
    reach = [("series", one) for one in set(series)] + [("enterprise", one) for one in set(enterprises)]
    only = reach[0][1] if len(reach) == 1 and reach[0][0] == "series" else None
    made = str(ULID())
    connection.execute(
        sa.insert(token).values(
            id=made,
            secret_hash=secret_hash(secret),
            account_id=account_id,
            label=label,
            actions=" ".join(sorted(actions)),
            series_id=only or (_REACH if reach else None),
            created_at=now_us(),
            revoked=False,
        )
    )
    if reach and not only:
        rows = [{"token_id": made, "kind": kind, "entity_id": one} for kind, one in reach]
        connection.execute(sa.insert(token_reach), rows)
    return secret


def of_token(connection: sa.Connection, secret: str) -> Actor | None:
    """Who acts with this token, narrowed to what it allows, or None."""
    found = connection.execute(
        sa.select(account, token.c.id.label("token_id"), token.c.actions, token.c.series_id)
        .join(token, token.c.account_id == account.c.id)
        .where(token.c.secret_hash == secret_hash(secret), ~token.c.revoked, ~account.c.disabled)
    ).first()
    if found is None:
        return None
    allowed: frozenset[Action] = frozenset(action for action in ACTIONS if action in found.actions.split())
    return actor_from(found, actions=allowed, reach=_reach(connection, found.token_id, found.series_id))


def _reach(connection: sa.Connection, token_id: str, series_id: str | None) -> Reach | None:
    if series_id is None:
        return None
    if series_id != _REACH:
        return Reach(frozenset({series_id}))
    question = sa.select(token_reach.c.kind, token_reach.c.entity_id).where(token_reach.c.token_id == token_id)
    rows = connection.execute(question).all()
    return Reach(*(frozenset(one for kind, one in rows if kind == wanted) for wanted in ("series", "enterprise")))


def tokens_of(connection: sa.Connection, name: str) -> list[Token]:
    """The tokens in force of one account, oldest first. Raises Refusal ``unknown-account``."""
    owner = account_named(connection, name).id
    held = sa.select(token).where(token.c.account_id == owner, ~token.c.revoked).order_by(token.c.created_at)
    rows = connection.execute(held).all()
    reach: dict[tuple[str, str], list[str]] = {}
    wanted = sa.select(token_reach).where(token_reach.c.token_id.in_([row.id for row in rows]))
    if any(row.series_id for row in rows):
        for token_id, kind, entity in connection.execute(wanted.order_by(token_reach.c.entity_id)):
            reach.setdefault((token_id, kind), []).append(entity)
    return [
        Token(
            row.id,
            row.label,
            tuple(row.actions.split()),
            row.created_at,
            tuple(reach.get((row.id, "series"), [row.series_id] if row.series_id and len(row.series_id) == 26 else [])),
            tuple(reach.get((row.id, "enterprise"), [])),
        )
        for row in rows
    ]


def withdraw_token(connection: sa.Connection, name: str, which: str) -> Token:
    """End one token of an account, named by its id or by a label that only one has; it is of no use any more.

    Raises Refusal ``unknown-account`` or ``unknown-token``.
    """
    found = [one for one in tokens_of(connection, name) if which in {one.id, one.label}]
    if len(found) != 1:
        known = ", ".join(f"{one.id} ({one.label})" for one in tokens_of(connection, name))
        raise Refusal("unknown-token", received=which[:80], expected=known or "—")
    connection.execute(sa.update(token).where(token.c.id == found[0].id).values(revoked=True))
    return found[0]
