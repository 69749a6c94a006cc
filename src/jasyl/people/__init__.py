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
from .rights import ACTIONS, ANYBODY, LEVELS, OPERATOR, ROLES, Action, Actor, Level, Resource, Role, may

__all__ = [
    "ACTIONS",
    "ANYBODY",
    "LEVELS",
    "OPERATOR",
    "ROLES",
    "SESSION_SECONDS",
    "Action",
    "Actor",
    "Level",
    "Resource",
    "Role",
    "SignedIn",
    "create_account",
    "may",
    "new_password",
    "new_token",
    "of_session",
    "of_token",
    "sign_in",
    "sign_out",
]
