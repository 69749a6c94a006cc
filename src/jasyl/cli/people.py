"""``jasyl people``: accounts, their passwords, and tokens for programs."""

import datetime as dt
from dataclasses import asdict
from typing import Annotated, cast

import typer

from jasyl.monitoring.known_series import series_index
from jasyl.people import (
    ACTIONS,
    ROLES,
    Action,
    Role,
    account_named,
    accounts,
    check_reach,
    create_account,
    may,
    new_password,
    new_token,
    renew_password,
    tokens_of,
    withdraw_token,
)
from jasyl.people import disable as disable_account
from jasyl.people import tokens as tokens_in_force
from jasyl.places import resolve
from jasyl.quantities import UTC, civil_time
from jasyl.registry import enterprise_id_of, enterprises, series_by_key
from jasyl.storage import database_of, open_folder
from jasyl.texts import say

from .choices import one_of
from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

app = typer.Typer(no_args_is_help=True, add_completion=False)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What is typed to sign in.")]


@app.command()
def add(
    name: Name,
    *,
    role: Annotated[list[str], typer.Option("--role", help=f"One or more of: {', '.join(ROLES)}.")],
    enterprise: Annotated[str | None, typer.Option("--enterprise", help="Key or BIN, for the role enterprise.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="ISO code, for the role akimat.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Make an account; its generated password is shown once."""
    for one in role:
        one_of("--role", one, ROLES)
    roles = frozenset(cast("list[Role]", role))
    check_reach(roles, enterprise, region)
    password = new_password()
    with database_of(open_folder(data)).writing(visible=False) as connection:
        made = create_account(
            connection,
            name,
            password,
            roles,
            enterprise_id=enterprise_id_of(connection, enterprise) if enterprise else None,
            region=resolve(region).iso if region else None,
        )
    _tell_password(name, password, made, as_json=as_json, lang=lang)


@app.command()
def token(
    name: Name,
    *,
    label: Annotated[str, typer.Option("--label", help="What the token is for.")],
    action: Annotated[list[str], typer.Option("--action", help=f"One or more of: {', '.join(ACTIONS)}.")],
    series: Annotated[
        list[str] | None, typer.Option("--series", help="Only the readings of this series; may be repeated.")
    ] = None,
    enterprise: Annotated[
        list[str] | None, typer.Option("--enterprise", help="Only what belongs to this enterprise (key or BIN).")
    ] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Make a token for a program that acts for an account; it is shown once."""
    for one in action:
        one_of("--action", one, ACTIONS)
    actions = frozenset(cast("list[Action]", action))
    with database_of(open_folder(data)).writing(visible=False) as connection:
        found = account_named(connection, name)
        narrowed = [series_by_key(connection, one).id for one in series or ()]
        within = [enterprise_id_of(connection, one) for one in enterprise or ()]
        secret = new_token(connection, found.id, label, actions, series=narrowed, enterprises=within)
    if as_json:
        reach = {"series": narrowed, "enterprises": within}
        answer({"name": name, "label": label, "actions": sorted(actions), **reach, "token": secret})
    else:
        typer.echo(say(reader_language(asked=lang), "people-token", token=secret))


@app.command()
def tokens(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only the tokens of this account.")] = None,
    *,
    series: Annotated[
        str | None, typer.Option("--series", help="Only tokens that may write readings of this series.")
    ] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List the tokens that are in force, when made and last used (UTC); their secrets are not kept."""
    with database_of(open_folder(data)).reading() as connection:
        found = tokens_in_force(connection) if name is None else tokens_of(connection, name)
        index = series_index(connection)
        if series is not None:
            resource = index.resources[series_by_key(connection, series).number]
            found = [one for one in found if may(one.actor, "write_readings", resource)]
        owners = {one["id"]: one["key"] for one in enterprises(connection, [e for t in found for e in t.enterprises])}
    if as_json:
        answer([one.as_data() for one in found])
        return
    language = reader_language(asked=lang)
    for one in found:
        reach = [owners[each] for each in one.enterprises] + [
            index.keys[index.named[each]] for each in one.series if each in index.named
        ]
        made, used = (civil_time(each, UTC) if each else "—" for each in (one.created_at, one.last_used_at))
        reached = " ".join(reach) or say(language, "people-whole-account")
        table([[one.id, one.actor.name, one.label, " ".join(one.actions), made, used, reached]])


@app.command()
def withdraw(
    name: Name,
    which: Annotated[str, typer.Argument(metavar="TOKEN", help="Its id or its label, as `tokens` lists them.")],
    *,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """End one token: whoever holds it is refused within a second."""
    with database_of(open_folder(data)).writing(visible=False) as connection:
        ended = withdraw_token(connection, name, which)
    if as_json:
        answer({"name": name, "withdrawn": ended.id, "label": ended.label})
    else:
        typer.echo(say(reader_language(asked=lang), "people-withdrawn", token=ended.label))


@app.command("list")
def list_(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """List the accounts."""
    with database_of(open_folder(data)).reading() as connection:
        found = accounts(connection)
    if as_json:
        answer([asdict(one) for one in found])
        return
    language = reader_language(asked=lang)
    rows: list[list[object]] = []
    for one in found:
        made = dt.datetime.fromtimestamp(one.created_at / 1_000_000, dt.UTC).date()
        state = say(language, "people-disabled" if one.disabled else "people-active")
        rows.append(
            [one.name, " ".join(one.roles), one.region or one.enterprise_id, made, state, "; ".join(one.tokens)]
        )
    table(rows)


@app.command()
def disable(name: Name, *, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Shut an account out at once, with its sessions and tokens."""
    with database_of(open_folder(data)).writing(visible=False) as connection:
        disable_account(connection, name)
    if as_json:
        answer({"name": name, "disabled": True})
    else:
        typer.echo(say(reader_language(asked=lang), "people-shut-out", name=name))


@app.command()
def password(name: Name, *, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Give an account a new password, shown once; its sessions end."""
    with database_of(open_folder(data)).writing(visible=False) as connection:
        made = renew_password(connection, name)
    _tell_password(name, made, None, as_json=as_json, lang=lang)


def _tell_password(name: str, secret: str, identity: str | None, *, as_json: bool, lang: str | None) -> None:
    if as_json:
        answer({"name": name, "password": secret} | ({"id": identity} if identity else {}))
    else:
        typer.echo(say(reader_language(asked=lang), "people-password", name=name, password=secret))
