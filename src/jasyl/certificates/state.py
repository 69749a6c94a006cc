"""The rules of certificates: a deterministic machine that takes one event after the other, or refuses it by name.

Nothing here reads a clock, a table or a file: what an event is held against is in the event, in the state, and in
the sealed days it names. A refused event leaves the state, and its hash, as they were.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256

from jasyl.quantities import canonical_json
from jasyl.texts import Refusal

from .attributes import HOUR, attribute_of, check_name
from .certificate import NOTHING, Certificate, Facts, Origin, Standing
from .events import AnyEvent, Cancel, Expire, Export, Import, Issue, Retire, Transfer, ratio
from .facts import facts_of
from .state_tree import StateTree

_DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class MeasuredDay:
    """What a batch record of the log proves: [start, end) in µs UTC of one series, exact amount in ``unit``."""

    series: str
    quantity: str
    unit: str
    start: int
    end: int
    amount: Fraction


@dataclass
class State:
    """All certificates, or those that an event can concern. ``measured`` are the sealed days known, by record id."""

    measured: dict[str, MeasuredDay] = field(default_factory=dict[str, MeasuredDay])
    tree: StateTree = field(default_factory=StateTree)
    changed: dict[str, bytes] = field(default_factory=dict[str, bytes])
    _held: dict[str, Certificate] = field(default_factory=dict[str, Certificate])
    _commands: dict[str, str] = field(default_factory=dict[str, str])
    _of_device: dict[tuple[str, str, int], list[str]] = field(default_factory=dict[tuple[str, str, int], list[str]])
    _of_foreign: dict[tuple[str, str], list[str]] = field(default_factory=dict[tuple[str, str], list[str]])
    _series_of: dict[str, str] = field(default_factory=dict[str, str])
    _device_of: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def hash(self) -> str:
        """SHA-256 over all certificates, hexadecimal (see ``state_tree``)."""
        return self.tree.root.hex()

    def __iter__(self) -> Iterator[Certificate]:
        return iter(self._held.values())

    def __contains__(self, identity: str) -> bool:
        return identity in self._held

    def get(self, identity: str) -> Certificate:
        """A certificate. Raises Refusal ``certificate-unknown``."""
        found = self._held.get(identity)
        if found is None:
            raise Refusal("certificate-unknown", received=identity[:80])
        return found

    def know(self, certificates: Iterable[Certificate]) -> None:
        """Take in certificates that are already part of the hash."""
        for one in certificates:
            self._index(one)

    def done(self, event: AnyEvent) -> bool:
        """Whether this command was carried out before.

        Raises Refusal ``certificate-command-reused`` when the same key asked for something else then.
        """
        before = self._commands.get(event.command)
        if before is not None and before != event.content_digest():
            raise Refusal("certificate-command-reused", received=event.command)
        return before is not None

    def remember(self, command: str, content: str) -> None:
        """Take in a command that was carried out, by the digest of what it asked for."""
        self._commands[command] = content

    def put(self, event: AnyEvent, certificate: Certificate) -> None:
        """Make the outcome of an event the state."""
        self.remember(event.command, event.content_digest())
        self._index(certificate)
        self.changed = self.tree.put(certificate.facts.id, certificate.leaf())

    def same_device(self, attribute: str, device: str, start: int, end: int) -> list[Facts]:
        """Facts of certificates about this attribute of this device whose interval meets [start, end)."""
        ids = {one for day in _days_of(start, end) for one in self._of_device.get((attribute, device, day), ())}
        facts = (self._held[one].facts for one in sorted(ids))
        return [one for one in facts if one.start < end and start < one.end]

    def same_origin(self, registry: str, foreign: str) -> list[Facts]:
        """Facts of certificates that came from this one of another registry."""
        return [self._held[one].facts for one in self._of_foreign.get((registry, foreign), ())]

    def check_pair(self, device: str, series: str) -> None:
        """A device has one series and a series one device. Raises Refusal ``certificate-device``."""
        if self._series_of.get(device, series) != series or self._device_of.get(series, device) != device:
            raise Refusal("certificate-device", received=device, series=series)

    def _index(self, one: Certificate) -> None:
        facts = one.facts
        if facts.id not in self._held:
            for day in _days_of(facts.start, facts.end):
                self._of_device.setdefault((facts.attribute, facts.device, day), []).append(facts.id)
            if facts.origin:
                self._of_foreign.setdefault((facts.origin.registry, facts.origin.certificate), []).append(facts.id)
            else:
                self._series_of[facts.device] = facts.series
                self._device_of[facts.series] = facts.device
        self._held[facts.id] = one


def _days_of(start: int, end: int) -> range:
    """Numbers of the UTC days that [start, end) meets."""
    return range(start // _DAY, -(-end // _DAY))


def apply(state: State, event: AnyEvent) -> Certificate:
    """Carry out ``event`` on ``state`` and give the certificate it made or changed.

    A command that was carried out before changes nothing and gives the certificate as it is now. Raises Refusal, and
    then nothing has changed: ``certificate-command-reused``, ``certificate-unknown``, ``certificate-taken``,
    ``certificate-name``, ``certificate-range``, ``certificate-not-held``, ``certificate-gone``,
    ``certificate-to-self``, ``certificate-too-late``, ``certificate-too-early``, ``certificate-too-split``,
    and those of issuing (``certificate-attribute``, ``-interval``, ``-device``, ``-batch``, ``-issued-twice``,
    ``-above-measured``) and of
    importing (``certificate-imported-twice``, ``certificate-sold-twice``).
    """
    if state.done(event):
        return state.get(event.certificate)
    check_name(event.certificate, "certificate")
    check_name(event.command, "command")
    outcome = _outcome(state, event)
    state.put(event, outcome)
    return outcome


def _outcome(state: State, event: AnyEvent) -> Certificate:
    if isinstance(event, Issue):
        return _issued(state, event)
    if isinstance(event, Import):
        return _imported(state, event)
    held = state.get(event.certificate)
    if isinstance(event, Expire):
        if event.at < held.facts.expires_at:
            raise Refusal("certificate-too-early", received=event.certificate)
        return held.expired()
    if isinstance(event, Transfer):
        check_name(event.to, "to")
        if event.to == event.owner:
            raise Refusal("certificate-to-self", received=event.owner)
        return _moved(held, event, ("held", event.to, NOTHING), held.facts.usable_until)
    if isinstance(event, Retire):
        note = note_of(event.beneficiary, event.purpose, event.period)
        return _moved(held, event, ("retired", event.owner, note), held.facts.expires_at)
    if isinstance(event, Cancel):
        return _moved(held, event, ("cancelled", event.owner, note_of(event.reason)), None)
    _check_export(held.facts, event)
    note = note_of(event.registry, event.account)
    return _moved(held, event, ("exported", event.owner, note), held.facts.usable_until)


def note_of(*words: str) -> str:
    """What a piece carries of the reason it is no longer held: SHA-256 of the words as canonical JSON."""
    return sha256(canonical_json(list(words))).hexdigest()


def _moved(
    held: Certificate, event: Transfer | Retire | Cancel | Export, new: tuple[Standing, str, str], until: int | None
) -> Certificate:
    if until is not None and event.at >= until:
        raise Refusal("certificate-too-late", received=event.certificate)
    return held.moved(event.start, event.end, event.owner, new)


def _check_export(facts: Facts, event: Export) -> None:
    repeated = (
        event.attribute, event.device, event.interval_start, event.interval_end, event.usable_until, event.expires_at,
    )  # fmt: skip
    if repeated != (facts.attribute, facts.device, facts.start, facts.end, facts.usable_until, facts.expires_at):
        raise Refusal("certificate-malformed", received="export", reason="facts")


def _issued(state: State, event: Issue) -> Certificate:
    _check_names(event)
    check_name(event.series, "series")
    state.check_pair(event.device, event.series)
    attribute = attribute_of(event.attribute)
    factor, metered = ratio(event.factor), ratio(event.metered)
    if factor <= 0 or attribute.factor not in {None, factor} or (attribute.factor is None) != bool(event.factor_source):
        raise Refusal("certificate-factor", received=event.factor, attribute=event.attribute)
    _check_interval(event.start, event.end)
    days = _days(state, event)
    meeting = state.same_device(event.attribute, event.device, event.start, event.end)
    if meeting:
        raise Refusal("certificate-issued-twice", received=event.device, other=meeting[0].id)
    _check_taken(state, event)
    _check_measured(state, event, days, metered)
    exact = metered * factor
    if event.amount != int(exact) or event.amount < 1 or ratio(event.remainder) != exact - event.amount:
        raise Refusal("certificate-above-measured", received=str(event.amount), expected=str(int(exact)))
    return Certificate.fresh(facts_of(event), event.owner)


def _days(state: State, event: Issue) -> list[MeasuredDay]:
    """The sealed days an issue names: of its series and a fit quantity, one after the other."""
    attribute = attribute_of(event.attribute)
    days: list[MeasuredDay] = []
    for identity in event.batches:
        day = state.measured.get(identity)
        fit = day and day.series == event.series and day.quantity in attribute.quantities
        if day is None or not fit or day.unit not in attribute.metered or (days and days[-1].end != day.start):
            raise Refusal("certificate-batch", received=identity, device=event.device)
        days.append(day)
    whole = days[0].start == event.start and days[-1].end == event.end
    inside = days[0].start <= event.start and event.end <= days[-1].end
    if not (whole or (inside and len(days) == 1)):
        raise Refusal("certificate-interval", received=event.device)
    return days


def _check_measured(state: State, event: Issue, days: list[MeasuredDay], metered: Fraction) -> None:
    """A day may be issued in parts, whose amounts together stay within it; many days only as a whole."""
    measured = sum((day.amount for day in days), Fraction(0))
    if len(days) == 1:
        others = state.same_device(event.attribute, event.device, days[0].start, days[0].end)
        measured -= sum((one.metered for one in others), Fraction(0))
    if metered > measured or (len(days) > 1 and metered != measured):
        raise Refusal("certificate-above-measured", received=str(metered), expected=str(measured))


def _imported(state: State, event: Import) -> Certificate:
    _check_names(event)
    before = state.same_origin(event.registry, event.foreign)
    if any(one.origin and one.origin.start < event.end and event.start < one.origin.end for one in before):
        raise Refusal("certificate-imported-twice", received=event.foreign, registry=event.registry)
    _check_taken(state, event)
    attribute_of(event.attribute)
    _check_interval(event.interval_start, event.interval_end)
    if not 0 <= event.start < event.end:
        raise Refusal("certificate-range", received=f"{event.start}:{event.end}", expected="0:…")
    if event.at >= event.usable_until:
        raise Refusal("certificate-too-late", received=event.certificate)
    origin = Origin(event.registry, event.foreign, event.start, event.end)
    for one in state.same_device(event.attribute, event.device, event.interval_start, event.interval_end):
        if one.origin is None or (one.origin.registry, one.origin.certificate) != (origin.registry, origin.certificate):
            raise Refusal("certificate-sold-twice", received=event.device, other=one.id)
    return Certificate.fresh(facts_of(event), event.owner)


def _check_taken(state: State, event: Issue | Import) -> None:
    if event.certificate in state:
        raise Refusal("certificate-taken", received=event.certificate)


def _check_names(event: Issue | Import) -> None:
    check_name(event.owner, "owner")
    check_name(event.device, "device")
    if not 0 < event.usable_until <= event.expires_at:
        raise Refusal("certificate-malformed", received=event.name, reason="usable_until, expires_at")


def _check_interval(start: int, end: int) -> None:
    if not start < end or start % HOUR or end % HOUR:
        raise Refusal("certificate-interval", received=f"{start}:{end}")
