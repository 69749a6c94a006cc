"""A worker process that ends with the process that began it, however that one ends."""

import multiprocessing
import os
import signal
import threading
import time

GRACE_SECONDS = 3.0


def end_with_parent() -> None:
    """Watch the parent from a thread; once it is gone, ask this process to stop, and after a grace end it.

    A server killed outright (SIGKILL, out of memory) cannot stop its workers. Left alone they would go on answering at
    the same port, with old code and old pages, beside the server that is started next. Nothing to do in a process that
    multiprocessing did not begin.
    """
    if multiprocessing.parent_process() is not None:
        threading.Thread(target=_watch, name="parent", daemon=True).start()


def _watch() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(1)
