"""Accounts, rights, publication levels."""

from .accounts import (
    SESSION_SECONDS,
    SignedIn,
    create_account,
    new_password,
    new_token,
    of_session,
    of_token,
    sign_in,
    sign_out,
)
from .administration import Account, account_named, accounts, check_reach, disable, renew_password
from .disclosure import SMALLEST_CELL, open_cells
from .rights import ACTIONS, ANYBODY, LEVELS, OPERATOR, ROLES, Action, Actor, Level, Resource, Role, may

__all__ = [
    "ACTIONS",
    "ANYBODY",
    "LEVELS",
    "OPERATOR",
    "ROLES",
    "SESSION_SECONDS",
    "SMALLEST_CELL",
    "Account",
    "Action",
    "Actor",
    "Level",
    "Resource",
    "Role",
    "SignedIn",
    "account_named",
    "accounts",
    "check_reach",
    "create_account",
    "disable",
    "may",
    "new_password",
    "new_token",
    "of_session",
    "of_token",
    "open_cells",
    "renew_password",
    "sign_in",
    "sign_out",
]
