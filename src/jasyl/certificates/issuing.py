"""Making the events that need figures: issuing from sealed days, exporting with the facts, importing with a proof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256

import sqlalchemy as sa

from jasyl import ledger
from jasyl.quantities import instant, microseconds
from jasyl.texts import Refusal

from .attributes import Attribute, attribute_of
from .certificate import Certificate
from .events import Export, Fact, Import, Issue, Trust, event_of
from .measured import measured_days, trust_of

# Guarantees of origin: traded for 12 months after production, expired 18 months after it (Directive 2018/2001, 19).
USABLE_MONTHS, EXPIRE_MONTHS = 12, 18


@dataclass(frozen=True)
class Command:
    """Who asks, when (µs UTC), for which account, and with which idempotency key."""

    actor: str
    at: int
    owner: str
    key: str


@dataclass(frozen=True)
class Request:
    """What is to be issued: the attribute of a device, what is known about it, the settings of validity."""

    attribute: str
    device: str
    factor: Fraction | None = None
    factor_source: str | None = None
    about: Mapping[str, Fact] = field(default_factory=dict[str, Fact])
    usable_months: int = USABLE_MONTHS
    expire_months: int = EXPIRE_MONTHS


@dataclass(frozen=True)
class Part:
    """A part of a sealed day, [start, end) in µs UTC, and its exact amount in the unit of the meter."""

    start: int
    end: int
    metered: Fraction


def issue_of_days(
    connection: sa.Connection,
    batches: Sequence[str],
    request: Request,
    command: Command,
    part: Part | None = None,
) -> Issue | None:
    """The event that issues what ``batches`` measured, or ``part`` of the only one; rounded down to whole units.

    None where that is less than one unit. The certificate's id and, where the command has none, its key follow from
    attribute, device and interval: the same issue asked for twice is the same command. Raises Refusal
    ``certificate-batch``, ``certificate-attribute``, ``certificate-quantity``, ``certificate-months`` and those of
    factors (``certificate-factor``, ``-missing``, ``-unread``, ``-source``).
    """
    attribute = attribute_of(request.attribute)
    factor = _factor_of(attribute, request)
    if request.usable_months > request.expire_months:
        raise Refusal("certificate-months", received=request.usable_months, expected=request.expire_months)
    days = measured_days(connection, batches)
    missing = [one for one in batches if one not in days]
    if missing or not batches:
        raise Refusal("certificate-batch", received=missing[0] if missing else "—", device=request.device)
    first, last = days[batches[0]], days[batches[-1]]
    taken = part or Part(first.start, last.end, sum((day.amount for day in days.values()), Fraction(0)))
    if first.quantity not in attribute.quantities:
        expected = ", ".join(sorted(attribute.quantities))
        raise Refusal("certificate-quantity", received=first.quantity, attribute=attribute.name, expected=expected)
    exact = taken.metered * factor
    if exact < 1:
        return None
    key = f"issue:{request.attribute}:{request.device}:{taken.start // 10**6}:{taken.end // 10**6}"
    return Issue(
        certificate=sha256(key.encode()).hexdigest()[:24],
        command=command.key or sha256(f"{key}:{command.owner}".encode()).hexdigest(),
        at=command.at,
        actor=command.actor,
        owner=command.owner,
        attribute=request.attribute,
        device=request.device,
        series=first.series,
        start=taken.start,
        end=taken.end,
        batches=list(batches),
        metered=str(taken.metered),
        factor=str(factor),
        factor_source=request.factor_source,
        amount=int(exact),
        remainder=str(exact - int(exact)),
        trust=_measured_trust(trust_of(connection, batches)),
        usable_until=months_after(taken.end, request.usable_months),
        expires_at=months_after(taken.end, request.expire_months),
        about=dict(request.about),
    )


def export_of(held: Certificate, start: int, end: int, command: Command, registry: str, account: str) -> Export:
    """The event that sends units to another registry, with the facts the other needs."""
    facts = held.facts
    return Export(
        certificate=facts.id,
        command=command.key,
        at=command.at,
        actor=command.actor,
        owner=command.owner,
        start=start,
        end=end,
        registry=registry,
        account=account,
        attribute=facts.attribute,
        device=facts.device,
        interval_start=facts.start,
        interval_end=facts.end,
        usable_until=facts.usable_until,
        expires_at=facts.expires_at,
    )


def import_of(proof_file: bytes, policy: ledger.Policy, log_origin: str, command: Command) -> Import:
    """The event that takes in what another registry exported to ``log_origin``, proven by its ``.tlog-proof``.

    The export ends the units there (cancellation), so that its place in the witnessed log is the proof. Raises Refusal
    ``certificate-not-cancelled`` when the record is no export to this registry, ``certificate-training`` when one of
    the two logs holds training data and the other does not, and what ``verify_proof`` raises.
    """
    proof = ledger.parse_proof(proof_file)
    head = ledger.verify_proof(proof, policy)
    record = ledger.parse_record(proof.extra)
    if not isinstance(record, ledger.Certificate) or record.event != "export" or record.log_origin != head.origin:
        raise Refusal("certificate-not-cancelled", received=record.kind, registry=head.origin)
    event, _, _ = event_of(record)
    assert isinstance(event, Export)
    if event.registry != log_origin or head.origin == log_origin:
        raise Refusal("certificate-not-cancelled", received=event.registry, registry=head.origin)
    if ledger.is_training(head.origin) != ledger.is_training(log_origin):
        raise Refusal("certificate-training", received=head.origin, expected=log_origin)
    name = sha256(f"{head.origin} {event.certificate} {event.start} {event.end}".encode()).hexdigest()
    return Import(
        certificate=name[:24],
        command=command.key or sha256(f"{name}:{command.owner}".encode()).hexdigest(),
        at=command.at,
        actor=command.actor,
        owner=command.owner,
        registry=head.origin,
        foreign=event.certificate,
        start=event.start,
        end=event.end,
        attribute=event.attribute,
        device=event.device,
        interval_start=event.interval_start,
        interval_end=event.interval_end,
        usable_until=event.usable_until,
        expires_at=event.expires_at,
        proof=proof_file.decode(),
    )


def months_after(at: int, months: int) -> int:
    """The same day and time (UTC) so many months later, or the last day of that month."""
    moment = instant(at)
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    for day in range(moment.day, 0, -1):
        try:
            return microseconds(moment.replace(year=year, month=month + 1, day=day))
        except ValueError:
            continue
    raise ValueError(months)


def _factor_of(attribute: Attribute, request: Request) -> Fraction:
    given, source = request.factor, request.factor_source
    if attribute.factor is not None:
        if given is not None or source:
            raise Refusal("certificate-factor", received=str(given or source)[:40], attribute=attribute.name)
        return attribute.factor
    if given is None:
        raise Refusal("certificate-factor-missing")
    if given <= 0:
        raise Refusal("certificate-factor-unread", received=str(given)[:40])
    if not source:
        raise Refusal("certificate-factor-source", received=str(given)[:40])
    return given


def _measured_trust(level: ledger.Level) -> Trust:
    return level if level == "device-signed" or level == "gateway-signed" else "operator-entered"  # noqa: PLR1714
