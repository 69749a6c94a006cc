"""The passport of a year of hourly meters: its size, and the time to make, check here, and check by jasyl-verify.

1,000 meters (365,000 sealed days) are what the aim speaks of: JASYL_BENCH_METERS=1000; 100 without it.
"""

import os
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

from jasyl.ledger import (
    Batch,
    Calc,
    Device,
    Key,
    Log,
    Method,
    RecordSigner,
    build_passport,
    check_passport,
    common_divisor,
    create_keys,
    day_signatures,
    encode_record,
    measured_amounts,
    measured_root,
    sign_record,
)
from jasyl.ledger.outbox import restore
from jasyl.ledger.signing import ED25519, ML_DSA_65, new_signer
from jasyl.ledger.writer import LogWriter
from jasyl.quantities import decimal_text, sha256_hex
from jasyl.storage import METADATA, create_folder, database_of

DAY = 86_400_000_000
YEAR = 1_704_067_200_000_000  # 2024
HEAD = {"log_origin": "bench.example/log", "issued": "2026-11-21T08:15:30Z", "author": "agency"}


def run() -> None:
    """Prints one line for each figure."""
    meters = int(os.environ.get("JASYL_BENCH_METERS", "100"))
    with tempfile.TemporaryDirectory(prefix="jasyl-bench-") as place:
        folder = create_folder(Path(place) / "data", "real")
        database = database_of(folder)
        METADATA.create_all(database.engine)
        keys = create_keys(folder, "bench.example/log")
        writer = LogWriter(folder.log, keys)

        def log(entries: list[bytes], kind: str) -> list[str]:
            with writer as open_log:
                first = open_log.append(entries)
                open_log.sign()
            with database.writing(visible=False) as connection:
                restore(connection, entries, [kind] * len(entries), first)
            return [sha256_hex(entry) for entry in entries]

        signers = {name: new_signer(f"bench.example/{name}", kind) for name, kind in (("g", ED25519), ("i", ML_DSA_65))}
        told = [
            Key(**HEAD, vkey=signer.verifier.vkey, holder="bench", purpose="gateway", valid_from="2024-01-01T00:00:00Z",
                valid_to=None, status="active", authorised_by=None)
            for signer in signers.values()
        ]  # fmt: skip
        ids = log([encode_record(each) for each in told], "key")
        gateway, issuer = (RecordSigner(signer, each) for signer, each in zip(signers.values(), ids, strict=True))
        devices = [
            Device(**HEAD, series=f"S{number:04}", facility=f"F{number:04}", quantity="electricity_generated",
                   series_kind="mean", unit="W", scale=-3, interval_seconds=3600, trust="gateway-signed",
                   key=gateway.key_record)
            for number in range(meters)
        ]  # fmt: skip
        device_ids = log([encode_record(each) for each in devices], "device")
        began = time.process_time()
        days: list[str] = []
        for number in range(meters):
            days += log([_day(number, day, device_ids[number], gateway) for day in range(365)], "batch")
        print(f"{len(days)} sealed days, signed by a gateway and logged: {time.process_time() - began:.1f} CPU s")
        began = time.process_time()
        with database.reading() as connection:
            amounts = [amount for _, amount in measured_amounts(connection, days) or ()]
            divisor = common_divisor(amounts)
            root = measured_root(connection, days, divisor)
        value = _decimal(sum(amounts, Fraction(0)))
        calc = Calc(
            **HEAD, indicator="electricity.generated", figure_kind="observed", subject_kind="country", subject="KZ",
            period="2024", unit="W.h", value=value, completeness="1", inputs=root, divisor=str(divisor),
            method=Method(id="electricity.generated", version="1.0.0"),
        )  # fmt: skip
        (statement,) = log([encode_record(sign_record(calc, [issuer]))], "calc")
        print(f"statement with its sum tree: {time.process_time() - began:.1f} CPU s")
        began = time.process_time()
        with database.reading() as connection:
            passport = build_passport(connection, Log(folder), statement, lambda _: days)
        print(f"passport made: {time.process_time() - began:.1f} CPU s; {len(passport)} bytes (aim: below 65,536)")
        policy = Log(folder).policy
        found = check_passport(passport, policy)
        assert (found.inputs.count, found.weakest) == (meters * 365, "gateway-signed")
        print(f"checked: {_best(lambda: check_passport(passport, policy)):.1f} ms (aim: at most 50)")
        alone = Path(__file__).resolve().parent.parent / "verify" / "src"
        sys.path.insert(0, str(alone))
        import jasyl_verify

        others = jasyl_verify.parse_policy(policy.encode())
        print(f"checked by jasyl-verify: {_best(lambda: jasyl_verify.check_passport(passport, others)):.1f} ms")
        database.close()


def _day(number: int, day: int, device: str, gateway: RecordSigner) -> bytes:
    total = 24_000 * (number + 1) * 1_003 + day
    said = {
        "series": f"S{number:04}", "day_start": YEAR + day * DAY, "day_end": YEAR + (day + 1) * DAY, "count": 24,
        "unit": "W", "scale": -3, "sum": str(total), "min": "0", "max": str(total),
        "root": sha256_hex(f"{number} {day}".encode()),
    }  # fmt: skip
    signed = day_signatures(said, [gateway])
    return encode_record(Batch(**HEAD, **said, trust="gateway-signed", device=device, day_sigs=signed))


def _decimal(value: Fraction) -> str:
    from decimal import Decimal

    return decimal_text(Decimal(round(value * 1000)) / 1000)


def _best(work) -> float:
    took = []
    for _ in range(5):
        before = time.process_time()
        work()
        took.append(time.process_time() - before)
    return min(took) * 1000
