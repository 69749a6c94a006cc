"""Green certificates on the ledger: issue from metered batches, transfer, retire, expire, cancel, export, import."""

from .attributes import ATTRIBUTES, Attribute, attribute_hashes, attribute_of
from .certificate import STANDINGS, Certificate, Facts, Origin, Piece, Standing
from .events import AnyEvent, Cancel, Expire, Export, Import, Issue, Retire, Transfer, event_of, record_of
from .state import MeasuredDay, State, apply

__all__ = [
    "ATTRIBUTES",
    "STANDINGS",
    "AnyEvent",
    "Attribute",
    "Cancel",
    "Certificate",
    "Expire",
    "Export",
    "Facts",
    "Import",
    "Issue",
    "MeasuredDay",
    "Origin",
    "Piece",
    "Retire",
    "Standing",
    "State",
    "Transfer",
    "apply",
    "attribute_hashes",
    "attribute_of",
    "event_of",
    "record_of",
]
