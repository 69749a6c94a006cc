"""``jasyl monitor gateways``, ``add-gateway``, ``revoke-gateway``: whose signature speaks for which series."""

import time
from typing import Annotated

import typer

from jasyl.ledger import log_origin
from jasyl.monitoring import definitions
from jasyl.monitoring.devices import Signing
from jasyl.monitoring.gateways import gateways as registered
from jasyl.monitoring.gateways import register_gateway, revoke_gateway
from jasyl.people import OPERATOR
from jasyl.registry import every_series, series_by_key
from jasyl.storage import DataFolder, database_of, open_folder
from jasyl.texts import say

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

Name = Annotated[str, typer.Argument(metavar="NAME", help="The gateway's name, as its settings say it.")]


def register(app: typer.Typer) -> None:
    """Hang the commands onto ``jasyl monitor``."""
    app.command("gateways")(gateways)
    app.command("add-gateway")(add_gateway)
    app.command("revoke-gateway")(revoke)


def gateways(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """List the gateways whose signatures are taken, and their series."""
    with database_of(open_folder(data)).reading() as connection:
        found = registered(connection)
        keys = {one.id: one.key for one in every_series(connection)}
    rows = [
        {"name": one.name, "record": one.record, "series": sorted(keys.get(each, each) for each in one.series)}
        for one in found
    ]
    if as_json:
        answer(rows)
    elif rows:
        table([[row["name"], ", ".join(row["series"]), row["record"]] for row in rows])
    else:
        typer.echo(say(reader_language(asked=lang), "gateways-none"))


def add_gateway(
    name: Name,
    key: Annotated[str, typer.Argument(metavar="KEY", help="Its public key, as jasyl-gateway key prints it.")],
    *,
    series: Annotated[
        list[str] | None, typer.Option("--series", help="Key of a series that it signs for; may be given often.")
    ] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Register a gateway's public key and the series it signs for, in the ledger."""
    folder = open_folder(data)
    with database_of(folder).writing() as connection:
        found = [series_by_key(connection, one) for one in series or []]
        defined = definitions(connection, found)
        record = register_gateway(
            connection, folder, name, key, [defined[one.number] for one in found], _signing(folder)
        )
    if as_json:
        answer({"name": name, "record": record, "series": [one.key for one in found]})
    else:
        typer.echo(say(reader_language(asked=lang), "gateway-added", name=name, series=len(found), record=record))


def revoke(name: Name, *, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Take no more signatures of a gateway; what it signed before stays proven."""
    folder = open_folder(data)
    with database_of(folder).writing() as connection:
        count = revoke_gateway(connection, name, _signing(folder))
    if as_json:
        answer({"name": name, "revoked": count})
    else:
        typer.echo(say(reader_language(asked=lang), "gateway-revoked", name=name, keys=count))


def _signing(folder: DataFolder) -> Signing:
    return Signing(log_origin(folder), OPERATOR.id, time.time_ns() // 1000)
