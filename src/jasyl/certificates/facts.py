"""The unchanging facts of a certificate, as the event that made it says them."""

from hashlib import sha256

from jasyl.quantities import canonical_json

from .certificate import NOTHING, Facts, Origin
from .events import Import, Issue, ratio


def facts_of(event: Issue | Import) -> Facts:
    """The facts that ``event`` establishes; whether it may is decided by ``state.apply``."""
    if isinstance(event, Issue):
        return Facts(
            id=event.certificate,
            attribute=event.attribute,
            device=event.device,
            series=event.series,
            start=event.start,
            end=event.end,
            amount=event.amount,
            usable_until=event.usable_until,
            expires_at=event.expires_at,
            batches=tuple(event.batches),
            metered=ratio(event.metered),
            described=sha256(canonical_json(event.about)).hexdigest(),
        )
    return Facts(
        id=event.certificate,
        attribute=event.attribute,
        device=event.device,
        series=NOTHING,
        start=event.interval_start,
        end=event.interval_end,
        amount=event.end - event.start,
        usable_until=event.usable_until,
        expires_at=event.expires_at,
        origin=Origin(event.registry, event.foreign, event.start, event.end),
    )
