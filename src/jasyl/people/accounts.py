"""Signing in: accounts with passwords, browser sessions."""

import secrets
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from ulid import ULID

from jasyl.quantities import now_us
from jasyl.texts import Refusal

from .rights import Action, Actor, Reach, Role
from .tables import account, session

SESSION_SECONDS = 12 * 3600
SHORTEST_PASSWORD = 12


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def password_hash(password: str) -> str:
    """What is stored of a password: argon2id with its salt."""
    return _hasher().hash(password)


@cache
def _decoy() -> str:
    """Checked when the name is unknown, so that the answer takes as long as for a known one."""
    return _hasher().hash(secrets.token_urlsafe(16))


def create_account(
    connection: sa.Connection,
    name: str,
    password: str,
    roles: frozenset[Role],
    *,
    enterprise_id: str | None = None,
    region: str | None = None,
) -> str:
    """Make an account and give its id. Raises Refusal ``password-too-short`` or ``account-taken``."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal("password-too-short", received=len(password), expected=SHORTEST_PASSWORD)
    if connection.execute(sa.select(account.c.id).where(account.c.name == name)).first():
        raise Refusal("account-taken", received=name)
    made = str(ULID())
    connection.execute(
        sa.insert(account).values(
            id=made,
            name=name,
            password_hash=password_hash(password),
            roles=" ".join(sorted(roles)),
            enterprise_id=enterprise_id,
            region=region,
            created_at=now_us(),
            disabled=False,
        )
    )
    return made


def new_password() -> str:
    """A password nobody can guess, easy to copy."""
    return secrets.token_urlsafe(15)


@dataclass(frozen=True)
class SignedIn:
    secret: str
    actor: Actor


def sign_in(connection: sa.Connection, name: str, password: str) -> SignedIn:
    """Open a browser session. Raises Refusal ``sign-in-failed``, the same for a wrong name and a wrong password."""
    found = connection.execute(sa.select(account).where(account.c.name == name)).first()
    try:
        _hasher().verify(found.password_hash if found else _decoy(), password)
        right = found is not None and not found.disabled
    except (VerificationError, InvalidHashError):
        right = False
    if not right or found is None:
        raise Refusal("sign-in-failed")
    secret, form_key = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    connection.execute(sa.delete(session).where(session.c.expires_at < now_us()))
    connection.execute(
        sa.insert(session).values(
            secret_hash=secret_hash(secret),
            account_id=found.id,
            form_key=form_key,
            expires_at=now_us() + SESSION_SECONDS * 1_000_000,
        )
    )
    return SignedIn(secret, actor_from(found, form_key=form_key))


def sign_out(connection: sa.Connection, secret: str) -> None:
    """Close the session of ``secret``."""
    connection.execute(sa.delete(session).where(session.c.secret_hash == secret_hash(secret)))


def of_session(connection: sa.Connection, secret: str) -> Actor | None:
    """Whose session this is, or None when it is unknown, over, or its account is disabled."""
    found = connection.execute(
        sa.select(account, session.c.form_key)
        .join(session, session.c.account_id == account.c.id)
        .where(session.c.secret_hash == secret_hash(secret), session.c.expires_at > now_us(), ~account.c.disabled)
    ).first()
    return actor_from(found, form_key=found.form_key) if found else None


def actor_from(
    row: sa.Row[tuple[object, ...]],
    *,
    form_key: str | None = None,
    actions: frozenset[Action] | None = None,
    reach: Reach | None = None,
) -> Actor:
    """Who an account is, narrowed where a token narrows it."""
    held = row._mapping  # pyright: ignore[reportPrivateUsage]  (SQLAlchemy's documented name)
    return Actor(
        id=held["id"],
        name=held["name"],
        roles=frozenset(held["roles"].split()),
        enterprise_id=held["enterprise_id"],
        region=held["region"],
        actions=actions,
        reach=reach,
        form_key=form_key,
    )


def secret_hash(secret: str) -> str:
    """What is stored of the secret of a session or a token."""
    # The secrets carry 256 random bits: a plain hash is enough, there is nothing to guess.
    return sha256(secret.encode()).hexdigest()
