"""Making a server ready behind its first answers: what the first page of readings, site report and planner's map would
wait for."""

import atexit
import gc
import logging
import threading

from jasyl.texts import Refusal

from .house import House

logger = logging.getLogger("jasyl.portal")
# A place in the middle of the country: what its report needs is what any report needs.
PLACE = (67.0, 48.5)
# The first answers (is the server up, the front page) go before.
PATIENCE = 0.5


def warm_behind(house: House) -> threading.Thread:
    """Start `warm` in a thread of its own; nobody waits for it.

    Of ordinary priority: what it imports is locked while it does, and who asks meanwhile would wait for a slow one.
    """

    def work() -> None:
        threading.Event().wait(PATIENCE)
        warm(house)
        # All this stays as long as the process: looking for garbage in it took a tenth of a busy server's time.
        gc.freeze()
        atexit.register(gc.unfreeze)  # libraries that count their objects at the end would miss them

    thread = threading.Thread(target=work, name="warm", daemon=True)
    thread.start()
    return thread


def warm(house: House) -> None:
    """Load the engine that answers on readings; the geo stack, layers and their ranks by a site report; the planner's
    weather and its standard map.

    What cannot be made ready (a damaged layer, no weather) is left for who asks for it to be told.
    """
    for step in (_readings, _site_report, _planner):
        try:
            step(house)
        except Refusal as refusal:
            logger.info("not made ready: %s", refusal)
        except Exception:
            logger.exception("not made ready")


def _readings(house: House) -> None:
    import pyarrow.parquet  # noqa: PLC0415

    from jasyl.monitoring.engine import ask  # noqa: PLC0415

    assert pyarrow.parquet  # writes what is pushed
    ask("select 1 as ready", {})
    house.series.current()


def _site_report(house: House) -> None:
    from jasyl.atlas.report.gather import site_report  # noqa: PLC0415
    from jasyl.atlas.report.paper import site_paper  # noqa: PLC0415
    from jasyl.atlas.report.place import point_place  # noqa: PLC0415
    from jasyl.places.boundaries import current  # noqa: PLC0415

    from .printed import today  # noqa: PLC0415

    borders = current(house.folder)
    with house.database.reading() as connection:
        found = site_report(house.folder, point_place(*PLACE, borders), connection=connection)
    site_paper(found, borders, "kk", day=today())


def _planner(house: House) -> None:
    house.planner.make_ready()
