"""A certificate: what it stands for, and who holds which of its units."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256
from typing import Literal, NamedTuple

from jasyl.quantities import canonical_json
from jasyl.texts import Refusal

Standing = Literal["held", "retired", "cancelled", "expired", "exported"]
STANDINGS: tuple[Standing, ...] = ("held", "retired", "cancelled", "expired", "exported")
LEAF = b"jasyl-certificate/1\n"
# Cutting a certificate to dust would make each later event as slow as there are pieces.
MAX_PIECES = 1000
NOTHING = "-"


class Piece(NamedTuple):
    """Units [start, end) of a certificate; ``note`` is the hash of what ended them (``-`` while they are held)."""

    start: int
    end: int
    standing: Standing
    owner: str
    note: str

    @property
    def units(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an imported certificate was before: the other registry, its id there, the units there."""

    registry: str
    certificate: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What never changes about a certificate. ``start`` and ``end`` are its production interval in µs UTC.

    ``metered`` is the exact amount of the interval in the unit of the meter, taken from ``batches`` (record ids);
    both are empty for an import. ``described`` is the hash of what the issuer wrote about the device.
    """

    id: str
    attribute: str
    device: str
    series: str
    start: int
    end: int
    amount: int
    usable_until: int
    expires_at: int
    batches: tuple[str, ...] = ()
    metered: Fraction = Fraction(0)
    origin: Origin | None = None
    described: str = NOTHING

    def digest(self) -> bytes:
        """SHA-256 of the facts in canonical JSON, fractions as text."""
        origin = self.origin
        document = {
            "id": self.id,
            "attribute": self.attribute,
            "device": self.device,
            "series": self.series,
            "start": self.start,
            "end": self.end,
            "amount": self.amount,
            "usable_until": self.usable_until,
            "expires_at": self.expires_at,
            "batches": list(self.batches),
            "metered": str(self.metered),
            "origin": [origin.registry, origin.certificate, origin.start, origin.end] if origin else None,
            "described": self.described,
        }
        return sha256(canonical_json(document)).digest()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its pieces, in order, covering [0, amount); neighbours of one fate are one piece."""

    facts: Facts
    pieces: tuple[Piece, ...]
    facts_digest: bytes

    @classmethod
    def fresh(cls, facts: Facts, owner: str) -> "Certificate":
        return cls(facts, (Piece(0, facts.amount, "held", owner, NOTHING),), facts.digest())

    def leaf(self) -> bytes:
        """SHA-256(``jasyl-certificate/1`` LF ‖ digest of the facts ‖ lines ``start end standing owner note``)."""
        lines = "".join([f"{start} {end} {state} {owner} {note}\n" for start, end, state, owner, note in self.pieces])
        return sha256(LEAF + self.facts_digest + lines.encode()).digest()

    def moved(self, start: int, end: int, owner: str, new: tuple[Standing, str, str]) -> "Certificate":
        """With [start, end), all held by ``owner``, given the standing, owner and note of ``new``.

        Raises Refusal ``certificate-range``, ``certificate-gone`` (units that were retired, cancelled, expired or
        exported), ``certificate-not-held`` (units of another account), ``certificate-too-split``.
        """
        check_range(start, end, self.facts.amount)
        pieces: list[Piece] = []
        for piece in self.pieces:
            if piece.end <= start or piece.start >= end:
                pieces.append(piece)
                continue
            if piece.standing != "held":
                raise Refusal(
                    "certificate-gone", received=_range(start, end), standing=piece.standing, at=_range(*piece[:2])
                )
            if piece.owner != owner:
                raise Refusal("certificate-not-held", received=_range(start, end), account=owner)
            if piece.start < start:
                pieces.append(Piece(piece.start, start, "held", owner, NOTHING))
            pieces.append(Piece(max(start, piece.start), min(end, piece.end), *new))
            if piece.end > end:
                pieces.append(Piece(end, piece.end, "held", owner, NOTHING))
        return self._with(pieces)

    def expired(self) -> "Certificate":
        """With every held unit expired. Raises Refusal ``certificate-gone`` when none is held."""
        if not any(piece.standing == "held" for piece in self.pieces):
            raise Refusal(
                "certificate-gone", received=self.facts.id, standing="expired", at=_range(0, self.facts.amount)
            )
        return self._with(
            [piece._replace(standing="expired") if piece.standing == "held" else piece for piece in self.pieces]
        )

    def units(self, standing: Standing, owner: str | None = None) -> int:
        """How many units have this standing."""
        return sum(piece.units for piece in self.pieces if piece.standing == standing and owner in {None, piece.owner})

    def _with(self, pieces: Sequence[Piece]) -> "Certificate":
        joined: list[Piece] = []
        for piece in pieces:
            if joined and joined[-1][2:] == piece[2:]:
                joined[-1] = joined[-1]._replace(end=piece.end)
            else:
                joined.append(piece)
        if len(joined) > MAX_PIECES:
            raise Refusal("certificate-too-split", received=len(joined), expected=MAX_PIECES)
        return replace(self, pieces=tuple(joined))


def check_range(start: int, end: int, amount: int) -> None:
    """Raises Refusal ``certificate-range`` unless 0 ≤ start < end ≤ amount."""
    if not 0 <= start < end <= amount:
        raise Refusal("certificate-range", received=_range(start, end), expected=_range(0, amount))


def _range(start: int, end: int) -> str:
    return f"{start}:{end}"
