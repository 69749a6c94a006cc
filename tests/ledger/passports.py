"""A log with meters, gateways, sealed days and statements over them, without the rooms above."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from jasyl.ledger import (
    Batch,
    Calc,
    Device,
    Key,
    Log,
    Method,
    Record,
    RecordSigner,
    build_passport,
    common_divisor,
    day_signatures,
    encode_record,
    enqueue,
    inputs_root,
    measured_amounts,
    measured_root,
    sign_record,
)  # fmt: skip
from jasyl.ledger.signing import ED25519, ML_DSA_65, new_signer
from jasyl.quantities import decimal_text, sha256_hex

if TYPE_CHECKING:
    from .conftest import House

DAY = 86_400_000_000
MONTH = 1_704_067_200_000_000  # 2024-01-01
METHOD = Method(id="electricity.generated", version="1.0.0", parameters={})


@dataclass
class Plant:
    """Writes records of meters into the log of ``house``; knows the inputs of every calc."""

    house: "House"
    inputs: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    @property
    def head(self) -> dict[str, Any]:
        return {"log_origin": self.house.keys.origin, "issued": "2026-11-21T08:15:30Z", "author": "agency"}

    def put(self, *records: Record) -> list[str]:
        with self.house.database.writing(visible=False) as connection:
            return [enqueue(connection, record) for record in records]

    def gateway(self, algorithm: Any = "Ed25519", status: Any = "active") -> RecordSigner:
        """A key, announced in the log."""
        made = new_signer("gateway.example/7", ML_DSA_65 if algorithm == "ML-DSA-65" else ED25519)
        key = Key(
            **self.head, vkey=made.verifier.vkey, holder="plant", purpose="gateway", valid_from="2026-01-01T00:00:00Z",
            valid_to=None, status=status, authorised_by=None,
        )  # fmt: skip
        return RecordSigner(made, self.put(key)[0])

    def device(self, number: int, signer: RecordSigner | None = None, **changes: Any) -> str:
        said: dict[str, Any] = {
            "series": f"S{number}", "facility": f"F{number}", "quantity": "electricity_generated",
            "series_kind": "mean", "unit": "W", "scale": -3, "interval_seconds": 900,
            "trust": "gateway-signed" if signer else "operator-entered", "key": signer.key_record if signer else None,
        }  # fmt: skip
        return self.put(Device(**self.head, **(said | changes)))[0]

    def day(self, number: int, day: int, device: str, signer: RecordSigner | None = None, **changes: Any) -> Batch:
        total = (number + 1) * 1_000_003 + day * 17
        said: dict[str, Any] = {
            "series": f"S{number}", "day_start": MONTH + day * DAY, "day_end": MONTH + (day + 1) * DAY, "count": 96,
            "unit": "W", "scale": -3, "sum": str(total), "min": "0", "max": str(total),
            "root": sha256_hex(f"{number} {day}".encode()), "trust": "operator-entered", "device": device,
        }  # fmt: skip
        batch = Batch(**self.head, **(said | changes))
        if signer is None:
            return batch
        signatures = day_signatures(batch.measured(), [signer])
        return msgspec.structs.replace(batch, trust="gateway-signed", day_sigs=signatures)

    def days(self, meters: int, days: int, signer: RecordSigner | None = None) -> list[str]:
        devices = [self.device(number, signer) for number in range(meters)]
        made = [self.day(number, day, devices[number], signer) for number in range(meters) for day in range(days)]
        return self.put(*made)

    def calc(self, ids: Sequence[str], *, tree: bool, signers: Sequence[RecordSigner] = (), **changes: Any) -> str:
        """A statement over sealed days, honest unless ``changes`` say otherwise."""
        with self.house.database.reading() as connection:
            amounts = measured_amounts(connection, ids)
            assert amounts is not None
            divisor = common_divisor([amount for _, amount in amounts])
            total = sum((amount for _, amount in amounts), Fraction(0))
            inputs = measured_root(connection, ids, divisor) if tree else list(ids)
        value = Fraction(round(total * 1000), 1000)
        said: dict[str, Any] = {
            "indicator": "electricity.generated", "figure_kind": "observed", "subject_kind": "region",
            "subject": "KZ-71", "period": "2024-01", "unit": "W.h", "value": decimal(value), "completeness": "1",
            "method": METHOD, "inputs": inputs, "divisor": str(divisor),
        }  # fmt: skip
        record = sign_record(Calc(**(self.head | said | changes)), signers)
        made = self.put(record)[0]
        self.inputs[made] = list(ids)
        return made

    def passport(self, calc: str, show: Sequence[str] = ()) -> bytes:
        def inputs_of(record: Calc) -> Sequence[str]:
            return self.inputs[sha256_hex(encode_record(record))]

        with self.house.database.reading() as connection:
            return build_passport(connection, Log(self.house.folder), calc, inputs_of, show)


def decimal(value: Fraction) -> str:
    from decimal import Decimal

    return decimal_text(Decimal(value.numerator) / Decimal(value.denominator))


__all__ = ["UNSET", "Plant", "inputs_root"]
