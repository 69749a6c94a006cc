"""``jasyl monitor quarantine``, ``release``, ``discard``: readings of series that nobody registered."""

import time
from dataclasses import asdict
from typing import Annotated

import typer

from jasyl.monitoring import definitions
from jasyl.monitoring.quarantine import discard as forget
from jasyl.monitoring.quarantine import quarantined
from jasyl.monitoring.quarantine import release as take_in
from jasyl.monitoring.set_apart import forget as forget_message
from jasyl.monitoring.set_apart import set_apart, try_again
from jasyl.quantities import instant
from jasyl.registry import series_by_key
from jasyl.storage import database_of, open_folder
from jasyl.texts import say

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the message, as listed.")]
Waiting = Annotated[str, typer.Argument(metavar="NAME", help="The name under which the readings came.")]


def register(app: typer.Typer) -> None:
    """Hang the commands onto ``jasyl monitor``."""
    app.command("quarantine")(quarantine)
    app.command("release")(release)
    app.command("discard")(discard)
    app.command("messages")(messages)
    app.command("retry-message")(retry)
    app.command("discard-message")(drop)


def quarantine(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """List the readings of unknown series that wait."""
    with database_of(open_folder(data)).reading() as connection:
        found = quarantined(connection)
    if as_json:
        answer([asdict(one) for one in found])
    elif found:
        spans = [(instant(one.first_start).isoformat(), instant(one.last_start).isoformat()) for one in found]
        table([[one.series, one.unit, one.readings, *span] for one, span in zip(found, spans, strict=True)])
    else:
        typer.echo(say(reader_language(asked=lang), "quarantine-empty"))


def release(
    name: Waiting,
    *,
    series: Annotated[str | None, typer.Option("--series", help="Key of the series; else the name itself.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Take the readings that wait under a name into a registered series."""
    folder = open_folder(data)
    database = database_of(folder)
    with database.reading() as connection:
        found = series_by_key(connection, series or name)
        definition = definitions(connection, [found])[found.number]
    receipt = take_in(database, folder, name, definition, time.time_ns() // 1000)
    counts = {one: getattr(receipt, one) for one in ("accepted", "corrected", "repeated", "outdated")}
    language = reader_language(asked=lang)
    reasons = [each.reason for each in receipt.refused]
    if as_json:
        answer({"name": name, "series": found.key, **counts, "refused": [one.as_data(language) for one in reasons]})
        return
    typer.echo(say(language, "import-stored", **counts))
    for reason in reasons:
        typer.echo(reason.text(language))


def discard(name: Waiting, *, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Throw away the readings that wait under a name."""
    with database_of(open_folder(data)).writing(visible=False) as connection:
        gone = forget(connection, name)
    if as_json:
        answer({"name": name, "discarded": gone})
    else:
        typer.echo(say(reader_language(asked=lang), "quarantine-discarded", name=name, readings=gone))


def messages(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """List messages of a broker that said no reading, and why."""
    language = reader_language(asked=lang)
    with database_of(open_folder(data)).reading() as connection:
        found = set_apart(connection)
    if as_json:
        answer([{**asdict(one), "reason": one.reason(language)} for one in found])
    elif found:
        table([[one.number, one.topic, instant(one.received_at).isoformat(), one.reason(language)] for one in found])
    else:
        typer.echo(say(language, "messages-none"))


def retry(number: Number, *, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Take a message in as if it came now, once what was wrong is mended."""
    folder = open_folder(data)
    receipt = try_again(database_of(folder), folder, number, time.time_ns() // 1000)
    counts = {one: getattr(receipt, one) for one in ("accepted", "corrected", "repeated", "outdated")}
    if as_json:
        answer({"number": number, **counts})
    else:
        typer.echo(say(reader_language(asked=lang), "import-stored", **counts))


def drop(number: Number, *, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Throw a message away."""
    with database_of(open_folder(data)).writing(visible=False) as connection:
        forget_message(connection, number)
    if as_json:
        answer({"number": number, "discarded": True})
    else:
        typer.echo(say(reader_language(asked=lang), "message-discarded", number=number))
