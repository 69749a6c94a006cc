"""Who is asking: a browser session by cookie, or a program by bearer token."""

import secrets
from typing import Any

import sqlalchemy as sa

from jasyl.people import ANYBODY, Actor, of_session, of_token
from jasyl.texts import Refusal

SESSION_COOKIE = "jasyl_session"
FORM_KEY = "csrf_token"


def actor_of(connection: sa.Connection, cookies: dict[str, str], authorization: str | None) -> Actor:
    """The actor of a request; anybody when nothing is shown.

    Raises Refusal ``token-unknown`` for a token that is wrong or revoked: a program must not silently go on as anybody.
    """
    if authorization:
        kind, _, secret = authorization.partition(" ")
        found = of_token(connection, secret.strip()) if kind.lower() == "bearer" else None
        if found is None:
            raise Refusal("token-unknown")
        return found
    secret = cookies.get(SESSION_COOKIE)
    return (of_session(connection, secret) if secret else None) or ANYBODY


def check_form(actor: Actor, form: dict[str, Any]) -> None:
    """A form of a signed-in browser must bring back the key that only our own pages carry.

    Raises Refusal ``form-too-old``. Programs with tokens send no cookie and need no key.
    """
    if actor.form_key is not None and not secrets.compare_digest(str(form.get(FORM_KEY, "")), actor.form_key):
        raise Refusal("form-too-old")
