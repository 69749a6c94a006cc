"""Accounts, sessions and tokens. Passwords and secrets are stored as hashes only."""

import sqlalchemy as sa

from jasyl.storage import METADATA

account = sa.Table(
    "account",
    METADATA,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("name", sa.String(120), nullable=False, unique=True, comment="what is typed to sign in"),
    sa.Column("password_hash", sa.String(200), nullable=False, comment="argon2id"),
    sa.Column("roles", sa.String(200), nullable=False, comment="role names, blank-separated"),
    sa.Column("enterprise_id", sa.String(26), comment="whose facilities the role 'enterprise' covers"),
    sa.Column("region", sa.String(6), comment="whose territory the role 'akimat' covers, ISO 3166-2"),
    sa.Column("created_at", sa.BigInteger, nullable=False, comment="µs since 1970 UTC"),
    sa.Column("disabled", sa.Boolean, nullable=False, default=False),
    comment="Who may sign in.",
)

session = sa.Table(
    "session",
    METADATA,
    sa.Column("secret_hash", sa.String(64), primary_key=True, comment="SHA-256 of the cookie's secret"),
    sa.Column("account_id", sa.ForeignKey("account.id"), nullable=False),
    sa.Column("form_key", sa.String(64), nullable=False, comment="must come back in every form (CSRF)"),
    sa.Column("expires_at", sa.BigInteger, nullable=False, comment="µs since 1970 UTC"),
    comment="Signed-in browsers.",
)

token = sa.Table(
    "token",
    METADATA,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("secret_hash", sa.String(64), nullable=False, unique=True, comment="SHA-256; the token is shown once"),
    sa.Column("account_id", sa.ForeignKey("account.id"), nullable=False),
    sa.Column("label", sa.String(120), nullable=False),
    sa.Column("actions", sa.String(200), nullable=False, comment="actions it may do, blank-separated"),
    sa.Column("series_id", sa.String(26), comment="only this series, when set"),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("revoked", sa.Boolean, nullable=False, default=False),
    sa.Column("last_used_at", sa.BigInteger, comment="to the minute; null: not yet, or unknown"),
    comment="Keys for programs and gateways.",
)

token_reach = sa.Table(
    "token_reach",
    METADATA,
    sa.Column("token_id", sa.ForeignKey("token.id"), primary_key=True),
    sa.Column("kind", sa.String(12), primary_key=True, comment="enterprise, series"),
    sa.Column("entity_id", sa.String(26), primary_key=True),
    comment="What a token is narrowed to, for tokens whose series_id says 'reach'.",
)
