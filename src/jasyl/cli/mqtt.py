"""``jasyl monitor mqtt``: the process that takes readings from a broker."""

import signal
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

from jasyl.storage import database_of, open_folder
from jasyl.texts import Refusal, Where, say

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language


def mqtt(
    *,
    host: Annotated[str, typer.Option("--host", help="The broker.", envvar="JASYL_MQTT_HOST")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Its port; 8883 as a rule with TLS.")] = 1883,
    user: Annotated[str | None, typer.Option("--user", help="How the broker knows us.")] = None,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", help="A file that holds nothing but the password.")
    ] = None,
    certificates: Annotated[
        Path | None, typer.Option("--certificates", help="Authorities (PEM) that vouch for the broker; turns TLS on.")
    ] = None,
    client: Annotated[str, typer.Option("--client", help="Name of our session at the broker; one for each.")] = "jasyl",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Take readings from an MQTT broker until Ctrl-C; acknowledged to it when they are on disk."""
    from jasyl.monitoring.mqtt import MqttSettings, Subscriber  # noqa: PLC0415

    language, folder = reader_language(asked=lang), open_folder(data)
    password = None
    if password_file is not None:
        try:
            password = password_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            where = Where(file=str(password_file))
            raise Refusal("file-missing", where=where, reason=error.strerror or str(error)) from error
    trusted = None if certificates is None else str(certificates)
    settings = MqttSettings(host, port, user, password, client, trusted)
    database = database_of(folder)
    database.check_tables()
    subscriber, stop = Subscriber(database, folder, settings), threading.Event()

    def end(*_: Any) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    typer.echo(say(language, "mqtt-listening", address=f"{host}:{port}"), err=True)
    subscriber.run(stop)
    counts = {name: subscriber.counts[name] for name in ("messages", "accepted", "corrected", "repeated", "set apart")}
    if as_json:
        answer(counts)
    else:
        typer.echo(say(language, "mqtt-ended", **{name.replace(" ", "_"): count for name, count in counts.items()}))
