"""What an operator does with accounts: list them, disable one, give a new password, give a role its reach."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from jasyl.texts import Refusal

from .accounts import new_password, password_hash
from .rights import Role
from .tables import account, session, token, token_reach


@dataclass(frozen=True)
class Account:
    """An account as the operator sees it; nothing secret. ``tokens`` are the labels of those in force."""

    id: str
    name: str
    roles: tuple[str, ...]
    enterprise_id: str | None
    region: str | None
    disabled: bool
    created_at: int
    tokens: tuple[str, ...]


def accounts(connection: sa.Connection) -> list[Account]:
    """Every account by name."""
    labels: dict[str, list[str]] = {}
    held = sa.select(token.c.account_id, token.c.label).where(~token.c.revoked).order_by(token.c.created_at)
    for owner, label in connection.execute(held):
        labels.setdefault(owner, []).append(label)
    rows = connection.execute(sa.select(account).order_by(account.c.name))
    return [_account(row, tuple(labels.get(row.id, ()))) for row in rows]


def account_names(connection: sa.Connection, identities: Iterable[str]) -> dict[str, str]:
    """What people call each account; who is none (``operator``, quality control) stands under the word given."""
    asked = set(identities)
    found = connection.execute(sa.select(account.c.id, account.c.name).where(account.c.id.in_(asked)))
    return {each: each for each in asked} | {row.id: row.name for row in found}


def account_named(connection: sa.Connection, name: str) -> Account:
    """The account of one name. Raises Refusal ``unknown-account``."""
    found = next((one for one in accounts(connection) if one.name == name), None)
    if found is None:
        raise Refusal("unknown-account", received=name[:80])
    return found


def check_reach(roles: frozenset[Role], enterprise: str | None, region: str | None) -> None:
    """Raises Refusal ``role-reach`` when a role that covers one enterprise or one region is not told which."""
    if "enterprise" in roles and enterprise is None:
        raise Refusal("role-reach", received="enterprise", expected="--enterprise")
    if "akimat" in roles and region is None:
        raise Refusal("role-reach", received="akimat", expected="--region")


def disable(connection: sa.Connection, name: str) -> None:
    """Shut an account out at once, its sessions and tokens too. Raises Refusal ``unknown-account``."""
    found = account_named(connection, name)
    connection.execute(sa.update(account).where(account.c.id == found.id).values(disabled=True))
    connection.execute(sa.delete(session).where(session.c.account_id == found.id))
    connection.execute(sa.update(token).where(token.c.account_id == found.id).values(revoked=True))


def renew_password(connection: sa.Connection, name: str) -> str:
    """Give an account a new password, which is told only now; its sessions end, and it may sign in again.

    Raises Refusal ``unknown-account``.
    """
    found = account_named(connection, name)
    password = new_password()
    values = {"password_hash": password_hash(password), "disabled": False}
    connection.execute(sa.update(account).where(account.c.id == found.id).values(values))
    connection.execute(sa.delete(session).where(session.c.account_id == found.id))
    return password


@dataclass(frozen=True)
class Token:
    """A token in force as the operator sees it; its secret was shown once and is kept as a hash only.

    ``series`` and ``enterprises`` are ids it is narrowed to; neither: it reaches as far as its account.
    """

    id: str
    label: str
    actions: tuple[str, ...]
    created_at: int
    series: tuple[str, ...]
    enterprises: tuple[str, ...]


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


def _account(row: Any, tokens: tuple[str, ...]) -> Account:
    return Account(
        row.id,
        row.name,
        tuple(row.roles.split()),
        row.enterprise_id,
        row.region,
        row.disabled,
        row.created_at,
        tokens,
    )
