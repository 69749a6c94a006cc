"""What an operator does with accounts: list them, disable one, give a new password, give a role its reach."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from jasyl.texts import Refusal

from .accounts import new_password, password_hash
from .rights import Role
from .tables import account, session, token


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
