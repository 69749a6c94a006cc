"""Runs the web server: worker processes that answer, and one keeper that seals what they accepted."""

import errno
import logging
import multiprocessing
import os
import socket
import sys
import threading
import time
from pathlib import Path

import typer

from jasyl.ledger import Keeper, WitnessKeeper
from jasyl.storage import Database, DataFolder, check_reachable, check_writable, database_of, open_folder
from jasyl.texts import Language, Refusal, say

# Together under the five seconds in which a stop must be over.
WORKERS_SECONDS = 3
THREADS_SECONDS = 1.5
# What can wait leaves the processors to the workers, until they have loaded the pages.
PATIENCE_SECONDS = 6.0
_LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")


def check_port(address: str, port: int) -> None:
    """Raises Refusal ``port-taken`` or ``port-forbidden`` before anything is started."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Refusal("port-taken", received=port, other=port + 1) from error
            raise Refusal("port-forbidden", received=port, reason=error.strerror or "?") from error


def serve_forever(data: Path, address: str, port: int, host_names: list[str], workers: int, language: Language) -> None:
    """Serve until Ctrl-C or SIGTERM. Raises Refusal when folder, database or port cannot be used."""
    from granian import Granian  # noqa: PLC0415
    from granian.constants import Interfaces  # noqa: PLC0415

    folder = open_folder(data)
    database = database_of(folder)
    check_port(address, port)
    check_writable(folder)
    check_reachable(database)
    database.migrate()
    os.environ["JASYL_DATA"] = str(folder.path)
    os.environ["JASYL_HOSTS"] = " ".join([*_LOCAL_NAMES, address, *host_names])
    # The keeper and the daily work are threads of this process. A forked worker would inherit whatever locks they hold
    # at that moment (imports, the database's pool) and wait for them forever; a spawned one starts clean.
    multiprocessing.set_start_method("spawn", force=True)
    logging.getLogger("granian").setLevel(logging.WARNING)
    stop = threading.Event()
    threads = [
        threading.Thread(target=_keep, args=(folder, database, stop), name="keeper", daemon=True),
        threading.Thread(target=_witness, args=(folder, stop), name="witnesses", daemon=True),
        threading.Thread(target=_anchor, args=(folder, database, stop), name="anchors", daemon=True),
        threading.Thread(target=_work, args=(folder, database, stop), name="daily", daemon=True),
    ]
    server = Granian(
        "jasyl.portal.asgi:app",
        address=address,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        log_level="warning",  # pyright: ignore[reportArgumentType]
        backlog=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=WORKERS_SECONDS,
    )

    def opened() -> None:
        for thread in threads:
            thread.start()
        typer.echo(say(language, "serve-address", address=f"http://{address}:{port}/"))

    server.on_startup(opened)
    try:
        server.serve()
    finally:
        stop.set()
        _end(threads, database, language)


def _end(threads: list[threading.Thread], database: Database, language: Language) -> None:
    """Wait for the threads a moment. One that is deep in work is cut off: every step of it is one transaction."""
    until = time.monotonic() + THREADS_SECONDS
    for thread in threads:
        if thread.is_alive():
            thread.join(timeout=max(0.0, until - time.monotonic()))
    cut_off = any(thread.is_alive() for thread in threads)
    if not cut_off:
        database.close()
    typer.echo(say(language, "serve-ended"))
    if cut_off:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _keep(folder: DataFolder, database: Database, stop: threading.Event) -> None:
    Keeper(folder, database).run(0.5, stop, _tell_failure)


def _witness(folder: DataFolder, stop: threading.Event) -> None:
    if stop.wait(PATIENCE_SECONDS):
        return
    WitnessKeeper(folder).run(1.0, stop, _tell_failure)


def _anchor(folder: DataFolder, database: Database, stop: threading.Event) -> None:
    if stop.wait(PATIENCE_SECONDS):
        return
    from jasyl.ledger.anchoring import AnchorKeeper  # noqa: PLC0415

    AnchorKeeper(folder, database).run(30.0, stop, _tell_failure)


def _work(folder: DataFolder, database: Database, stop: threading.Event) -> None:
    if stop.wait(PATIENCE_SECONDS):
        return
    from .daily import work  # noqa: PLC0415

    work(folder, database, stop, _tell_failure)


def _tell_failure(error: Exception) -> None:
    """The log stands still, the pages go on: say so where the operator looks, and try again at the next turn."""
    typer.echo(error.text("en") if isinstance(error, Refusal) else f"{type(error).__name__}: {error}", err=True)
