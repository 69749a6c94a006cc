"""A delivery of readings, and what became of it."""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

Int = NDArray[np.int64]
# The largest integer that canonical JSON carries exactly; a sum of a year of such values is checked when it is made.
LARGEST = 2**53 - 1


@dataclass(frozen=True)
class Source:
    """Where a delivery comes from: ``kind`` (file, push, gateway, starter), the sender's name for it, who, its hash."""

    kind: str
    name: str
    actor: str | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class Batch:
    """Readings as they arrive: columns of one length, in any order.

    ``series`` numbers, interval ``start`` in µs UTC, ``value`` as integers of 10^-scale of the series' unit.
    ``revision`` is given only by senders that number their own corrections; otherwise the store counts.
    """

    series: Int
    start: Int
    value: Int
    source: Source
    revision: Int | None = None


@dataclass(frozen=True)
class RefusedReading:
    """A reading that was not stored: its position in the batch and why."""

    row: int
    reason: Refusal


class Outcome(IntEnum):
    """What became of one reading; the counts of a receipt go by these names."""

    REFUSED = 0
    ACCEPTED = 1
    CORRECTED = 2
    REPEATED = 3
    OUTDATED = 4


@dataclass(frozen=True)
class Receipt:
    """What became of a batch. Whatever it counts as accepted or corrected is on disk.

    ``accepted`` are new intervals, ``corrected`` new revisions of known ones, ``repeated`` the same value again,
    ``outdated`` a value that a correction has replaced meanwhile (a gateway resending its spool must not undo it);
    the last two change nothing. ``source`` is the number of the delivery, None when nothing was stored. ``outcome``
    has an :class:`Outcome` for each reading of the batch, in its order.
    """

    source: int | None
    accepted: int
    corrected: int
    repeated: int
    outdated: int
    refused: tuple[RefusedReading, ...]
    outcome: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8), compare=False, repr=False)
