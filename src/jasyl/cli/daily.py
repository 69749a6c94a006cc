"""The server's daily work beside answering: seal closed days, make figures again, put old files away.

Runs in one thread of the server's first process. The heavy libraries load only when a day is due, and a turn without
work only reads: it raises no data revision, so pages and map tiles stay cached.
"""

import threading
from collections.abc import Callable

from jasyl.monitoring import bring_up_to_date, house_kept_on, keep_house
from jasyl.monitoring.quality import quality_turn
from jasyl.quantities import instant, now_us
from jasyl.storage import Database, DataFolder
from jasyl.texts import Refusal

EVERY_SECONDS = 60.0
AUTHOR = "jasyl serve"


def work(
    folder: DataFolder,
    database: Database,
    stop: threading.Event,
    failed: Callable[[Exception], None],
    *,
    every: float = EVERY_SECONDS,
    clock: Callable[[], int] = now_us,
) -> None:
    """Do a turn every ``every`` seconds until ``stop`` is set; a failure goes to ``failed`` and ends nothing.

    Two servers on one folder take turns by its lock: whoever finds it held leaves the work to the other.
    """
    while not stop.is_set():
        try:
            turn(folder, database, clock())
        except Exception as error:  # noqa: BLE001  (the pages go on; the operator is told)
            if not (isinstance(error, Refusal) and error.code == "folder-in-use"):
                failed(error)
        stop.wait(every)


def turn(folder: DataFolder, database: Database, now: int) -> None:
    """One turn at ``now`` (µs UTC): days, figures, quality and messages always, files once a UTC day."""
    bring_up_to_date(database, folder, now, author=AUTHOR, wait=False)
    quality_turn(database, folder, now, wait=False)
    if house_kept_on(folder) != instant(now).date().isoformat():
        keep_house(database, folder, now, wait=False)
