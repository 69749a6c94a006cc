"""A process that dies on demand: for every line it is given, a fork of it works on a folder and kills itself at a step.

A line is JSON: folder, action, number of the step; the answer is the exit code, negative for a signal. What takes long,
loading the libraries, is done once: a fork begins without a thread, a connection or an engine, as a new process does.
"""

import itertools
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.monitoring.world import NOW, a_batch, a_series, at

from jasyl.monitoring import compaction, rollup_table
from jasyl.monitoring.readings import append
from jasyl.storage import database_of, open_folder

LOADED_ONCE = ("duckdb", "ibis", "pyarrow.parquet")


def act(path: str, action: str, at_step: int) -> None:
    """Do ``action``; SIGKILL at the n-th step of those that reach the disk: fsync, rename, removal, commit."""
    steps = itertools.count(1)  # one for all threads: files and the names of files are synced side by side

    def step() -> None:
        if next(steps) == at_step:
            os.kill(os.getpid(), signal.SIGKILL)

    def before_and_after(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **named: Any) -> Any:
            step()
            result = function(*arguments, **named)
            step()
            return result

        return wrapped

    os.fsync = before_and_after(os.fsync)
    Path.replace = before_and_after(Path.replace)
    Path.unlink = before_and_after(Path.unlink)
    folder = open_folder(Path(path))
    database = database_of(folder)
    dialect = database.engine.dialect
    dialect.do_commit = before_and_after(dialect.do_commit)
    one = {1: a_series()}
    match action:
        case "append":
            append(database, folder, one, a_batch([at("2024-05-01 00:00"), at("2024-06-01 00:00")], 7), NOW)
        case "roll":
            rollup_table.roll_up(database, folder, one)
        case "compact":
            compaction.compact(database, folder, 202405, NOW)
        case _:
            compaction.tidy(database, folder, NOW + 1, grace=0)


def main() -> None:
    for name in LOADED_ONCE:
        import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                act(*json.loads(line))
            except Exception:  # noqa: BLE001  (whatever it is, the fork may not live on as a second parent)
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
