"""Tokens: secrets by which programs act for an account, narrowed to what they are for."""

import secrets
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ulid import ULID

from jasyl.quantities import instant, now_us
from jasyl.texts import Refusal

from .accounts import actor_from, secret_hash
from .administration import account_named
from .rights import ACTIONS, Action, Actor, Reach, Resource, may
from .tables import account, token, token_reach

# Stands in token.series_id of a token whose reach is listed in a table of its own.
_REACH = "reach"


@dataclass(frozen=True)
class Token:
    """A token in force; its secret was shown once and is kept as a hash only.

    ``actor`` is the account it acts for, narrowed as the token narrows it. Moments are µs UTC; ``last_used_at`` is None
    before the first use, and of one that was used only before uses were noted.
    """

    id: str
    label: str
    actor: Actor
    created_at: int
    last_used_at: int | None

    @property
    def actions(self) -> tuple[Action, ...]:
        return tuple(one for one in ACTIONS if self.actor.actions is None or one in self.actor.actions)

    @property
    def series(self) -> tuple[str, ...]:
        """Ids of the series it is narrowed to; without ``enterprises`` too it reaches as far as its account."""
        return tuple(sorted(self.actor.reach.series)) if self.actor.reach else ()

    @property
    def enterprises(self) -> tuple[str, ...]:
        """Ids of the enterprises it is narrowed to."""
        return tuple(sorted(self.actor.reach.enterprises)) if self.actor.reach else ()

    def as_data(self) -> dict[str, Any]:
        """The token for programs."""
        return {
            "id": self.id,
            "label": self.label,
            "account": self.actor.name,
            "actions": self.actions,
            "created_at": instant(self.created_at).isoformat(),
            "last_used_at": None if self.last_used_at is None else instant(self.last_used_at).isoformat(),
            "series": self.series,
            "enterprises": self.enterprises,
        }


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
    found = _in_force(connection, token.c.secret_hash == secret_hash(secret))
    return found[0].actor if found else None


def tokens(connection: sa.Connection) -> list[Token]:
    """Every token in force, the oldest first."""
    return _in_force(connection, sa.true())


def tokens_of(connection: sa.Connection, name: str) -> list[Token]:
    """The tokens in force of one account, oldest first. Raises Refusal ``unknown-account``."""
    return _in_force(connection, token.c.account_id == account_named(connection, name).id)


def _in_force(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Token]:
    own = [token.c[name].label(f"token_{name}") for name in ("id", "label", "created_at", "last_used_at", "series_id")]
    held = (
        sa.select(account, token.c.actions, *own)
        .join(token, token.c.account_id == account.c.id)
        .where(which, ~token.c.revoked, ~account.c.disabled)
        .order_by(token.c.created_at, token.c.id)
    )
    rows = connection.execute(held).all()
    listed = _listed(connection, which) if any(row.token_series_id == _REACH for row in rows) else {}
    return [
        Token(
            id=row.token_id,
            label=row.token_label,
            actor=actor_from(
                row,
                actions=frozenset(action for action in ACTIONS if action in row.actions.split()),
                reach=_reach(row.token_series_id, listed.get(row.token_id, ())),
            ),
            created_at=row.token_created_at,
            last_used_at=row.token_last_used_at,
        )
        for row in rows
    ]


def _listed(connection: sa.Connection, which: sa.ColumnElement[bool]) -> dict[str, list[tuple[str, str]]]:
    """(kind, id) of all that tokens are narrowed to, by token."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one, kind, entity in connection.execute(sa.select(token_reach).join(token).where(which, ~token.c.revoked)):
        found.setdefault(one, []).append((kind, entity))
    return found


def _reach(series_id: str | None, listed: Iterable[tuple[str, str]]) -> Reach | None:
    if series_id is None:
        return None
    if series_id != _REACH:
        return Reach(frozenset({series_id}))
    pairs = list(listed)
    return Reach(*(frozenset(one for kind, one in pairs if kind == wanted) for wanted in ("series", "enterprise")))


def may_see(actor: Actor, one: Token, series: Set[str]) -> bool:
    """Whether ``actor`` may know of a token: whoever looks after the whole of all; others of those they may withdraw,
    and of those narrowed to ``series`` (ids) that they may write themselves, or to their enterprise."""
    whole = actor.roles & {"agency", "auditor", "administrator"}
    return bool(whole or series & set(one.series) or actor.enterprise_id in one.enterprises) or may_withdraw(actor, one)


def may_withdraw(actor: Actor, one: Token) -> bool:
    """Whether ``actor`` may end a token: of the own account, of one that covers the same enterprise, and the
    administrator any."""
    ours = actor.enterprise_id is not None and actor.enterprise_id == one.actor.enterprise_id
    return (
        one.actor.id == actor.id
        or (ours and "enterprise" in actor.roles & one.actor.roles)
        or may(actor, "administer", Resource())
    )


def withdraw_token(connection: sa.Connection, name: str, which: str) -> Token:
    """End one token of an account, named by its id or by a label that only one has; it is of no use any more.

    Raises Refusal ``unknown-account`` or ``unknown-token``.
    """
    held = tokens_of(connection, name)
    found = [one for one in held if which in {one.id, one.label}]
    if len(found) != 1:
        known = ", ".join(f"{one.id} ({one.label})" for one in held)
        raise Refusal("unknown-token", received=which[:80], expected=known or "—")
    end_token(connection, found[0])
    return found[0]


def end_token(connection: sa.Connection, one: Token) -> None:
    """Withdraw a token: whoever holds it is refused from now on."""
    connection.execute(sa.update(token).where(token.c.id == one.id).values(revoked=True))


def note_uses(connection: sa.Connection, used: Mapping[str, int]) -> None:
    """Keep when tokens, told by their :func:`secret_hash`, were last used (µs UTC)."""
    said = sa.bindparam("used_at")
    later = sa.or_(token.c.last_used_at.is_(None), token.c.last_used_at < said)
    noted = sa.update(token).where(token.c.secret_hash == sa.bindparam("secret"), later).values(last_used_at=said)
    connection.execute(noted, [{"secret": secret, "used_at": moment} for secret, moment in used.items()])
