"""Files that only their owner may read."""

import os
from pathlib import Path


def write_secret(file: Path, text: str) -> None:
    """Create ``file`` with mode 0600 from the start: there is no moment in which others could read it."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
