"""Green certificates on the ledger: issue from metered batches, transfer, retire, expire, cancel, export, import."""

from .attributes import ATTRIBUTES, Attribute, attribute_hashes, attribute_of
from .certificate import STANDINGS, Certificate, Facts, Origin, Piece, Standing
from .device import published_about
from .document import certificate_document, moment
from .events import AnyEvent, Cancel, Expire, Export, Import, Issue, Retire, Transfer, event_of, record_of
from .issuing import Command, Part, Request, export_of, import_of, issue_of_days, months_after
from .listing import Happened, Known, beginning_of, certificates, due, events_of, known_of, retirement, totals, tracked
from .recomputed import Recomputed, recompute
from .replay import Disagreement, Replayed, Replayer, replay
from .residual import ResidualRow, residual_mix
from .schemes import SCHEMES, Handed, SchemeField, hand_out, scheme_fields, scheme_of
from .standards import energytag, guarantee_of_origin
from .state import MeasuredDay, State, apply
from .store import Done, carry_out, certificate_record, load, rebuild, state_hash

__all__ = [
    "ATTRIBUTES",
    "SCHEMES",
    "STANDINGS",
    "AnyEvent",
    "Attribute",
    "Cancel",
    "Certificate",
    "Command",
    "Disagreement",
    "Done",
    "Expire",
    "Export",
    "Facts",
    "Handed",
    "Happened",
    "Import",
    "Issue",
    "Known",
    "MeasuredDay",
    "Origin",
    "Part",
    "Piece",
    "Recomputed",
    "Replayed",
    "Replayer",
    "Request",
    "ResidualRow",
    "Retire",
    "SchemeField",
    "Standing",
    "State",
    "Transfer",
    "apply",
    "attribute_hashes",
    "attribute_of",
    "beginning_of",
    "carry_out",
    "certificate_document",
    "certificate_record",
    "certificates",
    "due",
    "energytag",
    "event_of",
    "events_of",
    "export_of",
    "guarantee_of_origin",
    "hand_out",
    "import_of",
    "issue_of_days",
    "known_of",
    "load",
    "moment",
    "months_after",
    "published_about",
    "rebuild",
    "recompute",
    "record_of",
    "replay",
    "residual_mix",
    "retirement",
    "scheme_fields",
    "scheme_of",
    "state_hash",
    "totals",
    "tracked",
]
