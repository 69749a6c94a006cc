"""Records of measuring: the meter behind a series, and the sealed days of its readings."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from operator import lt
from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from .record_fields import Count, Hash, Instant, Moment, Name, Record, Scale, Signatures, Trust, Whole


class Device(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="device"):
    """A meter: what its series measures, in which unit and rhythm, and which key signs its days.

    ``facility`` is None where it is not public. ``key`` is the id of the ``key`` record of the device or gateway;
    without one its days are entered by an operator. ``accuracy_class`` as the standard of the meter writes it.
    """

    series: Name
    facility: Name | None
    quantity: Name
    series_kind: Literal["mean", "amount", "counter"]
    unit: Name
    scale: Scale
    interval_seconds: Annotated[int, Meta(ge=1, le=86_400)]
    trust: Trust
    key: Hash | None = None
    accuracy_class: Name | None = None
    calibration_sha256: Hash | None = None
    calibrated_until: Moment | None = None
    supersedes: Hash | None = None

    def check_together(self) -> None:
        if (self.trust == "operator-entered") != (self.key is None):
            raise ValueError("a key exactly when days are signed")


class Batch(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="batch"):
    """A sealed day: one series, the readings with start in [day_start, day_end), under one salted Merkle root.

    Values are integers of 10**scale ``unit``; ``sum``, ``min`` and ``max`` are such integers as text. Schema 2 names
    the ``device`` record, and carries the ``day_sigs`` of device or gateway over what was measured, without which
    no day is more than entered by an operator. Schema 1 had neither.
    """

    schema: Literal[1, 2] = 2
    series: Name
    day_start: Instant
    day_end: Instant
    count: Count
    unit: Name
    scale: Scale
    sum: Whole
    min: Whole | None
    max: Whole | None
    root: Hash
    trust: Trust
    device: Hash | UnsetType = UNSET
    day_sigs: Signatures | UnsetType = UNSET
    supersedes: Hash | None = None

    versions: ClassVar[tuple[int, ...]] = (1, 2)

    def check_together(self) -> None:
        if (
            self.day_start >= self.day_end
            or (self.count == 0) != (self.min is None)
            or (self.min is None) != (self.max is None)
        ):
            raise ValueError("day_end after day_start; min and max exactly when there are readings")
        signed = self.day_sigs is not UNSET
        if (self.schema == 1) != (self.device is UNSET) or (self.schema == 1 and signed):
            raise ValueError("device and day_sigs belong to schema 2")
        if self.schema == 2 and signed == (self.trust == "operator-entered"):
            raise ValueError("day_sigs exactly when the day is signed")

    @classmethod
    def hold_together(cls, columns: Mapping[str, Sequence[Any]]) -> bool:
        """Days of schema 2 with readings, all of them signed or none: nearly all that there are."""
        unsigned = columns["day_sigs"].count(UNSET)
        return (
            all(map(lt, columns["day_start"], columns["day_end"]))
            and all(columns["count"])
            and all(columns["min"])
            and all(columns["max"])
            and all(columns["device"])
            and 1 not in columns["schema"]
            and unsigned == columns["trust"].count("operator-entered")
            and unsigned in {0, len(columns["trust"])}
        )

    def measured(self) -> dict[str, object]:
        """What the device or gateway signs: the day and its numbers, nothing of how they are logged."""
        names = ("series", "day_start", "day_end", "count", "unit", "scale", "sum", "min", "max", "root")
        return {name: getattr(self, name) for name in names}


# What a mean over an interval is multiplied by: hours for power and irradiance, seconds for a flow.
_SECONDS = {"W": 3600, "W/m2": 3600, "kg/s": 1}


def amount_of(batch: Batch, device: Device) -> Fraction | None:
    """What passed during a sealed day, in the base unit of the amount: v·s/3600 Wh of a mean of v W over s seconds.

    None where the record alone does not tell: for counters, whose last step ends in the next day's first register,
    and for means that add up to nothing (temperatures).
    """
    exact = int(batch.sum) * Fraction(10) ** batch.scale
    if device.series_kind == "amount":
        return exact
    if device.series_kind == "counter" or batch.unit not in _SECONDS:
        return None
    return exact * Fraction(device.interval_seconds, _SECONDS[batch.unit])
