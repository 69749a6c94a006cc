"""When tokens were last used: noted to the minute, behind the answers, many in one transaction."""

import logging
import threading
from collections import OrderedDict

from sqlalchemy.exc import DBAPIError

from jasyl.people import note_uses, secret_hash
from jasyl.quantities import now_us
from jasyl.storage import Database

logger = logging.getLogger("jasyl.portal")

STEP = 60_000_000
DELAY_SECONDS = 1.0
_MOST = 10_000


class TokenUses:
    """What this process saw of tokens; safe among threads."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lock = threading.Lock()
        self._noted: OrderedDict[str, int] = OrderedDict()
        self._waiting: dict[str, int] = {}

    def note(self, authorization: str) -> None:
        """A request with this header was answered otherwise than that nobody knows its token."""
        secret, now = secret_hash(authorization.partition(" ")[2].strip()), now_us()
        with self._lock:
            if now - self._noted.get(secret, 0) < STEP:
                return
            self._noted[secret] = now
            while len(self._noted) > _MOST:
                self._noted.popitem(last=False)
            first = not self._waiting
            self._waiting[secret] = now
        if first:
            later = threading.Timer(DELAY_SECONDS, self.write)
            later.daemon = True
            later.start()

    def write(self) -> None:
        """Keep what waits. What a busy database does not take is noted with a later use."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        try:
            with self.database.writing(visible=False) as connection:
                note_uses(connection, waiting)
        except DBAPIError as fault:
            logger.warning("uses of %d tokens were not noted: %s", len(waiting), fault.orig)
